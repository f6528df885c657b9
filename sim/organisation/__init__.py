"""A structure with its people: departments, queues, seats, desks, expected load and experience.

Invariant: pure functions of the scenario and its model, the same for all replications.
"""

from sim.organisation.build import Organisation, build_organisation
from sim.organisation.seats import seated

__all__ = ["Organisation", "build_organisation", "seated"]
