"""Structures that a search has found: in words, and as files that run.

Invariant: what is written is what was played.
"""

import json
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.report.layout_records import Finding
from sim.report.page_data import Grid, Section
from sim.report.wording import capital, measure_of, quoted, visible

if TYPE_CHECKING:
    from sim.analysis.best_of_many import Choice
    from sim.study.results import Results

TABLE: Final = "search"
PLACE: Final = "structures"
"""Folder among the results that is given to --config-dir."""
HEADING: Final = "What was found"


def section(loaded: "Results", choices: "Sequence[Choice]") -> list[Section]:
    """The section of the page; none in a folder without a search."""
    found = _found(loaded)
    if not found:
        return []
    row = loaded.extras[TABLE].iloc[0]
    looked = (
        f"{row['looked_at']:,} structures were played: blocks and axes, then departments of the best "
        f"merged and split; {row['left_out']:,} more do not keep the limits ({row['limits']}). That none "
        "beyond them serves better is not shown: a search by single steps may miss it."
    )
    names = [plain["name"] for plain in found if plain["name"] in _new(loaded)]
    said = [found for own in choices for found in _against(loaded, own)]
    said.append(Finding(looked, "Looked at" if said else ""))
    grid = Grid(
        ("structure", "department", "does"),
        tuple(row for plain in found if plain["name"] in names for row in _rows(plain)),
    )
    return [Section(HEADING, tuple(said), grid, command=command(loaded, names) if names else "")]


def _against(loaded: "Results", own: "Choice") -> Iterator[Finding]:
    """What the structures named give beside the best, played afresh; without any, those that were found."""
    from sim.analysis.compare import compare

    found = compare(loaded, str(own.scenario)).differences
    rows = found[(found["metric"] == own.metric) & (found["scope"] == "company")]
    named = rows[~rows["structure"].isin(_new(loaded))]
    rows = named if len(named) else rows
    told = [
        f"{quoted(visible(name))} {text or 'cannot be compared'}"
        for name, text in zip(rows["structure"], rows["verdict"], strict=True)
    ]
    what, whom = capital(measure_of(own.metric).label), quoted(visible(own.best))
    if told:
        yield Finding(f"{what} against {whom}: {'; '.join(told)}.")


def command(loaded: "Results", names: Sequence[str]) -> str:
    """What has to be typed to compare the structures that were found."""
    words, own = (str(loaded.extras[TABLE][column].iloc[0]) for column in ("words", "config_dir"))
    place, before = shlex.quote(_folder(loaded)), ""
    if own:  # there can be one such folder
        own = shlex.quote(own)
        before = f"mkdir -p {own}/structure && cp {place}/structure/*.yaml {own}/structure/ && "
    return f"{before}orgdes --config-dir {own or place} structure={','.join(names)} {words}".strip()


def write_structures(loaded: "Results", folder: Path) -> None:
    """A YAML file for each structure that was found, in a folder for --config-dir."""
    import yaml

    place = folder / PLACE / "structure"
    new = _new(loaded)
    if TABLE not in loaded.extras:
        return
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("found_*.yaml"):
        old.unlink()
    for plain in _found(loaded):
        if plain["name"] in new:
            text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=110)
            heading = f"# Found by orgdes search. Use: {command(loaded, [plain['name']])}\n"
            (place / f"{plain['name']}.yaml").write_text(heading + text, encoding="utf-8")


def _folder(loaded: "Results") -> str:
    """The folder of the structures as it is typed from here."""
    whole = loaded.folder.absolute() / PLACE
    here = Path.cwd()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)


def _new(loaded: "Results") -> set[str]:
    table = loaded.extras.get(TABLE)
    return set() if table is None else set(table.loc[table["found"], "structure"])


def _found(loaded: "Results") -> list[dict[str, Any]]:
    """The structures of a search that are told, as they are written."""
    if TABLE not in loaded.extras:
        return []
    return [json.loads(config)["structure"] for config in loaded.scenarios["config"]]


def _rows(plain: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A row a department."""
    return [
        (plain["name"], visible(name), "; ".join(map(_box, boxes)))
        for name, boxes in plain["departments"].items()
    ]


def _box(box: dict[str, Any]) -> str:
    """A box of the work cube in words.

    >>> _box({"functions": ["intake"], "products": "all", "segments": ["private", "corporate"]})
    'functions: intake; segments: private, corporate'
    """
    parts = [f"{axis}: {', '.join(names)}" for axis, names in box.items() if names != "all"]
    return visible("; ".join(parts)) or "everything"
