"""What the flow of work asks: how long, how likely. Asked by both engines and by the expected loads.

Each answer consults the mechanisms concerned in a fixed order; `numbers` is `Numbers.record`, the policies of
the scenario. Invariant: the same bits for whoever asks, compiled or not; durations lie on the grid unless
they are expected ones.
"""

from typing import Any

from sim.jit import compiled, inlined
from sim.mechanisms import (
    defects,
    handoffs,
    meetings,
    misgrouping,
    quality_programme,
    shared_record,
    variants,
)
from sim.mechanisms.learning import (
    familiarity,
    handicap_of,
    knowledge_part,
    mean_unfamiliarity,
    unfamiliarity,
)
from sim.mechanisms.pace import pace_part
from sim.mechanisms.switching import switch_hours
from sim.mechanisms.workload import hurry_factor
from sim.rules.grid import on_grid

Record = Any
Three = tuple[float, float, float]
SEASONED, NOVICE, EXPLICIT = range(3)  # people.start
OWNER, RELAY = range(2)  # people.ownership
Effort = tuple[float, float, float, float, float, float, float, float, float, float]
"""Hours by function, product, segment, pace, switch and reread; unfamiliarity on the three axes; chance of a
defect."""


@compiled
def learns(numbers: Record) -> bool:
    """Does experience matter at all (P1)?"""
    return bool(numbers[0].learning_exponent > 0.0)


@compiled
def counts_related(numbers: Record) -> bool:
    """Does experience elsewhere on the same axis count (P1, E2)?"""
    return bool(numbers[0].related_weight > 0.0)


@compiled
def errs_by_person(numbers: Record) -> bool:
    """Does the chance of a defect depend on who does the step, or on what of the context is left (K10)?"""
    by_knowledge = numbers[0].defects_unfamiliarity > 0.0 and numbers[0].knowledge_scale > 0.0
    return bool(by_knowledge or numbers[0].defects_context > 0.0)


@inlined
def cases_counted(numbers: Record, own: float, together: float) -> float:
    """Experience that counts: one's own, and a part of what all of the axis comes to (P1, E2)."""
    return own + numbers[0].related_weight * (together - own)  # type: ignore[no-any-return]


@inlined
def of_version(numbers: Record, cases: float, with_segment: float, together: float) -> float:
    """Counted cases of a product that hold for a segment's version of it (C10)."""
    return variants.in_version(cases, with_segment, together, numbers[0].variants_degree)


@inlined
def unfamiliar(numbers: Record, by_function: float, by_product: float, by_segment: float) -> Three:
    """Unfamiliarity on the three axes of somebody with so many counted cases (P1)."""
    u = (1.0, 1.0, 1.0)
    if numbers[0].learning_exponent != 0.0:
        u = familiarity(
            by_function, by_product, by_segment, numbers[0].beginner_cases, numbers[0].learning_exponent
        )
    return u[0], u[1], with_record(numbers, u[2])


@inlined
def with_record(numbers: Record, with_segment: float) -> float:
    """Unfamiliarity with a segment of somebody who can look the customer up (K2)."""
    if numbers[0].shared_record_enabled:
        return shared_record.looked_up(with_segment, numbers[0].shared_record_quality)
    return with_segment


@inlined
def busy_pace(numbers: Record, pace: float, waiting: int, workers: int) -> float:
    """Time factor of a person while so many requests wait in a department of so many people (P13)."""
    own = numbers[0]
    if not own.workload_enabled:
        return pace
    return pace * hurry_factor(float(waiting), float(workers), own.workload_hurry, own.workload_most_waiting)


@inlined
def slowed_pace(numbers: Record, pace: float, needs: int) -> float:
    """Time factor of a person with so many needs of internal services open that slow work down (P5)."""
    for _ in range(needs):
        pace *= numbers[0].support_slowing
    return pace


@compiled
def unfamiliar_with(numbers: Record, cases: float) -> float:
    """Unfamiliarity on one axis of somebody with so many counted cases (P1)."""
    return unfamiliarity(cases, numbers[0].beginner_cases, numbers[0].learning_exponent)


@inlined
def expected_switch(numbers: Record, mean_work: float) -> float:
    """Set-up for another product or function than before, in a step of this mean work (K11)."""
    return switch_hours(mean_work, numbers[0].switch_share, numbers[0].switch_hours)


