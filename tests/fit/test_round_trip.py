"""A fitted company, simulated, leaves a log from which the same company is fitted again."""

import numpy as np
import pytest

from sim.event_log import write
from sim.fit import company as built
from sim.fit.columns import choose
from sim.fit.estimate import Estimate, estimate
from sim.fit.events import gather
from sim.fit.present import NEUTRAL
from sim.fit.roles import assign
from sim.fit.table import read
from sim.fit.tickets import arrange
from sim.model.check import scenario as checked
from sim.replication import simulate


@pytest.fixture(scope="module")
def again(found: Estimate, tmp_path_factory: pytest.TempPathFactory) -> Estimate:
    """The company fitted to a log of the company that is fitted to the made-up log."""
    plain = {
        "company": built.company(found, "desk", "made up", found.work),
        "structure": built.structure(found, "desk"),
        "staffing": built.staffing(found, today=True),
        "experiment": {"horizon_weeks": 60, "warm_up_weeks": 0, "seed": 2},
    }
    path = tmp_path_factory.mktemp("again") / "log.xes.gz"
    write(simulate(checked(plain | NEUTRAL), 0).event_log(), path)
    table = read(path)
    events = gather(table, choose(table, {}))
    return estimate(arrange(events, assign(events, outside=[], closing=[])), 2.0, 1.0)


def test_activities_have_the_names_of_the_log(found: Estimate, again: Estimate) -> None:
    assert set(again.tickets.events.activities) <= set(found.tickets.events.activities)


def test_as_many_tickets_come(found: Estimate, again: Estimate) -> None:
    then, now = (one.used.sum() / one.window.weeks for one in (found, again))
    assert now == pytest.approx(then, rel=0.15)


def test_work_takes_as_long(found: Estimate, again: Estimate) -> None:
    then, now = (np.nansum(one.effort.hours[one.used[one.tickets.events.ticket]]) for one in (found, again))
    assert now / again.used.sum() == pytest.approx(then / found.used.sum(), rel=0.2)


def test_the_company_is_open_as_long(found: Estimate, again: Estimate) -> None:
    assert again.tickets.hours.hours_per_day == pytest.approx(found.tickets.hours.hours_per_day, abs=1)
    assert again.tickets.hours.days == found.tickets.hours.days


def test_as_many_people_work(found: Estimate, again: Estimate) -> None:
    assert abs(again.seats - found.seats) <= 1
