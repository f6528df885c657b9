"""How often is the best of many the true one, or within what matters of it? Measured on known truths.

Run from the repository: python experiments/verification/best_of_many.py --part queues, and --part numbers
--trials 400; the output of both is beside it. It takes some ten minutes of a core; `--trials 20` is a try.

First the simulator itself: queues of theory whose exact means lie just as far apart as matters. Then numbers
drawn as replications may fall, for more systems and more trials than a simulator has time for.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim import load_scenario, simulate
from sim.analysis.best_of_many import Field
from sim.choosing.contests import Contest, Rule
from sim.known_answers.case import UNIT, exponential
from sim.known_answers.observed import Observed
from sim.known_answers.oracles import erlang_c
from sim.known_answers.readings import responses
from sim.known_answers.station_cases import station_settings
from sim.model.scenario import Scenario

Floats = NDArray[np.float64]
MATTERS = 0.03
"""Share of the best mean that does not matter."""
RULE = Rule("response_time_mean", MATTERS, 20, 200)
Play = Callable[[Sequence[int], int], Floats]
"""(systems, replications) of these systems, the first so many replications of a trial."""


@dataclass
class Score:
    """What came out of some trials."""

    trials: int = 0
    settled: int = 0
    wrong: int = 0
    lost: int = 0
    best: int = 0
    replications: float = 0.0

    def add(self, held: Contest, means: Floats) -> None:
        """Note one trial. Wrong: settled on a system that is worse by more than matters."""
        truth = int(np.argmin(means))
        far = means[held.best] - means[truth] > MATTERS * means[truth] * (1 - 1e-9)
        self.trials += 1
        self.settled += held.done
        self.wrong += held.done and bool(far)
        self.lost += means[held.left].min() > means[truth]
        self.best += held.best == truth or means[held.best] == means[truth]
        self.replications += float(np.mean(list(held.count.values())))

    def line(self, name: str) -> str:
        """As a row of the table."""
        shares = (self.best, self.settled, self.wrong, self.lost)
        cells = "".join(f"{100 * own / self.trials:12.1f}" for own in shares)
        return f"{name:56}{self.trials:7}{cells}{self.replications / self.trials:14.0f}"


def contest(systems: int, play: Play) -> Contest:
    """A contest as a study holds it."""
    held = Contest(tuple(range(systems)), list(range(systems)))
    for count in RULE.looks:
        if not held.done:
            left = list(held.left)
            held.take(Field(tuple(left), play(left, count), "h"), count, RULE)
    return held


def rate_for(servers: int, mean: float) -> float:
    """Arrivals in a unit of work for which an M/M/c queue has this mean response time; bisection."""
    low, high = 0.0, float(servers)
    for _ in range(100):
        middle = (low + high) / 2
        response = 1.0 + erlang_c(servers, middle) / (servers - middle)
        low, high = (middle, high) if response < mean else (low, middle)
    return low


def queues(means: Sequence[float]) -> list[Scenario]:
    """M/M/1, M/M/2 ... with these exact means, as companies."""
    scenarios = []
    for place, mean in enumerate(means):
        rate = rate_for(place + 1, mean)
        station = station_settings(exponential(1 / rate), exponential(1.0), place + 1)
        length = ("experiment.warm_up_weeks=5", "experiment.horizon_weeks=17", "experiment.drain_weeks=2")
        scenarios.append(load_scenario([*station, *length]))
    return scenarios


def simulated(scenarios: Sequence[Scenario], first: int) -> Play:
    """Mean response times of this package's simulator, in replications from `first` on."""
    known: dict[tuple[int, int], float] = {}

    def play(systems: Sequence[int], count: int) -> Floats:
        for system in systems:
            for number in range(count):
                if (system, number) not in known:
                    played = simulate(scenarios[system], first + number)
                    known[system, number] = float(responses(Observed(played, UNIT)).mean())
        return np.array([[known[system, number] for number in range(count)] for system in systems])

    return play


def drawn(means: Floats, skewed: bool, shared: float, generator: np.random.Generator) -> Play:
    """Replications with a tenth of the mean as deviation, of which `shared` is the world's."""

    def noise(*size: int) -> Floats:
        plain = generator.standard_normal(size)
        return (np.exp(plain) - np.exp(0.5)) / np.sqrt(np.exp(2.0) - np.exp(1.0)) if skewed else plain

    own, world = noise(len(means), RULE.most), noise(1, RULE.most)
    values = means[:, None] * (1.0 + 0.1 * (np.sqrt(shared) * world + np.sqrt(1.0 - shared) * own))

    def play(systems: Sequence[int], count: int) -> Floats:
        chosen: Floats = values[list(systems), :count]
        return chosen

    return play


SHAPES = {
    "one better by what matters": lambda many: np.r_[10.0, np.full(many - 1, 10.0 * (1 + MATTERS))],
    "all the same": lambda many: np.full(many, 10.0),
    "a ladder of half that": lambda many: 10.0 * (1 + MATTERS / 2 * np.arange(many)),
}


HEADS = "".join(f"{head:>12}" for head in ("best, %", "settled, %", "wrong, %", "lost, %"))


def of_queues(trials: int) -> None:
    """The simulator against exact means."""
    for name, means in (
        ("M/M/1 to M/M/6, one better by what matters", [2.06, 2.06, 2.0, 2.06, 2.06, 2.06]),
        ("M/M/1 to M/M/6, a ladder", [2.0, 2.03, 2.06, 2.09, 2.12, 2.15]),
    ):
        score, scenarios = Score(), queues(means)
        for trial in range(trials):
            held = contest(len(means), simulated(scenarios, trial * RULE.most))
            score.add(held, np.array(means))
        print(score.line(name), flush=True)


def of_numbers(trials: int) -> None:
    """Numbers drawn as replications may fall."""
    generator = np.random.default_rng(1)
    for skewed in (False, True):
        for shape, of in SHAPES.items():
            for many, shared in ((10, 0.0), (10, 0.6), (50, 0.6)):
                score = Score()
                for _ in range(trials):
                    score.add(contest(many, drawn(of(many), skewed, shared, generator)), of(many))
                kind = "lognormal" if skewed else "normal"
                print(score.line(f"{many} {kind}, {shape}, shared {shared:g}"), flush=True)


def main() -> None:
    """Print the table, or the part that is asked for."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--trials", type=int, default=200)
    asked.add_argument("--part", choices=("queues", "numbers", "both"), default="both")
    given = asked.parse_args()
    print(f"{'':56}{'trials':>7}{HEADS}{'replications':>14}")
    if given.part != "numbers":
        of_queues(given.trials // 2)
    if given.part != "queues":
        of_numbers(given.trials)
    print(
        "\nwrong: settled on one that is worse by more than matters; lost: the best screened out; at most 5."
    )


if __name__ == "__main__":
    main()
