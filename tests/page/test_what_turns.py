"""What would change the answer, in the line of the summary: what turns it first, or what leaves it open."""

from typing import Any

from sim.analysis.crossover import FINE, Map
from sim.analysis.leading import OPEN, SETTLED, Lead
from sim.analysis.turns import Answer, Turn
from sim.report import what_turns, where_turns
from sim.report.summary import CHANGE

PRODUCT = Lead("product", SETTLED, means=(1.0, 2.0))
CUSTOMER = Lead("customer", SETTLED, means=(2.0, 1.0))
NOBODY = Lead("product", OPEN, means=(1.0, 1.1))
OPEN_TOO = Lead("product", OPEN, means=(1.0, 1.2))
HELD = PRODUCT._replace(means=(1.0, 3.0))


def about(key: str) -> dict[str, Any]:
    """An input of which 2 h is now and 0 to 8 h the range."""
    return {"key": key, "what": "", "unit": "h", "now": 2.0, "low": 0.0, "high": 8.0, "grade": "D",
            "evidence": True}  # fmt: skip


def turn(key: str, *leads: Lead, now: Lead = PRODUCT) -> Turn:
    """An input that was looked at at 4 and at 8 h."""
    return Turn(about(key), now, tuple(zip((4.0, 8.0), leads, strict=True)))


def said(*turns: Turn, now: Lead = PRODUCT) -> str:
    """What would change it, in the summary."""
    return what_turns.says(Answer(now, turns, "response_time_mean", 2)).get(CHANGE, "")


def test_the_smallest_changes_that_turn_it_come_first() -> None:
    late, early = turn("people.a", HELD, CUSTOMER), turn("coordination.handoff.mean", CUSTOMER, CUSTOMER)
    assert said(late, early) == (
        "“product” serves fastest no longer at hours for a handoff of 4 h instead of 2 h (“customer” then) "
        "and a of 8 h instead of 2 h (“customer” then)"
    )


def test_where_nothing_turns_it_that_is_said_with_what_leaves_it_open() -> None:
    told = said(turn("people.a", HELD, NOBODY), turn("people.b", HELD, HELD))
    assert told == (
        "none of 2 uncertain inputs, changed one at a time, is shown to make another structure than "
        "“product” win; 1 can leave it open, such as a"
    )


def test_what_could_settle_an_open_answer_is_named() -> None:
    assert said(turn("people.a", OPEN_TOO, CUSTOMER, now=NOBODY), now=NOBODY) == "a could settle it"
    assert said(turn("people.a", OPEN_TOO, OPEN_TOO, now=NOBODY), now=NOBODY) == ""


def test_shares_of_a_map_are_told() -> None:
    places = [(x, y) for x in range(0, FINE + 1, 16) for y in range(0, FINE + 1, 16)]
    leads = {(x, y): PRODUCT if x < FINE else NOBODY for x, y in places}
    values = {place: (float(place[0]), float(place[1])) for place in places}
    found = Map(
        {"x": about("people.a"), "y": about("people.b")}, leads, values, PRODUCT, "response_time_mean"
    )
    assert where_turns.says(found)[CHANGE] == (
        "a and b: over both ranges “product” wins in 75 % and it is not settled in 25 %"
    )
