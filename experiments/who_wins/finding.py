"""Runs the six companies and the sweep, and puts what they show into both READMEs and into map.png.

    python experiments/who_wins/finding.py              # runs what is not there yet under results/who_wins
    python experiments/who_wins/finding.py FOLDER       # the same under another folder

Invariant: every number in the marked blocks comes from the result folders; a win is what the report calls
one.
"""

import argparse
import re
from pathlib import Path

from rules import RULE_NEEDS, covered, on_the_other_half, rule_for
from sampled import FACTS, LIKED, OUTCOME, TIME, Found, Sampled, shares_by_third, won

from sim import compare, load_results
from sim.cli import main as orgdes
from sim.figures.style import INK, MUTED, colours, png, sheet, styled, swatches
from sim.report.layout import BUSIEST

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMPANIES = ("laboratory", "supplier", "machine_service", "town_hall", "insurer", "project_house")
STRUCTURES = ("function", "customer", "product", "pooled", "front_back", "matrix")
SHORT = ("company", "wins", "response time, h", "runner-up, h", "lead", "best liked")
DRAWN = ("knowledge of the function", "knowledge of the product", "knowledge of the segment")
DRAWN += ("handoff, h", "step, h", "people")


def results_in(folder: Path, asked: list[str], jobs: int) -> Path:
    """The result folder of this command, run or completed where needed."""
    if orgdes([*asked, f"sweep.folder={folder}", f"experiment.jobs={jobs}"]) != 0:
        raise SystemExit(f"{' '.join(asked)} failed")
    return folder


def winner_row(company: str, folder: Path) -> dict[str, str]:
    """One line of the table of companies."""
    comparison = compare(load_results(folder))
    leaders = {row["metric"]: row for row in comparison.leaders.to_dict("records")}
    hours = {
        row["structure"]: f"{row['mean']:.2f} ± {(row['high'] - row['low']) / 2:.2f}"
        for row in comparison.estimates.to_dict("records")
        if row["scope"] == "company" and row["metric"] == TIME
    }
    first = leaders[TIME]
    winner, second = str(first["structure"]), str(first["runner_up"])
    lead, low, high = (100 * float(first[name]) for name in ("lead", "low", "high"))
    return {
        "company": f"`{company}`",
        "wins": f"**{winner}**" if won(first) else f"nobody ({winner} leads)",
        "response time, h": hours[winner],
        "runner-up, h": f"{second} {hours[second]}",
        "lead": f"{lead:.1f} % ({low:.1f} to {high:.1f})",
        "largest load": f"{first['load']:.2f}",
        "best liked": liked(leaders[LIKED]),
        "by speed and reliability alone": liked(leaders[OUTCOME]),
    }


def liked(row: Found) -> str:
    """Best in satisfaction, and whether that is settled."""
    return str(row["structure"]) if row["settled"] else f"{row['structure']} (not settled)"


def table_of(rows: list[dict[str, str]]) -> str:
    """A Markdown table of rows with the same columns."""
    lines = [f"| {' | '.join(rows[0])} |", "|" + "---|" * len(rows[0])]
    return "\n".join([*lines, *(f"| {' | '.join(row.values())} |" for row in rows)])


def counts_text(sampled: Sampled) -> str:
    """How often each structure wins, leads and is best liked."""
    size = len(sampled.fit)
    rows = []
    for name in STRUCTURES:
        both = ((sampled.fit["wins"] == name) & (sampled.fit["liked"] == name)).sum()
        rows.append(
            {
                "structure": name,
                "wins on response time": str((sampled.fit["wins"] == name).sum()),
                "fastest at all": str((sampled.fit["fastest"] == name).sum()),
                "best liked, settled": str((sampled.fit["liked"] == name).sum()),
                "best by speed and reliability, settled": str((sampled.fit["outcome"] == name).sum()),
                "wins and best liked": str(both),
            }
        )
    nobody = (sampled.fit["wins"] == "").sum()
    other = ((sampled.fit["liked"] != "") & (sampled.fit["liked"] != sampled.fit["fastest"])).sum()
    return "\n".join(
        [
            f"{sampled.settings} companies were sampled; in {size} of them all six structures are stable and "
            f"no department is more than {100 * BUSIEST:.0f} % loaded. Only these count:",
            "",
            table_of(rows),
            "",
            f"In {nobody} of the {size} nobody wins: the two best are too close. "
            f"In {other} of the {size} the best liked structure is not the fastest.",
        ]
    )


