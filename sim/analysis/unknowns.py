"""Which conclusions survive what nobody knows: in which share of joint settings each holds, what drives it.

Invariant: shares are counted over the joint settings alone; rules are tried on others than found them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.analysis.catalogue import judged
from sim.analysis.drivers import Driver, drivers
from sim.analysis.found_rules import Rule, rules_of
from sim.analysis.leading import ALIKE, OPEN, UNRANKED, Lead, leading

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Results

TABLE: Final = "unknowns"
INPUTS: Final = "unknown_inputs"
COLUMNS: Final = ("between", "now", "says", "settings", "of", "share", "low", "high")


@dataclass(frozen=True)
class Conclusion:
    """Structures and who leads among them: now, and in each joint setting."""

    between: tuple[str, ...]
    now: Lead
    leads: tuple[Lead, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Settings by what they say: a winner, or alike, open, unranked. What is said now comes first."""
        said = [_word(lead) for lead in self.leads]
        order = dict.fromkeys((_word(self.now), *self.between, ALIKE, OPEN, UNRANKED))
        return {word: said.count(word) for word in order if word in said or word == _word(self.now)}

    def share(self, word: str) -> tuple[float, float, float]:
        """Share of the joint settings that say this, with its interval (Wilson, 95 %)."""
        return share_of(self.counts.get(word, 0), len(self.leads))


def _word(lead: Lead) -> str:
    return lead.winner or lead.state


def share_of(count: int, of: int) -> tuple[float, float, float]:
    """A share with its interval of 95 % (Wilson).

    >>> [round(each, 3) for each in share_of(9, 10)]
    [0.9, 0.596, 0.982]
    """
    from scipy.stats import binomtest

    if not of:
        return np.nan, 0.0, 1.0
    ends = binomtest(count, of).proportion_ci(method="wilson")
    return count / of, float(ends.low), float(ends.high)


@dataclass(frozen=True)
class Unknowns:
    """The answer. `best`: the structure whose lead over its best rival is looked at by `drivers`; `inputs`:
    about each input; `held`: keys of unknowns without a range; `left_out`: settings not allowed together."""

    metric: str
    best: str
    overall: Conclusion
    pairs: tuple[Conclusion, ...]
    inputs: tuple[dict[str, Any], ...]
    held: tuple[str, ...]
    left_out: int
    drivers: tuple[Driver, ...]
    rules: tuple[Rule, ...]
    steps: int


