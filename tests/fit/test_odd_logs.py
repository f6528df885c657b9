"""Logs that are odd and still logs: what can be fitted is fitted, and what cannot be is said."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sim.fit import company as built
from sim.fit.columns import choose
from sim.fit.estimate import ASSUMED_TICKETS, Estimate, estimate
from sim.fit.events import gather
from sim.fit.roles import assign
from sim.fit.table import BadLog, read
from sim.fit.tickets import arrange
from sim.model.check import mistakes
from tests.fit import made_up

PLAIN = made_up.events(tickets=300, weeks=40)


def fitted(folder: Path, events: list[made_up.Event], **options: list[str]) -> Estimate:
    table = read(made_up.write_csv(folder / "log.csv", events))
    found = gather(table, choose(table, {}))
    return estimate(arrange(found, assign(found, **options)), session_hours=2.0, fit_share=0.7)


def sound(found: Estimate) -> bool:
    company = built.company(found, "desk", "made up", found.work)
    staffing = built.staffing(found, today=True)
    return (
        mistakes({"company": company, "structure": built.structure(found, "desk"), "staffing": staffing})
        == []
    )


def test_activities_called_like_the_models_own_delays_are_kept_apart(tmp_path: Path) -> None:
    names = {"register": "resting", "solve": "reopened", "ask customer": "other waits"}
    found = fitted(tmp_path, [replace(one, activity=names.get(one.activity, one.activity)) for one in PLAIN])
    assert found.tickets.functions == ("resting_work", "reopened_work")
    assert sound(found)


def test_products_that_differ_in_signs_only_are_kept_apart(tmp_path: Path) -> None:
    found = fitted(
        tmp_path, [replace(one, product={"server": "A!", "printer": "a?"}[one.product]) for one in PLAIN]
    )
    assert sorted(found.products.names) == ["a", "a_2"]
    assert sound(found)


def test_names_in_any_script_are_kept(tmp_path: Path) -> None:
    found = fitted(tmp_path, [replace(one, activity=one.activity.replace("solve", "解決")) for one in PLAIN])
    assert "解決" in found.tickets.functions
    assert sound(found)


def test_one_activity_is_enough(tmp_path: Path) -> None:
    found = fitted(tmp_path, [one for one in PLAIN if one.activity == "solve"])
    assert found.tickets.functions == ("solve",)
    assert sound(found)


def test_one_person_alone_is_one_team(tmp_path: Path) -> None:
    found = fitted(tmp_path, [replace(one, person="ann") for one in PLAIN])
    assert found.as_is.departments == 1
    assert sound(found)


def test_times_by_the_day_show_no_effort(tmp_path: Path) -> None:
    days = [replace(one, completed=one.completed.replace(hour=0, minute=0, second=0)) for one in PLAIN]
    with pytest.raises(BadLog, match="shows no effort"):
        fitted(tmp_path, days)


def test_a_log_of_closings_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLog, match="leaves no activity that is work"):
        fitted(tmp_path, [one for one in PLAIN if one.activity == "closed"], closing=["closed"])


@pytest.mark.parametrize(
    ("one", "other"),
    [("level A+", "level A-"), ("x" * 60 + " (north)", "x" * 60 + " (south)"), ("Über", "über ")],
)
def test_activities_whose_names_would_be_the_same_are_kept_apart(
    tmp_path: Path, one: str, other: str
) -> None:
    names = {"register": one, "solve": other}
    found = fitted(tmp_path, [replace(e, activity=names.get(e.activity, e.activity)) for e in PLAIN])
    assert len(found.tickets.functions) == 2
    assert sound(found)


def test_a_ticket_with_nothing_but_its_closing_is_left_out_and_counted(tmp_path: Path) -> None:
    lonely = [one for one in PLAIN if one.ticket != "T7" or one.activity == "closed"]
    found = fitted(tmp_path, lonely, closing=["closed"])
    assert found.tickets.events.tickets == 299
    assert found.tickets.events.notes == ("1 ticket with nothing but closing left out.",)


def test_a_ticket_arrives_no_later_than_work_on_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    rows = (f"C{n},call,2024-01-{1 + n % 28:02} 10:00,2024-01-{1 + n % 28:02} 10:30,ann\n" for n in range(9))
    path.write_text("case,activity,start,end,agent\n" + "".join(rows))
    table = read(path)
    events = gather(table, choose(table, {}))
    tickets = arrange(events, assign(events))
    assert tickets.time_in_system.tolist() == pytest.approx([0.5] * 9)


def test_a_log_without_customers_gets_many_with_a_stated_assumption(tmp_path: Path) -> None:
    found = fitted(tmp_path, [replace(one, customer="") for one in PLAIN])
    company = built.company(found, "desk", "made up", found.work)
    assert found.customers.sum() * ASSUMED_TICKETS == pytest.approx(
        found.used.sum() * 52 / found.window.weeks, rel=0.02
    )
    assert "the log names none: 4 tickets a year of each are assumed" in company["description"]


def test_everybody_who_works_counts_however_many_they_are(tmp_path: Path) -> None:
    rows = made_up.events(tickets=900, weeks=40)
    found = fitted(
        tmp_path, [replace(one, person=f"{one.person} {index % 150}") for index, one in enumerate(rows)]
    )
    assert found.presence.regular.sum() > 500


def test_more_activities_than_a_route_has_places_are_folded(tmp_path: Path) -> None:
    steps = [
        replace(one, activity=f"step {step}", completed=one.completed + timedelta(minutes=step))
        for one in PLAIN
        if one.activity == "solve"
        for step in range(60)
    ]
    found = fitted(tmp_path, steps)
    assert len(found.tickets.functions) == 20
    assert sound(found)


@pytest.mark.parametrize("name", ["1e3", "12", "1_000", "null", "yes", "1.5e-3"])
def test_names_that_look_like_something_else_are_texts_in_the_files(name: str) -> None:
    assert f"'{name}'" in built.text("", {"functions": {name: {}}})


def test_a_sentence_that_begins_with_a_number_needs_no_quotation_marks() -> None:
    assert "description: 3,206 tickets\n" in built.text(
        "", {"description": "3,206 tickets", "more": {"a": 1}}
    )
