"""Puts the results of the page's three commands into its tables and its answer.

    python experiments/client_question/finding.py COMPARED WHAT_IF WEIGHTS

Invariant: every number in the marked blocks comes from the three result folders.
"""

import re
import sys
from pathlib import Path
from textwrap import fill
from typing import Any

from sim import compare, load_results

PAGE = Path(__file__).parent / "README.md"
TODAY, TEAMS, OTHER = "function", "customer_teams", "front_back"
STRUCTURES = (TODAY, OTHER, TEAMS)
DEMAND, HANDOFF, WEIGHT = "demand.scale", "coordination.handoff.mean", "people.knowledge_scale"
TIME, LIKED = "response_time_mean", "satisfaction_mean"
ROWS = (
    ("response time, h", TIME, "company", 2),
    ("small customers, h", TIME, "segment:small", 2),
    ("small customers within 16 h, %", "within_promise", "segment:small", 1),
    ("satisfaction, 0 to 100", LIKED, "company", 2),
)
Key = tuple[Any, ...]


class Found:
    """Estimates and differences of a result folder by (setting, structure, metric, scope)."""

    def __init__(self, folder: str, *swept: str):
        results = load_results(folder)
        found = compare(results)
        settings = {
            row["scenario"]: tuple(row[key] for key in swept) for row in results.scenarios.to_dict("records")
        }
        self.settings = sorted(set(settings.values()))
        self.estimates, self.differences = (
            {
                (settings[row["scenario"]], row["structure"], row["metric"], row["scope"]): row
                for row in table.to_dict("records")
            }
            for table in (found.estimates, found.differences)
        )
        self.unranked = int((~found.status["ranked"].astype(bool)).sum())
        self.scenarios = len(found.status)

    def mean(self, setting: Key, structure: str, metric: str = TIME) -> float:
        """Company-wide mean."""
        return float(self.estimates[setting, structure, metric, "company"]["mean"])

    def ahead(self, setting: Key, slower: str) -> float:
        """By how many per cent the teams are faster than another structure."""
        return 100 * (1 - self.mean(setting, TEAMS) / self.mean(setting, slower))


def span(row: dict[str, Any], digits: int) -> str:
    """Mean and half of its interval; shares in per cent."""
    scale = 100 if row["unit"] == "share" else 1
    return f"{scale * row['mean']:.{digits}f} ± {scale * (row['high'] - row['low']) / 2:.{digits}f}"


def compared_text(found: Found) -> str:
    """The comparison at today's demand."""
    lines = [f"| | {TODAY} (today) | {OTHER} | {TEAMS} |", "|---|---|---|---|"]
    for label, metric, scope, digits in ROWS:
        cells = [span(found.estimates[(), name, metric, scope], digits) for name in STRUCTURES]
        lines.append(f"| {label} | {' | '.join(cells)} |")
        if label == ROWS[0][0]:
            gaps = [found.differences[(), name, TIME, "company"] for name in (OTHER, TEAMS)]
            faster = [
                f"{-100 * gap['relative']:.1f} % faster "
                f"({-100 * gap['relative_high']:.1f} to {-100 * gap['relative_low']:.1f})"
                for gap in gaps
            ]
            lines.append(f"| against today | | {' | '.join(faster)} |")
    return "\n".join(lines)


def what_if_text(found: Found) -> str:
    """Response time by how long a handoff takes, at today's demand."""
    lines = ["| a handoff takes | function | front_back | customer_teams |", "|---|---|---|---|"]
    hours = sorted({setting[1] for setting in found.settings}, reverse=True)
    for handoff in hours:
        cells = [span(found.estimates[(1.0, handoff), name, TIME, "company"], 2) for name in STRUCTURES]
        label = f"{handoff:g} h (today)" if handoff == hours[0] else f"{handoff:g} h"
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def answer_text(found: Found, weights: Found) -> str:
    """What follows, in counts and ranges over the settings."""
    fastest = sum(min(STRUCTURES, key=lambda n: found.mean(s, n)) == TEAMS for s in found.settings)
    best = sum(max(STRUCTURES, key=lambda n: found.mean(s, n, LIKED)) == TEAMS for s in found.settings)
    slow, quick = (pick(setting[1] for setting in found.settings) for pick in (max, min))
    close = [found.ahead(setting, OTHER) for setting in found.settings if setting[1] == quick]
    liked = [found.mean((1.0, quick), name, LIKED) for name in (TEAMS, OTHER, TODAY)]
    half, double = (min(weights.ahead((weight,), other) for other in (TODAY, OTHER)) for weight in (0.5, 2.0))
    ranked = f"{found.scenarios - found.unranked} of {found.scenarios} scenarios can be ranked."
    gain = found.ahead((1.0, slow), TODAY), found.ahead((1.0, quick), TODAY)
    return fill(
        f"Teams by customer are the fastest in {fastest} of {len(found.settings)} settings, and "
        f"customers like them best in {best}. With a handoff of {slow:g} h they are {gain[0]:.0f} % "
        f"faster than today's structure, of {quick:g} h {gain[1]:.0f} %; their lead over front-back is then "
        f"{min(close):.0f} to {max(close):.0f} % over the three demands, and satisfaction "
        f"{liked[0]:.2f} against {liked[1]:.2f} "
        f"(front-back) and {liked[2]:.2f} (today) of 100. {ranked} "
        f"With half and double the weights of knowledge, at 0.8 of the demand, the teams are "
        f"{half:.0f} % and {double:.0f} % ahead of the next structure.",
        120,
    )


def put(name: str, text: str) -> None:
    """Replace a marked block of the page."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    new, count = pattern.subn(lambda block: f"{block[1]}{text}\n{block[2]}", PAGE.read_text("utf-8"))
    assert count == 1, name
    PAGE.write_text(new, "utf-8")


def blocks(compared: str, what_if: str, weights: str) -> dict[str, str]:
    """The marked blocks of the page by name."""
    settings = Found(what_if, DEMAND, HANDOFF)
    return {
        "compared": compared_text(Found(compared)),
        "what if": what_if_text(settings),
        "answer": answer_text(settings, Found(weights, WEIGHT)),
    }


if __name__ == "__main__":
    for each, written in blocks(*sys.argv[1:]).items():
        put(each, written)
