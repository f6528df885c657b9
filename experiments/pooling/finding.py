"""Puts the results of both runs into this folder's README and figure.

    python experiments/pooling/finding.py results/pooling-desk results/pooling-office

Invariant: every number comes from the two result folders, but for the columns headed "theory", which are
M/M/c with the expected loads of the same folders and never a simulated value.
"""

import json
import re
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd

from sim import compare, load_results
from sim.figures.style import INK, MUTED, PALETTE, png, sheet, styled
from sim.known_answers.oracles import break_even, markov_station

HERE = Path(__file__).parent
DESK, OFFICE = "company.functions.service.knowledge.product", "people.knowledge_scale"
TIME, LIKED = "response_time_mean", "satisfaction_mean"
TEAMS, PEOPLE = 4, 20


class Found:
    """A result folder: company-wide means, paired differences, loads by (value of the key, structure)."""

    def __init__(self, folder: str, key: str):
        results = load_results(folder)
        comparison = compare(results)
        self.value = dict(
            zip(results.scenarios["scenario"], results.scenarios[key].astype(float), strict=True)
        )
        self.configs = dict(
            zip(self.value.values(), map(json.loads, results.scenarios["config"]), strict=False)
        )
        self.estimates = self._company(comparison.estimates)
        self.differences = self._company(comparison.differences)
        self.loads = {
            (row["value"], row["structure"]): row["load"] for row in self._valued(comparison.status)
        }
        self.values = sorted(set(self.value.values()))

    def _valued(self, table: pd.DataFrame) -> list[dict[str, object]]:
        return table.assign(value=table["scenario"].map(self.value)).to_dict("records")

    def _company(self, table: pd.DataFrame) -> dict[tuple[str, float, str], dict[str, float]]:
        rows = self._valued(table[table["scope"] == "company"])
        return {(row["metric"], row["value"], row["structure"]): row for row in rows}


def span(row: dict[str, float], digits: int) -> str:
    """Mean and half of its interval."""
    return f"{row['mean']:.{digits}f} ± {(row['high'] - row['low']) / 2:.{digits}f}"


def theory(found: Found, value: float, structure: str) -> float:
    """Mean response time of M/M/c with the expected load of a team or of the pool, in hours."""
    plain = found.configs[value]
    rate = plain["demand"]["scale"] / plain["company"]["segments"]["a"]["interarrival"]["mean"]
    teams = TEAMS if structure == "product" else 1
    effort = found.loads[value, structure] * PEOPLE / rate
    return markov_station(rate / teams, 1 / effort, PEOPLE // teams)["W"]


def speed_up(found: Found, value: float) -> float:
    """How much faster, in per cent, a team works than the pool."""
    return 100 * (found.loads[value, "pooled"] / found.loads[value, "product"] - 1)


def turn() -> float:
    """The speed-up in per cent that theory asks of the teams to match the pool's total time."""
    return break_even(TEAMS, PEOPLE // TEAMS, 0.8)["speedup_pct_for_equal_W"]


def crossing(found: Found) -> float:
    """Speed-up at which both are equally fast, by a straight line between the two nearest points."""
    gaps = [found.differences[TIME, value, "product"]["mean"] for value in found.values]
    for (one, before), (other, after) in pairwise(zip(found.values, gaps, strict=True)):
        if before > 0 >= after:
            part = before / (before - after)
            return speed_up(found, one) + part * (speed_up(found, other) - speed_up(found, one))
    raise SystemExit("the teams never overtake the pool in these results")


def desk_text(found: Found) -> str:
    """Table of the desk, and where the teams overtake the pool."""
    lines = [
        "| weight a | teams work faster by | pool, h | theory | teams, h | theory | teams − pool, h |",
        "|---|---|---|---|---|---|---|",
    ]
    for value in found.values:
        pool, teams = (found.estimates[TIME, value, structure] for structure in ("pooled", "product"))
        cells = (
            f"{value:g}",
            f"{speed_up(found, value):.1f} %",
            span(pool, 3),
            f"{theory(found, value, 'pooled'):.3f}",
        )
        gap = found.differences[TIME, value, "product"]
        cells += (span(teams, 3), f"{theory(found, value, 'product'):.3f}", span(gap, 3))
        lines.append(f"| {' | '.join(cells)} |")
    ending = f"Both are equally fast at a speed-up of {crossing(found):.1f} %; theory says {turn():.1f} %."
    return "\n".join([*lines, "", ending])


def office_text(found: Found) -> str:
    """Table of the default company: response time and satisfaction by structure."""
    structures = list(dict.fromkeys(structure for _, _, structure in found.estimates))
    lines = [f"| knowledge x | {' | '.join(structures)} |", "|---|" + "---|" * len(structures)]
    for value in found.values:
        cells = []
        for structure in structures:
            time, liked = (found.estimates[metric, value, structure] for metric in (TIME, LIKED))
            cells.append("withheld" if time["withheld"] else f"{span(time, 1)} h; {span(liked, 1)}")
        lines.append(f"| {value:g} | {' | '.join(cells)} |")
    behind = [100 * found.differences[TIME, value, "customer"]["relative"] for value in found.values]
    ending = f"Against the pool the customer teams take {behind[0]:.0f} % longer at {found.values[0]:g}, "
    return "\n".join([*lines, "", f"{ending}{behind[-1]:.0f} % longer at {found.values[-1]:g}."])


def draw(found: Found) -> None:
    """Response time of the teams compared with the pool's, by how much faster the teams work."""
    x = [speed_up(found, value) for value in found.values]
    rows = [found.differences[TIME, value, "product"] for value in found.values]
    mean, low, high = (
        [100 * row[name] for row in rows] for name in ("relative", "relative_low", "relative_high")
    )
    exact = [100 * (theory(found, v, "product") / theory(found, v, "pooled") - 1) for v in found.values]
    with styled():
        figure, (axes,) = sheet(3.4)
        axes.axhline(0, color=INK, lw=0.9)
        axes.axvline(turn(), color=MUTED, lw=1, ls="--", label=f"break-even of theory, {turn():.1f} %")
        axes.plot(x, exact, ":", color=INK, lw=1.4, label="theory (M/M/c)")
        axes.vlines(x, low, high, color=PALETTE[0], lw=2)
        axes.plot(x, mean, "o", color=PALETTE[0], label="simulated, with 95 % intervals")
        axes.grid(axis="both")
        axes.set_xlabel("how much faster the teams work than the pool, per cent")
        axes.set_ylabel("response time of teams\nagainst the pool, per cent")
        axes.legend(loc="center right")
    png(figure, str(HERE / "finding.png"), dots_per_inch=110)


def put(name: str, text: str) -> None:
    """Replace a marked block of the README."""
    page = HERE / "README.md"
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    page.write_text(
        pattern.sub(lambda block: f"{block[1]}{text}\n{block[2]}", page.read_text("utf-8")), "utf-8"
    )


if __name__ == "__main__":
    desk, office = Found(sys.argv[1], DESK), Found(sys.argv[2], OFFICE)
    put("desk", desk_text(desk))
    put("office", office_text(office))
    draw(desk)
