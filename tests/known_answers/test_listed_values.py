"""Every listed exact value is what the oracles compute, to 1e-9; the list is made by other, plainer ways."""

import json
import math
from collections.abc import Callable, Mapping
from typing import cast

import pytest

from sim.known_answers import oracles as exact
from sim.known_answers.cases import cases, traces
from sim.trajectory import Trajectory
from tests.naive import listed

LISTED: dict[str, dict[str, float]] = json.loads(listed.FILE.read_text(encoding="utf-8"))

NO_TRAJECTORY = cast(Trajectory, None)
"""Hand-worked traces know their values without looking at what was simulated."""


def of_case(name: str) -> Callable[[], Mapping[str, float]]:
    """Exact values of a hand-worked trace."""
    return lambda: next(case for case in traces() if case.name == name).exact(NO_TRAJECTORY)


def statistical(name: str) -> Callable[[], Mapping[str, float]]:
    """Exact values of a statistical case."""
    return lambda: dict(next(case for case in cases() if case.name == name).exact())


def erlang_c_staffing() -> Mapping[str, float]:
    one_fewer = exact.markov_station(0.1, 1 / 240, 28)
    return {
        **statistical("V03")(),
        "min_agents": exact.fewest_servers(0.8, 20.0, 0.1, 1 / 240),
        "SL20_one_fewer": exact.served_within(20.0, 0.1, 1 / 240, 28),
        "ASA_s_one_fewer": one_fewer["Wq"],
    }


def m_m_c(rate: float, servers: int) -> Callable[[], Mapping[str, float]]:
    return lambda: (
        exact.markov_station(rate, 1.0, servers) | {"SL_0p5": exact.served_within(0.5, rate, 1.0, servers)}
    )


def renewal() -> Mapping[str, float]:
    answer = exact.renewal_station({"law": "deterministic", "mean": 1.25}, 1.0)
    return answer | {"p_wait_seen_by_arrivals": answer["p_wait"], "time_avg_busy": answer["util"]}


def wave() -> Mapping[str, float]:
    answer = {
        f"m({at})": exact.endless_staff_on_a_wave(at, 20.0, 10.0, 10.0, 1.0) for at in (0.0, 2.5, 5.0, 7.5)
    }
    turns = 2 * math.pi / 10
    return answer | {"peak_lag_after_lambda_peak": math.atan(turns) / turns}


def cobham() -> Mapping[str, float]:
    return {**statistical("V12a")(), "FCFS_Wq": exact.markov_station(0.7, 1.0)["Wq"]}


def unlike() -> Mapping[str, float]:
    apart, pool = statistical("V20a-sep")(), statistical("V20a-pool")()
    named_apart = {"Wq_A": apart["Wq1"], "Wq_B": apart["Wq2"], "Wq_sep_mean": apart["Wq_sep_mean"]}
    return named_apart | {"Wq_pool": pool["Wq_pool"], "pool_over_sep": pool["Wq_pool"] / apart["Wq_sep_mean"]}


def chain() -> Mapping[str, float]:
    return {
        "Wq_chain": statistical("V24")()["Wq"],
        "Wq_1skill": exact.markov_station(0.8, 1.0)["Wq"],
        "Wq_allskills": exact.markov_station(2.4, 1.0, 3)["Wq"],
    }


def identities() -> Mapping[str, float]:
    station = exact.markov_station(2.4, 1.0, 3)
    return {
        "L_minus_lamW": station["L"] - 2.4 * station["W"],
        "Lq_minus_lamWq": station["Lq"] - 2.4 * station["Wq"],
        "P_arrival_finds_all_busy": station["p_wait"],
        "time_frac_all_busy": exact.erlang_c(3, 2.4),
        "util": station["util"],
    }


def wright(rate: float) -> Callable[[], Mapping[str, float]]:
    def values() -> Mapping[str, float]:
        total = math.fsum(exact.wright_time(10.0, rate, case) for case in range(1, 101))
        times = {f"T{case}": exact.wright_time(10.0, rate, case) for case in (2, 4, 10, 100)}
        return times | {"b": math.log2(rate), "cum100": total, "avg100": total / 100}

    return values


def knowledge() -> Mapping[str, float]:
    stock = {f"K{month}": exact.knowledge_stock(0.75, 20.0, month) for month in (1, 6, 12)}
    limit = exact.knowledge_stock(0.75, 20.0, 500)
    return stock | {
        "K_inf": limit,
        "T_inf": 10 * math.pow(limit, math.log2(0.8)),
        "half_life_months": math.log(0.5) / math.log(0.75),
    }


def serial_loss() -> Mapping[str, float]:
    kept = {
        f"r_{way}": exact.kept_each(left, 5)
        for way, left in (("verbal", 0.025), ("notes", 0.855), ("printed", 0.99))
    }
    return kept | {
        "notes_after_3": exact.kept_after(kept["r_notes"], 3),
        "levels_half_r80": math.log(0.5) / math.log(0.8),
        "r80_after_4": exact.kept_after(0.8, 4),
    }


