"""The company before anything has happened: its records, filled from world, organisation and numbers.

Invariant: nothing here depends on the structure but through the organisation.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.entities import (
    CELL,
    CLOCK,
    CUSTOMER,
    DEPARTMENT,
    DESK,
    EVENT,
    FIXED,
    LAW,
    NEED,
    PERSON,
    REQUEST,
    Company,
    Few,
    Floats,
    Ids,
    Integers,
)
from sim.engines.compiled.event_log import Table, event_log_of
from sim.engines.compiled.lines import GROUP, NEVER
from sim.engines.entities import NONE
from sim.jit import compiled
from sim.mechanisms.equipment import failure
from sim.mechanisms.support import SERVICES, means
from sim.memory import apart, move
from sim.numbers import Numbers
from sim.organisation.build import NO_DESK, Organisation
from sim.review import State
from sim.rules.laws import Packed
from sim.world import CustomerModel, World

SMALL = 2**16
"""Bytes of an array that might lie in cache lines with others."""


def gather_company(
    model: CustomerModel, world: World, organisation: Organisation, numbers: Numbers, state: State
) -> Company:
    """The company before anything has happened; what is small lies apart, as the state's arrays do."""
    n, people = len(world.arrival), len(organisation.role)
    longest = max(n, people * len(SERVICES), len(organisation.departments), len(organisation.first_person))
    customers = np.zeros(len(world.customer_segment), CUSTOMER)
    customers["last_server"] = NONE
    laws, table = _laws(numbers.laws, model.work)
    company = Company(
        requests=_requests(world, customers),
        cell=_cell_of_steps(model, world),
        people=_people(organisation, numbers, state),
        departments=_departments(organisation),
        desks=_desks(organisation),
        customers=customers,
        cells=_cells(model, organisation, len(numbers.laws.kinds)),
        laws=laws,
        table=table,
        numbers=numbers.record,
        fixed=_fixed(organisation, world, numbers, state),
        clock=_clock(world, state, numbers),
        arrival=world.arrival,
        patience=world.patience,
        recorded=world.recorded,
        position=world.step_position,
        content=world.step_work,
        alongside=world.step_alongside,
        person=world.step_person,
        named=organisation.named,
        seats=_seats(numbers, state),
        **_support(organisation, numbers, state),
        may_help=organisation.may_help,
        owners=np.zeros((0 if organisation.relay else len(world.step_work), 2), _ids_of(people)),
        by_function=state.by_function,
        by_product=state.by_product,
        by_segment=state.by_segment,
        cases=state.cases,
        worked=state.worked,
        waited=state.waited,
        signals=state.signals,
        **state.effects._asdict(),
        queues=np.full(organisation.queues.first_queue[-1], NONE, np.int64),
        rank=organisation.queues.rank,
        ending=np.full(2 * math.prod(tournaments(people)), NEVER, np.int64),
        moving=_no_events(n),
        leaving=_no_events(n),
        noted=_nothing_noted(longest),
        **event_log_of(len(world.step_work), people),
    )
    own = {id(array) for array in (*vars(state).values(), *state.effects)}
    small = {name: array for name, array in company._asdict().items() if array.nbytes < SMALL}
    return company._replace(**{name: apart(array) for name, array in small.items() if id(array) not in own})


