"""Cases of several stations: lines, work done again, escalation, networks with feedback.

Invariant: each builder turns parameters into overrides and an oracle call from the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.known_answers import readings as read
from sim.known_answers.case import NEUTRAL, Case, exponential, in_hours, setting
from sim.known_answers.oracles import (
    escalation,
    general_station,
    network_of_routes,
    open_network,
    route_with_rework,
    routes,
)

NAMES = ("first", "second", "third", "fourth")


def line_settings(rate: float, means: Sequence[float], servers: Sequence[int]) -> tuple[str, ...]:
    """Overrides of stations in line, a department each."""
    names = NAMES[: len(means)]
    work = {name: in_hours(exponential(mean)) for name, mean in zip(names, means, strict=True)}
    functions = {name: {"side": "back"} for name in names[2:]}
    return (
        "company=queue_line",
        "structure=function",
        *NEUTRAL,
        *([setting("company.functions", functions)] if functions else []),
        setting("company.products.a", {"route": list(names), "work": work}),
        setting("company.segments.a.interarrival", in_hours(exponential(1 / rate))),
        "staffing.allocation=explicit",
        setting("staffing.workers", dict(zip(names, servers, strict=True))),
    )


def by_station(count: int) -> dict[str, read.Reading]:
    """Readings of each station and of the whole."""
    found: dict[str, read.Reading] = {"W_total": read.response}
    for place, name in enumerate(NAMES[:count], start=1):
        found |= {f"W{place}": read.station_response(name), f"util{place}": read.utilisation_of(name)}
    return found


def tandem_case(
    name: str, rate: float, means: Sequence[float], servers: Sequence[int], precision: float | None = None
) -> Case:
    """Stations in line."""
    count = len(means)
    external = [rate] + [0.0] * (count - 1)
    onward = [[float(to == place + 1) for to in range(count)] for place in range(count)]
    return Case(
        name=name,
        family="networks",
        title=f"{count} stations in line",
        overrides=line_settings(rate, means, servers),
        arrival_rate=rate,
        exact=lambda: open_network(external, onward, [1 / mean for mean in means], servers),
        readings=by_station(count),
        precision=precision,
        load=max(rate * mean / people for mean, people in zip(means, servers, strict=True)),
    )


def rework_case(
    name: str,
    rate: float,
    defect: float,
    precision: float | None = None,
    more: tuple[str, ...] = (),
    title: str = "",
) -> Case:
    """M/M/1 whose work is done again with chance ``defect``, each time anew."""

    def exact() -> dict[str, float]:
        answer = route_with_rework(rate, [1.0], [1.0], [1], defect)
        named = {"visits": answer["passes"], "W_per_visit": answer["W1"], "rho": answer["util1"]}
        return {"W_total": answer["W_total"], "L": answer["L"]} | named

    return Case(
        name=name,
        family="rework",
        title=title or f"{100 * defect:g} % of the work is done again",
        overrides=(
            "company=queue",
            "structure=function",
            *NEUTRAL,
            "staffing.headcount=1",
            setting("company.segments.a.interarrival", in_hours(exponential(1 / rate))),
            *(more or (f"coordination.defects.base={defect}",)),
        ),
        arrival_rate=rate,
        exact=exact,
        readings={
            "W_total": read.response,
            "L": read.number,
            "visits": read.visits_to(),
            "W_per_visit": read.station_response("service"),
            "rho": read.utilisation,
        },
        precision=precision,
        load=rate / (1 - defect),
    )


def inspection_case(name: str, rate: float, wrong: float, required: float) -> Case:
    """K8: of the defects, half of which are found anyway, inspection finds half of the rest of its kind.

    It looks for what customers require; half of those who have such a defect complain, of the others nobody.
    """
    again = wrong * (required * (0.75 + 0.25 * 0.5) + (1 - required) * 0.5)
    programme = {"enabled": True, "looks_for": "customer", "required": required, "finds": 0.5, "minutes": 0.0}
    more = (
        f"coordination.defects.base={wrong}",
        "coordination.rework.caught=0.5",
        "coordination.rework.complaint=0.5",
        setting("coordination.quality_programme", programme),
    )
    title = (
        f"inspection for what customers require: of {100 * wrong:g} % defects {100 * again:g} % done again"
    )
    return rework_case(name, rate, again, more=more, title=title)


def line_rework_case(
    name: str,
    rate: float,
    shares: Sequence[float],
    means: Sequence[float],
    servers: Sequence[int],
    defect: float,
) -> Case:
    """A line that requests visit in part, whose defects send them through again."""
    named = dict(zip(NAMES, shares, strict=False))
    more = (setting("company.products.a.visit_share", named), f"coordination.defects.base={defect}")
    answer = route_with_rework(rate, shares, [1 / mean for mean in means], servers, defect)
    return Case(
        name=name,
        family="rework",
        title=f"{len(means)} stations, some steps left out, {100 * defect:g} % defects a step",
        overrides=line_settings(rate, means, servers) + more,
        arrival_rate=rate,
        exact=lambda: answer,
        readings=by_station(len(means)),
        load=max(answer[f"util{place}"] for place in range(1, len(means) + 1)),
    )


def escalation_case(
    name: str, rate: float, share: float, means: tuple[float, float], servers: tuple[int, int], delay: float
) -> Case:
    """Two tiers: a share goes on to the second after a delay."""
    more = (
        setting("company.products.a.visit_share", {"second": share}),
        setting("coordination.handoff", in_hours({"law": "deterministic", "mean": delay})),
    )
    answer = escalation(rate, share, (1 / means[0], 1 / means[1]), servers, delay)
    return Case(
        name=name,
        family="escalation",
        title=f"two tiers, {100 * share:g} % go on",
        overrides=line_settings(rate, means, servers) + more,
        arrival_rate=rate,
        exact=lambda: answer,
        readings=by_station(2),
        load=max(answer["util1"], answer["util2"]),
    )


def manager_case(name: str, rate: float, share: float, decision: float, servers: int) -> Case:
    """Two tiers inside a department: a share of the steps needs a decision of the one manager."""
    answer = escalation(rate, share, (1.0, 1 / decision), (servers, 1))
    return Case(
        name=name,
        family="escalation",
        title=f"{100 * share:g} % of the steps need the manager's decision",
        overrides=(
            "company=queue",
            "structure=function",
            *NEUTRAL,
            f"staffing.headcount={servers}",
            "staffing.managers=true",
            setting("company.segments.a.interarrival", in_hours(exponential(1 / rate))),
            f"coordination.exception_share={share}",
            setting("coordination.decision", in_hours(exponential(decision))),
        ),
        arrival_rate=rate,
        exact=lambda: answer,
        readings={
            "W_total": read.response,
            "W1": read.station_response("service"),
            "util1": read.utilisation,
            "W2": read.decision_response,
            "Wq2": read.decision_wait,
        },
        load=max(answer["util1"], answer["util2"]),
    )


def coordinator_case(name: str, rate: float, work: float) -> Case:
    """A matrix: every request first takes a fixed time of its coordinator, then meets more people than it
    needs."""
    people = 20
    desk = general_station(rate, {"law": "deterministic", "mean": work})
    return Case(
        name=name,
        family="escalation",
        title="a coordinator takes on every request",
        overrides=(
            "company=queue",
            "structure=function",
            *NEUTRAL,
            f"staffing.headcount={people}",
            setting("company.segments.a.interarrival", in_hours(exponential(1 / rate))),
            "structure.coordinators={group_by: [segment]}",
            setting("coordination.matrix.coordination_hours", in_hours({"mean": work})["mean"]),
        ),
        arrival_rate=rate,
        exact=lambda: {"W_desk": desk["W"], "util": rate / people},
        readings={"W_desk": read.coordination, "util": read.utilisation},
        load=desk["util"],
    )


def feedback_case(
    name: str,
    external: Sequence[float],
    routing: Sequence[Sequence[float]],
    means: Sequence[float],
    servers: Sequence[int],
    least: float = 1e-3,
) -> Case:
    """A Jackson network with any routing: its ways through the stations are products with fixed routes."""
    rate, names = sum(external), NAMES[: len(means)]
    ways = routes(external, routing, least=least)
    work = {place: in_hours(exponential(mean)) for place, mean in zip(names, means, strict=True)}
    products, mix = {}, {}
    fullest = max(ways, key=lambda way: (len(set(way)), ways[way]))
    for count, (way, share) in enumerate(ways.items(), start=1):
        label = "a" if way == fullest else f"way{count}"
        used = {names[place]: work[names[place]] for place in sorted(set(way))}
        products[label] = {"route": [names[place] for place in way], "work": used}
        mix[label] = share
    answer = network_of_routes(rate, ways, [1 / mean for mean in means], servers)
    more = (setting("company.products", products), setting("company.segments.a.mix", mix))
    return Case(
        name=name,
        family="networks",
        title=f"Jackson network of {len(means)} stations with feedback, {len(ways)} routes",
        overrides=line_settings(rate, means, servers) + more,
        arrival_rate=rate,
        exact=lambda: answer,
        readings=by_station(len(means)),
        load=max(answer[f"util{place}"] for place in range(1, len(means) + 1)),
    )


def network_cases() -> Iterator[Case]:
    """Every case of several stations."""
    yield tandem_case("V13", 0.8, [1.0, 1 / 0.6], [1, 2], 438661.8)
    yield tandem_case("V13-three", 1.5, [1.0, 0.5, 1.5], [2, 1, 3])
    yield rework_case("V14", 0.6, 0.25, 1291690.5)
    yield inspection_case("K8", 0.6, 0.4, 0.6)
    yield line_rework_case("V15", 1.0, [1.0, 0.5], [0.6, 1.0], [1, 1], 0.1)
    yield feedback_case("V16", [0.5, 0.2], [[0.0, 0.6], [0.3, 0.0]], [1.0, 1.2], [1, 1])
    yield feedback_case(
        "V16-three",
        [0.9, 0.0, 0.3],
        [[0.0, 0.7, 0.1], [0.2, 0.0, 0.4], [0.0, 0.25, 0.0]],
        [1.0, 0.5, 1.5],
        [2, 1, 2],
    )
    yield escalation_case("V17", 2.4, 0.3, (1.0, 2.0), (3, 2), 0.5)
    yield manager_case("V17-manager", 2.4, 0.3, 1.0, 3)
    yield coordinator_case("V17-coordinator", 1.0, 0.6)
