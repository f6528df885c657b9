"""Axes, intervals and design tables become one list of override lists, a list for each scenario.

Invariant: the same command gives the same list in the same order; sampling draws from a seed of its own.
"""

import itertools
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sim.config.compose import Composer
from sim.config.diagnostics import Refused, diagnostic, duration, plural
from sim.config.override import Override
from sim.config.override_keys import is_whole
from sim.study.sampling import Sampling, unit_cube

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override as Parsed

MOST_VALUES = 1_000_000
"""Values of one range, `--yes` or not."""
SECONDS_EACH = 0.1
"""Rough time of a replication of the default company, for the estimate in the refusal of a huge sweep."""


@dataclass(frozen=True)
class Interval:
    """Numbers between two ends; `steps` for whole numbers, `log` for equal shares of every doubling."""

    key: str
    low: float
    high: float
    whole: bool
    log: bool

    def at(self, part: float) -> str:
        """The value at a part of the way, 0 to 1."""
        if self.whole:
            low, high = math.ceil(self.low), math.floor(self.high)
            return str(min(low + math.floor(part * (high - low + 1)), high))
        if self.log:
            return repr(math.exp(math.log(self.low) + part * (math.log(self.high) - math.log(self.low))))
        return repr(self.low + part * (self.high - self.low))


@dataclass
class Axes:
    """A sweep before it is written out: choices for each key, intervals, and the rows of a design table."""

    choices: dict[str, Sequence[Any]] = field(default_factory=dict)
    intervals: dict[str, Interval] = field(default_factory=dict)
    table: list[list[Override]] = field(default_factory=list)
    sampling: Sampling = field(default_factory=Sampling)

    @property
    def count(self) -> int:
        """Number of scenarios."""
        return (
            math.prod(map(len, self.choices.values()))
            * (self.sampling.samples if self.intervals else 1)
            * (len(self.table) or 1)
        )

    def scenarios(self) -> list[list[str]]:
        """Overrides of every scenario: table rows, then sampled points, then every combination of choices."""
        points = self._points()
        table = [[item.text for item in row] for row in self.table] or [[]]
        return [
            [*fixed, *row, *point]
            for row in table
            for point in points
            for fixed in itertools.product(*self.choices.values())
        ]

    def described(self) -> list[str]:
        """What varies, a line each."""
        lines = [f"{len(self.table)} rows of a table"] if self.table else []
        for key, texts in self.choices.items():
            if len(texts) > 1 and not isinstance(texts, range):
                lines.append(f"{key}: " + ", ".join(text.partition("=")[2] for text in texts))
        for axis in self.intervals.values():
            lines.append(f"{axis.key}: {self.sampling.samples} points from {axis.low:g} to {axis.high:g}")
        return lines

    def origins(self, index: int) -> dict[str, str]:
        """Key -> line of the design table, for the settings that scenario number `index` has from it."""
        if not self.table:
            return {}
        return {item.key: item.place for item in self.table[index // (self.count // len(self.table))]}

    def _points(self) -> list[list[str]]:
        if not self.intervals:
            return [[]]
        intervals = list(self.intervals.values())
        return [
            [
                f"{interval.key}={interval.at(float(part))}"
                for interval, part in zip(intervals, point, strict=True)
            ]
            for point in unit_cube(self.sampling, len(intervals))
        ]


def axes_of(
    composer: Composer, given: Sequence[Override], sampling: Sampling, table: Sequence[list[Override]] = ()
) -> Axes:
    """The axes that a list of overrides describes; a later override of a key replaces an earlier one."""
    axes = Axes(sampling=sampling, table=list(table))
    columns = {item.key for row in table for item in row}
    for item in given:
        parsed = composer.parse(item.text)
        key = parsed.get_key_element()
        axes.choices.pop(item.key, None)
        axes.intervals.pop(item.key, None)
        if item.key in columns or key.startswith(("hydra.", "hydra/", "sweep.")):
            continue
        if parsed.is_interval_sweep():
            axes.intervals[item.key] = _interval(key, parsed, item)
        elif parsed.is_range_sweep() and range_count(parsed) > MOST_VALUES:
            axes.choices[item.key] = range(range_count(parsed))  # counted, and never written out
        elif parsed.is_sweep_override():
            axes.choices[item.key] = [f"{key}={value}" for value in _different(parsed)]
        else:
            axes.choices[item.key] = [item.text]
    return axes


def range_count(parsed: "Parsed") -> int:
    """How many values a `range(start,stop,step)` has, without counting them one by one.

    Raises
    ------
    ValueError, ArithmeticError
        when an end is not finite or the step is 0.
    """
    sweep: Any = parsed.value()
    start, stop, step = (Fraction(number) for number in (sweep.start, sweep.stop, sweep.step))
    return min(max(0, math.ceil((stop - start) / step)), sys.maxsize)


def _different(parsed: "Parsed") -> Iterator[str]:
    """The values of a sweep as text, equal ones once: 1, 1 and 1.0 are one."""
    from hydra.core.override_parser.types import Transformer

    seen = set()
    for value in parsed.sweep_iterator():
        text = Transformer.str(value)
        known = (isinstance(value, bool), value if isinstance(value, int | float) else text)
        if known not in seen:
            seen.add(known)
            yield text


def _interval(key: str, parsed: "Parsed", item: Override) -> Interval:
    sweep: Any = parsed.value()
    low, high, tags = float(sweep.start), float(sweep.end), set(sweep.tags)
    whole = is_whole(tuple(item.key.split("."))) or (
        isinstance(sweep.start, int) and isinstance(sweep.end, int)
    )
    problem = (
        f"ends below its start: {low:g} > {high:g}" if low > high
        else "has an end that is no finite number" if not (math.isfinite(low) and math.isfinite(high))
        else f"holds no whole number: {low:g} to {high:g}" if whole and math.ceil(low) > math.floor(high)
        else "needs a start above 0 for tag(log, ...)" if "log" in tags and low <= 0
        else ""
    )  # fmt: skip
    if problem:
        raise Refused(
            [diagnostic(item.place, item.key, f"the interval {problem}", "", "Write interval(low,high)")]
        )
    return Interval(key, low, high, whole, "log" in tags)


def too_large(count: int, replications: int, workers: int, limit: int) -> str:
    """Why a sweep of this size needs `--yes`; empty when it does not.

    >>> too_large(1000, 10, 4, 1000000)
    ''
    """
    if count <= limit:
        return ""
    total = count * replications
    return (
        f"the sweep has {_short(count)} scenarios x {replications} = {_short(total)} replications, about "
        f"{duration(total * SECONDS_EACH / max(workers, 1))} on {plural(max(workers, 1), 'worker')}. "
        f"Limit {_short(limit)} without --yes"
    )


def _short(number: int) -> str:
    return f"{number:,}" if number < 1e6 else f"{number:.3g}".replace("e+0", "e").replace("e+", "e")
