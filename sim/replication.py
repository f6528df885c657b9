"""One replication from a scenario: build the world and the organisation, let an engine play, lay out the
tables.

Invariant: a pure function of (scenario, replication); which engine plays changes no bit of the result.
"""

import functools
from typing import Literal, get_args

import numpy as np

from sim.engines.output import Output
from sim.engines.request_table import request_table
from sim.model.mistake import unknown_name
from sim.model.scenario import Scenario
from sim.numbers import Numbers, numbers_of
from sim.organisation import Organisation, build_organisation
from sim.rehearsal import needs_pilot, with_best_staff, with_pilot_experience
from sim.review import State, starting_state
from sim.schema.base import Known
from sim.trajectory import DUTY, KIND, PASSAGE, PEOPLE, ROLE, STATUS, Table, Trajectory
from sim.world import CustomerModel, World, build_customer_model, build_world

Engine = Literal["compiled", "simpy"]
ENGINES = get_args(Engine)


def prepare(scenario: Scenario) -> tuple[CustomerModel, Organisation, Numbers]:
    """What all replications of a scenario share; kept for the scenarios used last.

    Raises
    ------
    BadScenario
        when the staff cannot be spread over the departments.
    """
    last = _last[0]
    if last is None or last[0] is not scenario:
        last = _last[0] = scenario, _prepare(Known(scenario, scenario.model_dump_json()))
    return last[1]


_last: list[tuple[Scenario, tuple[CustomerModel, Organisation, Numbers]] | None] = [None]
"""The scenario asked for last: its replications follow each other, and to compare contents takes longer."""


@functools.lru_cache(maxsize=16)
def _prepare(known: Known) -> tuple[CustomerModel, Organisation, Numbers]:
    scenario: Scenario = known.data
    model, numbers = build_customer_model(scenario), numbers_of(scenario)
    organisation = build_organisation(scenario, model, numbers)
    staffing = scenario.staffing
    if staffing.allocation == "best" and not staffing.roster and staffing.given is None:
        scenario = with_best_staff(scenario, organisation, simulate)
        organisation = build_organisation(scenario, model, numbers)
    if needs_pilot(scenario):

        def pilot(longer: Scenario, replication: int) -> State:
            return _played(longer, model, organisation, numbers_of(longer), replication)[1]

        organisation = with_pilot_experience(scenario, organisation, pilot)
    return model, organisation, numbers


def simulate(scenario: Scenario, replication: int = 0, engine: Engine | None = None) -> Trajectory:
    """Play one replication.

    Parameters
    ----------
    scenario : a checked scenario, see `sim.load_scenario`.
    replication : number of the replication, from 0; it addresses all random numbers.
    engine : "compiled" or "simpy"; None takes `experiment.engine`. Both give the same bits.

    Raises
    ------
    TypeError, ValueError
        for an argument that is none of these.
    BudgetExceeded
        when a budget of `experiment.budgets` is used up.
    """
    _check(scenario, replication, engine)
    model, organisation, numbers = prepare(scenario)
    world, state, output = _played(scenario, model, organisation, numbers, replication, engine)
    return lay_out(scenario, model, organisation, world, state, output)


def _check(scenario: object, replication: object, engine: object) -> None:
    """Refuse in words what a slip of the caller would turn into a result."""
    if not isinstance(scenario, Scenario):
        kind = type(scenario).__name__
        raise TypeError(f"scenario is what load_scenario gives; {scenario!r} is a {kind}")
    if not isinstance(replication, int | np.integer) or isinstance(replication, bool):
        raise TypeError(
            f"replication is a whole number from 0; {replication!r} is a {type(replication).__name__}"
        )
    if replication < 0:
        raise ValueError(f"replication is a whole number from 0; {replication} is negative")
    if engine is not None and not isinstance(engine, str):
        raise TypeError(f"engine is a name; {engine!r} is a {type(engine).__name__}")
    if engine is not None and engine not in ENGINES:
        raise ValueError(str(unknown_name("engine", engine, ENGINES, "engine")))


def _played(
    scenario: Scenario,
    model: CustomerModel,
    organisation: Organisation,
    numbers: Numbers,
    replication: int,
    engine: Engine | None = None,
) -> tuple[World, State, Output]:
    """World, final state and output of one replication."""
    world = build_world(scenario, model, replication)
    state = starting_state(scenario, model, world, organisation, numbers)
    output = play(model, world, organisation, numbers, state, engine or scenario.experiment.engine)
    return world, state, output


def play(
    model: CustomerModel,
    world: World,
    organisation: Organisation,
    numbers: Numbers,
    state: State,
    engine: Engine,
) -> Output:
    """Let an engine play a replication; `state` is changed in place."""
    if engine == "simpy":
        from sim.engines.simpy import Company

        return Company(model, world, organisation, numbers, state).run()
    from sim.engines.compiled import run as run_compiled

    return run_compiled(model, world, organisation, numbers, state)


def lay_out(
    scenario: Scenario,
    model: CustomerModel,
    organisation: Organisation,
    world: World,
    state: State,
    output: Output,
) -> Trajectory:
    """The tables of a replication."""
    everybody = model.customers + model.prospects
    return Trajectory(
        requests=request_table(world, output),
        visits=output.visits,
        duties=output.duties,
        people=_people(organisation, state),
        names={
            "segment": model.segments,
            "recognised": model.segments,
            "product": model.products,
            "function": model.functions,
            "department": organisation.departments,
            "worker": organisation.person_names,
            "person": organisation.person_names,
            "status": list(STATUS),
            "kind": list(KIND),
            "passage": list(PASSAGE),
            "role": list(ROLE),
            "duty": list(DUTY),
            "customer": _customer_names(tuple(model.segments), tuple(everybody.tolist())),
        },
        horizon=scenario.horizon,
        warm_up=scenario.warm_up if scenario.experiment.kind == "long_run" else 0.0,
        end=output.end,
        scenario=scenario,
        told={
            one: kept["told"] for one, kept in state.kept.items() if isinstance(kept, dict) and "told" in kept
        },
        courtesy=np.array(state.courtesy) if state.courtesy else None,
        unmet=np.array(state.unmet) if state.unmet else None,
    )


def _people(organisation: Organisation, state: State) -> Table:
    table = np.zeros(len(organisation.role), PEOPLE)
    table["person"] = np.arange(len(table))
    table["role"], table["department"], table["seat"] = (
        organisation.role,
        organisation.department,
        state.seat,
    )
    table["speed"], table["cases"] = state.effects.pace, state.cases
    return table


@functools.lru_cache(maxsize=16)
def _customer_names(segments: tuple[str, ...], customers: tuple[int, ...]) -> list[str]:
    """Segment and number inside the segment: the same person whatever else the company has."""
    return [
        f"{name} {index}" for name, size in zip(segments, customers, strict=True) for index in range(size)
    ]
