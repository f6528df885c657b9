"""All tools on the same work in one run: requests a second, as ratios to idiomatic SimPy and to a C++ loop.

Use: python experiments/benchmarks/side_by_side.py [--requests 105000] [--repeats 3]
Only ratios within one run mean anything; times are processor times of one core. `steps`: an event and a
record per step, which the model of this project always does; `summed`: the four steps of a department in one
service.
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
from typing import Any, NamedTuple, TypeVar

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

import limit  # noqa: E402
import scenario  # noqa: E402

Result = TypeVar("Result")
STRUCTURES = ("function", "customer")
DEFAULT_STRUCTURES = ("function", "customer", "product", "front_back", "pooled", "matrix")
REPLICATIONS = 10
"""Replications the compiled engine plays in a run, each of all requests: one is too short to be timed."""


class Run(NamedTuple):
    """One run: processor seconds, requests, mean response time."""

    seconds: float
    requests: int
    response: float


Play = Callable[[], Run]


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
        print(line, flush=True)
    for title, overrides in (("default mechanisms", ()), ("everything on", scenario.EVERYTHING)):
        for line in mechanisms(title, overrides, wanted):
            print(line, flush=True)


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
    """Every tool on one structure; rounds over all tools, so that a busy moment of the machine hits none
    alone."""
    tools = {**peers(by, wanted), **limits(by, wanted, folder), **engines(by, wanted)}
    runs: dict[str, list[Run]] = {tool: [] for tool in tools}
    for _ in range(wanted.repeats):
        for tool, play in tools.items():
            runs[tool].append(play())
    for tool, found in runs.items():
        yield Measure(tool, by, max(run.requests / run.seconds for run in found), found[0].response)


def peers(by: str, wanted: argparse.Namespace) -> dict[str, Play]:
    """Idiomatic SimPy, summed and with steps, and Ciw."""
    import idiomatic_simpy

    def simpy(rows: bool) -> Run:
        seconds, outcome = timed(partial(idiomatic_simpy.run, by, wanted.requests, rows))
        return Run(seconds, wanted.requests, statistics.fmean(outcome.responses))

    tools: dict[str, Play] = {
        "SimPy, idiomatic, summed": partial(simpy, False),
        "SimPy, idiomatic, steps": partial(simpy, True),
    }
    if "ciw" not in wanted.without:
        tools["Ciw, summed"] = partial(ciw, by, wanted.requests // 4)
    return tools


def ciw(by: str, requests: int) -> Run:
    """A run of the Ciw network."""
    import ciw_network

    seconds, responses = timed(partial(ciw_network.run, by, requests))
    return Run(seconds, requests, statistics.fmean(responses))


def limits(by: str, wanted: argparse.Namespace, folder: Path) -> dict[str, Play]:
    """The C++ loop, where there is a compiler."""
    if "cpp" in wanted.without or not limit.compiler():
        return {}
    program = limit.build(folder)

    def loop(rows: bool) -> Run:
        found = limit.run(program, by, 10 * wanted.requests, rows)
        return Run(found.seconds, found.requests, found.response)

    return {"C++ -O3 loop, summed": partial(loop, False), "C++ -O3 loop, steps": partial(loop, True)}


def engines(by: str, wanted: argparse.Namespace) -> dict[str, Play]:
    """The engines of this project, whole replications; compiling and the first run do not count."""
    import sim
    from sim.memory import keep_freed

    keep_freed()  # as the processes of a sweep do
    loaded = scenario.load(by, wanted.requests)

    def play(engine: str, replications: int) -> Run:
        seconds, requests, response = 0.0, 0, 0.0
        for replication in range(replications):
            taken, trajectory = timed(partial(sim.simulate, loaded, replication, engine))  # type: ignore[arg-type]
            table = trajectory.requests
            resolved = table[table["status"] == 1]
            response += float((resolved["done"] - resolved["arrival"]).mean()) / replications
            seconds, requests = seconds + taken, requests + len(table)
        return Run(seconds, requests, response)

    tools: dict[str, Play] = {}
    for engine, replications in (("simpy", 1), ("compiled", REPLICATIONS)):
        if engine not in wanted.without:
            play("compiled", 1)
            tools[f"this project, {engine}, steps"] = partial(play, engine, replications)
    return tools


def mechanisms(title: str, overrides: tuple[str, ...], wanted: argparse.Namespace) -> Iterator[str]:
    """The engines of this project against each other on the default company under these settings."""
    import sim

    if {"simpy", "compiled"} & set(wanted.without):
        return
    yield ""
    yield f"{title + ', structure':34}{'simpy: 1/s':>22}{'compiled: 1/s':>22}{'ratio':>9}"
    for name in DEFAULT_STRUCTURES:
        loaded = sim.load_scenario([f"structure={name}", *overrides])
        sim.simulate(loaded, 0, "compiled")
        rates = [0.0, 0.0]
        for _ in range(wanted.repeats):
            for place, (engine, replications) in enumerate((("simpy", 1), ("compiled", REPLICATIONS))):
                rates[place] = max(rates[place], rate(loaded, engine, replications))
        yield f"{name:34}{rates[0]:22,.0f}{rates[1]:22,.0f}{rates[1] / rates[0]:9.1f}"


def rate(loaded: Any, engine: Any, replications: int) -> float:
    """Requests a second of some replications."""
    import sim

    runs = [timed(partial(sim.simulate, loaded, replication, engine)) for replication in range(replications)]
    return sum(len(played.requests) for _, played in runs) / sum(seconds for seconds, _ in runs)


def timed(run: Callable[[], Result]) -> tuple[float, Result]:
    """Processor seconds of a run and its result."""
    began = time.process_time()
    result = run()
    return time.process_time() - began, result


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
