"""The market as arrays: functions, routes, work laws and segments of a scenario.

Invariant: the same in every replication; ids follow the order of the company's own lists, and nothing depends
on the structure.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.mechanisms.customisation import content_factor
from sim.mechanisms.loyalty import prospects_of
from sim.model.company import Company, Segment
from sim.model.scenario import Scenario
from sim.rules.batches import mean_batch_size
from sim.rules.laws import Packed, pack
from sim.schema.laws import Exponential, law_mean
from sim.world.recorded import PastCases, past_cases

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class CustomerModel:
    """Sizes: F functions, P products, S segments, R steps of all routes one below the other.

    Attributes
    ----------
    functions, products, segments : names by id.
    is_delay : (F,) bool.
    knowledge : (F, 3) weights of function, product and segment.
    exceptions : (F,) probability that a visit needs a decision.
    route_start, route_length : (P,) slices of the route arrays.
    route_function : (R,) function of each step.
    step_share : (R,) probability that the step happens.
    work : laws of the steps, (R,); hours of a fully experienced person before the segment's factor.
    mean_work : (P, F) mean hours per visit, before the segment's factor; 0 where the route has no such step.
    content_factor : (S,) factor on work content: complexity and customisation (C3).
    mix : (S, P) share of products.
    customers, prospects : (S,) people at the start, and who could join them (C5).
    opens, closes : (S,) weeks from which and until which customers ask (C13), infinite for ever.
    calls, together : (S,) of one customer a week, and requests with each on average, at demand scale 1,
        before trend and surges.
    past : cases that requests are like, None where they go by routes.
    """

    functions: list[str]
    products: list[str]
    segments: list[str]
    is_delay: NDArray[np.bool_]
    knowledge: Floats
    exceptions: Floats
    route_start: Integers
    route_length: Integers
    route_function: Integers
    step_share: Floats
    work: Packed
    mean_work: Floats
    content_factor: Floats
    customisation: Floats
    mix: Floats
    customers: Integers
    prospects: Integers
    calls: Floats
    together: Floats
    opens: Floats
    closes: Floats
    promise: Floats
    margin: Floats
    priority: Floats
    interarrival: Packed
    batch: Packed
    patience: Packed
    past: PastCases | None

    @property
    def per_week(self) -> Floats:
        """(S,) requests a week of one customer at demand scale 1, before trend and surges."""
        return self.calls * self.together


def build_customer_model(scenario: Scenario) -> CustomerModel:
    """Arrays of the scenario's company; a pure function of the scenario."""
    company = scenario.company
    functions, segments = list(company.functions), list(company.segments.values())
    routes = [product.route for product in company.products.values()]
    lengths = np.array([len(route) for route in routes], np.int64)
    steps = [(product, name) for product in company.products.values() for name in product.route]
    position = {name: i for i, name in enumerate(functions)}
    policy, past = scenario.customers, past_cases(company)
    kinds, batch = company.functions.values(), pack([segment.batch for segment in segments])
    scale = scenario.people.knowledge_scale
    return CustomerModel(
        functions=functions,
        products=list(company.products),
        segments=list(company.segments),
        is_delay=np.array([function.kind == "delay" for function in kinds]),
        knowledge=np.array(
            [[k.function * scale, k.product * scale, k.segment * scale] for k in (f.knowledge for f in kinds)]
        ),
        exceptions=np.array(
            [
                scenario.coordination.exception_share if f.exception_share is None else f.exception_share
                for f in kinds
            ]
        ),
        route_start=np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64),
        route_length=lengths,
        route_function=np.array([position[name] for _, name in steps], np.int64),
        step_share=_step_shares(company, past),
        work=pack([product.work[name] for product, name in steps]),
        mean_work=_mean_work(company),
        content_factor=np.array(
            [content_factor(s.complexity, s.customisation, policy.customisation_work) for s in segments]
        ),
        customisation=np.array([segment.customisation for segment in segments]),
        mix=np.array([[segment.mix.get(name, 0.0) for name in company.products] for segment in segments]),
        customers=np.array([segment.customers for segment in segments], np.int64),
        prospects=np.array([prospects_of(s.customers, policy.loyalty) for s in segments], np.int64),
        calls=np.array([_calls_per_week(segment, scenario.week) for segment in segments]),
        together=_together(batch),
        opens=np.array([float(segment.opens) for segment in segments]),
        closes=np.array([math.inf if s.closes is None else float(s.closes) for s in segments]),
        promise=np.array([segment.promise_hours for segment in segments]),
        margin=np.array([segment.margin for segment in segments]),
        priority=np.array([float(segment.priority) for segment in segments]),
        interarrival=pack(
            [
                segment.interarrival or _poisson(segment.requests_per_year, scenario.week)
                for segment in segments
            ]
        ),
        batch=batch,
        patience=pack([segment.patience for segment in segments]),
        past=past,
    )


def _step_shares(company: Company, past: PastCases | None) -> Floats:
    """(R,) probability that each step happens; of past cases the mean number of visits."""
    if past is None:
        return np.array(
            [
                product.visit_share.get(name, 1.0)
                for product in company.products.values()
                for name in product.route
            ]
        )
    visits, ids = past.visits, {name: number for number, name in enumerate(company.functions)}
    return np.array(
        [
            visits[number, ids[name]] if ids[name] < visits.shape[1] else 0.0
            for number, product in enumerate(company.products.values())
            for name in product.route
        ]
    )


def _calls_per_week(segment: Segment, week: float) -> float:
    if segment.interarrival is not None:
        return week / max(law_mean(segment.interarrival), 1e-12)
    return (segment.requests_per_year or 0.0) / 52.0


def _together(law: Packed) -> Floats:
    """(S,) requests that come with one call on average."""
    rows = zip(law.kinds, law.firsts, law.seconds, law.starts, law.counts, strict=True)
    found = [mean_batch_size(kind, one, two, law.table, begin, size) for kind, one, two, begin, size in rows]
    return np.array(found)


def _poisson(requests_per_year: float | None, week: float) -> Exponential:
    """The law of a rate; its mean may be longer than a file may state one, for requests as rare as claims."""
    assert requests_per_year is not None  # checked with the scenario
    return Exponential.model_construct(law="exponential", mean=52.0 * week / requests_per_year)


def _mean_work(company: Company) -> Floats:
    return np.array(
        [
            [law_mean(product.work.get(name)) for name in company.functions]
            for product in company.products.values()
        ]
    )