@inlined
def adds_to_steps(numbers: Record) -> bool:
    """May every step take longer than its content, even with full context (K2, K4, K8)?"""
    own = numbers[0]
    return bool(own.shared_record_enabled or own.quality_programme_enabled or own.telling_enabled)


@inlined
def expected_reread(numbers: Record, lost: float, work_done: float) -> float:
    """Reading up on what was lost on the way (K1), keeping a record (K2), inspecting the step (K8)."""
    own, hours = numbers[0], handoffs.reread_hours(lost, numbers[0].reread_share, work_done)
    if own.shared_record_enabled:
        hours += own.shared_record_upkeep_minutes / 60.0
    if own.quality_programme_enabled:
        looks_for = own.quality_programme_looks_for
        hours += quality_programme.inspection_hours(own.quality_programme_minutes, looks_for)
    return hours


@inlined
def defect_chance(
    numbers: Record, u: Three, on_function: float, on_product: float, on_segment: float, context: float,
    more: float, care: float,
) -> float:  # fmt: skip
    """Chance that a step goes wrong, from who does it and what of the context is left (K10).

    more, care : effects `defect_base` and `care`; 0 and 1 without.
    """
    slope, mean_u = numbers[0].defects_unfamiliarity, 0.0
    if numbers[0].knowledge_scale == 0.0:
        slope = 0.0
    if slope != 0.0:
        mean_u = mean_unfamiliarity(u[0], u[1], u[2], on_function, on_product, on_segment)
    return defects.defect_probability(
        numbers[0].defects_base + more,
        slope,
        mean_u,
        numbers[0].defects_reference,
        context,
        numbers[0].defects_context,
        care,
    )


@compiled
def effort_parts(
    work: float,
    weight_function: float,
    weight_product: float,
    weight_segment: float,
    u_function: float,
    u_product: float,
    u_segment: float,
    pace: float,
) -> tuple[float, float, float, float]:
    """Extra hours by function, by product, by segment (P1) and by pace (P14), each on the grid.

    >>> [float(part) for part in effort_parts(2.0, 0.5, 0.25, 0.25, 1.0, 1.0, 0.0, 2.0)]
    [1.0, 0.5, 0.0, 3.5]
    """
    handicap = handicap_of(weight_function, weight_product, weight_segment, u_function, u_product, u_segment)
    return (
        knowledge_part(work, weight_function, u_function),
        knowledge_part(work, weight_product, u_product),
        knowledge_part(work, weight_segment, u_segment),
        pace_part(work, handicap, pace),
    )


@inlined
def effort(
    numbers: Record, work: float, by_function: float, by_product: float, by_segment: float, helped: float,
    on_function: float, on_product: float, on_segment: float, pace: float, changed: bool, mean_work: float,
    context: float, work_done: float, informing: float, more: float, care: float,
) -> Effort:  # fmt: skip
    """What a step takes beside its work content for this person now, and the chance that it goes wrong.

    Mechanisms, in this order: P1, P14, K11, K1 with K2, K8 and K4, K10.

    Parameters
    ----------
    work : content of the step, hours. mean_work : of steps like it.
    by_function, by_product, by_segment : counted cases of the person.
    helped : unfamiliarity of a coordinator with the segment, which replaces a greater one; 1 without.
    on_function, on_product, on_segment : how much knowledge matters in this function.
    pace : the person's own time factor. changed : is product or function another than in the step before?
    context : what is left of it, 0 to 1. work_done : content of the request's steps already done, hours.
    informing : hours of telling the customer what to bring and how it goes (K4).
    more, care : as of `defect_chance`.
    """
    u_function, u_product, u_segment = unfamiliar(numbers, by_function, by_product, by_segment)
    u_segment = min(u_segment, helped)
    parts, switch, reread = (0.0, 0.0, 0.0, 0.0), 0.0, 0.0
    if pace != 1.0 or on_function != 0.0 or on_product != 0.0 or on_segment != 0.0:
        parts = effort_parts(
            work, on_function, on_product, on_segment, u_function, u_product, u_segment, pace
        )
    if changed:
        switch = on_grid(expected_switch(numbers, mean_work))
    if context < 1.0 or adds_to_steps(numbers):
        reread = on_grid(expected_reread(numbers, 1.0 - context, work_done)) + informing
    u = (u_function, u_product, u_segment)
    chance = defect_chance(numbers, u, on_function, on_product, on_segment, context, more, care)
    return (
        parts[0], parts[1], parts[2], parts[3], switch, reread, u_function, u_product, u_segment, chance
    )  # fmt: skip


