"""Scenarios for programs: loaded by overrides, changed on a copy, compared in one call.

Invariant: a program is told the mistakes that the command would tell, all at once, as a BadScenario.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.compose import Composer, composer_for, lock
from sim.config.config_layers import SourceMap
from sim.config.diagnostics import Diagnostic, Refused, diagnostic, unique
from sim.config.feasibility import feasibility
from sim.config.override import Override, is_choice, is_sweep
from sim.config.override_checks import check_overrides
from sim.config.override_forms import wrong_choice, wrong_form
from sim.config.override_keys import wrong_key
from sim.config.plain_yaml import beside, without_echo
from sim.config.shipped import OVER_ALL
from sim.config.user_files import folder_mistakes
from sim.config.values import with_value
from sim.model.check import BadScenario, Mistake, mistakes
from sim.model.check import scenario as checked
from sim.model.scenario import Scenario

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison
    from sim.report.same_service import Staffing
    from sim.study.design import Row

WHOLE = ("company", *OVER_ALL)
"""Groups whose files also set values of other groups, or are laid over all of them."""


def load(overrides: Iterable[str], config_dir: str | Path | None) -> Scenario:
    """A checked scenario; see `sim.load_scenario`."""
    composer, texts, found = looked_at(overrides, config_dir)
    plain = composer.plain(texts)
    wrong = mistakes(plain)
    if found or wrong:
        keys = [text.partition("=")[0].lstrip("+") for text in texts]
        places = SourceMap.under(composer, texts, dict.fromkeys(keys, ""))
        raise _bad(
            without_echo(unique([*found, *(Diagnostic(places.of(item.where), item) for item in wrong)]))
        )
    return checked(plain)


def load_plain(overrides: Iterable[str] = (), config_dir: str | Path | None = None) -> dict[str, Any]:
    """The plain scenario that these overrides describe, unchecked by the schema.

    Parameters
    ----------
    overrides : as on the command line, `["structure=customer", "demand.scale=1.2"]`; no sweeps.
    config_dir : folder with the user's own company, structure ... files.

    Raises
    ------
    BadScenario
        with every mistake in the overrides and in the user's files.
    """
    composer, accepted, found = looked_at(overrides, config_dir)
    if found:
        raise _bad(found)
    return composer.plain(accepted)


def looked_at(
    overrides: Iterable[str], config_dir: str | Path | None
) -> tuple[Composer, list[str], list[Diagnostic]]:
    """A composer, the overrides of one scenario that it takes, and the mistakes in all others.

    Raises
    ------
    TypeError
        when the overrides are no list of texts, or the folder is no path.
    BadScenario
        when the user's files must not be composed.
    """
    given = [Override(text, "") for text in _texts(overrides)]
    if config_dir is not None and not isinstance(config_dir, str | Path):
        raise TypeError(f'config_dir is a path, such as "mine"; {config_dir!r} is a {_kind(config_dir)}')
    path = None if config_dir is None else Path(config_dir)
    wrong, usable = folder_mistakes(path)
    composer, accepted = composer_for(path if usable else None), list[Override]()
    with lock:
        composer.read.clear()
        try:
            accepted, found = check_overrides(composer, given)
        except Refused as refusal:
            found = list(refusal.found)
        scans = composer.scans
    wrong += [item for scan in scans.values() for item in scan.found]
    if not usable or any(not scan.builds for scan in scans.values()):
        raise _bad(without_echo(unique([*wrong, *found, *beside(scans, given)])))
    several = [item for item in accepted if is_sweep(composer, item)]
    texts = [item.text for item in accepted if item not in several]
    return composer, texts, unique([*wrong, *found, *map(_one_only, several)])


def change(scenario: Scenario, overrides: Iterable[str]) -> Scenario:
    """A copy with other values; see `Scenario.with_`."""
    composer = composer_for(None)
    plain: dict[str, Any] = scenario.model_dump(mode="json")
    found: list[Diagnostic] = []
    for item in (Override(text, "") for text in _texts(overrides)):
        problem = _wrong_change(composer, item, plain)
        if problem is not None:
            found.append(problem)
        elif is_choice(composer, item.key):
            plain[item.key] = composer.base((item.text,))[item.key]
        else:
            plain = with_value(plain, tuple(item.key.split(".")), composer.parse(item.text).value())
    found += [Diagnostic("", item) for item in mistakes(plain)]
    if found:
        raise _bad(unique(found))
    return checked(plain)


def _wrong_change(composer: Composer, item: Override, plain: dict[str, Any]) -> Diagnostic | None:
    if problem := wrong_form(composer, item) or wrong_choice(composer, item):
        return problem
    if is_sweep(composer, item):
        return _one_only(item)
    if is_choice(composer, item.key):
        todo = f'Load it: load_scenario(["{item.text}"])'
        what = "also sets values of other groups"
        return diagnostic("", item.key, what, "", todo) if item.key in WHOLE else None
    if item.key.startswith("company.facts"):
        what = "is written out already: functions, products and segments follow from it"
        return diagnostic("", item.key, what, "", f'Load it: load_scenario([..., "{item.text}"])')
    return wrong_key(item, plain)


def compared(
    structures: Sequence[str | Scenario],
    overrides: Iterable[str],
    replications: int | None,
    config_dir: str | Path | None,
    folder: str | Path | None,
) -> Comparison:
    """Run and compare in one call; see `sim.compare_structures`."""
    from sim.analysis.compare import compare
    from sim.study.results import load_results
    from sim.study.session import Options, run_design

    rows = _rows(structures, _texts(overrides), replications, config_dir)
    experiment = rows[0].scenario["experiment"]
    options = Options(experiment["jobs"], experiment["backend"], experiment["address"] or "")
    with tempfile.TemporaryDirectory() as passing:
        outcome = run_design(rows, Path(passing, "run") if folder is None else folder, options=options)
        if outcome.interrupted:
            raise KeyboardInterrupt
        return compare(load_results(outcome.folder))


def staffed(
    structures: Sequence[str | Scenario],
    targets: Mapping[str, float],
    overrides: Iterable[str],
    replications: int | None,
    settings: Mapping[str, Any],
    config_dir: str | Path | None,
    folder: str | Path | None,
) -> Staffing:
    """The fewest people of each structure in one call; see `sim.staff`."""
    from sim.report.same_service import staffing_of
    from sim.staffing.session import Question
    from sim.staffing.settings import PREFIX as OWN
    from sim.staffing.settings import read_settings
    from sim.staffing.targets import PREFIX, read_targets, unfit
    from sim.study.inquiry import run_inquiry
    from sim.study.results import load_results
    from sim.study.session import Options

    if not isinstance(targets, Mapping):
        raise TypeError(f'targets are metrics with limits, {{"within_promise": 0.9}}; {targets!r} is none')
    given = [(f"{PREFIX}{key}", str(limit)) for key, limit in targets.items()]
    how, wrong = read_settings({f"{OWN}{key}": str(value) for key, value in settings.items()})
    people = ["staffing.basis=payroll", "staffing.allocation=load", f"staffing.headcount={how.most}"]
    try:
        rows = _rows(structures, _texts(overrides), replications, config_dir, people)
    except BadScenario as problem:
        raise BadScenario([*problem.mistakes, *read_targets(given, None)[1], *wrong]) from None
    scenarios = [checked(row.scenario) for row in rows]
    asked, found = read_targets(given, scenarios[0].company.segments)
    if found := [*found, *unfit(asked, scenarios), *wrong]:
        raise BadScenario(found)
    question = Question(tuple(replace(row, name=row.structure) for row in rows), tuple(asked), how)
    experiment = rows[0].scenario["experiment"]
    options = Options(experiment["jobs"], experiment["backend"], experiment["address"] or "")
    with tempfile.TemporaryDirectory() as passing:
        place = Path(passing, "run") if folder is None else Path(folder)
        outcome = run_inquiry(question, place, options=options)
        if outcome.interrupted:
            raise KeyboardInterrupt
        if outcome.message:
            raise RuntimeError(outcome.message)
        told = staffing_of(load_results(outcome.folder))
        assert told is not None
        return told


def _rows(
    structures: Sequence[str | Scenario],
    overrides: list[str],
    replications: int | None,
    config_dir: str | Path | None,
    people: Sequence[str] = (),
) -> list[Row]:
    """A row for each structure, all of them possible; `people`: overrides of who serves those customers."""
    from sim.study.design import Row

    if isinstance(structures, str) or not isinstance(structures, Sequence):
        raise TypeError(
            'structures is a list of names, ["function", "customer"], or of scenarios; '
            f"{structures!r} is a {_kind(structures)}"
        )
    if replications is not None:
        overrides = [*overrides, f"experiment.replications={replications}"]
    rows: list[Row] = []
    found: list[Mistake] = []
    for one in structures:
        try:
            scenario = _one(one, overrides, config_dir)
            scenario = change(scenario, people) if people else scenario
            rows.append(Row(scenario.model_dump(mode="json")))
        except BadScenario as problem:
            found += problem.mistakes
    if not structures:
        found.append(Mistake("structures", "is empty", "", 'Name some, such as ["function", "customer"]'))
    if not found:
        impossible, _ = feasibility({number: row.scenario for number, row in enumerate(rows)})
        found = [mistake for wrong in impossible.values() for mistake in wrong]
    if found:
        raise BadScenario(list(dict.fromkeys(found)))
    return rows


def _one(one: str | Scenario, overrides: list[str], config_dir: str | Path | None) -> Scenario:
    if isinstance(one, Scenario):
        return change(one, overrides)
    if isinstance(one, str):
        return load([f"structure={one}", *overrides], config_dir)
    raise TypeError(f"a structure is a name or a scenario; {one!r} is a {_kind(one)}")


def _texts(overrides: Iterable[str]) -> list[str]:
    """The overrides, each a text.

    Raises
    ------
    TypeError
        for anything else, with what to write instead.
    """
    if isinstance(overrides, str):
        raise TypeError(f'overrides are a list of texts: load_scenario(["{overrides}"])')
    if isinstance(overrides, dict):
        listed = ", ".join(f'"{key}={value}"' for key, value in overrides.items())
        raise TypeError(f"overrides are a list of texts: load_scenario([{listed}])")
    if not isinstance(overrides, Iterable):
        raise TypeError(
            f'overrides are a list of texts, ["structure=customer"]; {overrides!r} is a {_kind(overrides)}'
        )
    texts = list(overrides)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f'an override is a text such as "demand.scale=1.2"; {text!r} is a {_kind(text)}')
    return texts


def _kind(value: Any) -> str:
    return type(value).__name__


def _one_only(item: Override) -> Diagnostic:
    what = f"{item.text} names several scenarios"
    return diagnostic(
        item.place, item.key, what, "One value", "Sweep with the orgdes command, or load each one"
    )


def _bad(found: Sequence[Diagnostic]) -> BadScenario:
    return BadScenario([item.placed for item in found])


Scenario.changes = staticmethod(change)
