"""A mistake in a scenario, told so that the reader can mend it: where, what, allowed, what to do.

Invariant: a message never needs the program's source to be understood.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

LONG_ENOUGH = 6
"""Letters of a name of which two may be wrong: of a shorter one, half a name would be another name."""


@dataclass(frozen=True)
class Mistake:
    """One mistake.

    `where` is a dotted path, `what` names the value, `allowed` what is accepted, `todo` what to do about it,
    `suggestion` the nearest known name, or empty.
    """

    where: str
    what: str
    allowed: str = ""
    todo: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        hint = f'Did you mean "{self.suggestion}"?' if self.suggestion else ""
        parts = [f"{self.where}: {self.what}", self.allowed, hint, self.todo]
        return " ".join(part if part.endswith((".", "?")) else part + "." for part in parts if part)


class BadScenario(ValueError):
    """Raised with every mistake of a scenario at once."""

    def __init__(self, mistakes: list[Mistake]):
        self.mistakes = mistakes
        count = len(mistakes)
        super().__init__(
            "\n".join(map(str, mistakes))
            + f"\n{count} {'mistake' if count == 1 else 'mistakes'}; nothing was run."
        )

    def __reduce__(self) -> tuple[type["BadScenario"], tuple[list[Mistake]]]:
        """An exception from another process keeps its mistakes."""
        return type(self), (self.mistakes,)


def edit_distance(first: str, second: str) -> int:
    """Fewest insertions, deletions, replacements and swaps of neighbours that turn one text into the other.

    >>> edit_distance("matrx", "matrix")
    1
    """
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first, 1):
        before, last, row = row, before, [i] + [0] * len(second)
        for j, right in enumerate(second, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == second[j - 2] and first[i - 2] == right:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`: within two edits, or similar enough; empty when nothing is near.

    >>> nearest("matrx", ["function", "matrix"]), nearest("reps", ["kept", "seed"])
    ('matrix', '')
    """
    choices = list(known)
    close = [(edit_distance(name.lower(), choice.lower()), choice) for choice in choices]
    best = min(close, default=(99, ""))
    if best[0] <= (1 if len(name) < LONG_ENOUGH else 2) and best[0] < max(len(name), 2):
        return best[1]
    return next(iter(get_close_matches(name, choices, n=1, cutoff=0.7)), "")


def unknown_name(where: str, name: str, exist: Iterable[str], kind: str) -> Mistake:
    """A name that does not exist, with the nearest that does."""
    names = list(exist)
    listed = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    known = f"Known: {listed}" if names else "There is none"
    return Mistake(where, f'unknown {kind} "{name}"', known, suggestion=nearest(name, names))
