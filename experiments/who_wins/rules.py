"""The plainest rule that tells where a structure wins: at most two facts, each above or below a number.

Invariant: all pairs of facts and of their tenths are tried, so no rule of this form fits the sample better.
How far such a rule holds is tried on companies it was not read off.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sampled import FACTS

RULE_NEEDS = 6
"""Wins without which no rule is looked for: three in each half."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Condition:
    """A fact at least (`above`) or at most `cut`."""

    fact: str
    above: bool
    cut: float

    def __str__(self) -> str:
        return f"{self.fact} is at {'least' if self.above else 'most'} {self.cut:g}"

    def holds(self, fit: pd.DataFrame) -> Mask:
        """For which companies."""
        values = fit[self.fact].to_numpy(np.float64)
        return np.asarray(values >= self.cut if self.above else values <= self.cut)


Rule = tuple[Condition, ...]


def covered(rule: Rule, fit: pd.DataFrame) -> Mask:
    """Which companies a rule speaks of."""
    return np.logical_and.reduce([condition.holds(fit) for condition in rule])


def conditions(fit: pd.DataFrame) -> list[Condition]:
    """Every fact at most or at least one of its tenths, to two digits."""
    tenths = np.arange(0.1, 0.95, 0.1)
    return [
        Condition(fact, above, cut)
        for fact in FACTS
        for cut in sorted({float(f"{cut:.2g}") for cut in np.quantile(fit[fact], tenths)})
        for above in (False, True)
    ]


def rule_for(fit: pd.DataFrame, structure: str) -> Rule:
    """The rule of one or two conditions that agrees best with the wins of a structure.

    Agreement is the harmonic mean of the share of its companies that are wins and the share of all wins it
    covers (F1); of equals the first, so that one condition goes before two.
    """
    wins = (fit["wins"] == structure).to_numpy()
    known = [(condition, condition.holds(fit)) for condition in conditions(fit)]
    tried: list[tuple[Rule, Mask]] = [((one,), mask) for one, mask in known]
    tried += [
        ((one, other), mask & second)
        for place, (one, mask) in enumerate(known)
        for other, second in known[place + 1 :]
        if other.fact != one.fact
    ]
    scores = [2.0 * float((mask & wins).sum()) / float(mask.sum() + wins.sum()) for _, mask in tried]
    return tried[int(np.argmax(scores))][0]


def on_the_other_half(fit: pd.DataFrame, structure: str) -> tuple[int, int]:
    """(wins, companies) covered by rules read off one half of the companies, in the other half."""
    halves = [fit.iloc[0::2], fit.iloc[1::2]]
    hits = size = 0
    for here, there in (halves, halves[::-1]):
        mask = covered(rule_for(here, structure), there)
        hits += int((mask & (there["wins"] == structure).to_numpy()).sum())
        size += int(mask.sum())
    return hits, size
