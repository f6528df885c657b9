"""A structure with its people: from the partition to departments, queues, seats, desks, load and
experience."""

from sim.organisation.build import Organisation, build_organisation, people_pace

__all__ = ["Organisation", "build_organisation", "people_pace"]
