"""Mistakes as the reader sees them: `file:line: path: what. allowed. what to do.`, all in one list.

Invariant: the list ends by saying how many there are and that nothing was run.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.model.mistake import Mistake

COMMAND_LINE = "command line"
MOST_SHOWN = 60


@dataclass(frozen=True)
class Diagnostic:
    """A mistake and the place it was made: `file:line`, `file`, or the command line."""

    place: str
    mistake: Mistake

    def __str__(self) -> str:
        return f"{self.place}: {self.mistake}" if self.place else str(self.mistake)

    @property
    def placed(self) -> Mistake:
        """The mistake with its place in the path, for programs, which have no list of places."""
        return (
            replace(self.mistake, where=f"{self.place}: {self.mistake.where}") if self.place else self.mistake
        )


def diagnostic(
    place: str, where: str, what: str, allowed: str = "", todo: str = "", suggestion: str = ""
) -> Diagnostic:
    """A mistake found before the schema is asked."""
    return Diagnostic(place, Mistake(where, what, allowed, todo, suggestion))


class Refused(Exception):
    """Bad input: nothing is run; the text is the whole list."""

    def __init__(self, found: Sequence[Diagnostic]) -> None:
        self.found = tuple(found)
        super().__init__(listing(found))


def listing(found: Sequence[Diagnostic]) -> str:
    """All mistakes, one a line, and the closing sentence.

    >>> found = [diagnostic("company/mine.yaml:3", "name", "is missing"), diagnostic("", "x", "is wrong")]
    >>> print(listing(found))
    company/mine.yaml:3: name: is missing.
    x: is wrong.
    2 errors in 1 file; nothing was run.
    """
    found = _by_line(found)
    lines = list(dict.fromkeys(map(str, found)))
    files = {
        item.place.rpartition(":")[0] or item.place
        for item in found
        if item.place and item.place != COMMAND_LINE
    }
    shown = lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        shown.append(f"... and {len(lines) - MOST_SHOWN} more")
    places = [plural(len(files), "file")] if files else []
    places = [f"in {place}" for place in places]
    if any(item.place == COMMAND_LINE for item in found):
        places.append("on the command line")
    return "\n".join(
        [*shown, f"{plural(len(lines), 'error')} {' and '.join(places)}".rstrip() + "; nothing was run."]
    )


def damaged(folder: Path, found: Sequence[str]) -> str:
    """All that is wrong with a result folder, which is not believed then."""
    todo = "Run the command that wrote it again, or ask whoever sent it for the whole folder"
    return listing(
        [diagnostic(COMMAND_LINE, str(folder), what, "A folder as orgdes wrote it", todo) for what in found]
    )


def _by_line(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Mistakes of a file together, by line; files in the order in which they first appear."""
    files: dict[str, int] = {}

    def position(item: Diagnostic) -> tuple[int, int]:
        file, _, line = item.place.rpartition(":")
        if not line.isdigit():
            file, line = item.place, "0"
        return files.setdefault(file, len(files)), int(line)

    return sorted(found, key=position)


def plural(count: int, noun: str) -> str:
    """A count with its noun.

    >>> plural(1, "error"), plural(12345, "scenario")
    ('1 error', '12,345 scenarios')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def duration(seconds: float) -> str:
    """A time for people.

    >>> duration(90), duration(4e8)
    ('2 minutes', '13 years')
    """
    for size, name in ((31_557_600, "year"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= 1.5 * size or name == "second":
            return plural(round(seconds / size), name)
    return "no time"


def unique(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same mistakes without repetitions, in order."""
    return list({str(item): item for item in found}.values())


def shown_path(path: Path) -> str:
    """Relative to the current folder where it lies below that."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):  # the current folder may be gone
        return str(path)