def tournaments(people: int) -> tuple[int, int]:
    """Leaves of a tournament tree of who finishes next, a power of two, and how many trees there are."""
    return 1 << max(min(people, GROUP) - 1, 0).bit_length(), max(-(-people // GROUP), 1)


def _ids_of(people: int) -> type[np.signedinteger[Any]]:
    """Numbers for people and departments that take little room; a crowd has a compiled engine of its own."""
    return np.int16 if people < 2**15 else np.int32


def _no_events(most: int) -> Table:
    events = np.empty(most + 2, EVENT)
    events[0], events[1] = (0.0, 0), (np.inf, 0)
    return events


def _nothing_noted(most: int) -> Integers:
    noted = np.empty((most + 1, 10), np.int64)
    noted[0] = 0
    return noted


def _cell_of_steps(model: CustomerModel, world: World) -> NDArray[np.int32]:
    cells = np.empty(len(world.step_work), np.int32)
    sizes = len(model.products), len(model.segments)
    fill_cells(cells, world.step_function, world.first_step, world.product, world.segment, *sizes)
    return cells


@compiled
def fill_cells(
    cells: Ids, function: Few, first_step: Integers, product: Ids, segment: Ids,
    products: int, segments: int,
) -> None:  # fmt: skip
    """The true cell of every step."""
    for request in range(len(product)):
        for step in range(first_step[request], first_step[request + 1]):
            cells[step] = (function[step] * products + product[request]) * segments + segment[request]


def _requests(world: World, customers: Table) -> Table:
    requests, fresh = np.empty(len(world.arrival), REQUEST), np.zeros(1, REQUEST)
    fresh["first_start"] = fresh["done"] = np.nan
    fresh["context"], fresh["contacting"] = 1.0, True
    for name in ("worker", "blamed", "later_row", "recognised", "heading", "department"):
        fresh[name] = NONE
    given = world.state, world.arrival, world.customer, world.number, world.segment, world.product
    fill_requests(requests, fresh, customers, *given, world.first_step)
    return requests


@compiled
def fill_requests(
    requests: Table, fresh: Table, customers: Table, stream: Integers, arrival: Floats, customer: Ids,
    number: Ids, segment: Ids, product: Ids, first_step: Integers,
) -> None:  # fmt: skip
    """Requests as they are before they turn up; rows are dealt out by customer and number.

    fresh : (1,) what is the same for all.
    """
    for request in range(len(requests)):
        customers[customer[request]].next_row += first_step[request + 1] - first_step[request]
    row = 0
    for one in range(len(customers)):
        own = customers[one].next_row
        customers[one].next_row = row
        row += own
    for request in range(len(requests)):
        move(requests, request, fresh, 0, 1)
        about = requests[request]
        about.stream = stream[request]
        about.arrival = arrival[request]
        about.customer = customer[request]
        about.number = number[request]
        about.first_step = first_step[request]
        about.step = first_step[request]
        about.end = first_step[request + 1]
        about.next_row = customers[customer[request]].next_row
        about.segment = segment[request]
        about.product = product[request]
        customers[customer[request]].next_row += first_step[request + 1] - first_step[request]


def _seats(numbers: Numbers, state: State) -> Integers:
    seats: Integers = state.kept["P8"]["people"] if numbers.plain.equipment_enabled else np.zeros(0, np.int64)
    return seats


def _support(organisation: Organisation, numbers: Numbers, state: State) -> dict[str, Any]:
    """What there is of internal services, and what workers need of them."""
    enabled = numbers.plain.support_enabled
    askers = state.kept["P5"]["people"] if enabled else np.zeros(0, np.int64)
    between, serving, blocks = means(numbers.plain)
    return {
        "askers": askers,
        "needs": np.zeros(len(askers) * len(SERVICES), NEED),
        "internal": _no_events(len(askers) * len(SERVICES)),
        "desk_of": organisation.support.desk_of,
        "crews": organisation.support.people.copy(),
        "faces_customers": organisation.support.faces_customers,
        "between": between,
        "serving": serving,
        "blocks": blocks,
    }


def _people(organisation: Organisation, numbers: Numbers, state: State) -> Table:
    people = np.zeros(len(organisation.role), PERSON)
    for worker, seat in enumerate(_seats(numbers, state).tolist()):
        people["sound"][worker] = failure(numbers.record, seat, 0)
    people["department"], people["desk"] = organisation.department, NO_DESK
    sizes = np.diff(organisation.first_person)
    people["desk"][organisation.workers :] = np.repeat(np.arange(len(sizes)), sizes)
    of_nothing = "task", "next_own", "own", "row", "last_function", "last_product"
    for name in (*of_nothing, "before", "after", "next_broken"):
        people[name] = NONE
    return people


def _departments(organisation: Organisation) -> Table:
    departments, queues = np.zeros(len(organisation.departments), DEPARTMENT), organisation.queues
    departments["places"], departments["plain"] = organisation.places, queues.plain
    departments["first_queue"], departments["after_queue"] = queues.first_queue[:-1], queues.first_queue[1:]
    departments["manager"], departments["rule"] = organisation.manager_desk, organisation.request_key
    departments["workers"] = np.diff(organisation.first_worker)
    departments["first_idle"] = departments["last_idle"] = NONE
    return departments


def _desks(organisation: Organisation) -> Table:
    desks, first_person = np.zeros(len(organisation.first_person) - 1, DESK), organisation.first_person
    desks["first_person"], desks["after_person"] = first_person[:-1], first_person[1:]
    desks["first_job"] = desks["last_job"] = NONE
    return desks


def _cells(model: CustomerModel, organisation: Organisation, delays: int) -> Table:
    assignment = organisation.assignment
    cells = np.zeros(assignment.department_of.shape, CELL)
    for axis, name in enumerate(("on_function", "on_product", "on_segment")):
        cells[name] = model.knowledge[:, axis, None, None]
    cells["function"] = np.arange(len(model.functions))[:, None, None]
    cells["exception"] = model.exceptions[:, None, None]
    cells["is_delay"] = model.is_delay[:, None, None]
    cells["mean_work"], cells["grouped"] = model.mean_work.T[:, :, None], assignment.grouped[:, :, None]
    cells["first_law"] = delays + model.route_start[None, :, None]
    cells["department"], cells["queue"] = assignment.department_of, organisation.queues.queue_of
    cells["coordinator"] = organisation.coordinator_desk
    for name in ("content_factor", "margin", "priority", "promise"):
        cells[name] = getattr(model, name)
    return cells.reshape(-1)


def _laws(delays: Packed, work: Packed) -> tuple[Table, Floats]:
    laws = np.zeros(len(delays.kinds) + len(work.kinds), LAW)
    for name in ("kind", "first", "second", "start", "count"):
        laws[name] = np.concatenate([getattr(delays, name + "s"), getattr(work, name + "s")])
    laws["start"][len(delays.kinds) :] += len(delays.table)
    return laws, np.concatenate([delays.table, work.table])


def _fixed(organisation: Organisation, world: World, numbers: Numbers, state: State) -> Table:
    fixed, people = np.zeros(1, FIXED), len(organisation.role)
    fixed["general"], fixed["worker_key"] = organisation.general_desk, organisation.worker_key
    fixed["relay"], fixed["requests"] = organisation.relay, len(world.arrival)
    fixed["overlaps"], fixed["named"] = len(world.step_alongside) > 0, len(organisation.named) > 0
    fixed["workers"], fixed["people"] = organisation.workers, people
    fixed["support_desks"] = len(organisation.support.people)
    fixed["leaves"], fixed["groups"] = tournaments(people)
    fixed["most_rounds"], fixed["slow"] = numbers.budgets.instant, bool(state.slow)
    return fixed


def _clock(world: World, state: State, numbers: Numbers) -> Table:
    clock = np.zeros(1, CLOCK)
    clock["arrives"] = world.arrival[0] if len(world.arrival) else np.inf
    clock["next_day"] = 0.0 if state.slow or state.effects.duty_hours.any() else np.inf
    clock["first_broken"] = clock["last_broken"] = NONE
    clock["free_crew"] = numbers.plain.equipment_crew
    clock["in_time"] = clock["open_in_time"] = np.searchsorted(world.arrival, numbers.plain.horizon)
    return clock
