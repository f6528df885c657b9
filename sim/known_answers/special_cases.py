"""Cases of one station in special circumstances: patience that ends, a closed population, a rate that
changes.

Invariant: each builder turns parameters into overrides and an oracle call from the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.known_answers import readings as read
from sim.known_answers.case import UNIT, Case, exponential, in_hours, setting
from sim.known_answers.oracles import (
    breakdowns_while_working,
    endless_staff,
    impatient_station,
    machine_repair,
)
from sim.known_answers.station_cases import Law, station_case, station_settings


def patience_case(
    name: str, rate: float, servers: int, patience: Law, precision: float | None = None
) -> Case:
    """M/M/c+G with work of mean 1: Erlang A and its relatives."""
    readings = {
        "P_ab": read.left,
        "EW_all": read.wait_until_left,
        "EW_served": read.wait,
        "p_wait": read.waits,
        "Lq": read.queue_length,
        "occ": read.utilisation,
    }
    more = ("customers.patience=true", setting("company.segments.a.patience", in_hours(patience)))
    return station_case(
        name, "patience", f"M/M/{servers} at {rate / servers:g}, {patience['law']} patience", exponential(1 /
        rate), exponential(1.0), servers, lambda: impatient_station(rate, 1.0, servers, patience), readings,
        more, precision,
    )  # fmt: skip


def repair_case(
    name: str,
    machines: int,
    failure_rate: float,
    repair_rate: float,
    technicians: int,
    precision: float | None = None,
) -> Case:
    """M/M/c//N: customers come back for ever, each time after a while outside, so the population is
    closed."""
    answer = machine_repair(machines, failure_rate, repair_rate, technicians)
    more = (
        f"company.segments.a.customers={machines}",
        "coordination.defects.base=1.0",
        "coordination.rework.caught=0.0",
        setting("coordination.rework.return_delay", in_hours(exponential(1 / failure_rate))),
    )
    gap = {"law": "trace", "values": [0.0]}
    return Case(
        name=name,
        family="closed",
        title=f"{machines} machines, {technicians} technicians",
        overrides=station_settings(gap, exponential(1 / repair_rate), technicians) + more,
        arrival_rate=answer["throughput"],
        exact=lambda: answer,
        readings={
            "L_down": read.at_station,
            "Wq": read.row_wait,
            "throughput": read.ended_per_unit,
        },
        precision=precision,
        most_arrivals=8_000 * machines,  # a request comes back 10,000 times at most
    )


def breakdown_case(name: str, rate: float, failure_rate: float, repair_rate: float) -> Case:
    """M/M/1 with breakdowns while working, folded into the work: a gamma law with the mean and the spread of
    the time from start to end. Mean waits of M/G/1 depend on no more than these two."""
    answer = breakdowns_while_working(rate, 1.0, failure_rate, repair_rate)
    law = {"law": "gamma", "mean": answer["E_completion"], "cv": math.sqrt(answer["squared_variation"])}
    readings = {"W": read.response, "L": read.number, "util": read.utilisation}
    return station_case(
        name, "M/G/1", "breakdowns while working, as part of the work", exponential(1 / rate), law, 1,
        lambda: answer, readings, precision=540205.1,
    )  # fmt: skip


def workplace_case(name: str, rate: float, failure_rate: float, repair_rate: float) -> Case:
    """M/M/1 whose workplace fails while a step is worked on and is repaired; then the step goes on."""
    answer = breakdowns_while_working(rate, 1.0, failure_rate, repair_rate)
    readings = {"W": read.response, "L": read.number, "util": read.utilisation}
    return station_case(
        name, "M/G/1", "a workplace that fails while somebody works", exponential(1 / rate), exponential(1.0),
        1, lambda: answer, readings, (workplaces(failure_rate, repair_rate, 1),), precision=540205.1,
    )  # fmt: skip


def crew_case(name: str, machines: int, failure_rate: float, repair_rate: float, crew: int) -> Case:
    """M/M/c//N: people who never lack work, at workplaces that fail while they work, and a crew."""
    answer = machine_repair(machines, failure_rate, repair_rate, crew)
    more = (
        f"company.segments.a.customers={2 * machines}",
        "coordination.defects.base=1.0",
        "coordination.rework.caught=0.0",
        workplaces(failure_rate, repair_rate, crew),
    )
    return Case(
        name=name,
        family="closed",
        title=f"{machines} workplaces that fail, {crew} people who repair",
        overrides=station_settings({"law": "trace", "values": [0.0]}, exponential(1.0), machines) + more,
        arrival_rate=answer["throughput"] / failure_rate,
        exact=lambda: (
            answer | {"done": machines - answer["L_down"], "W_down": answer["Wq"] + 1 / repair_rate}
        ),
        readings={"L_down": read.broken, "W_down": read.repair_wait, "done": read.ended_per_unit},
        most_arrivals=16_000 * machines,  # a request comes back 10,000 times at most
    )


