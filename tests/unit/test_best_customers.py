"""C4: who the best customers are is found as far as departments know them; C6: keeping against winning."""

import numpy as np
import pytest

from sim.analysis.metrics import run_tables
from sim.mechanisms.marketing import held
from sim.model.check import mistakes
from sim.model.scenario import Scenario
from sim.replication import prepare, simulate
from sim.rules.loyalty import lifetime_value
from sim.trajectory import Trajectory
from tests.scenarios import Plain, changed, checked, office

LONG = (("experiment.horizon_weeks", 60), ("experiment.kind", "terminating"))


def company(structure: str = "function", *more: tuple[str, object], **groups: Plain) -> Scenario:
    on = [(f"customers.{name}", {"enabled": True, **values}) for name, values in groups.items()]
    return checked(office("default", structure, *LONG, *on, *more))


def played(scenario: Scenario) -> Trajectory:
    return simulate(scenario, engine="compiled")


def metrics(scenario: Scenario) -> dict[str, float]:
    tables = run_tables(scenario, prepare(scenario)[1], played(scenario))
    return {name: value for name, scope, value, _ in tables["metrics"] if scope == "company"}


def found(structure: str, **rules: float) -> float:
    return metrics(company(structure, best={"weeks": 4, **rules}))["best_found"]


def test_without_follow_up_and_by_other_keys_nothing_changes() -> None:
    off, on = played(company()), played(company(best={"follow_up": 0.0, "weeks": 1}))
    assert off.visits.tobytes() == on.visits.tobytes()


def test_who_splits_a_customer_over_departments_finds_fewer_of_the_best() -> None:
    by_product, by_customer = (found(name, shared=0.0, error=0.0) for name in ("product", "customer"))
    assert by_product < by_customer - 0.05


def test_sharing_records_finds_more_and_errors_fewer_of_the_best() -> None:
    alone, shared, wrong = (
        found("product", **rules)
        for rules in ({"shared": 0.0}, {"shared": 1.0}, {"shared": 1.0, "error": 3.0})
    )
    assert alone < shared
    assert wrong < shared - 0.1


def test_a_shared_record_lets_departments_know_each_others_requests() -> None:
    record = ("coordination.shared_record", {"enabled": True, "quality": 1.0, "upkeep_minutes": 0.0})
    rules = {"weeks": 4, "shared": 0.0, "error": 0.0}
    alone, shared = (metrics(company("product", *more, best=rules)) for more in ((), (record,)))
    assert shared["best_found"] > alone["best_found"]


def test_the_best_are_served_first_where_requests_go_by_value() -> None:
    """All margins alike, so that value means standing alone."""
    names = ("private", "small_business", "corporate")
    margins = [(f"company.segments.{name}.margin", 100.0) for name in names]
    busy = [("demand.scale", 1.3), *margins]
    rules = {"weeks": 4, "follow_up": 0.0, "error": 0.0}
    by_turn, by_value = (
        metrics(company("function", *busy, ("people.dispatch_request", key), best=rules))
        for key in ("fifo", "value")
    )
    assert by_value["satisfaction_best"] > by_turn["satisfaction_best"] + 1.0


def test_following_up_takes_hours() -> None:
    little, much = (metrics(company(best={"weeks": 1, "follow_up": hours})) for hours in (0.0, 4.0))
    assert much["hidden_work"] > little["hidden_work"]


LOYAL: Plain = {"prospects": 1.0, "referrals": 0.0}


def test_without_money_nothing_changes() -> None:
    none = {"acquisition": 0.0, "retention": 0.0}
    off, on = played(company(loyalty=LOYAL)), played(company(loyalty=LOYAL, marketing=none))
    assert off.visits.tobytes() == on.visits.tobytes()


def test_money_keeps_customers_with_falling_returns() -> None:
    gains = np.diff([held(money, 100.0, 0.5) for money in (0.0, 100.0, 200.0, 300.0)])
    assert (gains > 0.0).all()
    assert (np.diff(gains) < 0.0).all()
    churned = [
        metrics(company(loyalty=LOYAL, marketing={"acquisition": 0.0, "retention": money, "hold": 2.0}))
        for money in (0.0, 1e6)
    ]
    assert churned[1]["churn_per_year"] < 0.6 * churned[0]["churn_per_year"]
    assert churned[1]["marketing_cost"] == pytest.approx(1e6)


def test_money_wins_as_many_customers_as_it_pays_for_while_there_are_prospects() -> None:
    rules = {"acquisition": 30_000.0, "retention": 0.0, "keeping": 100.0, "ratio": 3.0, "commission": 0.0}
    joined = metrics(company(loyalty=LOYAL, marketing=rules))["joined"]
    assert joined == pytest.approx(100.0, abs=4.0 * np.sqrt(100.0))


def test_which_pays_more_depends_on_what_winning_costs() -> None:
    """No law (E38, E39): cheap to win, winning pays; dear to win, keeping does."""

    def customers(ratio: float, acquisition: float, retention: float) -> float:
        rules = {
            "acquisition": acquisition,
            "retention": retention,
            "ratio": ratio,
            "hold": 1.0,
            "keeping": 20.0,
        }
        return metrics(company(loyalty=LOYAL, marketing=rules))["customers_end"]

    cheap = [customers(1.0, *money) for money in ((20_000.0, 0.0), (0.0, 20_000.0))]
    dear = [customers(25.0, *money) for money in ((20_000.0, 0.0), (0.0, 20_000.0))]
    assert cheap[0] > cheap[1]
    assert dear[0] < dear[1]


def test_commissions_are_paid_for_who_is_won() -> None:
    free, paid = (
        metrics(company(loyalty=LOYAL, marketing={"commission": share}))["marketing_cost"]
        for share in (0.0, 0.5)
    )
    assert paid > free == pytest.approx(40_000.0)


def test_lifetime_values_follow_their_algebra() -> None:
    """E37, V43: values and elasticities to 1e-9."""
    value = lifetime_value(100.0, 0.8, 0.1)
    assert value == pytest.approx(266.66666666666663, rel=1e-9)
    assert 100.0 * (lifetime_value(100.0, 0.808, 0.1) / value - 1.0) == pytest.approx(
        3.767123287671237, rel=1e-9
    )
    assert 100.0 * (lifetime_value(100.0, 0.85, 0.1) / value - 1.0) == pytest.approx(
        27.499999999999947, rel=1e-9
    )


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"marketing": "on"}, "customers.loyalty=on"),
        (
            {"loyalty": {"enabled": True}, "marketing": {"enabled": True, "aimed": "best"}},
            "customers.best=on",
        ),
    ],
)
def test_budgets_need_customers_who_can_leave_and_be_told_apart(rules: Plain, told: str) -> None:
    plain = office("default", "function")
    changes = [(f"customers.{name}", values) for name, values in rules.items()]
    assert [told in str(mistake) for mistake in mistakes(changed(plain, *changes))] == [True]
