"""The present out of a log: past cases drawn whole, played by the engines, and what comes out of it."""

from random import Random

import numpy as np
import pandas as pd
import pytest

from sim.fit.events import Events
from sim.fit.present import NEUTRAL, observe, open_shares, plain
from sim.fit.recent import Cases, choose
from sim.fit.twin import Twin, begins, counts, frame_of, read_events
from sim.model.check import mistakes
from sim.model.check import scenario as checked
from sim.replication import Engine, simulate
from sim.trajectory import TABLES

MONDAY = pd.Timestamp("2024-01-01")


def made_up(cases: int = 300, seed: int = 3) -> pd.DataFrame:
    """A log with begins: intake, then two checks at once by two people, a decision, and for a third a loop.

    Accepted cases are paid and refused ones are not; ann and bob take in, cy and dee check, eve decides.
    """
    random, rows = Random(seed), []
    for case in range(cases):
        now = MONDAY + pd.Timedelta(days=case // 5 // 5 * 7 + case // 5 % 5, hours=9 + case % 5)

        def add(activity: str, who: str, begin: pd.Timestamp, minutes: float) -> pd.Timestamp:
            end = begin + pd.Timedelta(minutes=minutes)
            rows.append((f"c{case}", activity, who, begin, end))  # noqa: B023
            return end

        now = add("intake", random.choice(("ann", "bob")), now, random.uniform(5, 15))
        checked_by = [add(f"check {one}", one, now, random.uniform(5, 20)) for one in ("cy", "dee")]
        now = add("decide", "eve", max(checked_by), 5)
        if random.random() < 0.3:
            now = add("decide", "eve", now + pd.Timedelta(minutes=10), 5)
        add("pay" if random.random() < 0.6 else "refuse", random.choice(("ann", "bob")), now, 4)
    return pd.DataFrame(rows, columns=["case", "activity", "resource", "start_time", "end_time"])


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> Events:
    path = tmp_path_factory.mktemp("present") / "log.csv"
    made_up().to_csv(path, index=False)
    return read_events(path)


@pytest.fixture(scope="module")
def scenario(events: Events) -> dict[str, object]:
    return plain(observe(events), np.arange(events.tickets), [0.7] * 60, "2024-01-01")


@pytest.fixture(scope="module")
def twin(events: Events) -> pd.DataFrame:
    return Twin(events).simulate(begins(events), 0)


def test_the_present_is_a_valid_scenario(scenario: dict[str, object]) -> None:
    assert mistakes(scenario) == []


def test_both_engines_play_it_alike(scenario: dict[str, object]) -> None:
    found = checked(scenario)
    names: tuple[Engine, ...] = ("compiled", "simpy")
    one, other = (simulate(found, 0, engine) for engine in names)
    assert all(getattr(one, table).tobytes() == getattr(other, table).tobytes() for table in TABLES)


@pytest.mark.parametrize("owner", ["owner", "relay"])
def test_both_engines_agree_with_owners_defects_and_few_people(
    scenario: dict[str, object], owner: str
) -> None:
    people = {"people": {"ownership": owner}, "coordination": {"defects": {"base": 0.2}}}
    found = checked({name: part for name, part in scenario.items() if name not in NEUTRAL} | people)
    one, other = (simulate(found, 1, engine) for engine in ("compiled", "simpy"))
    assert all(getattr(one, table).tobytes() == getattr(other, table).tobytes() for table in TABLES)


def test_checks_that_were_done_at_once_are_done_at_once(twin: pd.DataFrame) -> None:
    begun = twin.pivot_table(index="case", columns="activity", values="start_time", aggfunc="first")
    assert ((begun["check cy"] - begun["check dee"]).abs() < pd.Timedelta("15min")).mean() > 0.9


def test_ends_that_exclude_each_other_stay_apart(twin: pd.DataFrame) -> None:
    done = twin.groupby("case")["activity"].agg(set)
    assert not any({"pay", "refuse"} <= one for one in done)


def test_cases_begin_when_they_came(events: Events, twin: pd.DataFrame) -> None:
    first = twin.groupby("case")["start_time"].min().sort_values().to_numpy()
    apart = first - np.sort(begins(events)).astype("datetime64[s]")
    assert np.quantile(np.abs(apart.astype("timedelta64[s]").astype(float)), 0.9) <= 1.0


def test_counts_are_those_of_the_log(events: Events, twin: pd.DataFrame) -> None:
    real, simulated = counts(frame_of(events)), counts(twin)
    close = {name: abs(simulated[name] / real[name] - 1) for name in real}
    assert max(close.values()) < 0.15, close


def test_quiet_hours_count_in_part_and_closed_ones_not() -> None:
    hours = np.concatenate([np.repeat(np.arange(9.0, 17.0), 40), np.repeat(17.0, 10)])
    shares = open_shares(4 * 86_400.0 + hours * 3600.0)
    assert shares[9:17].tolist() == [1.0] * 8
    assert shares[17] == 0.25
    assert shares.sum() == 8.25


def of_lengths(hours: list[float]) -> Cases:
    """One case an hour, with a middle and an end so much later."""
    came = np.arange(len(hours), dtype=float)
    ended = np.stack([came, came + hours], axis=1).ravel()
    activity = np.tile([0, 1], len(hours))
    return Cases(
        np.arange(0, 2 * len(hours) + 1, 2), activity, np.stack([came, came + hours], axis=1).ravel(), ended
    )


def test_a_steady_log_is_used_whole() -> None:
    random = Random(1)
    assert len(choose(of_lengths([random.uniform(1, 5) for _ in range(1000)])).cases) == 1000


def test_of_a_log_that_has_changed_the_latest_cases_are_used() -> None:
    random = Random(1)
    found = choose(of_lengths([random.uniform(1, 5) * (1 if case < 700 else 5) for case in range(1000)]))
    assert found.cases.min() >= 500
    assert "has changed" in found.notes[0]


def test_cases_that_could_not_end_are_left_out() -> None:
    random = Random(1)
    whole = of_lengths([random.uniform(50, 150) for _ in range(1000)])
    kept = np.flatnonzero(whole.ended <= 1000.0)
    ticket = np.repeat(np.arange(1000), 2)[kept]
    first = np.searchsorted(ticket, np.arange(1001))
    found = choose(Cases(first, whole.activity[kept], whole.begun[kept], whole.ended[kept]))
    assert found.cases.max() < 950
    assert "cut off" in found.notes[0]
