"""Who leads in settings that are known beforehand: the contests of a comparison without the rest of it.

Invariant: the verdicts are those of `compare` on the same scenarios.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.comparison_groups import ComparisonGroups
from sim.analysis.estimates import Matrix, estimates, matrix, with_status
from sim.analysis.leaders import leaders, rivals
from sim.analysis.scenario_status import scenario_status
from sim.analysis.verdict import LEVEL

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Results

SAMPLE = ("scenario", "structure", "metric", "scope", "unit")
SETTLED, ALIKE, OPEN, UNRANKED = "settled", "alike", "open", "unranked"
NO_DIFFERENCE, NO_RANK = "(no difference)", "(cannot be ranked)"
"""Said in place of a winner."""


class Lead(NamedTuple):
    """Who leads a setting by a metric. `leader`: the best, where two can be ranked; `state`: settled, alike
    (nobody beats anybody, and that is shown), open or unranked. p: of the lead, shared by all rivals.
    lead: as a share of the runner-up's mean. means: of every structure by the metric."""

    leader: str = ""
    state: str = UNRANKED
    p: float = np.nan
    lead: float = np.nan
    means: tuple[float, ...] = ()

    @property
    def winner(self) -> str:
        """The leader, where that is settled."""
        return self.leader if self.state == SETTLED else ""

    @property
    def word(self) -> str:
        """The winner, or `NO_DIFFERENCE`, `NO_RANK`, or nothing where it is not settled."""
        return self.winner or {ALIKE: NO_DIFFERENCE, UNRANKED: NO_RANK}.get(self.state, "")


def leading(loaded: Results, settings: Sequence[Sequence[int]], metric: str) -> list[Lead]:
    """The lead in each setting, which is a list of numbers of scenarios; others are not looked at."""
    values, found, status = studied(loaded, settings)
    return _leads(found, rivals(values, found, status), status, len(settings), metric)


def studied(loaded: Results, settings: Sequence[Sequence[int]]) -> tuple[Matrix, pd.DataFrame, pd.DataFrame]:
    """Values, estimates and status of the scenarios of these settings, as a comparison makes them."""
    import pandas as pd

    places = [(scenario, place) for place, own in enumerate(settings) for scenario in own]
    numbers = [scenario for scenario, _ in places]
    scenarios = loaded.scenarios[loaded.scenarios["scenario"].isin(numbers)]
    names = dict(zip(scenarios["scenario"].tolist(), scenarios["structure"].tolist(), strict=True))
    table = pd.DataFrame(
        {
            "scenario": numbers,
            "structure": [names[scenario] for scenario in numbers],
            "setting": [place for _, place in places],
            "reference": [settings[place][0] for _, place in places],
        }
    )
    empty = pd.DataFrame({"setting": [], "key": [], "value": []})
    grouped = ComparisonGroups(table, empty)
    chosen = _Chosen(loaded.results[loaded.results["scenario"].isin(numbers)], scenarios, loaded.extras)
    values = matrix(chosen.results, SAMPLE)
    found = estimates(values)
    status = scenario_status(chosen, grouped, values, found)
    return values, with_status(found, status, values), status


class _Chosen(NamedTuple):
    results: pd.DataFrame
    scenarios: pd.DataFrame
    extras: dict[str, pd.DataFrame]


def _leads(
    found: pd.DataFrame, contests: pd.DataFrame, status: pd.DataFrame, count: int, metric: str
) -> list[Lead]:
    own = contests[contests["metric"] == metric]
    best = {int(row["setting"]): row for row in leaders(own, status).to_dict("records")}
    outcomes = own.groupby("setting")["outcome"].agg(set).to_dict()
    rows = found[(found["metric"] == metric) & (found["scope"] == "company")]
    means = rows.groupby("setting", sort=False)["mean"].agg(tuple).to_dict()
    return [
        _lead(best.get(place), outcomes.get(place, set()), means.get(place, ())) for place in range(count)
    ]


def _lead(row: dict[Any, Any] | None, outcomes: set[str], means: tuple[float, ...]) -> Lead:
    if row is None:
        return Lead(means=means)
    state = SETTLED if row["settled"] else ALIKE if outcomes <= {"alike", "same"} else OPEN
    return Lead(str(row["structure"]), state, float(row["p"]), float(row["lead"]), means)


def adjusted(leads: Sequence[Lead]) -> list[Lead]:
    """The same with p adjusted (Holm) over all but the first, whose verdict is that of its comparison alone.

    What is then no longer sure is open. Where every structure gives what it gives in the first setting, it is
    the same test, and no further one.
    """
    from sim.analysis.inference import holm

    first, *others = leads
    p = np.array([np.nan if lead.means == first.means else lead.p for lead in others])
    shared = holm(p, np.zeros(len(p), dtype=np.int64))
    return [
        first,
        *(
            first if lead.means == first.means else _adjusted(lead, float(own))
            for lead, own in zip(others, shared, strict=True)
        ),
    ]


def _adjusted(lead: Lead, p: float) -> Lead:
    state = OPEN if lead.state == SETTLED and not p < LEVEL else lead.state
    return lead._replace(state=state, p=p)
