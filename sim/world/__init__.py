"""The world of a replication: which customers ask for what and when, sampled once, met by every structure."""

from sim.world.build import World, build_world
from sim.world.market import Market, build_market

__all__ = ["Market", "World", "build_market", "build_world"]