def thirds_text(sampled: Sampled) -> str:
    """Share of the companies that each structure wins, by thirds of every fact."""
    rows = []
    for fact in FACTS:
        thirds = shares_by_third(sampled, fact)
        rows.append(
            {"fact": f"{fact} ({', '.join(label for label, _ in thirds)})"}
            | {
                name: " / ".join(f"{100 * part.get(name, 0.0):.0f}" for _, part in thirds)
                for name in (*STRUCTURES, "")
            }
        )
    named = [{key or "nobody": text for key, text in row.items()} for row in rows]
    return table_of(named)


def rules_text(sampled: Sampled) -> str:
    """The best plain rule for each structure, and how it does on companies it was not read off."""
    fit, lines = sampled.fit, []
    for name in STRUCTURES:
        wins = (fit["wins"] == name).to_numpy()
        if wins.sum() < RULE_NEEDS:
            lines.append(f"* **{name}** wins {wins.sum()} of {len(fit)}: too few for a rule.")
            continue
        rule = rule_for(fit, name)
        there = covered(rule, fit)
        inside, outside = (f"{(mask & wins).sum()} of {mask.sum()}" for mask in (there, ~there))
        hits, size = on_the_other_half(fit, name)
        lines.append(
            f"* **{name}** wins when {' and '.join(map(str, rule))}: "
            f"{inside} such companies, {outside} others. "
            f"Rules from one half, tried on the other: {hits} of {size}."
        )
    return "\n".join(lines)


def draw(sampled: Sampled) -> None:
    """Who wins, by thirds of six facts."""
    palette = colours(STRUCTURES)
    with styled():
        figure, panels = sheet(4.6, rows=2, columns=3, share_y=True)
        for axes, fact in zip(panels, DRAWN, strict=True):
            thirds = shares_by_third(sampled, fact)
            bottom = [0.0] * len(thirds)
            for name in STRUCTURES:
                height = [100 * part.get(name, 0.0) for _, part in thirds]
                axes.bar(range(len(thirds)), height, bottom=bottom, color=palette[name], width=0.75)
                bottom = [low + more for low, more in zip(bottom, height, strict=True)]
            axes.set_xticks(range(len(thirds)), [label for label, _ in thirds])
            axes.set_title(fact, color=INK)
            axes.set_ylim(0, 100)
        for axes in panels[::3]:
            axes.set_ylabel("companies won, per cent")
        handles, labels = swatches([*palette.items()])
        figure.legend(handles, labels, loc="outside upper left", ncols=6)
        figure.supxlabel(
            "thirds of the companies; what is missing to 100: nobody wins", color=MUTED, fontsize=9
        )
    png(figure, str(HERE / "map.png"), dots_per_inch=110)


def put(page: Path, name: str, text: str) -> None:
    """Replace a marked block of a page."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.S)
    old = page.read_text("utf-8")
    if not pattern.search(old):
        raise SystemExit(f"{page.name} has no block {name}")
    page.write_text(pattern.sub(lambda block: f"{block[1]}{text}\n{block[2]}", old), "utf-8")


def main() -> None:
    """Run what is missing, then write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, nargs="?", default=Path("results/who_wins"))
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    compared = f"structure={','.join(STRUCTURES)}"
    rows = [
        winner_row(name, results_in(asked.folder / name, [f"company={name}", compared], asked.jobs))
        for name in COMPANIES
    ]
    sweep = results_in(asked.folder / "study", ["study=who_wins"], asked.jobs)
    sampled = Sampled.of(load_results(sweep))
    put(HERE / "README.md", "companies", table_of(rows))
    put(HERE / "README.md", "counts", counts_text(sampled))
    put(HERE / "README.md", "thirds", thirds_text(sampled))
    put(HERE / "README.md", "rules", rules_text(sampled))
    put(ROOT / "README.md", "winners", table_of([{key: row[key] for key in SHORT} for row in rows]))
    draw(sampled)


if __name__ == "__main__":
    main()
