"""How long, how many: probability laws as plain data, one YAML form for all of them.

Invariant: a law that validates can be sampled; every mean is finite.
"""

import math
from typing import Annotated, Literal

from pydantic import Field

from sim.schema.base import OF_THE_FIELD, Record, quantity

Positive = Annotated[float, Field(gt=0.0, le=1e6)]
NotNegative = Annotated[float, Field(ge=0.0, le=1e6)]


class Lognormal(Record):
    """The law of most service times (Brown et al. 2005): skewed and positive."""

    law: Literal["lognormal"]
    mean: NotNegative = quantity("mean", unit=OF_THE_FIELD, ge=0.0)
    cv: float = quantity(
        "standard deviation divided by the mean", unit="factor", source="E15", grade="A", ge=0.0, le=20.0
    )


class Gamma(Record):
    """Gamma law by mean and coefficient of variation."""

    law: Literal["gamma"]
    mean: NotNegative = quantity("mean", unit=OF_THE_FIELD)
    cv: float = quantity(
        "standard deviation divided by the mean; below 0.01 take deterministic",
        unit="factor",
        ge=0.01,
        le=4.0,
    )


class Exponential(Record):
    """Memoryless: the law of most closed forms."""

    law: Literal["exponential"]
    mean: NotNegative = quantity("mean", unit=OF_THE_FIELD)


class Deterministic(Record):
    """Always the same."""

    law: Literal["deterministic"]
    mean: NotNegative = quantity("the value", unit=OF_THE_FIELD)


class Erlang(Record):
    """Sum of equal exponential stages."""

    law: Literal["erlang"]
    mean: NotNegative = quantity("mean of the sum", unit=OF_THE_FIELD)
    stages: int = quantity("number of stages", unit="stages", ge=1, le=1000)


class Uniform(Record):
    """Evenly spread between two bounds."""

    law: Literal["uniform"]
    low: NotNegative = quantity("lower bound", unit=OF_THE_FIELD)
    high: NotNegative = quantity("upper bound, not below the lower one", unit=OF_THE_FIELD)


class Hyperexponential(Record):
    """Two exponential phases with balanced means: more variable than exponential."""

    law: Literal["hyperexponential"]
    mean: NotNegative = quantity("mean", unit=OF_THE_FIELD)
    cv: float = quantity("standard deviation divided by the mean, above 1", unit="factor", gt=1.0, le=20.0)


class Empirical(Record):
    """Observed values, drawn with equal or given weights."""

    law: Literal["empirical"]
    values: tuple[NotNegative, ...] = quantity(
        "observed values", unit=OF_THE_FIELD, min_length=1, max_length=100_000
    )
    weights: tuple[NotNegative, ...] = quantity(
        "weights of the values; equal when empty", default=(), unit="weight"
    )


class Trace(Record):
    """Given numbers, the n-th request takes the n-th; arrivals end with the trace, other uses start again."""

    law: Literal["trace"]
    values: tuple[NotNegative, ...] = quantity(
        "the numbers in order", unit=OF_THE_FIELD, min_length=1, max_length=1_000_000
    )


class Unlimited(Record):
    """Never: patience without end."""

    law: Literal["none"]


Law = Annotated[
    Lognormal | Gamma | Exponential | Deterministic | Erlang | Uniform | Hyperexponential | Empirical | Trace,
    Field(discriminator="law"),
]
Patience = Annotated[
    Lognormal
    | Gamma
    | Exponential
    | Deterministic
    | Erlang
    | Uniform
    | Hyperexponential
    | Empirical
    | Trace
    | Unlimited,
    Field(discriminator="law"),
]


def weighted_rightly(law: Law | None) -> bool:
    """False for observed values whose weights do not fit them: such a law has no mean."""
    weights = law.weights if isinstance(law, Empirical) else ()
    return not weights or (len(weights) == len(getattr(law, "values", ())) and sum(weights) > 0.0)


def law_mean(law: Law | None) -> float:
    """Mean of a law as the scenario states it; of a trace its average, 0 where there is no law.

    >>> law_mean(Uniform(law="uniform", low=1.0, high=4.0))
    2.5
    """
    if law is None:
        return 0.0
    if isinstance(law, Uniform):
        return 0.5 * (law.low + law.high)
    if isinstance(law, Empirical) and law.weights:
        total = math.fsum(law.weights)
        return math.fsum(v * w / total for v, w in zip(law.values, law.weights, strict=True))
    if isinstance(law, Empirical | Trace):
        return math.fsum(law.values) / len(law.values)
    return law.mean
