"""What a structure that is searched for has to keep: sizes, managers, departments that stay.

Invariant: what cannot be kept by any structure is found before anything runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.choosing.partitions import Department, Partition
from sim.model.mistake import Mistake, unknown_name
from sim.model.typed import Limits, typed_settings

PREFIX = "search."
NUMBERS: Limits = {
    "smallest": (int, 1, 1000),
    "largest": (int, 1, 100_000),
    "managers": (int, 0, 10_000),
    "departments": (int, 1, 1000),
    "candidates": (int, 10, 100_000),
}


@dataclass(frozen=True)
class Asked:
    """What is typed. smallest, largest : workers of a department. managers, departments : most of them.

    candidates : partitions that are played at most. stay : departments of today's structure, or functions,
    products and segments whose departments stay as they are in it.
    """

    smallest: int = 2
    largest: int = 100_000
    managers: int = 10_000
    departments: int = 1000
    candidates: int = 240
    stay: tuple[str, ...] = ()

    def keeps(self, workers: Sequence[int], managers: int) -> bool:
        """Whether departments of so many workers, with so many managers, are allowed."""
        sizes = min(workers) >= self.smallest and max(workers) <= self.largest
        return sizes and managers <= self.managers and len(workers) <= self.departments


def read_asked(given: Mapping[str, str]) -> tuple[Asked, list[Mistake]]:
    """Settings of (key, value) pairs as they are typed, and every mistake in them.

    >>> str(read_asked({"search.smallest": "0"})[1][0])
    'search.smallest: got 0. A whole number from 1 to 1000.'
    """
    asked, found = typed_settings(Asked(), PREFIX, NUMBERS, given)
    if asked.smallest > asked.largest:
        what = f"{asked.smallest} are more than search.largest={asked.largest}"
        found.append(Mistake(f"{PREFIX}smallest", what, "At most search.largest"))
    return asked, found


def staying(
    asked: Asked, today: Mapping[str, Department], cells: Department
) -> tuple[Partition, list[Mistake]]:
    """The departments of today that stay, and names that nothing has."""
    names = {name for cell in cells for name in cell}
    found = [
        unknown_name(
            f"{PREFIX}stay",
            name,
            list(dict.fromkeys([*today, *sorted(names)])),
            "department, function, product or segment",
        )
        for name in asked.stay
        if name not in today and name not in names
    ]
    kept = (
        own
        for name, own in today.items()
        if name in asked.stay or any(part in asked.stay for cell in own for part in cell)
    )
    return frozenset(kept), found
