"""Rules in plain words for where something is so: a small tree, judged on settings that it has not seen.

Invariant: coverage, density and the test of a rule use none of the settings that it was found on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL: Final = 0.05
DEPTH: Final = 3
LEAVES: Final = 6
"""A rule is read by people: three conditions at most, few rules."""
LEAST: Final = 5
"""Settings at least in a leaf; a twentieth of many."""

Box = dict[int, tuple[float, float]]
"""Input by its number -> above this and up to that."""


class Rule(NamedTuple):
    """Where a word is so. Counted on fresh settings: `right` of `inside` in the box, of `all_right` of
    `fresh` anywhere. p: that the box is no better than chance (Fisher), adjusted over all rules tried."""

    word: str
    box: Box
    right: int
    inside: int
    all_right: int
    fresh: int
    p: float

    @property
    def coverage(self) -> float:
        """Share of the settings in which it is so that the rule finds."""
        return self.right / self.all_right if self.all_right else np.nan

    @property
    def density(self) -> float:
        """Share of the settings in the box in which it is so."""
        return self.right / self.inside if self.inside else np.nan

    @property
    def told(self) -> bool:
        """Whether fresh settings bear it out."""
        return self.p < LEVEL


def rules_of(values: NDArray[np.float64], words: Sequence[str], found_on: int) -> list[Rule]:
    """Rules found on the first `found_on` settings and tried on the others, the widest first.

    values : (settings, inputs). Those that are not borne out are among them, see `Rule.told`.
    """
    from sklearn.tree import DecisionTreeClassifier

    if len(set(words[:found_on])) < 2 or len(words) <= found_on:
        return []
    least = max(LEAST, found_on // 20)
    tree = DecisionTreeClassifier(
        max_depth=DEPTH, max_leaf_nodes=LEAVES, min_samples_leaf=least, random_state=0
    )
    tree.fit(values[:found_on], list(words[:found_on]))
    boxes = list(_boxes(tree.tree_, [str(name) for name in tree.classes_], 0, {}))
    if len(boxes) < 2:
        return []
    fresh, own = values[found_on:], np.array(words[found_on:])
    tried = [_tried(word, box, fresh, own) for word, box in boxes]
    return sorted(_adjusted(tried), key=lambda rule: (-rule.right, rule.word))


def _boxes(tree: Any, names: Sequence[str], node: int, box: Box) -> Iterator[tuple[str, Box]]:
    """The leaves of a tree; a split whose leaves all say the same is none."""
    said = _said(tree, names, node)
    if len(said) == 1:
        yield said.pop(), box
        return
    number, limit = int(tree.feature[node]), float(f"{tree.threshold[node]:.3g}")
    low, high = box.get(number, (-np.inf, np.inf))
    yield from _boxes(tree, names, int(tree.children_left[node]), box | {number: (low, min(high, limit))})
    yield from _boxes(tree, names, int(tree.children_right[node]), box | {number: (max(low, limit), high)})


def _said(tree: Any, names: Sequence[str], node: int) -> set[str]:
    if tree.children_left[node] < 0:
        return {names[int(np.argmax(tree.value[node]))]}
    sides = (tree.children_left[node], tree.children_right[node])
    return {word for side in sides for word in _said(tree, names, int(side))}


def inside(values: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    """Which settings lie in a box.

    >>> inside(np.array([[1.0], [2.0], [3.0]]), {0: (1.0, 2.0)}).tolist()
    [False, True, False]
    """
    held = np.ones(len(values), dtype=np.bool_)
    for number, (low, high) in box.items():
        held &= (values[:, number] > low) & (values[:, number] <= high)
    return held


def _tried(word: str, box: Box, fresh: NDArray[np.float64], own: NDArray[Any]) -> Rule:
    from scipy.stats import fisher_exact

    held, so = inside(fresh, box), own == word
    right, wrong = int((held & so).sum()), int((held & ~so).sum())
    missed, rest = int((~held & so).sum()), int((~held & ~so).sum())
    p = float(fisher_exact(np.array([[right, wrong], [missed, rest]]), alternative="greater").pvalue)
    return Rule(word, box, right, right + wrong, right + missed, len(own), p)


def _adjusted(rules: Sequence[Rule]) -> list[Rule]:
    from sim.analysis.inference import holm

    shared = holm(np.array([rule.p for rule in rules]), np.zeros(len(rules), dtype=np.int64))
    return [rule._replace(p=float(p)) for rule, p in zip(rules, shared, strict=True)]
