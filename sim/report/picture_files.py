"""The figures of a report as files of their own, for slides and papers.

Invariant: `figures/` holds the figures of the report beside it and no older ones, each whole.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sim import figures
from sim.report.page_data import Page
from sim.report.pictures import Picture

FOLDER: Final = "figures"
FIRST: Final = "part1-"
KINDS: Final = (".svg", ".png")
DOTS_PER_INCH: Final = 200


def write_figures(folder: Path, page: Page) -> None:
    """Write each figure of the page as `figures/<name>.svg` and `.png`, and remove what was there before.

    A PNG has 200 dots per inch, an SVG keeps its text as text.
    """
    place = folder / FOLDER
    if place.is_symlink():  # never write, let alone tidy up, in somebody's folder of pictures
        place.unlink()
    place.mkdir(exist_ok=True)
    named = dict(_named(page))
    for name, picture in named.items():
        drawing = figures.document(str(picture.svg), picture.title, picture.reading)
        write_whole(place / f"{name}.svg", drawing.encode())
        write_whole(place / f"{name}.png", figures.png(picture.figure, dots_per_inch=DOTS_PER_INCH))
    _remove(place, {f"{name}{kind}" for name in named for kind in KINDS})


def remove_figures(folder: Path) -> None:
    """Take away the figures of an earlier report."""
    place = folder / FOLDER
    if place.is_dir() and not place.is_symlink():
        _remove(place, set())
        if not any(place.iterdir()):
            place.rmdir()


def write_whole(target: Path, content: bytes) -> None:
    """Write or replace a file so that its name never stands for half of it."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    with temporary.open("xb") as file:  # never through a link that somebody has put there
        file.write(content)
    os.replace(temporary, target)


def _named(page: Page) -> Iterator[tuple[str, Picture]]:
    """Name and picture; only where several settings are shown in full does the name tell which."""
    alone = len(page.parts) == 1
    yield from ((picture.name, picture) for picture in (*page.overview, *page.frontier))
    yield from ((picture.name, picture) for own in page.sections for picture in own.figures)
    for picture in (picture for part in page.parts for picture in part.figures):
        yield picture.name.removeprefix(FIRST) if alone else picture.name, picture


def _remove(place: Path, but: set[str]) -> None:
    for path in place.iterdir():
        if path.suffix in KINDS and path.name not in but:
            path.unlink()
