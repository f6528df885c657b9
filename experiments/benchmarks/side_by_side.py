"""All tools on the same work in one run: requests a second, as ratios to idiomatic SimPy and to a C++ loop.

Use: python experiments/benchmarks/side_by_side.py [--requests 105000] [--repeats 3]
Only ratios within one run mean anything; the machine's speed cancels out. `steps`: an event and a record per
step, which the model of this project always does; `summed`: the four steps of a department in one service.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import limit  # noqa: E402

Result = TypeVar("Result")
STRUCTURES = ("function", "customer")


class Measure(NamedTuple):
    """One tool on one structure: requests a second and the mean response time it found."""

    tool: str
    by: str
    rate: float
    response: float


def main() -> None:
    """Measure everything and print one table."""
    wanted = arguments()
    with tempfile.TemporaryDirectory() as folder:
        found = [measure for by in STRUCTURES for measure in measures(by, wanted, Path(folder))]
    for line in table(found):
        print(line)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=105_000)
    parser.add_argument("--repeats", type=int, default=3, help="the fastest of so many runs counts")
    parser.add_argument(
        "--without", nargs="*", default=[], help="tools to leave out: ciw, cpp, simpy, compiled"
    )
    return parser.parse_args()


def measures(by: str, wanted: argparse.Namespace, folder: Path) -> Iterator[Measure]:
    """Every tool on one structure."""
    yield from peers(by, wanted)
    if "cpp" not in wanted.without and limit.compiler():
        program = limit.build(folder)
        for rows in (False, True):
            runs = [limit.run(program, by, 10 * wanted.requests, rows) for _ in range(wanted.repeats)]
            rate = max(run.requests / run.seconds for run in runs)
            yield Measure(f"C++ -O3 loop, {label(rows)}", by, rate, runs[0].response)
    for engine in ("simpy", "compiled"):
        if engine not in wanted.without:
            yield own(engine, by, wanted)


def peers(by: str, wanted: argparse.Namespace) -> Iterator[Measure]:
    """Idiomatic SimPy, summed and with steps, and Ciw."""
    import idiomatic_simpy

    for rows in (False, True):
        seconds, outcome = fastest(partial(idiomatic_simpy.run, by, wanted.requests, rows), wanted.repeats)
        rate, response = wanted.requests / seconds, statistics.fmean(outcome.responses)
        yield Measure(f"SimPy, idiomatic, {label(rows)}", by, rate, response)
    if "ciw" not in wanted.without:
        import ciw_network

        seconds, responses = fastest(lambda: ciw_network.run(by, wanted.requests // 4), 1)
        yield Measure("Ciw, summed", by, wanted.requests // 4 / seconds, statistics.fmean(responses))


def own(engine: str, by: str, wanted: argparse.Namespace) -> Measure:
    """An engine of this project; compiling and the first warm run do not count."""
    import scenario

    import sim

    warm = scenario.load(by, 2_000)
    sim.simulate(warm, engine=engine)
    requests = wanted.requests if engine == "simpy" else 10 * wanted.requests
    loaded = scenario.load(by, requests)
    seconds, trajectory = fastest(lambda: sim.simulate(loaded, engine=engine), wanted.repeats)
    table = trajectory.requests
    resolved = table[table["status"] == 1]
    response = float((resolved["done"] - resolved["arrival"]).mean())
    return Measure(f"this project, {engine}, steps", by, len(table) / seconds, response)


def fastest(run: Callable[[], Result], repeats: int) -> tuple[float, Result]:
    """Seconds of the fastest run and the result of the last."""
    best = float("inf")
    for _ in range(repeats):
        began = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - began)
    return best, result


def label(rows: bool) -> str:
    """What the tool does for each step."""
    return "steps" if rows else "summed"


def table(found: list[Measure]) -> Iterator[str]:
    """Lines of a table with rates and ratios by structure."""
    head = f"{'tool':34}" + "".join(
        f"{f'by {by}: 1/s':>22}{'x SimPy':>9}{'of C++':>8}{'response h':>12}" for by in STRUCTURES
    )
    yield head
    for tool in dict.fromkeys(measure.tool for measure in found):
        cells = ""
        for by in STRUCTURES:
            rates = {measure.tool: measure for measure in found if measure.by == by}
            mine = rates[tool]
            simpy, cpp = rates["SimPy, idiomatic, summed"].rate, rates.get("C++ -O3 loop, steps")
            share = f"{mine.rate / cpp.rate:8.3f}" if cpp else " " * 8
            cells += f"{mine.rate:22,.0f}{mine.rate / simpy:9.2f}{share}{mine.response:12.4f}"
        yield f"{tool:34}{cells}"


if __name__ == "__main__":
    main()
