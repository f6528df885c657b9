"""Whole comparisons on made-up results whose truth is known."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.compare import Comparison, compare
from sim.analysis.estimates import FEW
from sim.analysis.summary import write_summary
from tests.analysis.stored import Stored, noise

N = 12


def shared(level: float, own: int, spread: float = 0.2) -> Any:
    """A metric around a level: noise common to all structures and a little of its own."""
    return level + noise(0, N) + noise(own, N, spread)


@pytest.fixture
def stored() -> Stored:
    """Function 20 h; customer 15 h; product 20 h but for own noise; all with a load of 0.8."""
    made = Stored()
    for own, (structure, level) in enumerate((("function", 20.0), ("customer", 15.0), ("product", 20.02))):
        metrics = {
            "response_time_mean": shared(level, own + 1),
            "response_time_mean segment:private": shared(level - 2.0 * own, own + 11),
            "response_time_mean segment:business": shared(level + 3.0 * own, own + 21),
            "satisfaction_mean": shared(60.0 + 5.0 * own, own + 31),
            "unresolved": np.zeros(N),
            "load department:all": np.full(N, 0.8),
            "capacity": np.full(N, 1.25),
        }
        made.add(structure, metrics)
    return made


@pytest.fixture
def comparison(stored: Stored) -> Comparison:
    return compare(stored)


def cell(table: pd.DataFrame, structure: str, metric: str, scope: str = "company") -> Any:
    rows = table[(table["structure"] == structure) & (table["metric"] == metric)]
    (found,) = (rows[rows["scope"] == scope] if "scope" in rows else rows).to_dict("records")
    return found


def test_every_sample_has_an_estimate_with_n_interval_method_and_label(comparison: Comparison) -> None:
    found = cell(comparison.estimates, "function", "response_time_mean")
    assert found["low"] < found["mean"] < found["high"]
    assert (found["n"], found["method"]) == (N, "t over replications")
    assert found["label"] == "long run, weeks 9 to 52"


def test_a_clear_gain_is_told_in_the_fixed_words(comparison: Comparison) -> None:
    found = cell(comparison.differences, "customer", "response_time_mean")
    assert found["outcome"] == "better"
    assert found["verdict"].startswith("better by 25.1 % (95 % CI 24.")


def test_equal_structures_are_told_to_be_equal_within_the_margin(comparison: Comparison) -> None:
    found = cell(comparison.differences, "product", "response_time_mean")
    assert found["verdict"] == "no difference larger than 3 % (equivalence shown)"


def test_points_are_told_as_points(comparison: Comparison) -> None:
    assert "points (95 % CI" in cell(comparison.differences, "customer", "satisfaction_mean")["verdict"]


def test_pairing_by_replication_takes_out_the_shared_noise(comparison: Comparison) -> None:
    found = cell(comparison.differences, "customer", "response_time_mean")
    assert found["correlation"] > 0.9
    assert found["high"] - found["low"] < 0.5


def test_pairing_goes_by_number_not_by_order_of_rows(stored: Stored) -> None:
    straight = compare(stored).differences
    stored.results = stored.results.sample(frac=1.0, random_state=1).sort_values("scenario", kind="stable")
    shuffled = compare(stored).differences
    keys = ["scenario", "metric", "scope"]
    one, other = (table.sort_values(keys)[[*keys, "mean", "low", "p"]] for table in (straight, shuffled))
    assert one.to_numpy().tolist() == other.to_numpy().tolist()


def test_the_family_is_the_structures_and_for_segments_their_segments_too(comparison: Comparison) -> None:
    assert cell(comparison.differences, "customer", "response_time_mean")["family"] == 2
    segment = cell(comparison.differences, "customer", "response_time_mean", "segment:private")
    assert segment["family"] == 4


def test_departments_are_not_compared_across_structures(comparison: Comparison) -> None:
    assert not comparison.differences["scope"].str.startswith("department:").any()


def test_the_segment_that_loses_most_is_named(comparison: Comparison) -> None:
    assert cell(comparison.losers, "product", "response_time_mean")["segment"] == "business"


def test_the_leader_is_settled_only_against_every_rival(comparison: Comparison) -> None:
    table = comparison.leaders
    (response,) = table[table["metric"] == "response_time_mean"].to_dict("records")
    assert (response["structure"], response["settled"], response["load"]) == ("customer", True, 0.8)
    assert 0.22 < response["low"] < response["lead"] < response["high"] < 0.28


def test_an_unsettled_lead_is_no_win(stored: Stored) -> None:
    stored.results = stored.results[stored.results["scenario"] != 1]
    stored.scenarios = stored.scenarios[stored.scenarios["scenario"] != 1]
    table = compare(stored).leaders
    assert table[table["metric"] == "response_time_mean"]["settled"].tolist() == [False]


def test_too_few_replications_are_told_with_how_many_are_needed() -> None:
    stored = Stored()
    stored.add("function", {"response_time_mean": 20.0 + noise(1, 5, 3.0)})
    stored.add("customer", {"response_time_mean": 19.0 + noise(2, 5, 3.0)})
    verdict = compare(stored).differences["verdict"].tolist()
    assert verdict[0].startswith("not settled: needs about ")
    assert verdict[0].endswith(" more replications")


def test_one_replication_shows_no_figure_and_no_verdict() -> None:
    stored = Stored()
    for structure in ("function", "customer"):
        stored.add(structure, {"response_time_mean": [20.0], "capacity": [1.2]})
    found = compare(stored)
    response = cell(found.estimates, "customer", "response_time_mean")
    assert response["withheld"] == "one replication: no interval possible"
    assert cell(found.differences, "customer", "response_time_mean")["outcome"] == "withheld"
    assert cell(found.estimates, "customer", "capacity")["withheld"] == ""


def test_an_unstable_scenario_keeps_its_means_to_itself_and_its_rivals_verdict() -> None:
    stored = Stored()
    stored.add("function", {"response_time_mean": shared(20.0, 1), "load department:a": np.full(N, 1.1)})
    stored.add("customer", {"response_time_mean": shared(15.0, 2), "load department:a": np.full(N, 0.8)})
    found = compare(stored)
    assert found.status["status"].tolist() == ["unstable", "ok"]
    assert cell(found.estimates, "function", "response_time_mean")["withheld"].startswith("unstable")
    rival = cell(found.differences, "customer", "response_time_mean")
    assert rival["withheld"].startswith("reference: unstable")
    assert found.leaders.empty


def test_a_terminating_study_reports_its_figures_beyond_capacity() -> None:
    stored = Stored()
    stored.add(
        "function",
        {"response_time_mean": shared(20.0, 1), "load department:a": np.full(N, 1.1)},
        {"kind": "terminating", "warm_up_weeks": 0},
    )
    found = compare(stored)
    assert found.status["status"].tolist() == ["ok"]
    assert cell(found.estimates, "function", "response_time_mean")["withheld"] == ""


def test_a_queue_that_grows_in_the_runs_makes_it_unstable(stored: Stored) -> None:
    for replication in range(N):
        facts = {"measure": ["backlog"], "scope": ["company"], "early": [5.0], "late": [50.0 + replication]}
        stored.extra("steadiness", 2, replication, **facts)
    assert compare(stored).status["status"].tolist() == ["ok", "ok", "unstable"]


def test_more_than_1_per_cent_unresolved_gets_no_verdict(stored: Stored) -> None:
    late = (stored.results["metric"] == "unresolved") & (stored.results["scenario"] == 1)
    stored.results.loc[late, "value"] = 0.02
    found = compare(stored)
    assert found.status["ranked"].tolist() == [True, False, True]
    withheld = cell(found.differences, "customer", "satisfaction_mean")["withheld"]
    assert withheld == "too many requests unresolved: no mean is ranked"


def test_response_is_not_compared_where_more_customers_leave() -> None:
    stored = Stored()
    for own, (structure, left) in enumerate((("function", 0.02), ("customer", 0.05))):
        metrics = {"response_time_mean": shared(20.0 + own, own + 1), "abandoned": np.full(N, left)}
        stored.add(structure, metrics | {"within_promise": 0.9 - 0.1 * own + noise(own, N, 0.001)})
    found = compare(stored).differences
    assert "within_promise" in cell(found, "customer", "response_time_mean")["withheld"]
    assert cell(found, "customer", "within_promise")["outcome"] == "worse"


def test_a_metric_undefined_in_some_replications_is_withheld() -> None:
    stored = Stored()
    stored.add("function", {"response_time_mean": [1.0, 2.0, np.nan], "cost": [1.0, 2.0, 3.0]})
    found = cell(compare(stored).estimates, "function", "response_time_mean")
    assert found["withheld"] == "undefined in 1 of 3 replications"


def many(levels: dict[str, Any], **more: Any) -> Comparison:
    stored = Stored()
    for structure, values in levels.items():
        stored.add(
            structure, {"response_time_mean": values} | {name: each[structure] for name, each in more.items()}
        )
    return compare(stored)


def test_the_printed_interval_excludes_0_exactly_where_the_adjusted_test_does() -> None:
    levels = {"function": 20.0 + noise(0, N)} | {
        f"other {own}": 20.0 + noise(0, N) - own / 10 + noise(own, N, 0.5) for own in range(1, 9)
    }
    found = many(levels).differences
    outside = (found["low"] > 0) | (found["high"] < 0)
    assert (outside == (found["p_adjusted"] < 0.05)).all()
    assert 0 < outside.sum() < len(found)


def test_slower_in_20_of_20_replications_is_settled_though_the_mean_is_not() -> None:
    wild = np.full(20, 1.0)
    wild[3] = 400.0
    found = many({"customer": 14.0 + noise(1, 20), "function": 14.0 + noise(1, 20) + wild}).differences
    assert found["p"].tolist()[0] > 0.05
    assert found["verdict"].tolist()[0].startswith("worse in 20 of 20 replications (in the median by 7 %")


def test_what_is_sure_but_shown_to_be_too_small_to_matter_is_alike() -> None:
    found = many({"function": 20.0 + noise(1, N), "customer": 20.1 + noise(1, N)})
    assert found.differences["outcome"].tolist() == ["alike"]
    assert found.rivals["outcome"].tolist() == ["alike"]


def test_structures_without_a_difference_are_the_same() -> None:
    found = many({"function": 20.0 + noise(1, N), "customer": 20.0 + noise(1, N)})
    assert found.differences["verdict"].tolist() == ["the same"]
    assert found.rivals["outcome"].tolist() == ["same"]


def test_only_the_open_rival_is_open() -> None:
    open_one = 14.0 + noise(1, N) + 12 * (np.arange(N) % 3 - 1)
    found = many({"function": 20.0 + noise(1, N), "customer": 10.0 + noise(1, N), "other": open_one}).rivals
    assert dict(zip(found["runner_up"], found["outcome"], strict=True)) == {
        "other": "open",
        "function": "ahead",
    }


def test_nobody_is_fastest_where_not_as_many_leave() -> None:
    left = {"function": np.full(N, 0.02), "customer": np.full(N, 0.05)}
    levels = {"function": 20.0 + noise(1, N), "customer": 10.0 + noise(1, N)}
    found = many(levels, abandoned=left).leaders
    assert "response_time_mean" not in set(found["metric"])


def test_an_interval_that_is_unbounded_as_a_share_is_told_all_the_same() -> None:
    wild = np.array([1.0, 90.0, 2.0, 1.5])
    found = many({"function": 1.0 + noise(1, 4, 0.1), "matrix": wild}).rivals
    assert np.isfinite(found[["effect", "low", "high", "lead", "lead_low", "lead_high"]].to_numpy()).all()


def test_a_share_has_an_interval_inside_0_to_1_or_none_where_nearly_nothing_varied() -> None:
    stored = Stored()
    kept = [1.0, 0.98, 1.0, 0.99, 1.0]
    stored.add(
        "function", {"within_promise": kept, "unresolved": np.zeros(5), "requests_done": np.full(5, 100.0)}
    )
    found = compare(stored).estimates
    kept_row, open_row = (cell(found, "function", metric) for metric in ("within_promise", "unresolved"))
    assert kept_row["low"] < kept_row["mean"] < kept_row["high"] < 1.0
    assert (open_row["mean"], open_row["method"]) == (0.0, FEW)
    assert math.isnan(open_row["low"])
    assert math.isnan(open_row["high"])


def test_a_status_does_not_depend_on_the_width_of_the_interval() -> None:
    stored = Stored()
    stored.add("function", {"response_time_mean": 20.0 + noise(1, 5, 9.0)})
    stored.add("customer", {"response_time_mean": 20.0 + noise(1, 5, 0.1)})
    assert compare(stored).status["status"].tolist() == ["ok", "ok"]


def test_settings_of_a_sweep_are_compared_apart() -> None:
    stored = Stored()
    for scale in (0.8, 1.0):
        for own, structure in enumerate(("function", "customer")):
            metrics = {"response_time_mean": shared(20.0 * scale - own, own)}
            stored.add(structure, metrics, keys={"demand.scale": scale})
    found = compare(stored)
    assert found.differences["reference"].tolist() == [0, 2]
    assert found.keys["value"].tolist() == ["0.8", "1.0"]


def test_a_reference_of_0_is_compared_in_the_metrics_own_unit() -> None:
    stored = Stored()
    stored.add("pooled", {"wait_mean": np.zeros(N)})
    stored.add("function", {"wait_mean": 2.0 + noise(1, N, 0.1)})
    assert compare(stored).differences["verdict"].tolist()[0].startswith("worse by 2.0")


def test_gaps_of_one_structure_add_up_to_its_gap(stored: Stored) -> None:
    for scenario in (0, 1):
        for replication in range(N):
            kinds = {"kind": ["queue", "work", "work"], "passage": ["first", "first", "rework"]}
            hours = [5.0 + scenario, 3.0 - replication / 10, 0.5 * scenario]
            stored.extra("decomposition", scenario, replication, scope="company", hours=hours, **kinds)
    table = compare(stored).gaps
    own = table[table["scenario"] == 1]
    assert own[own["passage"] == "all"].set_index("kind")["mean"].to_dict() == {"queue": 1.0, "work": 0.5}
    assert own[own["passage"] != "all"]["mean"].sum() == pytest.approx(1.5)


def test_a_failed_scenario_stands_in_the_status_with_its_message(stored: Stored) -> None:
    stored.add("pooled", {}, status="failed")
    stored.scenarios.loc[3, "message"] = "division by zero"
    found = compare(stored)
    last = found.status.to_dict("records")[3]
    assert (last["status"], last["reasons"], last["ranked"]) == ("failed", ("division by zero",), False)


def test_results_without_any_replication_compare_to_nothing() -> None:
    stored = Stored(results=pd.DataFrame(columns=["scenario", "structure", "replication", *SAMPLE]))
    stored.add("function", {}, status="failed")
    found = compare(stored)
    assert (len(found.estimates), len(found.differences), len(found.status)) == (0, 0, 1)


SAMPLE = ("metric", "scope", "value", "unit")


def test_the_summary_has_every_estimate_with_all_it_takes_to_quote_it(
    comparison: Comparison, tmp_path: Path
) -> None:
    table = pd.read_csv(write_summary(comparison, tmp_path))
    assert len(table) == len(comparison.estimates)
    assert {"n", "low", "high", "method", "label", "status", "verdict"} <= set(table.columns)
    assert table["n"].notna().all()


def test_withheld_means_are_not_in_the_summary(tmp_path: Path) -> None:
    stored = Stored()
    stored.add("function", {"response_time_mean": [20.0]})
    table = pd.read_csv(write_summary(compare(stored), tmp_path))
    assert table["mean"].isna().all()


def test_no_cell_of_the_summary_is_a_formula(tmp_path: Path) -> None:
    stored = Stored()
    stored.add("=cmd()", {"response_time_mean segment:@SUM(1)": [1.0, 2.0]})
    text = write_summary(compare(stored), tmp_path).read_text(encoding="utf-8")
    assert "'=cmd()" in text
    cells = [line.strip('"') for line in text.replace("\n", ",").split(",")]
    assert not [each for each in cells if each.startswith(("=", "@", "+"))]


def test_a_comparison_is_the_same_every_time(stored: Stored, tmp_path: Path) -> None:
    texts = [write_summary(compare(stored), tmp_path).read_bytes() for _ in range(2)]
    assert texts[0] == texts[1]
