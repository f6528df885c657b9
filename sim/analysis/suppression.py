"""Reasons not to show a figure or not to give a verdict, and remarks on scenarios.

Invariant: of several reasons the first one given is told; no reason is an empty text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.exact import Flags

UNSTABLE = "unstable: the mean only tells how long the run was"
ALONE = "one replication: no interval possible"
UNRANKED = "too many requests unresolved: no mean is ranked"
UNLIKE = "not as many leave: compare within_promise instead"


def in_brief(reason: str) -> str:
    """A reason without its explanation.

    >>> in_brief(ALONE)
    'one replication'
    """
    return reason.partition(":")[0]


def first_reason(*cases: tuple[Flags, str | Sequence[str]]) -> NDArray[np.object_]:
    """For each row the text of the first case that holds; cases: (flags, one text or one for each row).

    >>> first_reason((np.array([True, False, False]), "a"), (np.array([True, True, False]), "b")).tolist()
    ['a', 'b', '']
    """
    found = np.full(len(cases[0][0]), "", dtype=object)
    for flags, text in reversed(cases):
        told = np.array([text] * len(flags) if isinstance(text, str) else list(text), dtype=object)
        found[flags] = told[flags]
    return found


class Caveat(str):
    """A sentence that knows its form and numbers, so that many of one form can be told as one.

    >>> Caveat("load {:.2f}", 1.5), Caveat("load {:.2f}", 1.5).form
    ('load 1.50', 'load {:.2f}')
    """

    form: str
    numbers: tuple[float, ...]

    def __new__(cls, form: str, *numbers: float) -> Caveat:
        told = super().__new__(cls, form.format(*numbers))
        told.form, told.numbers = form, numbers
        return told

    @classmethod
    def of(cls, text: str) -> Caveat:
        """A text as a remark; one that is none has no numbers."""
        return text if isinstance(text, Caveat) else cls(text.replace("{", "{{").replace("}", "}}"))


class _Span(NamedTuple):
    least: float
    most: float

    def __format__(self, spec: str) -> str:
        low, high = format(self.least, spec), format(self.most, spec)
        return low if low == high else f"{low} to {high}"


def together(remarks: Sequence[Caveat]) -> str:
    """Remarks of one form as one sentence: each number from its least to its greatest.

    >>> together([Caveat("± {:.0f} % of {:.1f}", size, 2.0) for size in (11.0, 34.0)])
    '± 11 to 34 % of 2.0'
    """
    ends = [_Span(min(each), max(each)) for each in zip(*(one.numbers for one in remarks), strict=True)]
    return remarks[0].form.format(*ends)


def literal(name: str) -> str:
    """A name as it stands in the form of a remark: a department may be called {anything}.

    >>> Caveat(f"{literal('department:{a}')} is {{:.0f}} % full", 90.0)
    'department {a} is 90 % full'
    """
    return name.replace("{", "{{").replace("}", "}}").replace(":", " ", 1)