@inlined
def handicap(
    numbers: Record, by_function: float, by_product: float, by_segment: float, on_function: float,
    on_product: float, on_segment: float,
) -> float:  # fmt: skip
    """How much longer than somebody who knows everything: 1 means twice as long (P1)."""
    u = unfamiliar(numbers, by_function, by_product, by_segment)
    return handicap_of(on_function, on_product, on_segment, u[0], u[1], u[2])


@inlined
def context_kept(numbers: Record, same_department: bool) -> float:
    """Share of the context that is left when another person takes over (K1)."""
    own = numbers[0]
    if same_department:
        return own.context_within  # type: ignore[no-any-return]
    kept = own.context_coordinated if own.coordinated else own.context_between
    if own.shared_record_enabled:
        return shared_record.shared_context(kept, own.shared_record_quality)
    return kept  # type: ignore[no-any-return]


@inlined
def content(work: float, factor: float) -> float:
    """Content of a step where mechanisms make more or less of it (model.md, 2.2); `factor`: `work_factor`."""
    return work if factor == 1.0 else on_grid(work * factor)


@inlined
def waits_for_owner(numbers: Record, hours: float) -> bool:
    """Does a request wait for somebody who knows it and is back in so many hours (model.md, 2.6)?"""
    return hours <= numbers[0].owner_wait_hours  # type: ignore[no-any-return]


@inlined
def repeated_work(numbers: Record, work: float) -> float:
    """Content of a step that is done again, unless it is drawn anew (K10)."""
    return on_grid(numbers[0].rework_share * work)


@inlined
def expected_triage(numbers: Record, work: float) -> float:
    """Finding out that a customer belongs elsewhere, in a step of this content (C2)."""
    return misgrouping.triage_hours(work, numbers[0].triage_share)


@inlined
def coordination_hours(numbers: Record) -> float:
    """What a coordinator needs to take a request on (S6)."""
    return on_grid(numbers[0].matrix_coordination_hours)


@inlined
def expected_work(numbers: Record, work: float, repeats: float) -> float:
    """Mean content of a visit where each first visit of this content has so many repeats (K10)."""
    return work * (1.0 + repeats * numbers[0].rework_share) / (1.0 + repeats)  # type: ignore[no-any-return]


@compiled
def expected_repeats(numbers: Record, wrong: float) -> float:
    """Repeated rounds of a request, from the chance that a round goes wrong (K10, C12).

    A defect is found inside, or else the customer complains; each round may go wrong again, up to a limit.
    """
    own = numbers[0]
    if not own.quality_programme_enabled:
        return defects.expected_repeats(wrong, own.rework_caught, own.rework_complaint, own.rework_rounds)
    again = wrong * quality_programme.again_chance(numbers)
    return defects.expected_repeats(again, 1.0, 0.0, own.rework_rounds)


@compiled
def meeting_hours(numbers: Record, workers: int, partners: int, training: float) -> float:
    """Hours a week a worker spends in meetings and training, at most nine tenths of the week (K7).

    Parameters
    ----------
    workers : people of the department. partners : departments it exchanges work with.
    training : hours a week spent on learning further functions.
    """
    own = numbers[0]
    return meetings.meeting_hours(
        own.meetings_base_hours, own.meetings_per_colleague_hours, own.meetings_per_partner_hours, workers,
        partners, training, own.week,
    )  # fmt: skip


@inlined
def queues_each_step(numbers: Record) -> bool:
    """Does every step queue again, so that nobody keeps a request (`ownership: relay`; model.md, 2.6)?"""
    return numbers[0].ownership == RELAY  # type: ignore[no-any-return]


@inlined
def starts_seasoned(numbers: Record) -> bool:
    """Do people start with the experience that their work settles at (P2)?"""
    return numbers[0].start == SEASONED  # type: ignore[no-any-return]


@inlined
def starting_cases(numbers: Record) -> float:
    """Experience on every axis of people who do not start seasoned (P2)."""
    return numbers[0].start_cases if numbers[0].start == EXPLICIT else 0.0


@inlined
def weekly_retention(numbers: Record) -> float:
    """Experience kept from one weekly review to the next (P2)."""
    return numbers[0].weekly_retention  # type: ignore[no-any-return]
