"""The estimates on the made-up log, whose answers are known because it was written that way."""

import numpy as np
import pytest

from sim.fit import company as built
from sim.fit.as_is import find
from sim.fit.effort import candidates
from sim.fit.estimate import Estimate
from sim.fit.events import NOWHERE, Events
from sim.fit.groups import explained, explained_spread
from sim.fit.hours import OpenHours, estimate
from sim.fit.roles import assign
from sim.fit.table import BadLog
from sim.fit.tickets import Tickets
from sim.model.check import mistakes

DAY = 86_400.0


def test_opening_hours_are_read_off_the_events(tickets: Tickets) -> None:
    hours = tickets.hours
    assert (hours.hours_per_day, hours.days) == (8.0, (0, 1, 2, 3, 4))
    assert sum(hours.hour_weights[:9]) + sum(hours.hour_weights[17:]) < 0.05


def test_a_week_of_the_calendar_is_a_week_of_open_hours() -> None:
    hours = OpenHours(8.0, (0, 1, 2, 3, 4), tuple(1.0 if 9 <= hour < 17 else 0.0 for hour in range(24)))
    moments = np.array([4 * DAY + 10 * 3600, 11 * DAY + 10 * 3600])
    assert np.diff(hours.open_hours(moments)).tolist() == [40.0]


def test_closed_time_has_no_length() -> None:
    hours = OpenHours(8.0, (0, 1, 2, 3, 4), tuple(1.0 if 9 <= hour < 17 else 0.0 for hour in range(24)))
    friday_evening, monday_morning = 8 * DAY + 18 * 3600, 11 * DAY + 8 * 3600
    assert np.diff(hours.open_hours(np.array([friday_evening, monday_morning]))).tolist() == [0.0]


def test_events_by_the_day_get_assumed_hours() -> None:
    hours = estimate(np.arange(4.0, 400.0) * DAY)
    assert (hours.assumed, hours.hours_per_day, len(hours.days)) == (True, 8.0, 7)


def test_a_quiet_clock_hour_counts_in_part() -> None:
    moments = np.array(
        [
            day * DAY + hour * 3600.0
            for day in range(4, 9)
            for hour in (9, 9, 10, 10, 11, 11, 12, 13)
            for _ in range(20)
        ]
    )
    weights = estimate(moments).hour_weights
    assert weights[12] == pytest.approx(weights[9] / 2, rel=0.01)


def test_closing_waits_and_rare_activities_are_found(tickets: Tickets) -> None:
    roles = tickets.roles
    assert (roles.closing, roles.outside, tickets.functions) == (
        ("closed",),
        ("ask customer",),
        ("register", "solve"),
    )
    assert roles.folded == {"ask customer": "register", "escalate": "solve"}


def test_the_options_overrule_what_is_found(events: Events) -> None:
    roles = assign(events, outside=["escalate"], closing=[])
    assert (roles.closing, roles.outside) == ((), ("escalate",))


def test_an_unknown_activity_is_refused(events: Events) -> None:
    with pytest.raises(BadLog, match='Did you mean "ask customer"'):
        assign(events, outside=["ask custommer"])


def test_waiting_for_the_customer_is_a_delay_of_its_length(found: Estimate) -> None:
    server = found.products.names.index("server")
    assert found.tickets.delays == ("ask_customer_outside",)
    assert found.paused[0, server] == pytest.approx(0.3, abs=0.06)
    assert found.pause[0, server] == pytest.approx(24.5, rel=0.1)


def test_automatic_closing_is_no_part_of_the_time_in_system(tickets: Tickets) -> None:
    assert np.nanmedian(tickets.time_in_system) < 4.0


def test_a_step_begins_after_the_tickets_and_the_persons_previous_event(tickets: Tickets) -> None:
    longest = candidates(tickets)
    known = np.isfinite(longest)
    assert (longest[known] >= 0).all()
    order = np.lexsort((tickets.moment, tickets.events.person))
    mine = order[tickets.function[order] != NOWHERE]
    same = tickets.events.person[mine][1:] == tickets.events.person[mine][:-1]
    gaps = np.diff(tickets.moment[mine])[same]
    assert (longest[mine][1:][same] <= gaps + 1e-9).all()


def test_effort_is_near_what_the_log_was_written_with(found: Estimate) -> None:
    solve = found.tickets.functions.index("solve")
    assert found.work[solve] == pytest.approx([0.5, 0.5], rel=0.25)


def test_only_the_first_part_of_the_log_is_used(found: Estimate) -> None:
    assert int(found.used.sum()) == 630
    assert found.tickets.arrival[found.used].max() < found.tickets.arrival[~found.used].min()


def test_arrivals_are_kept(found: Estimate) -> None:
    a_year = float((found.rate * found.customers).sum())
    assert a_year * found.window.weeks / 52 == pytest.approx(630)


def test_customers_are_grouped_by_what_tells_them_apart(found: Estimate) -> None:
    assert found.candidates[0].mix == max(one.mix for one in found.candidates) > 0.05
    assert int(found.customers.sum()) == 46


def test_the_two_teams_are_found(found: Estimate) -> None:
    people = found.tickets.events.people
    team = {name: int(found.as_is.person[people.index(name)]) for name in ("ann", "bob", "cy", "dee")}
    assert team["ann"] == team["bob"] != team["cy"] == team["dee"]
    assert found.as_is.inside == 1.0


def test_one_team_is_left_where_everybody_does_everything() -> None:
    today = find(np.full((6, 8), 50.0), np.arange(6), np.full(8, 0.75), segments=2)
    assert (today.departments, today.inside) == (1, 1.0)


def test_a_group_that_says_nothing_explains_nothing() -> None:
    group, kind = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    assert (explained(group, kind), explained_spread(group, kind.astype(float))) == (0.0, 0.0)


def test_a_group_that_says_everything_explains_everything() -> None:
    group = np.array([0, 0, 1, 1])
    assert (explained(group, group), explained_spread(group, group.astype(float))) == (1.0, 1.0)


def test_the_files_pass_the_models_own_checks(found: Estimate) -> None:
    company = built.company(found, "desk", "made up", found.work)
    staffing = built.staffing(found, today=True)
    assert (
        mistakes({"company": company, "structure": built.structure(found, "desk"), "staffing": staffing})
        == []
    )


@pytest.mark.parametrize("functions", ["front", "back"])
def test_every_fitted_company_has_a_front_and_a_back(found: Estimate, functions: str) -> None:
    company = built.company(found, "desk", "made up", found.work)
    assert any(one["side"] == functions and one["kind"] == "work" for one in company["functions"].values())


def test_product_shares_add_up_exactly(found: Estimate) -> None:
    company = built.company(found, "desk", "made up", found.work)
    assert all(round(sum(one["mix"].values()), 12) == 1.0 for one in company["segments"].values())
