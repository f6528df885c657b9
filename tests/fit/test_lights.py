"""The lights of a fit report, and the structures that a log can tell apart."""

from types import SimpleNamespace
from typing import Any

import pytest

from sim.fit.check import Comparison
from sim.fit.demand_profile import Window
from sim.fit.files import left_out, next_command
from sim.fit.lights import lights
from sim.fit.measures import Row


def a_log(customers: int = 2, products: int = 2, named: bool = True) -> Any:
    def groups(count: int) -> SimpleNamespace:
        return SimpleNamespace(names=tuple(f"kind {number}" for number in range(count)))

    tickets = SimpleNamespace(functions=("one", "two"))
    return SimpleNamespace(
        segments=groups(customers), products=groups(products), names_customers=named, tickets=tickets
    )


def compared(real: float, simulated: float, name: str = "used for fitting") -> Comparison:
    row = Row("time_in_system_mean", real, simulated, 0.1)
    return Comparison(name, Window(0.0, 40.0, 40.0), 100, 1.0, 1.0, (1.0,), (row,))


@pytest.mark.parametrize(
    ("simulated", "colour"), [(11.0, "green"), (12.5, "amber"), (14.0, "red"), (5.0, "red")]
)
def test_the_light_follows_the_error(simulated: float, colour: str) -> None:
    found = lights(a_log(), [compared(10.0, simulated)])
    assert found[1].colour == colour
    assert f"{simulated:.3g} simulated, 10 real" in found[1].why


def test_the_worst_period_counts_up_to_a_change_of_the_log() -> None:
    periods = [
        compared(10.0, 10.0),
        compared(10.0, 40.0, "kept for the check"),
        compared(10.0, 12.5, "kept for the check, up to the change"),
    ]
    assert lights(a_log(), periods[:2])[1].colour == "red"
    assert lights(a_log(), periods)[1].colour == "amber"


def test_one_kind_of_customer_says_nothing_about_departments_by_customer() -> None:
    by_customer = next(one for one in lights(a_log(customers=1), []) if "by customer" in one.question)
    assert by_customer.colour == "red"


def test_structures_that_would_be_alike_are_not_compared(tmp_path: Any) -> None:
    same = left_out(a_log(customers=1, products=1), people=24)
    assert same == dict.fromkeys(("customer", "product"), "the log shows one kind only")
    assert "structure=x_today,function,front_back,pooled" in next_command("x", tmp_path, (), same)


def test_structures_with_more_departments_than_people_are_not_compared(tmp_path: Any) -> None:
    log = a_log(customers=3, products=4)
    few = "fewer people than such departments need"
    assert left_out(log, people=3) == dict.fromkeys(("customer", "product", "front_back"), few)
    assert left_out(log, people=8) == {}
    assert left_out(log, people=7) == {"front_back": few}
