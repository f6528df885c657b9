"""The status of each scenario, and whether its means may be ranked.

Invariant: one row a scenario, also for those that failed; a status other than ok has its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.comparison_groups import ComparisonGroups, Facts, facts
from sim.analysis.estimates import Matrix, matrix
from sim.analysis.exact import Floats
from sim.analysis.relaxation import LASTING
from sim.analysis.rows import COMPANY
from sim.analysis.stationarity import (
    Signs,
    brief,
    drift,
    drifting,
    growing,
    may_be_ranked,
    overloaded,
    runaway,
    start_up,
    status_of,
    unresolved,
    wide,
)
from sim.analysis.suppression import Caveat

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Results

FEW = 10


def scenario_status(
    loaded: Results, grouped: ComparisonGroups, values: Matrix, found: pd.DataFrame
) -> pd.DataFrame:
    """The table `Comparison.status`."""
    import pandas as pd

    ids = [int(scenario) for scenario in loaded.scenarios["scenario"]]
    known = dict(zip(ids, map(facts, loaded.scenarios["config"]), strict=True))
    stored = dict(zip(ids, _endings(loaded.scenarios), strict=True))
    signs = _signs(loaded, known, values, found)
    replications = loaded.results.groupby("scenario")["replication"].nunique()
    loads, left = _loads(found), unresolved(found)
    rows: list[dict[str, Any]] = []
    for place in grouped.scenarios.to_dict("records"):
        scenario = int(place["scenario"])
        own, share = known[scenario], left.get(scenario, np.nan)
        count = int(replications.get(scenario, 0))
        if 1 < count < FEW:
            signs[scenario].notes.append(Caveat("only {:.0f} replications: intervals are rough", count))
        status, reasons = status_of(*stored[scenario], own, signs[scenario], share)
        rows.append(
            {key: place[key] for key in ("setting", "scenario", "structure")}
            | {"status": status, "reasons": tuple(reasons)}
            | {"ranked": may_be_ranked(status, signs[scenario], share)}
            | {"replications": count, "kind": own.kind, "label": own.label}
            | {"load": loads.get(scenario, np.nan), "unresolved": share}
            | {"start_up": signs[scenario].start_up, "weeks": own.horizon_weeks, "first_week": own.first_week}
        )
    return pd.DataFrame(rows)


def _endings(scenarios: pd.DataFrame) -> list[tuple[str, str]]:
    """How each scenario ended and the message it left."""
    told = scenarios["message"] if "message" in scenarios else scenarios["status"].map(lambda _: None)
    messages = [text if isinstance(text, str) else "" for text in told]
    return list(zip(scenarios["status"], messages, strict=True))


def _signs(loaded: Results, known: dict[int, Facts], values: Matrix, found: pd.DataFrame) -> dict[int, Signs]:
    signs = {scenario: Signs() for scenario in known}
    for scenario, remarks in overloaded(values).items():
        signs[scenario].endless.extend(remarks)
    _add(signs, "endless", runaway(found))
    leaving = set(found.loc[found["metric"] == LASTING[0], "scenario"])
    _add(signs, "brief", brief(found))
    _add(signs, "notes", wide(found))
    varying = Caveat("demand varies over the run, so a steady state cannot be tested")
    _add(signs, "notes", {scenario: varying for scenario, own in known.items() if own.varying})
    if "steadiness" in loaded.extras:
        _add_steadiness(loaded.extras["steadiness"], known, leaving, signs)
    for scenario, weekly in _weekly(loaded, _tested(known)).items():
        shown, open_question = start_up(weekly, known[scenario].warm_up_weeks)
        _add(signs, "biased", {scenario: shown})
        _add(signs, "notes", {scenario: open_question})
        if shown:
            signs[scenario] = replace(signs[scenario], start_up=shown.numbers[0])
    return signs


def _tested(known: dict[int, Facts]) -> list[int]:
    """Scenarios for which a steady state is meant and can be tested."""
    return [scenario for scenario, own in known.items() if own.long_run and not own.varying]


def _add_steadiness(
    steadiness: pd.DataFrame, known: dict[int, Facts], leaving: set[int], signs: dict[int, Signs]
) -> None:
    """Growth is endless, but where enough customers can leave it ends: there the start-up is too long."""
    even = [scenario for scenario, own in known.items() if not own.varying]
    for scenario, remarks in growing(steadiness[steadiness["scenario"].isin(even)]).items():
        bounded = scenario in leaving and not signs[scenario].endless
        (signs[scenario].biased if bounded else signs[scenario].endless).extend(remarks)
    steady = steadiness[steadiness["scenario"].isin(_tested(known))]
    for measure, what in (("response", "response time"), ("unfamiliarity", "unfamiliarity")):
        shown, open_question = drifting(drift(steady, measure), what)
        _add(signs, "biased", shown)
        _add(signs, "notes", open_question)


def _add(signs: dict[int, Signs], kind: str, remarks: Mapping[int, Caveat | None]) -> None:
    for scenario, remark in remarks.items():
        if remark:
            getattr(signs[scenario], kind).append(remark)


def _weekly(loaded: Results, tested: list[int]) -> dict[int, Floats]:
    """Weekly response time of the company, (weeks, replications) by scenario; empty if not kept."""
    if "weeks" not in loaded.extras:
        return {}
    weeks = loaded.extras["weeks"]
    rows = weeks[(weeks["scope"] == COMPANY) & weeks["scenario"].isin(tested)]
    weekly = matrix(rows, ["scenario", "week"], "response")
    scenario = weekly.keys["scenario"].to_numpy()
    return {int(own): weekly.values[scenario == own] for own in np.unique(scenario)}


def _loads(found: pd.DataFrame) -> dict[int, float]:
    """Largest expected load of a department or desk, by scenario."""
    rows = found[found["metric"].isin(["load", "desk_load"])]
    largest = rows.groupby("scenario")["mean"].max()
    return dict(zip(largest.index.tolist(), largest.tolist(), strict=True))
