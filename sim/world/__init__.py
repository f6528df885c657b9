"""The world of a replication: which customers ask for what and when, sampled once, met by every structure."""

from sim.world.build import World, build_world
from sim.world.customer_model import CustomerModel, build_customer_model

__all__ = ["CustomerModel", "World", "build_customer_model", "build_world"]
