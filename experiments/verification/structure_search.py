"""The search over structures against brute force: how far is what it selects from the best of all partitions?

    python experiments/verification/structure_search.py [COMPANIES], its output is beside it

Small companies (six cells of work: 203 partitions) with other people, handoffs and weights of knowledge are
searched by `run_inquiry`. Then every partition that keeps the limits is played on replications that neither
search nor selection has seen, and the best twenty on more of their own.

Invariant: the selected and the best of all are compared on the same further replications, paired.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sim
from sim.analysis.best_of_many import choices_of
from sim.analysis.inference import relative_changes
from sim.choosing.contests import Rule
from sim.choosing.limits import Asked
from sim.choosing.partitions import Partition
from sim.choosing.search import Candidate, candidate
from sim.choosing.session import Search, cells_of
from sim.model.check import scenario
from sim.model.partition import Cell, occurring_cells
from sim.study.design import Row
from sim.study.inquiry import run_inquiry
from sim.study.options import Options

COMPANIES = 5
FIRST = 2**42
LOOKS, DECIDING, BEST = 8, 60, 20


def question(number: int) -> Search:
    """A small company, drawn by its number."""
    random = np.random.default_rng(number)
    functions, products = ((2, 3), (3, 2))[number % 2]
    overrides = [
        "company=in_short",
        f"company.facts.functions={functions}",
        f"company.facts.products={products}",
        "company.facts.segments=1",
        f"company.facts.offered={random.choice([0.3, 0.4, 0.5])}",
        f"coordination.handoff.mean={random.choice([0.1, 0.5, 2.0])}",
        f"people.knowledge_scale={random.choice([0.5, 1.0, 1.5])}",
        f"staffing.headcount={random.choice([12, 16])}",
        f"experiment.seed={number}",
        "experiment.horizon_weeks=39",
        "experiment.warm_up_weeks=9",
        "experiment.keep=summary",
    ]
    rows = [
        Row(sim.load_scenario([*overrides, f"structure={name}"]).model_dump(mode="json"))
        for name in ("function", "product")
    ]
    return Search(tuple(rows), Rule("response_time_mean", None, 20, 100), Asked(), {}, 20)


def partitions(cells: Sequence[Cell]) -> Iterator[list[list[Cell]]]:
    """Every partition of the cells."""
    if not cells:
        yield []
        return
    for rest in partitions(cells[1:]):
        yield [[cells[0]], *rest]
        for place, own in enumerate(rest):
            yield [*rest[:place], [cells[0], *own], *rest[place + 1 :]]


def times(own: Candidate, first: int, count: int) -> NDArray[np.float64]:
    """Mean response time in these replications."""
    checked = scenario(dict(own.row.scenario))
    tables = (sim.measure(sim.simulate(checked, first + number)) for number in range(count))
    asked = "metric == 'response_time_mean' and scope == 'company'"
    return np.array([table.query(asked)["value"].item() for table in tables])


def main() -> None:
    """Search and brute force, a line a company."""
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES
    print("company partitions  allowed  played  selected is worse than the best of all by (95 % CI)")
    for number in range(companies):
        asked = question(number)
        with tempfile.TemporaryDirectory() as folder:
            run_inquiry(asked, Path(folder) / "out", options=Options(jobs=1, backend="serial"))
            loaded = sim.load_results(Path(folder) / "out")
        [choice] = choices_of(loaded)
        looked = int(loaded.extras["search"]["looked_at"].iloc[0])
        plain = loaded.scenarios.set_index("scenario").at[choice.scenario, "config"]
        selected = cells_of(Row(json.loads(str(plain))))
        print(line(number, asked, selected, looked), flush=True)


def line(number: int, asked: Search, selected: Partition, looked: int) -> str:
    """What brute force says of what was selected."""
    base = scenario(dict(asked.rows[0].scenario))
    every = [frozenset(map(frozenset, own)) for own in partitions(occurring_cells(base.company))]
    allowed = [one for cells in every if (one := candidate(cells, "", base, asked)) is not None]
    first = sorted(allowed, key=lambda one: float(times(one, FIRST, LOOKS).mean()))
    more = FIRST + LOOKS
    values = {own.cells: times(own, more, DECIDING) for own in first[:BEST]}
    mine = next(own for own in allowed if own.cells == selected)
    best = min(values, key=lambda cells: float(values[cells].mean()))
    told = values[selected] if selected in values else times(mine, more, DECIDING)
    gap = relative_changes(values[best][None], told[None])
    ends = ", ".join(f"{100 * float(end[0]):.1f}" for end in (gap.low, gap.high))
    rank = [one.cells for one in first].index(selected) + 1
    return (
        f"{number:7} {len(every):10} {len(allowed):8} {looked:7}  {100 * float(gap.change[0]):5.1f} % "
        f"({ends}); number {rank} by the first looks"
    )


if __name__ == "__main__":
    main()
