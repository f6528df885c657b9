"""What is known of a mechanism: one thing that the field says happens in organisations.

Invariant: an id is that of the table of mechanisms, and stays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.schema.base import Record


@dataclass(frozen=True)
class Mechanism:
    """A row of the table of mechanisms.

    Attributes
    ----------
    id : letter of its family (S structure, C customers, P people, K coordination) and number.
    claim : what is said to happen, in the field's words.
    source : evidence (E numbers) or literature.
    records : its parameters, by the place in the configuration under which they stand.
    keys : configuration keys that belong to it and are no parameters of its own, such as facts of a company.
    section : of docs/model.md.
    shown : where a user sees its effect.
    default : what the plain comparison runs with, where that is not simply "on".
    kinds : kinds of time it makes, each with the key that moves it most directly, and what that is in words.
    pace : time factor it gives everybody in a department: (numbers, workers of the department).
    switch : number (see sim/numbers.py) that tells whether it is on; empty: always, and neutral values switch
        it off.
    keeps : what it keeps from week to week, found in `state.kept` under its id: (state at the start).
    review : what it does to the state at the end of a week: (state, number of the week).
    effect : what it contributes to effects.py, by `*=` or `+=`: (state, effects, weeks that have ended).
    courtesy : factor by which each worker's manners count for empathy, (n,): (state).
    unmet : need that is not met because nobody knows of it, (P, S): (state).
    asks : does it ask what customers made of the requests that ended in the week (`state.opinions`)?
    presence : share of the week for which it leaves people at work, as expected: (numbers).
    tells : metrics of the company: (what it kept under "told", one entry a week, and the weeks that count)
        to (name, unit, value). What is told in money/year is part of the cost.
    """

    id: str
    claim: str
    source: str
    section: str
    shown: str
    records: tuple[tuple[str, type[Record]], ...] = ()
    keys: tuple[str, ...] = ()
    default: str = "on"
    kinds: tuple[tuple[str, str, str], ...] = ()
    pace: Callable[[Any, int], float] | None = None
    switch: str = ""
    keeps: Callable[[Any], Any] | None = None
    review: Callable[[Any, int], None] | None = None
    effect: Callable[[Any, Any, int], None] | None = None
    courtesy: Callable[[Any], Any] | None = None
    unmet: Callable[[Any], Any] | None = None
    asks: bool = False
    presence: Callable[[Any], float] | None = None
    tells: Callable[[Any, slice], list[tuple[str, str, float]]] | None = None

    def own_keys(self) -> list[str]:
        """Dotted keys of its parameters, then those it shares."""
        named = [f"{place}.{name}" for place, record in self.records for name in record.model_fields]
        return [*named, *self.keys]
