"""Formulas of experience, information and loyalty that need no queue: exact values for rules and read-outs.

Invariant: pure functions of their arguments; nothing here is drawn or simulated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def wright_time(first: float, rate: float, case: int) -> float:
    """Time of the n-th case when every doubling multiplies it by ``rate``: T1 n^log2(rate). Source: Wright
    1936.

    >>> round(wright_time(10.0, 0.8, 4), 12)
    6.4
    """
    return first * math.pow(case, math.log2(rate))


def plateau_time(first: float, plateau: float, rate: float, case: int) -> float:
    """Time of the n-th case when a share ``plateau`` cannot be learnt away. Source: DeJong 1957.

    >>> round(plateau_time(10.0, 0.6, 0.85, 100), 12)
    7.358718485473
    """
    return plateau * first + (1 - plateau) * wright_time(first, rate, case)


def knowledge_stock(kept: float, gained: float, periods: int) -> float:
    """Stock after ``periods`` of K = kept K + gained from 0. Source: Argote, Beckman, Epple 1990.

    >>> knowledge_stock(0.75, 20.0, 6)
    65.76171875
    """
    stock = 0.0
    for _ in range(periods):
        stock = kept * stock + gained
    return stock


def ramp_up_share(quits_per_year: float, ramp_years: float) -> dict[str, float]:
    """Seats with exponential quits, instant replacement and a straight ramp from half to full productivity.

    >>> round(ramp_up_share(0.35, 0.25)["mean_productivity"], 12)
    0.978749304852
    """
    decay = math.exp(-quits_per_year * ramp_years)
    lost = 0.5 * (1 - (1 - decay) / (quits_per_year * ramp_years))
    return {
        "share_in_ramp": 1 - decay,
        "mean_productivity": 1 - lost,
        "extra_heads_pct": 100 * (1 / (1 - lost) - 1),
    }


def vacancy_share(quits_per_year: float, fill_days: float) -> float:
    """Share of time a seat is empty (alternating renewal).

    >>> round(vacancy_share(0.35, 30.0), 12)
    0.027962716378
    """
    fill = fill_days / 365
    return fill / (fill + 1 / quits_per_year)


def kept_after(kept: float, handoffs: int) -> float:
    """Share of information left after ``handoffs`` that each keep a share ``kept``.

    >>> round(kept_after(0.8, 4), 12)
    0.4096
    """
    return math.pow(kept, handoffs)


def kept_each(left: float, handoffs: int) -> float:
    """Share each of ``handoffs`` keeps when ``left`` remains at the end.

    >>> round(kept_each(0.855, 5), 12)
    0.969154960414
    """
    return math.pow(left, 1 / handoffs)


def channels(people: int) -> int:
    """Pairs that can talk: n (n - 1) / 2.

    >>> channels(10)
    45
    """
    return people * (people - 1) // 2


def scalability(people: int, contention: float, coherence: float) -> float:
    """Universal scalability law: n / (1 + a (n - 1) + b n (n - 1)). Source: Gunther 2007.

    >>> round(scalability(10, 0.05, 0.002), 12)
    6.134969325153
    """
    return people / (1 + contention * (people - 1) + coherence * people * (people - 1))


def adopted(innovation: float, imitation: float, time: float) -> float:
    """Share that has adopted by ``time``. Source: Bass 1969.

    >>> round(adopted(0.03, 0.38, 5.0), 12)
    0.331198642491
    """
    decay = math.exp(-(innovation + imitation) * time)
    return (1 - decay) / (1 + imitation / innovation * decay)


def lifetime_value(margin: float, retention: float, interest: float) -> dict[str, float]:
    """Value of a customer with constant margin and retention. Source: Gupta, Lehmann 2003.

    >>> round(lifetime_value(100.0, 0.8, 0.1)["first_margin_now"], 9)
    366.666666667
    """
    spread = 1 + interest - retention
    return {
        "first_margin_after_1yr": margin * retention / spread,
        "first_margin_now": margin * (1 + interest) / spread,
        "expected_lifetime": 1 / (1 - retention),
    }


def churn(retention: float) -> float:
    """Customers who leave over customer years, where each stays a year with this chance, asked week by week.

    >>> round(churn(0.85), 12)
    0.162265228461
    """
    return 52.0 * (1.0 - math.pow(retention, 1.0 / 52.0))


def tracking_error(drift: float, gain: float) -> float:
    """Mean |e| of e' = (1 - gain) (e + drift z), z standard normal. Source: first-order autoregression.

    >>> round(tracking_error(1.0, 0.5), 12)
    0.460658865962
    """
    left = 1.0 - gain
    return math.sqrt(2.0 / math.pi) * drift * left / math.sqrt(1.0 - left * left)


def weighted_score(scores: Sequence[float], weights: Sequence[float]) -> float:
    """Weighted sum of dimension scores (SERVQUAL gaps, satisfaction).

    >>> round(weighted_score([-1, -0.5, 0.2, 0.1, 0.3], [0.32, 0.22, 0.19, 0.16, 0.11]), 12)
    -0.343
    """
    return math.fsum(score * weight for score, weight in zip(scores, weights, strict=True))


def weeks_to_fix(threshold: float, weekly: float, severity: float, project: int) -> int:
    """Weeks until a system cause is gone where complaints come steadily: ceil(T / (w s)) + p.

    A review a week hears w complaints of severity s each; from the one on at which T is reached, a project
    takes p weeks.

    >>> weeks_to_fix(25.0, 10.0, 1.0, 5), weeks_to_fix(25.0, 10.0, 0.8, 5)
    (8, 9)
    """
    return math.ceil(threshold / (weekly * severity)) + project
