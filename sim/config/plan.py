"""What a command line asks for: sweep parameters, intervals, design table, all checked, as axes.

Invariant: a mistake in a parameter of a study file is told with the study's line, as if it had been typed.
"""

import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.analysis.catalogue import METRICS
from sim.config.compose import Composer
from sim.config.config_layers import SourceMap
from sim.config.diagnostics import COMMAND_LINE, Diagnostic, Refused, diagnostic, unique
from sim.config.override import Override, is_sweep
from sim.config.override_checks import check_overrides, examples
from sim.config.override_keys import is_whole
from sim.config.sweep import MOST_VALUES, Axes, Interval, axes_of, too_large
from sim.model.mistake import Mistake, unknown_name
from sim.study.sampling import Sampling
from sim.tables.content import BadTable
from sim.tables.reading import Table, read

QUESTIONS = ("turns", "crossover", "unknowns")
"""What may be asked of a study whose scenarios a search places."""
PARENT = "results"
"""Folder that holds the folders of results, where nothing else is asked for."""


@dataclass(frozen=True)
class Asked:
    """The parts of a composition that shape a sweep; `results` is the folder that `hydra.sweep.dir` names."""

    params: Mapping[str, Any]
    sweep: Mapping[str, Any]
    experiment: Mapping[str, Any]
    results: str | None = None
    study: str = ""
    company: str = ""
    one: bool = False

    @classmethod
    def by(cls, composer: Composer, accepted: Sequence[Override]) -> "Asked":
        """What they compose, of several choices the first; one scenario where Hydra's mode is RUN."""
        several = [item for item in accepted if is_sweep(composer, item)]
        single = [item.text for item in accepted if item not in several]
        chosen = examples(composer, (item.text for item in accepted))
        whole = composer.whole([*chosen, *(text for text in single if text not in chosen)])
        hydra, choices = composer.hydra(chosen), defaultdict(str, composer.choices(chosen))
        one = hydra["mode"] == "RUN"
        folder = hydra["sweep"]["dir"]
        return cls(
            {} if one else composer.params(chosen),
            whole.get("sweep") or {},
            whole.get("experiment") or {},
            None if folder == PARENT or "${" in folder else folder,  # Hydra's own default is made of them
            choices["study"].replace("None", ""),
            "" if "company" in (item.key for item in several) else choices["company"],
            one,
        )


@dataclass(frozen=True)
class Plan:
    """The axes of a sweep, the places of settings that nobody typed, and the mistakes left out of it."""

    axes: Axes
    origins: Mapping[str, str]
    found: Sequence[Diagnostic] = ()
    overrides: Sequence[str] = ()
    """All that was typed and all axes of files, as overrides."""
    ranges: Mapping[str, Interval] = field(default_factory=dict)
    """Intervals that a question is asked about: its search places the points."""


def planned(composer: Composer, asked: Asked, accepted: Sequence[Override], *, yes: bool = False) -> Plan:
    """What the parameters, the overrides and the design table describe, with every mistake in them.

    Parameters
    ----------
    accepted : overrides of the command line that passed `check_overrides`.
    yes : was a very large sweep meant?

    Raises
    ------
    Refused
        when there is no sweep to speak of: an unreadable table, an empty interval, too many scenarios.
    """
    texts = [item.text for item in accepted]
    wrong_settings = _wrong_settings(asked)
    usable, found = check_overrides(composer, _parameters(composer, asked, accepted), texts)
    table, table_found = _table(composer, asked, texts)
    sweep = asked.sweep
    sampling = Sampling() if wrong_settings else Sampling(sweep["samples"], sweep["sampler"], sweep["seed"])
    axes = axes_of(composer, [*usable, *accepted], sampling, table)
    ranges = dict(axes.intervals) if asked.sweep.get("question") else {}
    if ranges:
        axes.intervals.clear()
    _check_size(axes, asked, yes=yes)
    typed = {item.key for item in accepted}
    return Plan(
        axes,
        {item.key: item.place for item in usable if item.key not in typed},
        unique([*wrong_settings, *found, *table_found]),
        [*texts, *(item.text for item in usable if item.key not in typed)],
        ranges,
    )


def _parameters(composer: Composer, asked: Asked, accepted: Sequence[Override]) -> list[Override]:
    places = SourceMap(composer.layers(examples(composer, (item.text for item in accepted))))
    typed = {item.key for item in accepted}
    params = {**asked.params, **_as_is(composer, asked)}
    return [
        Override(f"{key}={_written(value)}", places.of_param(str(key)) or "hydra.sweeper.params")
        for key, value in params.items()
        if key not in typed
    ]


def _as_is(composer: Composer, asked: Asked) -> dict[str, str]:
    """A company is compared with its structure of today first, where that is known and no study is run."""
    today = f"{asked.company}_today"
    if "structure" not in asked.params or asked.study or today not in composer.options("structure"):
        return {}
    return {"structure": f"{today},{_written(asked.params['structure'])}"}


def _written(value: Any) -> str:
    """A sweep parameter as text: a YAML list means its members one after the other."""
    if isinstance(value, list):
        return "choice(" + ",".join(map(_written, value)) + ")"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)


