"""The sampled companies as a table: facts, who is fastest, who wins, who is best liked.

Invariant: only companies in which every structure is stable and at most BUSIEST loaded are in `fit`.
"""

import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim import compare
from sim.analysis.catalogue import judged
from sim.report.layout import BUSIEST
from sim.study.results import Results

TIME, LIKED, OUTCOME = "response_time_mean", "satisfaction_mean", "satisfaction_outcome"
FACTS = (
    "functions",
    "products",
    "segments",
    "step, h",
    "spread of work",
    "work offered",
    "knowledge of the function",
    "knowledge of the product",
    "knowledge of the segment",
    "people",
    "learning rate",
    "switch share",
    "handoff, h",
    "context kept",
)

Found = Mapping[Hashable, Any]
"""A row of a comparison's table."""


def won(row: Found) -> bool:
    """Does a row of the leaders count as a win, by the rule of the report?"""
    sure = row["settled"] and row["stable"] and row["low"] > 0
    return bool(sure and row["lead"] >= judged(TIME).margin and row["load"] <= BUSIEST)


@dataclass(frozen=True)
class Sampled:
    """`settings` companies were sampled; `fit`: one row for each that counts, facts and winners."""

    settings: int
    fit: pd.DataFrame

    @classmethod
    def of(cls, results: Results) -> "Sampled":
        """Read a folder of study=who_wins."""
        comparison = compare(results)
        leaders = {(row["setting"], row["metric"]): row for row in comparison.leaders.to_dict("records")}
        configs = dict(zip(results.scenarios["scenario"], results.scenarios["config"], strict=True))
        status = comparison.status.groupby("setting").agg(
            load=("load", "max"), ranked=("ranked", "all"), first=("scenario", "first")
        )
        rows = []
        for setting, ranked, load, first in zip(
            status.index, status["ranked"], status["load"], status["first"], strict=True
        ):
            if not (ranked and load <= BUSIEST):
                continue
            fastest = leaders[setting, TIME]
            row: dict[str, Any] = dict(known_facts(json.loads(configs[first])))
            row["fastest"] = fastest["structure"]
            row["wins"] = fastest["structure"] if won(fastest) else ""
            for name, metric in (("liked", LIKED), ("outcome", OUTCOME)):
                best = leaders[setting, metric]
                row[name] = best["structure"] if best["settled"] else ""
            rows.append(row)
        return cls(len(status), pd.DataFrame(rows))


def known_facts(plain: dict[str, Any]) -> dict[str, float]:
    """What was sampled, with the weights of knowledge as they come out, a mean over the functions."""
    facts = plain["company"]["facts"]
    facing = (facts["functions"] + 1) // 2
    sides = {"front": facing / facts["functions"], "back": 1 - facing / facts["functions"]}
    weights = dict.fromkeys(("function", "product", "segment"), 0.0)
    for side, part in sides.items():
        total = sum(facts[side].values())
        for axis in weights:
            weights[axis] += part * facts["knowledge"] * facts[side][axis] / total
    return {
        "functions": facts["functions"],
        "products": facts["products"],
        "segments": facts["segments"],
        "step, h": facts["step_hours"],
        "spread of work": facts["step_cv"],
        "work offered": facts["offered"],
        **{f"knowledge of the {axis}": weight for axis, weight in weights.items()},
        "people": plain["staffing"]["headcount"],
        "learning rate": plain["people"]["learning_rate"],
        "switch share": plain["people"]["switch_share"],
        "handoff, h": plain["coordination"]["handoff"]["mean"],
        "context kept": plain["coordination"]["context_between"],
    }


def shares_by_third(sampled: Sampled, fact: str) -> list[tuple[str, dict[str, float]]]:
    """(range of the fact, share of companies each structure wins) for the low, middle and high third."""
    values = sampled.fit[fact]
    ranks = values.rank(method="average", pct=True)
    thirds = [ranks <= 1 / 3, (ranks > 1 / 3) & (ranks <= 2 / 3), ranks > 2 / 3]
    found = []
    for third in thirds:
        mine = sampled.fit[third]
        label = f"{short(values[third].min())} to {short(values[third].max())}" if len(mine) else "none"
        found.append((label, (mine["wins"].value_counts() / max(1, len(mine))).to_dict()))
    return found


def short(number: float) -> str:
    """Two digits, or a whole number.

    >>> short(0.0431), short(119.0)
    ('0.043', '119')
    """
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"