def answer_of(loaded: Results) -> Unknowns | None:
    """The answer that a folder of `study=unknowns` holds; None of any other."""
    table = loaded.extras.get(TABLE)
    if table is None:
        return None
    about = loaded.extras[INPUTS]
    metric, size = str(table["metric"].iloc[0]), int(table["structures"].iloc[0])
    names = [str(name) for name in loaded.scenarios["structure"].iloc[:size]]
    starts = table["scenario"].tolist()
    overall = _leads(loaded, starts, range(size), metric)
    joint = np.flatnonzero(table["role"] == "joint").tolist()
    many = int(about["varied"].sum())
    whole = _conclusion(names, overall, joint)
    pairs = [
        _conclusion([names[one], names[other]], _leads(loaded, starts, (one, other), metric), joint)
        for one, other in combinations(range(size), 2)
    ]
    best = _best(names, overall[0], metric)
    found = _drivers(table, overall, names.index(best), many, metric)
    values = table[[f"value_{number}" for number in range(many)]].to_numpy(np.float64)[joint]
    return Unknowns(
        metric,
        best,
        whole,
        tuple(pairs) if size > 2 else (),
        tuple(_records(about[about["varied"]])),
        tuple(about.loc[~about["varied"], "key"]),
        int(about["left_out"].iloc[0]),
        tuple(found),
        tuple(rules_of(values, [_word(lead) for lead in whole.leads], len(joint) // 2)),
        int((table["role"] == "step").sum()),
    )


def _leads(loaded: Results, starts: Sequence[int], places: Sequence[int], metric: str) -> list[Lead]:
    return leading(loaded, [[start + place for place in places] for start in starts], metric)


def _conclusion(names: Sequence[str], leads: Sequence[Lead], joint: Sequence[int]) -> Conclusion:
    return Conclusion(tuple(names), leads[0], tuple(leads[place] for place in joint))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _best(names: Sequence[str], now: Lead, metric: str) -> str:
    """The leader of now; where nobody can be ranked, the best by its mean, or the first."""
    if now.leader or not now.means:
        return now.leader or names[0]
    return names[int(np.nanargmax(judged(metric).better.value * np.array(now.means)))]


def advantage(means: Sequence[float], place: int, metric: str) -> float:
    """By how much a structure is better than the best of the others, as a share of that one's mean.

    >>> advantage((8.0, 10.0, 16.0), 0, "response_time_mean"), advantage((60.0, 80.0), 0, "satisfaction_mean")
    (0.2, -0.25)
    """
    sign = judged(metric).better.value or -1
    own, *others = (sign * mean for mean in (means[place], *means[:place], *means[place + 1 :]))
    best = max(others)
    return (own - best) / abs(best) if best else np.nan


def _drivers(table: pd.DataFrame, leads: Sequence[Lead], place: int, many: int, metric: str) -> list[Driver]:
    """What moves the lead; a trajectory with a setting in which something cannot be measured is left out."""
    steps = np.flatnonzero(table["role"] == "step").tolist()
    means, size = [leads[step].means for step in steps], len(leads[0].means)
    moved = np.array([advantage(own, place, metric) if len(own) == size else np.nan for own in means])
    paths = table["trajectory"].to_numpy()[steps]
    whole = ~np.isin(paths, paths[~np.isfinite(moved)])
    shares = table[[f"share_{number}" for number in range(many)]].to_numpy(np.float64)[steps]
    return drivers(shares[whole], moved[whole])


def tables(answer: Unknowns) -> dict[str, pd.DataFrame]:
    """The answer as tables, by name."""
    return {
        "unknowns": conclusions_table(answer),
        "drivers": drivers_table(answer),
        "rules": rules_table(answer),
    }


def conclusions_table(answer: Unknowns) -> pd.DataFrame:
    """A row for everything that a conclusion turns into, with its share of the joint settings."""
    import pandas as pd

    told = [answer.overall, *answer.pairs]
    rows = [
        (" / ".join(each.between), _word(each.now), word, count, len(each.leads), *each.share(word))
        for each in told
        for word, count in each.counts.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def drivers_table(answer: Unknowns) -> pd.DataFrame:
    """A row an input, the strongest first: change of the lead over its range as a share, with interval."""
    import pandas as pd

    rows = [
        {
            name: answer.inputs[own.number][name]
            for name in ("key", "what", "unit", "low", "high", "grade", "source")
        }
        | {"moves_lead_by": own.size, "moves_low": own.low, "moves_high": own.high, "mean_effect": own.effect}
        for own in answer.drivers
    ]
    return pd.DataFrame(rows)


def rules_table(answer: Unknowns) -> pd.DataFrame:
    """A row a rule that was tried, also those that fresh settings do not bear out."""
    import pandas as pd

    counted = ("right", "inside", "all_right", "fresh")
    names = ["rule", "says", "coverage", "density", *counted, "p_adjusted", "told"]
    rows = [
        (" and ".join(_terms(rule, answer.inputs)), rule.word, rule.coverage, rule.density, rule.right,
         rule.inside, rule.all_right, rule.fresh, rule.p, rule.told)
        for rule in answer.rules
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _terms(rule: Rule, inputs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for number, (low, high) in sorted(rule.box.items()):
        key = inputs[number]["key"]
        if np.isfinite(low):
            yield f"{key} > {low:g}"
        if np.isfinite(high):
            yield f"{key} <= {high:g}"