def _wrong_settings(asked: Asked) -> list[Diagnostic]:
    found = []
    for key, least in (("samples", 1), ("seed", 0), ("limit", 1)):
        value = asked.sweep.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            found.append(
                diagnostic(COMMAND_LINE, f"sweep.{key}", f"got {value}", f"A whole number from {least}")
            )
    for key in ("folder", "design"):
        value = asked.sweep.get(key)
        if not isinstance(value, str | int | float | None) or isinstance(value, bool):
            found.append(diagnostic(COMMAND_LINE, f"sweep.{key}", f"got {value}", "One path"))
    drawn = asked.sweep.get("figures", True)
    if not isinstance(drawn, bool):
        found.append(diagnostic(COMMAND_LINE, "sweep.figures", f"got {drawn}", "Known: true, false"))
    known = {"sampler": ("lhs", "sobol"), "question": (None, *QUESTIONS), "by": tuple(METRICS)}
    for key, words in known.items():
        if (word := asked.sweep.get(key)) not in words:
            names = [name for name in words if name]
            found.append(Diagnostic(COMMAND_LINE, unknown_name(f"sweep.{key}", str(word), names, key)))
    return found


def _table(
    composer: Composer, asked: Asked, context: Sequence[str]
) -> tuple[list[list[Override]], list[Diagnostic]]:
    """The usable cells of the design table, each different cell checked once, and the mistakes."""
    path = asked.sweep.get("design")
    if path is None or isinstance(path, list | dict):
        return [], []
    typed = any(text.partition("=")[0] == "sweep.design" for text in context)
    if not typed and not Path(str(path)).resolve().is_relative_to(Path.cwd().resolve()):
        what = f"{path} lies outside of the current folder, where only the command line may point"
        return [], [diagnostic("", "sweep.design", what, "", "Give it on the command line")]
    rows = read_table(Path(str(path)))
    cells = {cell.text: cell for row in rows for cell in row}
    usable, found = check_overrides(composer, cells.values(), context)
    several = [cell for cell in usable if is_sweep(composer, cell)]
    found += [
        diagnostic(cell.place, cell.key, f"{cell.value} is several values", "One value in a cell")
        for cell in several
    ]
    ready = {cell.written: cell.text for cell in usable if cell not in several}
    return [
        [Override(ready[cell.text], cell.place) for cell in row if cell.text in ready] for row in rows
    ], found


def _check_size(axes: Axes, asked: Asked, *, yes: bool) -> None:
    replications, jobs = asked.experiment.get("replications"), asked.experiment.get("jobs")
    replications = replications if isinstance(replications, int) else 1
    workers = jobs if isinstance(jobs, int) and jobs > 0 else os.cpu_count() or 1
    endless = any(len(values) > MOST_VALUES for values in axes.choices.values())
    reason = "" if yes and not endless else too_large(axes.count, replications, workers, _limit(asked))
    if reason:
        raise Refused([diagnostic(COMMAND_LINE, "sweep", reason)])


def _limit(asked: Asked) -> int:
    limit = asked.sweep.get("limit")
    return limit if isinstance(limit, int) and limit > 0 else 1_000_000


MOST_ROWS = 1_000_000
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
GROUPED = re.compile(r"[+-]?\d{1,3}\.\d{3}")
PERCENT = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?%")


def read_table(path: Path) -> list[list[Override]]:
    """The rows of a design table, each a list of overrides with its line.

    Raises
    ------
    Refused
        when the file cannot be read as a table with a heading, or a number in it can be read in two ways.
    """
    if not path.is_file():
        raise Refused(
            [diagnostic(COMMAND_LINE, "sweep.design", f"file {path} not found (looked in {Path.cwd()})")]
        )
    try:
        table = read(path, most_rows=MOST_ROWS)
    except BadTable as problem:
        raise Refused([_of_table(path, mistake) for mistake in problem.mistakes]) from None
    rows = [
        [
            Override(f"{key}={_cell(table, key, text)}", f"{path}:{line}")
            for key, text in record.items()
            if text
        ]
        for line, record in table.records()
    ]
    grouped = any(table.point(text) != text for texts in table.columns.values() for text in texts)
    found = [unclear for row in rows for item in row if (unclear := _unclear(item, grouped))]
    if found:
        raise Refused(found)
    return rows


def _of_table(path: Path, mistake: Mistake) -> Diagnostic:
    place = str(path.with_name(mistake.where))
    return diagnostic(place, "sweep.design", mistake.what, mistake.allowed, mistake.todo)


def _cell(table: Table, key: str, text: str) -> str:
    """A number without the decimal comma, and without the `.0` that programs put behind whole ones."""
    text = table.point(text)
    whole = is_whole(tuple(key.split("."))) and re.fullmatch(r"[+-]?\d+\.0+", text)
    return text.partition(".")[0] if whole else text


def _unclear(item: Override, grouped: bool) -> Diagnostic | None:
    """A number that may mean two things; `grouped`: others in the table have a decimal comma."""
    text = item.value
    if DECIMAL_COMMA.fullmatch(text):
        return diagnostic(
            item.place, item.key, f'"{text}" uses a comma', "", f"Write {text.replace(',', '.')}"
        )
    if percent := PERCENT.fullmatch(text):
        share = float(percent[1].replace(",", ".")) / 100.0
        return diagnostic(
            item.place, item.key, f'"{text}" is in percent', "A plain number", f"Write {share:g}"
        )
    if grouped and GROUPED.fullmatch(text):
        what, number = f'"{text}" stands beside numbers with a decimal comma', text.replace(".", "")
        return diagnostic(item.place, item.key, what, "", f"Write {number} or {text.replace('.', ',')}")
    return None
