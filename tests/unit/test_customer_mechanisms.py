"""C11 innovation and C15 anticipating needs: off by default, and each does what its claim says."""

import math

import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.anticipation import prevented
from sim.mechanisms.innovation import capability
from sim.model.check import BadScenario
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.trajectory import CANCELLED, Trajectory
from tests.scenarios import Plain, checked, office

NEUTRAL: dict[str, Plain] = {
    "innovation": {"exploration": 0.0, "loss": 0.0},
    "anticipation": {"hours_per_week": 0.0},
}


def company(structure: str = "function", **mechanisms: Plain) -> Scenario:
    on = [(f"customers.{name}", {"enabled": True, **values}) for name, values in mechanisms.items()]
    return checked(office("default", structure, *on))


def played(structure: str = "function", **mechanisms: Plain) -> Trajectory:
    return simulate(company(structure, **mechanisms), engine="compiled")


def metrics(scenario: Scenario) -> dict[str, float]:
    tables = run_tables(scenario, prepare(scenario)[1], simulate(scenario, engine="compiled"))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


@pytest.mark.parametrize("name", NEUTRAL)
def test_at_neutral_values_nothing_changes(name: str) -> None:
    off, neutral = played(), played("function", **{name: NEUTRAL[name]})
    assert off.visits.tobytes() == neutral.visits.tobytes()


def test_looking_after_customers_prevents_requests_in_the_share_that_is_told() -> None:
    scenario = company("customer", anticipation={"hours_per_week": 2.0, "preventable": 1.0})
    trajectory = simulate(scenario, engine="compiled")
    share = float((trajectory.requests["status"] == CANCELLED).mean())
    assert share > 0.1
    assert metrics(scenario)["prevented"] == pytest.approx(share, rel=0.15)


def test_who_knows_the_segment_prevents_more() -> None:
    rules = {"hours_per_week": 2.0, "preventable": 1.0}
    by_customer, by_function = (
        metrics(company(name, anticipation=rules))["prevented"] for name in ("customer", "function")
    )
    assert by_customer > by_function


def test_prevented_requests_are_the_same_ones_and_more_of_them_with_more_hours() -> None:
    few, many = (
        played(anticipation={"hours_per_week": 0.5, "preventable": most}).requests["status"] == CANCELLED
        for most in (0.3, 1.0)
    )
    assert many.sum() > few.sum()
    assert (few & ~many).mean() < 0.002  # common random numbers: only where knowledge has moved apart
    assert prevented(0.3, 1.0, 1e9, 0.1) == pytest.approx(0.3)


def test_exploring_costs_before_the_shock_and_pays_after_it() -> None:
    late, early = {"shock_week": 1000}, {"shock_week": 4}
    nothing, much = {"exploration": 0.0}, {"exploration": 0.1, "radical": 1.0, "hours_needed": 300.0}
    before = [metrics(company(innovation=one | late))["margin_lost"] for one in (nothing, much)]
    after = [metrics(company(innovation=one | early))["margin_lost"] for one in (nothing, much)]
    assert before == [0.0, 0.0]
    assert after[1] < 0.7 * after[0]


def test_hours_spent_on_what_best_customers_ask_for_prepare_for_nothing() -> None:
    listening = {"exploration": 0.1, "radical": 0.0, "shock_week": 4}
    idle = {"exploration": 0.0, "shock_week": 4}
    lost = [metrics(company(innovation=one))["margin_lost"] for one in (listening, idle)]
    assert lost[0] == lost[1] > 0.0


@pytest.mark.parametrize("structure", ["function", "product"])
def test_capability_follows_its_closed_form_whatever_the_structure_has_explored(structure: str) -> None:
    scenario = company(structure, innovation={"exploration": 0.1, "radical": 0.5, "hours_needed": 500.0})
    own, told = prepare(scenario)[1], simulate(scenario, engine="compiled").told["C11"]
    cells = own.assignment.department_of
    counts = [(cells == department).any(axis=(0, 2)) for department in own.department[: own.workers].tolist()]
    hours = sum(0.1 * scenario.week / one.sum() for one in counts if one[-1])
    expected = [capability(hours * week, 0.5, 500.0) for week in range(len(told["capability"]))]
    assert told["capability"] == pytest.approx(expected, rel=1e-9)


def test_who_is_absent_explores_nothing() -> None:
    rules = {"exploration": 0.1, "hours_needed": 3000.0}
    ill = ("people.absence", {"enabled": True, "ill": 0.4, "holiday_days": 0.0})
    innovation = ("customers.innovation", {"enabled": True, **rules})
    healthy, absent = (
        simulate(checked(office("default", "function", innovation, *more)), engine="compiled").told["C11"]
        for more in ((), (ill,))
    )
    hours = [-math.log(1.0 - told["capability"][-1]) for told in (healthy, absent)]
    assert hours[1] / hours[0] == pytest.approx(0.6, abs=0.1)


def test_customers_of_a_closed_segment_take_no_hours_of_others() -> None:
    rules = ("customers.anticipation", {"enabled": True, "hours_per_week": 0.2, "preventable": 1.0})
    closes = ("company.segments.private.closes", 10), ("experiment.kind", "terminating")
    told = simulate(checked(office("default", "function", rules, *closes)), engine="compiled").told["C15"]
    assert told["prevented"][11] > 1.1 * told["prevented"][9]


@pytest.mark.parametrize(
    "duty", [{"innovation": {"exploration": 0.1}}, {"anticipation": {"hours_per_week": 4.0}}]
)
def test_expected_loads_count_the_hours(duty: Plain) -> None:
    usual, more = (prepare(one)[1].load for one in (company(), company(**duty)))
    assert more == pytest.approx(usual / 0.9, rel=0.02)


def test_a_product_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadScenario, match=r"customers\.innovation\.product"):
        company(innovation={"product": "gas"})
