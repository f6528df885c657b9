"""Made-up results in the documented columns, so that figures and report can be tested without a run.

Invariant: the same arguments give the same frames; the numbers are plausible, not simulated.
"""

import math
import zlib
from statistics import NormalDist
from typing import Any

import pandas as pd

SEGMENTS = ("private", "business", "public")
DEPARTMENTS = {
    "function": ("intake", "analysis", "fulfilment", "billing"),
    "customer": ("private", "business", "public"),
    "product": ("loan", "card", "mortgage", "insurance"),
    "front_back": ("front private", "front business", "front public", "back loan", "back card"),
}
MEAN_HOURS = {"function": 21.3, "customer": 17.9, "product": 18.6, "front_back": 19.7}
SHARES = {
    "work": 0.26,
    "by_function": 0.02,
    "by_product": 0.05,
    "by_segment": 0.04,
    "switch": 0.02,
    "reread": 0.03,
    "triage": 0.004,
    "queue": 0.33,
    "handoff": 0.13,
    "decision_wait": 0.05,
    "decision": 0.02,
    "outside": 0.036,
    "claim": 0.01,
    "pace": -0.01,
}
SCORES = ("responsiveness", "reliability", "assurance", "empathy", "ease")
QUANTILES = tuple(round(step / 100, 2) for step in range(1, 100))


def wobble(*address: object) -> float:
    """A number in [-1, 1] that depends on the address alone."""
    return zlib.crc32(repr(address).encode()) / 2**31 - 1


def parts(structures: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for structure in structures:
        mean = MEAN_HOURS.get(structure, 20.0)
        for kind, share in SHARES.items():
            rows.append(
                {
                    "structure": structure,
                    "kind": kind,
                    "hours": mean * share * (1 + 0.5 * wobble(structure, kind)),
                }
            )
    return pd.DataFrame(rows)


def gaps(structures: tuple[str, ...]) -> pd.DataFrame:
    wide = parts(structures).pivot_table(index="structure", columns="kind", values="hours")
    rows = []
    for structure in structures[1:]:
        for kind, hours in (wide.loc[structure] - wide.loc[structures[0]]).items():
            rows.append(
                {
                    "structure": structure,
                    "kind": kind,
                    "hours": hours,
                    "low": hours - 0.2,
                    "high": hours + 0.2,
                }
            )
    return pd.DataFrame(rows)


def scores(structures: tuple[str, ...]) -> pd.DataFrame:
    """The gap in satisfaction from the first structure by score, as `gaps` has it by kind of time."""
    rows = []
    for structure in structures[1:]:
        for kind in SCORES:
            points = 3 * wobble(structure, kind)
            rows.append({"structure": structure, "kind": kind, "hours": points,
                         "low": points - 0.2, "high": points + 0.2})  # fmt: skip
    return pd.DataFrame(rows)


def quantiles(structures: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for structure in structures:
        mean = MEAN_HOURS.get(structure, 20.0)
        for quantile in QUANTILES:
            spread = 0.8 + 0.15 * wobble(structure)
            hours = mean * math.exp(spread * NormalDist().inv_cdf(quantile) - spread**2 / 2)
            rows.append({"structure": structure, "quantile": quantile, "hours": hours})
    return pd.DataFrame(rows)


def load(structures: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for structure in structures:
        for department in DEPARTMENTS.get(structure, ("everybody",)):
            busy = 0.82 + 0.12 * wobble(structure, department)
            hidden = busy * (0.2 + 0.1 * wobble(department, structure))
            people = 6 + round(3 * wobble(structure, department, 1))
            rows.append(
                {
                    "structure": structure,
                    "department": department,
                    "utilisation": busy,
                    "hidden": hidden,
                    "people": people,
                    "load": busy * (1.02 if structure != "product" else 1.25),
                }
            )
    return pd.DataFrame(rows)


def by_segment(structures: tuple[str, ...], base: float = 71.0) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for structure in structures:
        for segment in SEGMENTS:
            mean = base + 5 * wobble(structure, segment)
            rows.append(
                {
                    "structure": structure,
                    "segment": segment,
                    "mean": mean,
                    "low": mean - 0.8,
                    "high": mean + 0.8,
                }
            )
    return pd.DataFrame(rows)


def swept(structures: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for structure in structures:
        for scale in (0.8, 0.9, 1.0, 1.1, 1.2):
            mean = MEAN_HOURS.get(structure, 20.0) / (1.6 - scale)
            rows.append(
                {
                    "structure": structure,
                    "x": scale,
                    "mean": mean,
                    "low": mean * 0.95,
                    "high": mean * 1.05,
                    "shown": scale < 1.15 or structure == "customer",
                    "sure": scale < 1.05,
                }
            )
    return pd.DataFrame(rows)


def wins(structures: tuple[str, ...]) -> pd.DataFrame:
    rows = []
    for products in (2, 4, 6, 8):
        for segments in (2, 3, 4, 6):
            place = int((wobble(products, segments) + 1) / 2 * (len(structures) + 1))
            winner = structures[place] if place < len(structures) else ""
            rows.append(
                {
                    "x": products,
                    "y": segments,
                    "leader": winner,
                    "lead": 0.05 + 0.1 * abs(wobble(segments)),
                    "share": max(0.0, wobble(products, segments, 2)),
                }
            )
    return pd.DataFrame(rows)
