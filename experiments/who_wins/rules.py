"""The plainest rule that tells where a structure wins: at most two facts, each above or below a number.

Invariant: all pairs of facts and of their tenths are tried, so no rule of this form fits the sample better.
It is read off the sample and says nothing about companies outside its ranges.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sampled import FACTS, Sampled

RULE_NEEDS = 4
"""Wins without which no rule is looked for."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """`words` with the companies it covers, and how many of these the structure wins."""

    words: str
    covered: int
    hits: int
    score: float


def conditions(sampled: Sampled) -> list[tuple[str, str, Mask]]:
    """(fact, words, which companies) for every fact at most or at least one of its tenths."""
    found = []
    for fact in FACTS:
        values = sampled.fit[fact].to_numpy(np.float64)
        for cut in np.unique([float(f"{cut:.2g}") for cut in np.quantile(values, np.arange(0.1, 0.95, 0.1))]):
            found.append((fact, f"{fact} is at most {cut:g}", values <= cut))
            found.append((fact, f"{fact} is at least {cut:g}", values >= cut))
    return found


def rule_for(sampled: Sampled, structure: str) -> Rule:
    """The rule of one or two conditions that agrees best with the wins of a structure.

    Agreement is the harmonic mean of the share of its companies that are wins and the share of all wins it
    covers (F1); of equals the one found first, which has fewer conditions.
    """
    wins = (sampled.fit["wins"] == structure).to_numpy()
    known = conditions(sampled)
    best = Rule("", 0, 0, -1.0)
    for place, (fact, words, mask) in enumerate(known):
        best = better(best, words, mask, wins)
        for other, more, second in known[place + 1 :]:
            if other != fact:
                best = better(best, f"{words} and {more}", mask & second, wins)
    return best


def better(best: Rule, words: str, mask: Mask, wins: Mask) -> Rule:
    """The better of the best rule so far and another one."""
    covered, hits = int(mask.sum()), int((mask & wins).sum())
    score = 2.0 * hits / (covered + int(wins.sum()))
    return Rule(words, covered, hits, score) if score > best.score + 1e-12 else best