def support_case(name: str, workers: int, need_rate: float, service_rate: float, servants: int) -> Case:
    """M/M/c//N: workers without customers, kept from work by each need of the one internal service."""
    answer = machine_repair(workers, need_rate, service_rate, servants)
    year = 52 * 40.0
    service = {
        "people": servants,
        "requests_per_year": float(f"{year * need_rate / UNIT:.15g}"),
        "work_hours": float(f"{UNIT / service_rate:.15g}"),
        "blocks": True,
    }
    nobody = {"people": 0}
    support = {"enabled": True, "it": service, "hr": nobody, "facilities": nobody, "finance": nobody}
    rare = {"law": "exponential", "mean": 1000.0}
    return Case(
        name=name,
        family="closed",
        title=f"{workers} workers, {servants} people of an internal service",
        overrides=(*station_settings(rare, exponential(0.001), workers), setting("people.support", support)),
        arrival_rate=answer["throughput"],
        exact=lambda: answer | {"L_kept": answer["L_down"]},
        readings={"L_down": read.in_need, "L_kept": read.kept_from_work, "Wq": read.need_wait},
    )


def workplaces(failure_rate: float, repair_rate: float, crew: int) -> str:
    """The override for workplaces that fail and a crew that repairs them."""
    hours = {"hours_between": in_hours(exponential(1 / failure_rate))["mean"]}
    hours |= {"repair_hours": in_hours(exponential(1 / repair_rate))["mean"]}
    return setting("people.equipment", {"enabled": True, **hours, "crew": crew})


def telling_case(name: str, lacking: float, told: float, answer: float) -> Case:
    """K4: so many people that nobody waits; who was not told may lack something, and brings it after a time.

    Telling takes 0.2 of a mean work, asking 0.5: W = 1 + 0.2 t + q (1 - t) (0.5 + h). Who is asked is told
    then, before the step.
    """
    minutes = {"minutes": 0.2 * 60 * UNIT, "ask_minutes": 0.5 * 60 * UNIT, "update_hours": 0.0}
    rules = {"enabled": True, "incomplete": lacking, "told": told, **minutes}
    asked = lacking * (1 - told)
    return station_case(
        name, "delays", f"{100 * asked:g} % of the requests lack something that the customer has to bring",
        exponential(1.0), exponential(1.0), 20,
        lambda: {"W": 1 + 0.2 * told + asked * (0.5 + answer), "busy": 1 + 0.2 * told * (1 - asked)},
        {"W": read.response, "busy": read.busy},
        (setting("coordination.telling", rules | {"answer": in_hours(exponential(answer))}),),
    )  # fmt: skip


def profile_case(name: str, factors: tuple[float, ...], rate: float, work: float, servers: int) -> Case:
    """M_t/M/inf: a rate that changes by the hour of the day, so many people that nobody waits (unit: an
    hour)."""
    hours = (0.0, 2.0, 4.0, 6.0)
    scale = rate * len(factors) / sum(factors)

    def exact() -> dict[str, float]:
        rates = [factor * scale for factor in factors]
        return {f"m({hour:g})": endless_staff(hour, rates, work) for hour in hours}

    return station_case(
        name, "profile", "a rate that follows the hour, a person for everybody", exponential(1 / rate),
        exponential(work), servers, exact, {f"m({hour:g})": read.busy_at_hour(hour, len(factors)) for hour in
        hours}, (setting("company.profile.hour_of_day", list(factors)),), unit=1.0,
    )  # fmt: skip


def special_cases() -> Iterator[Case]:
    """Every case of this file."""
    yield profile_case("V09", (0.5, 1.0, 1.5, 1.5, 1.5, 1.0, 0.5, 0.5), 20.0, 1.0, 70)
    yield patience_case("V10-n5", 5.0, 5, exponential(2.0), 286055.3)
    yield patience_case("V10-overload", 8.0, 5, exponential(1.0))
    yield patience_case("V11-D", 5.0, 5, {"law": "deterministic", "mean": 1.0})
    yield patience_case("V11-D-c1", 0.9, 1, {"law": "deterministic", "mean": 2.0})
    yield patience_case("V11-U", 6.0, 5, {"law": "uniform", "low": 0.0, "high": 2.0})
    yield breakdown_case("V27b", 0.5, 0.05, 0.25)
    yield telling_case("K4", 0.5, 0.4, 5.0)
    yield workplace_case("P8-one", 0.5, 0.05, 0.25)
    yield crew_case("P8-crew", 6, 0.2, 0.5, 2)
    yield support_case("P5", 8, 0.1, 0.5, 2)
    yield repair_case("V26", 10, 0.1, 0.5, 2, 142950.1)
