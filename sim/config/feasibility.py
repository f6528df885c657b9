"""A look at the organisations of a sweep before it runs: can the staff be spread, is a department overloaded?

Invariant: what is impossible is told here, or by the study as a failed scenario; nothing is repaired.
"""

from collections.abc import Mapping
from typing import Any

from sim.mechanisms.patience import limited
from sim.model.check import BadScenario, Mistake, mistakes, scenario
from sim.model.scenario import Scenario

LOOKED_AT = 16
"""Scenarios looked at; an organisation takes some hundredths of a second to build."""
NEARLY = 0.97


def feasibility(plains: Mapping[int, Mapping[str, Any]]) -> tuple[dict[int, list[Mistake]], list[str]]:
    """Mistakes by scenario number, and notes on departments that cannot keep up or have nothing to do.

    Of a large sweep only some scenarios are looked at, spread over all of it.
    """
    found: dict[int, list[Mistake]] = {}
    notes: list[str] = []
    for number, plain in spread(plains).items():
        try:
            notes += _loads(plain)
        except BadScenario as impossible:
            found[number] = impossible.mistakes
    return found, list(dict.fromkeys(notes))


def spread_people(plain: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """What `staffing` holds: workers by department and coordinators by group, as the scenario's rules say.

    Nothing where they cannot be spread.
    """
    from sim.organisation.desks import coordinated_groups
    from sim.replication import prepare

    if mistakes(dict(plain)):
        return {}
    try:
        organisation = prepare(scenario(dict(plain)))[1]
    except BadScenario:
        return {}
    sizes = (organisation.first_worker[1:] - organisation.first_worker[:-1]).tolist()
    planner = organisation.planner
    groups = coordinated_groups(planner.scenario, planner.model)
    return {
        "held": dict(zip(organisation.departments, sizes, strict=True)),
        "held_coordinators": dict(zip(groups, planner.coordinators, strict=True)),
    }


def spread(plains: Mapping[int, Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """The scenarios that are looked at; of those themselves, all."""
    return {number: plains[number] for number in list(plains)[:: -(-len(plains) // LOOKED_AT) or 1]}


def _loads(plain: Mapping[str, Any]) -> list[str]:
    from sim.organisation import build_organisation
    from sim.world import build_customer_model

    checked = scenario(dict(plain))
    organisation = build_organisation(checked, build_customer_model(checked))
    loads = zip(organisation.departments, organisation.load.tolist(), strict=True)
    idle = [name for name in checked.structure.departments if name not in organisation.departments]
    return [
        *_places(checked, organisation.headcount + int(organisation.support.people.sum())),
        *(
            _note(checked, department, load)
            for department, load in (*loads, *((name, 0.0) for name in idle))
            if load >= NEARLY or load == 0.0
        ),
    ]


def _places(checked: Scenario, people: int) -> list[str]:
    """SourceMap of the payroll that stay empty, and people beyond it."""
    staffing, name = checked.staffing, checked.structure.name
    if staffing.basis != "payroll" or staffing.roster:
        return []
    if people > staffing.headcount:
        return [f"{name}: {people} people are given work on a payroll of {staffing.headcount}"]
    if people < staffing.headcount and staffing.given is None:
        empty, places = staffing.headcount - people, staffing.headcount
        stay = "stays" if empty == 1 else "stay"
        return [f"{name}: {empty} of {places} places {stay} empty: one more would take a manager too many"]
    return []


def _note(checked: Scenario, department: str, load: float) -> str:
    structure = checked.structure.name
    if load == 0.0:
        return f'{structure}: "{department}" is never reached: no request needs what it does'
    busy = f'{structure}: "{department}" is expected to be busy {load:.0%} of its time'
    if load < 1.0:
        return f"{busy}; it needs a long run to settle"
    leaves = any(limited(checked))
    if leaves or checked.staffing.waiting_room is not None:
        return f"{busy} if nobody left: customers will {'give up' if leaves else 'find no place to wait'}"
    withheld = "; long-run figures of this scenario will be withheld"
    long_run = checked.experiment.kind == "long_run"
    return f"{busy}: its queue grows without end{withheld if long_run else ''}"