def coordination() -> Mapping[str, float]:
    return {f"channels_{n}": float(exact.channels(n)) for n in (5, 10, 50)} | {
        "C10": exact.scalability(10, 0.05, 0.002),
        "C20": exact.scalability(20, 0.05, 0.002),
        "N_star": math.sqrt((1 - 0.05) / 0.002),
    }


def diffusion() -> Mapping[str, float]:
    p, q = 0.03, 0.38
    return {
        "F5": exact.adopted(p, q, 5.0),
        "F10": exact.adopted(p, q, 10.0),
        "t_peak": math.log(q / p) / (p + q),
        "t50": math.log(2 + q / p) / (p + q),
    }


def lifetime() -> Mapping[str, float]:
    def value(retention: float) -> float:
        return exact.lifetime_value(100.0, retention, 0.1)["first_margin_after_1yr"]

    answer = exact.lifetime_value(100.0, 0.8, 0.1)
    return {
        "CLV_first_margin_after_1yr": value(0.8),
        "CLV_first_margin_now": answer["first_margin_now"],
        "expected_lifetime": answer["expected_lifetime"],
        "pct_gain_from_1pct_retention": 100 * (value(0.808) / value(0.8) - 1),
        "gain_80_to_85_pct": 100 * (value(0.85) / value(0.8) - 1),
    }


def satisfaction() -> Mapping[str, float]:
    gaps, weights = [-1, -0.5, 0.2, 0.1, 0.3], [0.32, 0.22, 0.19, 0.16, 0.11]
    return {
        "servqual": exact.weighted_score(gaps, weights),
        "mean_sat": exact.response_transform(0.1, 0.8, 1.0),
    }


def set_up_traces() -> Mapping[str, float]:
    grouped = of_case("V47f-AAB")()
    return dict(of_case("V47f-ABA")()) | {"end_if_grouped_A_A_B": grouped["end3"]}


def waits_of_both() -> Mapping[str, float]:
    return {
        f"c{servers}_{name}": value
        for servers in (1, 2)
        for name, value in of_case(f"V47a-c{servers}")().items()
    }


def leaving() -> Mapping[str, float]:
    values = of_case("V47c")()
    return {
        "job2_leaves_at": values["ends2"],
        "job3_start": values["ends3"] - 2.0,
        "job3_end": values["ends3"],
        "served": 3 - values["abandoned"],
        "abandoned": values["abandoned"],
    }


def tiers() -> Mapping[str, float]:
    values = of_case("V47d")()
    return dict(values) | {"sojourn1": values["end1"] - 0.0, "sojourn2": values["end2"] - 1.0}


COMPUTED: dict[str, Callable[[], Mapping[str, float]]] = {
    "V01-0.5": statistical("V01-0.5"),
    "V01-0.8": statistical("V01-0.8"),
    "V01-0.9": statistical("V01-0.9"),
    "V02-c2": m_m_c(1.4, 2),
    "V02-c5": m_m_c(4.0, 5),
    "V02-c10": m_m_c(9.0, 10),
    "V03": erlang_c_staffing,
    "V04a": statistical("V04a-lognormal"),
    "V04b": statistical("V04b"),
    "V05-D": statistical("V05-D"),
    "V05-E2": statistical("V05-E2"),
    "V05-LN": statistical("V05-LN"),
    "V07-D": renewal,
    "V09": wave,
    "V10-n5": statistical("V10-n5"),
    "V12a": cobham,
    "V13": statistical("V13"),
    "V14": statistical("V14"),
    "V18-k2": statistical("V18-k2-sep"),
    "V18-k4": statistical("V18-k4-pool"),
    "V18-k10": statistical("V18-k10-pool"),
    "V20a": unlike,
    "V24": chain,
    "V26": statistical("V26"),
    "V27b": lambda: exact.breakdowns_while_working(0.5, 1.0, 0.05, 0.25),
    "V33": identities,
    "V34-80": wright(0.8),
    "V34-90": wright(0.9),
    "V35": of_case("V35"),
    "V36": knowledge,
    "V38": lambda: exact.ramp_up_share(0.35, 0.25),
    "V39": lambda: {"vacancy_share": exact.vacancy_share(0.35, 30.0)},
    "V40": serial_loss,
    "V41": coordination,
    "V42": diffusion,
    "V43": lifetime,
    "V45": satisfaction,
    "V46-k2c2r80": lambda: exact.break_even(2, 1, 0.8),
    "V46-k4c20r80": lambda: exact.break_even(4, 5, 0.8),
    "V47a": waits_of_both,
    "V47b": of_case("V47b"),
    "V47c": leaving,
    "V47d": tiers,
    "V47f": set_up_traces,
}


def test_every_listed_case_is_computed_and_nothing_else() -> None:
    assert set(LISTED) == set(COMPUTED)


@pytest.mark.parametrize("name", COMPUTED)
def test_listed_values_are_reproduced(name: str) -> None:
    computed = COMPUTED[name]()
    found = {value: computed[value] for value in LISTED[name]}
    assert found == pytest.approx(LISTED[name], rel=1e-9, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPUTED)
def test_the_list_is_what_the_plainer_ways_give(name: str) -> None:
    assert listed.LISTED[name]() == pytest.approx(LISTED[name], rel=1e-12, abs=1e-12)
