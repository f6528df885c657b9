"""Past cases as arrays, and requests that go the way of one of them: a bootstrap of whole cases.

Invariant: which case a request is like depends on its address and the hour of the week at which it comes.
Source: Efron (1979); trace-driven simulation, Law (2015), section 6.2.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws import PURPOSE_CASE, uniform
from sim.jit import compiled
from sim.model.company import Company, Recorded
from sim.rules.grid import on_grid

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Ids = NDArray[np.int32]
Few = NDArray[np.int16]
Flags = NDArray[np.bool_]
NOBODY = -1


class PastCases(NamedTuple):
    """Past cases of all products: C cases, M steps, P products; cases of a product by hour of the week.

    first_case : (P + 1,) slices of cases. hour : (C,) of the week. alike : (P,) cases to choose from.
    first_step : (C + 1,) slices of steps. function, person : (M,) ids. work, wait : (M,) hours, on the grid.
    alongside : (M,). waiting : (P,) function id of waits. people : names behind `person`.
    """

    first_case: Integers
    hour: Floats
    alike: Integers
    first_step: Integers
    function: Few
    work: Floats
    wait: Floats
    alongside: Flags
    person: Ids
    waiting: Integers
    people: tuple[str, ...]

    @property
    def visits(self) -> Floats:
        """(P, F) mean visits of a case to each function; F is one more than the largest id."""
        counts = np.zeros((len(self.alike), int(max(self.function.max(), self.waiting.max())) + 1))
        for product in range(len(counts)):
            first, last = self.first_case[product : product + 2]
            mine = self.function[self.first_step[first] : self.first_step[last]]
            counts[product] = np.bincount(mine, minlength=counts.shape[1]) / (last - first)
        return counts


def past_cases(company: Company) -> PastCases | None:
    """The recorded cases of a company, None where requests go by routes."""
    past = [product.recorded for product in company.products.values() if product.recorded is not None]
    if not past:
        return None
    people = tuple(dict.fromkeys(name for one in past for name in one.people))
    functions = list(company.functions)
    parts = [_of_product(one, functions, people) for one in past]
    lengths = np.concatenate([steps for steps, *_ in parts])
    columns = [np.concatenate([part[place] for part in parts]) for place in range(1, 7)]
    return PastCases(
        first_case=np.concatenate([[0], np.cumsum([len(steps) for steps, *_ in parts])]).astype(np.int64),
        hour=columns[0],
        alike=np.array([min(one.alike, len(one.steps)) for one in past], np.int64),
        first_step=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        function=columns[1].astype(np.int16),
        work=columns[2],
        wait=columns[3],
        alongside=columns[4].astype(np.bool_),
        person=columns[5].astype(np.int32),
        waiting=np.array([functions.index(one.waiting) for one in past], np.int64),
        people=people,
    )


def _of_product(past: Recorded, functions: list[str], people: tuple[str, ...]) -> list[NDArray[np.generic]]:
    """Steps and hour of each case, then the columns of steps, cases in order of hour."""
    steps, hour = np.array(past.steps, np.int64), np.array(past.hour)
    order = np.argsort(hour, kind="stable")
    first = np.cumsum(steps) - steps
    rows = np.repeat(first[order] - np.cumsum(steps[order]) + steps[order], steps[order]) + np.arange(
        steps.sum()
    )
    function = np.array([functions.index(name) for name in past.functions])[np.array(past.function)]
    person = np.array([*(people.index(name) for name in past.people), NOBODY])[np.array(past.person)]
    work, wait = (np.array([on_grid(value) for value in column]) for column in (past.work, past.wait))
    columns = (function, work, wait, np.array(past.alongside), person)
    return [steps[order], hour[order], *(column[rows] for column in columns)]


class Steps(NamedTuple):
    """Steps of requests, see `World`."""

    first: Integers
    position: Few
    function: Few
    work: Floats
    alongside: Flags
    person: Ids


def steps_like_past_cases(
    past: PastCases, state: Integers, product: Ids, arrival: Floats, factor: Floats, week: float
) -> Steps:
    """The steps of requests: each is like one of the past cases that came at about the same hour of the week.

    Parameters
    ----------
    state, product, arrival : (n,) of each request. factor : (n,) on work. week : open hours.
    """
    case = np.empty(len(state), np.int64)
    choose_cases(state, product, arrival % week, past.first_case, past.hour, past.alike, case)
    most = 2 * int((past.first_step[case + 1] - past.first_step[case]).sum())
    first = np.zeros(len(state) + 1, np.int64)
    position, function = np.empty(most, np.int16), np.empty(most, np.int16)
    work, alongside, person = np.empty(most), np.empty(most, np.bool_), np.empty(most, np.int32)
    columns = past.first_step, past.function, past.work, past.wait, past.alongside, past.person, past.waiting
    size = fill_steps(case, product, factor, *columns, first, position, function, work, alongside, person)
    return Steps(first, position[:size], function[:size], work[:size], alongside[:size], person[:size])


@compiled
def choose_cases(
    state: Integers, product: Ids, hour_of_week: Floats, first_case: Integers, hour: Floats, alike: Integers,
    case: Integers,
) -> None:  # fmt: skip
    """Write the case each request is like: one of those nearest in rank of the hour, round the week."""
    for request in range(len(state)):
        first, last = first_case[product[request]], first_case[product[request] + 1]
        size, among = last - first, alike[product[request]]
        place = np.searchsorted(hour[first:last], hour_of_week[request])
        drawn = int(uniform(state[request], PURPOSE_CASE, 0, 0) * among)
        case[request] = first + (place - (among + 1) // 2 + drawn) % size


@compiled
def fill_steps(
    case: Integers, product: Ids, factor: Floats, first_step: Integers, functions: Few, works: Floats,
    waits: Floats, overlaps: Flags, people: Ids, waiting: Integers,
    first: Integers, position: Few, function: Few, work: Floats, alongside: Flags, person: Ids,
) -> int:  # fmt: skip
    """Copy the steps of the cases, each wait as a step of its own; returns the number of steps."""
    size = 0
    for request in range(len(case)):
        for step in range(first_step[case[request]], first_step[case[request] + 1]):
            if waits[step] > 0.0:
                function[size] = waiting[product[request]]
                work[size] = waits[step]
                alongside[size] = False
                person[size] = NOBODY
                position[size] = size - first[request]
                size += 1
            function[size] = functions[step]
            work[size] = on_grid(works[step] * factor[request])
            alongside[size] = overlaps[step]
            person[size] = people[step]
            position[size] = size - first[request]
            size += 1
        first[request + 1] = size
    return size
