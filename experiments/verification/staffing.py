"""Staffing against brute force: does the search miss a smaller staff?

    python experiments/verification/staffing.py [COMPANIES PROCESSES] > experiments/verification/staffing.txt

Small companies (the default one with less demand, other policies, other targets, six structures) are staffed
by `run_inquiry`. Then every staff with fewer people is played on replications of its own, and those that
seem to meet the targets on many more. The search missed one where such a staff meets them and the answer does
not say that one fewer may do.

Invariant: brute force looks at every spread of every smaller number of people that expected loads allow, on
replications that neither search nor test has seen.
"""

import itertools
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

import sim
from sim.staffing.case import Case, Workers
from sim.staffing.sample import Sample, sample_of
from sim.staffing.session import Question
from sim.staffing.settings import Settings
from sim.staffing.targets import Target
from sim.study.design import Row
from sim.study.inquiry import run_inquiry
from sim.study.options import Options
from sim.study.run import compute_run

COMPANIES = 24
FIRST = 2**42
LOOKS = 6
DECIDING = 60
STRUCTURES = ("function", "customer", "product", "front_back", "matrix", "key_accounts")
TARGETS = (
    (Target("within_promise", 0.9),),
    (Target("response_time_mean", 12.0),),
    (Target("within_promise", 0.85), Target("satisfaction_mean", 60.0)),
    (Target("response_time_p90", 24.0), Target("within_promise", 0.8, "segment:corporate")),
)


class Told(NamedTuple):
    """A company, what the search told, and what brute force found."""

    structure: str
    demand: float
    people: int
    staffs: int
    smaller: int
    verdict: str


def case_of(number: int) -> Case:
    """A small company, drawn by its number."""
    random = np.random.default_rng(number)
    structure = STRUCTURES[number % len(STRUCTURES)]
    demand = round(float(random.uniform(0.12, 0.3)), 3)
    overrides = [
        f"structure={structure}",
        f"demand.scale={demand}",
        f"people.learning_rate={random.choice([0.8, 0.9, 1.0])}",
        f"staffing.managers={str(bool(random.integers(2))).lower()}",
        f"experiment.seed={number}",
        "experiment.horizon_weeks=39",
        "experiment.warm_up_weeks=9",
        "experiment.keep=summary",
    ]
    plain = sim.load_scenario(overrides).model_dump(mode="json")
    return Case(structure, plain, TARGETS[number % len(TARGETS)], 30)


def smaller_staffs(case: Case, people: int) -> Iterator[Workers]:
    """Every staff of fewer people whose queues can end."""
    least = [_least(case, place, people) for place in range(len(case.departments))]
    room = people - 1 - sum(least)
    for more in itertools.product(range(max(0, room + 1)), repeat=len(least)):
        staff = tuple(own + extra for own, extra in zip(least, more, strict=True))
        if sum(more) <= room and case.people(staff) < people:
            yield staff


def _least(case: Case, place: int, people: int) -> int:
    """The fewest workers of a department who can keep up."""
    return next((size for size in range(1, people) if case.planner.look(place, size).load < 1.0), people)


def sample(case: Case, staff: Workers, count: int) -> Sample:
    """Replications that nobody has seen."""
    plain = case.row(staff).scenario
    measured = []
    for number in range(FIRST, FIRST + count):
        rows = compute_run(plain, number).metrics
        measured.append({(metric, scope): value for metric, scope, value, _ in rows})
    return sample_of(case.targets, measured)


def answered(case: Case) -> tuple[str, int, bool]:
    """Status and people that the search tells, and whether it leaves open that one fewer may do."""
    settings = Settings(most=case.most, around=1)
    question = Question((Row(dict(case.plain), name=case.name),), case.targets, settings)
    with tempfile.TemporaryDirectory() as folder:
        run_inquiry(question, Path(folder, "run"), options=Options(jobs=1, backend="serial"))
        row = pd.read_parquet(Path(folder, "run", "staffing.parquet")).iloc[0]
    return str(row["status"]), int(row["people"]), row["fewer_meets"] == "not settled"


def checked(number: int) -> Told:
    """A company staffed both ways."""
    case = case_of(number)
    status, people, open_below = answered(case)
    staffs = list(smaller_staffs(case, people if status == "met" else case.most // 2))
    likely = [staff for staff in staffs if _may_meet(sample(case, staff, LOOKS))]
    found = {staff: sample(case, staff, DECIDING) for staff in likely}
    better = {staff: own for staff, own in found.items() if own.met}
    demand = float(case.plain["demand"]["scale"])
    least = min(map(case.people, better), default=people)
    return Told(
        case.name, demand, people, len(staffs), least, _verdict(status, case, better, people, open_below)
    )


def _may_meet(seen: Sample) -> bool:
    """Is it not surely missed: every mean above the limit less three standard errors?"""
    return bool((seen.means + 3.0 * seen.errors >= 0.0).all())


def _verdict(status: str, case: Case, better: dict[Workers, Sample], people: int, open_below: bool) -> str:
    if not better:
        return "the same" if status == "met" else f"{status} both ways"
    shown = [staff for staff, own in better.items() if own.p_not_met() <= 0.05 / len(better)]
    if not shown:
        return "the same within the error: the smaller one meets the limit in the mean, and that is not shown"
    least = min(map(case.people, shown))
    if open_below and least == people - 1:
        return "the same within the error: one fewer is told to be not settled"
    return f"missed by {people - least}"


def main(count: int, processes: int) -> None:
    """Check so many companies and print a line each."""
    print(__doc__.split("\n\n")[2].strip())
    print(f"\n{'structure':<14}{'demand':>7}{'people':>8}{'smaller staffs':>16}{'by force':>10}  verdict")
    told = []
    with ProcessPoolExecutor(processes) as pool:
        for own in pool.map(checked, range(count)):
            told.append(own)
            figures = f"{own.demand:>7}{own.people:>8}{own.staffs:>16}{own.smaller:>10}"
            print(f"{own.structure:<14}{figures}  {own.verdict}", flush=True)
    same = sum(own.verdict == "the same" or own.verdict.endswith("both ways") for own in told)
    missed = sum(own.verdict.startswith("missed") for own in told)
    staffs = sum(own.staffs for own in told)
    print(f"\n{count} companies, {staffs:,} smaller staffs: the same minimum {same}, ", end="")
    print(f"the same within the error {count - same - missed}, missed {missed}")


if __name__ == "__main__":
    asked = [int(text) for text in sys.argv[1:]]
    main(*(asked or [COMPANIES, 1]))
