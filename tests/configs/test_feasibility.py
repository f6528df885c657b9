"""What is possible and probably not meant is a note before the run, not a mistake."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from sim.config.feasibility import spread_people
from sim.model.check import scenario
from sim.organisation import build_organisation
from sim.world import build_customer_model
from tests.cli.conftest import Command
from tests.scenarios import office

Own = Callable[[str, str | bytes], object]
NEVER = "is never reached: no request needs what it does"


def notes(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("note: ")]


def test_a_department_without_a_step_of_any_route_is_noted(
    own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    own(
        "company/mine.yaml",
        company_text.replace("\nfunctions:\n", "\nfunctions:\n  archive: {side: back}\n", 1),
    )
    shelf = "  shelf: [{functions: [archive]}]\n"
    desk = "  desk: [{functions: [intake, advice, assessment, fulfilment]}]\n"
    own("structure/mine.yaml", f"name: mine\ndepartments:\n{desk}{shelf}")
    code, text = command("--config-dir", "mine", "company=mine", "structure=mine,pooled")
    assert (code, len(ran)) == (0, 1)
    unused = 'note: function "archive" is in no route: no request comes to it'
    assert notes(text) == [unused, f'note: mine: "shelf" {NEVER}']


def test_a_department_for_what_nobody_asks_is_noted(
    own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    own(
        "company/mine.yaml",
        re.sub("mix: {.*}", "mix: {loan: 0.5, insurance: 0.5, account: 0.0}", company_text),
    )
    code, text = command("--config-dir", "mine", "company=mine", "structure=product")
    assert (code, len(ran)) == (0, 1)
    assert f'note: product: "account" {NEVER}' in notes(text)


def busiest(scale: float) -> float:
    """The largest load of the default company by function at this demand."""
    found = scenario(office("default", "function", ("demand.scale", scale)))
    return float(build_organisation(found, build_customer_model(found)).load.max())


@pytest.mark.parametrize(
    ("aim", "said"), [(0.98, "it needs a long run to settle"), (1.02, "its queue grows without end")]
)
def test_a_department_near_its_limit_is_noted(
    aim: float, said: str, command: Command, ran: list[Any]
) -> None:
    low, high = 0.5, 3.0
    while (
        high - low > 0.001
    ):  # loads grow with demand, not quite in proportion: whoever is busy gets colleagues
        middle = (low + high) / 2
        low, high = (middle, high) if busiest(middle) < aim else (low, middle)
    code, text = command("structure=function", f"demand.scale={high:.4f}")
    assert (code, len(ran)) == (0, 1)
    assert all(said in note for note in notes(text))
    assert notes(text)


@pytest.mark.parametrize(
    ("leaving", "said"),
    [
        (("customers.patience=true",), "if nobody left: customers will give up"),
        (("staffing.waiting_room=5",), "if nobody left: customers will find no place to wait"),
    ],
)
def test_no_queue_grows_without_end_where_customers_can_leave(
    leaving: tuple[str, ...], said: str, command: Command, ran: list[Any]
) -> None:
    code, text = command("structure=function", "demand.scale=3", *leaving)
    assert (code, len(ran)) == (0, 1)
    assert any(said in note for note in notes(text))
    assert not any("grows without end" in note or "withheld" in note for note in notes(text))


def held(ran: list[Any]) -> list[dict[str, int]]:
    """Workers by department that each scenario of the last sweep holds."""
    return [row.scenario["staffing"]["held"] for row in ran[-1]["rows"]]


def workers_of(structure: str, *changes: tuple[str, Any]) -> dict[str, int]:
    """Workers by department as the rule of a company of this structure spreads them."""
    return spread_people(office("default", structure, *changes))["held"]


SPOKEN = "coordination.context_between=0.8,0.998"
"""Spoken handoffs take longer to read up on, so that a spread by load moves people."""


def test_a_sweep_over_what_nobody_designs_holds_the_spread_of_people(
    command: Command, ran: list[Any]
) -> None:
    assert command("structure=function", SPOKEN)[0] == 0
    assert held(ran) == [workers_of("function")] * 2


def test_a_sweep_over_hours_of_coordination_holds_the_coordinators(command: Command, ran: list[Any]) -> None:
    hours = "coordination.matrix.coordination_hours=0.05,2.0"
    assert command("structure=matrix", hours)[0] == 0
    rows = [row.scenario for row in ran[-1]["rows"]]
    coordinators = [row["staffing"]["held_coordinators"] for row in rows]
    assert coordinators[0] == coordinators[1] != {}
    free = {**rows[1], "staffing": {**rows[1]["staffing"], "held_coordinators": {}}}
    alone, held = (spread_people(row)["held_coordinators"] for row in (free, rows[1]))
    assert held == coordinators[1]
    assert sum(alone.values()) > sum(held.values())


def test_people_are_spread_again_where_there_are_more_of_them(command: Command, ran: list[Any]) -> None:
    assert command("structure=function", SPOKEN, "staffing.headcount=24,30")[0] == 0
    few, many = (workers_of("function", ("staffing.headcount", n)) for n in (24, 30))
    assert sorted(map(str, held(ran))) == sorted(map(str, [few, few, many, many]))


def test_people_are_spread_in_each_scenario_where_that_is_asked_for(command: Command, ran: list[Any]) -> None:
    assert command("structure=function", SPOKEN, "staffing.spread=each")[0] == 0
    assert held(ran) == [{}, {}]
    assert len({str(spread_people(row.scenario)) for row in ran[-1]["rows"]}) == 2


def test_a_scenario_by_itself_and_structures_alone_are_as_ever(command: Command, ran: list[Any]) -> None:
    assert command("structure=function,customer", "coordination.context_between=0.8")[0] == 0
    assert held(ran) == [{}, {}]


def test_more_people_than_the_payroll_holds_are_noted(command: Command, ran: list[Any]) -> None:
    workers = "{intake: 9, advice: 9, assessment: 9, fulfilment: 9}"
    code, text = command("structure=function", "staffing.allocation=explicit", f"staffing.workers={workers}")
    assert code == 0
    assert notes(text) == ["note: function: 40 people are given work on a payroll of 24"]


def test_a_place_that_stays_empty_is_noted(command: Command, ran: list[Any]) -> None:
    code, text = command(
        "structure=function", "staffing.headcount=9", "staffing.span=1", "staffing.share_manager_below=0"
    )
    assert code == 0
    assert "note: function: 1 of 9 places stays empty: one more would take a manager too many" in notes(text)
