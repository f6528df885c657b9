"""Every mistake of sense is told with its place; a scenario without mistakes is made, any other is not."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.check import BadScenario, mistakes, notes, scenario
from sim.model.run_checks import expected_requests
from sim.model.scenario import Scenario
from tests.scenarios import by_axes, changed, exponential, fixed, workshop

Change = tuple[str, Any]
LONG = {"horizon_weeks": 3000, "drain_weeks": 300}
NOVICES = ("people", {"start": "novice", "learning_rate": 0.8})
PERSON = {"department": "cut"}
EVERYWHERE = {f"person {number}": {"department": name} for number, name in enumerate(("cut", "sew"))}

FOUND: dict[str, tuple[list[Change], str, str]] = {
    "facts beside parts": (
        [("company.facts", {
            "functions": 1, "products": 1, "segments": 1, "step_hours": 1.0, "offered": 0.5,
            "front": {}, "back": {},
        })],
        "company.facts", "stands beside functions",
    ),
    "unknown function in a route": (
        [("company.products.coat.route", ["cut", "sw"])],
        "company.products.coat", 'unknown function "sw". Known: cut, sew. Did you mean "sew"?',
    ),
    "work for a function that is not in the route": (
        [("company.products.coat.route", ["sew"])],
        "company.products.coat", '"cut" is given but is not in the route. Route: sew.',
    ),
    "no work for a function of the route": (
        [("company.products.coat.work", {"sew": fixed(1.0)})],
        "company.products.coat.work", '"cut" has no work content. Add cut: {law',
    ),
    "nothing but delays": (
        [("company.functions.cut.kind", "delay"), ("company.functions.sew.kind", "delay")],
        "company.products.coat", "no step of the route is work",
    ),
    "both rates": (
        [("company.segments.town.interarrival", fixed(1.0))],
        "company.segments.town", "both of requests_per_year and interarrival are given",
    ),
    "no rate": (
        [("company.segments.town.requests_per_year", None)],
        "company.segments.town", "neither requests_per_year nor interarrival is given",
    ),
    "endless requests": (
        [("company.segments.town.interarrival", fixed(0.0)),
         ("company.segments.town.requests_per_year", None)],
        "company.segments.town.interarrival", "the mean time between requests is 0",
    ),
    "endless requests by weights": (
        [("company.segments.town.interarrival",
          {"law": "empirical", "values": [0.0, 5.0], "weights": [1.0, 0.0]}),
         ("company.segments.town.requests_per_year", None)],
        "company.segments.town.interarrival", "the mean time between requests is 0",
    ),
    "unknown product in a mix": (
        [("company.segments.town.mix", {"shirt": 0.5, "cot": 0.5})],
        "company.segments.town.mix", 'unknown product "cot". Known: shirt, coat. Did you mean "coat"?',
    ),
    "a mix that is too small": (
        [("company.segments.town.mix", {"shirt": 0.5, "coat": 0.4})],
        "company.segments.town.mix", "sums to 0.9, missing 0.1",
    ),
    "a mix that is too large": (
        [("company.segments.town.mix", {"shirt": 0.5, "coat": 0.75})],
        "company.segments.town.mix", "sums to 1.25, 0.25 too much",
    ),
    "weights of satisfaction": (
        [("company.segments.town.weights", {"ease": 0.5})],
        "company.segments.town.weights", "add up to 1.3",
    ),
    "shares of an attribute": (
        [("company.segments.town.attributes", {"size": {"small": 0.5}})],
        "company.segments.town.attributes.size", "sums to 0.5, missing 0.5",
    ),
    "names that look alike": (
        [("company.functions", {"cut": {"side": "front"}, "sew": {"side": "back"}, "CUT": {"side": "back"}})],
        "company.functions", '"cut" and "CUT" look the same',
    ),
    "a name with an unseen character": (
        [("structure", {"name": "x", "departments": {"a\u202eb": [{}]}})],
        "structure.departments", "contains U+202E",
    ),
    "a company's name of blanks": (
        [("company.name", "  ")],
        "company.name", "blank or has blanks at its ends",
    ),
    "a structure's name with an unseen character": (
        [("structure", {"name": "x\u202ey", "departments": {"all": [{}]}})],
        "structure.name", "contains U+202E",
    ),
    "a name with blanks at its end": (
        [("structure", {"name": "x", "departments": {"all ": [{}]}})],
        "structure.departments", "blank or has blanks at its ends",
    ),
    "a pattern of the wrong length": (
        [("company.profile.day_of_week", [1.0, 1.0])],
        "company.profile.day_of_week", "2 factors. 5 are needed, or none",
    ),
    "a pattern of hours for days that are no whole hours": (
        [("company.profile.hour_of_day", [1.0] * 7), ("company.clock.hours_per_day", 7.5)],
        "company.profile.hour_of_day", "7 factors for days of 7.5 open hours. A whole number of hours",
    ),
    "a pattern of nothing": (
        [("company.profile.month_of_year", [0.0] * 12)],
        "company.profile.month_of_year", "all factors are 0",
    ),
    "bounds the wrong way round": (
        [("company.products.coat.work.cut", {"law": "uniform", "low": 5.0, "high": 3.0})],
        "company.products.coat.work.cut", "low 5 > high 3",
    ),
    "weights for other values": (
        [("coordination.decision", {"law": "empirical", "values": [1.0], "weights": [1.0, 2.0]})],
        "coordination.decision", "2 weights for 1 values",
    ),
    "weights of nothing": (
        [("coordination.decision", {"law": "empirical", "values": [1.0], "weights": [0.0]})],
        "coordination.decision", "all weights are 0",
    ),
    "neither blocks nor departments": (
        [("structure", {"name": "x"})], "structure", "needs either blocks or departments",
    ),
    "blocks and departments": (
        [("structure.departments", {"a": [{}]})], "structure", "needs either blocks or departments",
    ),
    "an uncovered cell": (
        [("structure", {"name": "x", "departments": {"a": [{"functions": ["cut"]}]}})],
        "structure", "nobody does function sew, product coat, segment village",
    ),
    "a doubled cell": (
        [("structure", {"name": "x", "departments": {"a": [{}], "b": [{"products": ["coat"]}]}})],
        "structure", "function sew, product coat, segment town is done by a and by b",
    ),
    "an unknown product in a department": (
        [("structure", {"name": "x", "departments": {"a": [{}, {"products": ["cot"]}]}})],
        "structure.departments.a.1.products", 'unknown product "cot"',
    ),
    "a delay in a block": (
        [("structure.blocks.0.functions", ["cut", "sew"]), ("company.functions.cut.kind", "delay")],
        "structure.blocks.0.functions", '"cut" is a delay, which no department does. Known: sew',
    ),
    "fewer people than departments": (
        [("staffing.headcount", 1)], "staffing.headcount", "1 people for 2 departments",
    ),
    "people who cost nothing, as many as can be paid": (
        [("staffing.basis", "cost"), ("staffing.wages", {"worker": 0.0})],
        "staffing.wages.worker", "is 0, and staffing.basis=cost lets as many people in",
    ),
    "a wage of an unknown function": (
        [("staffing.wages.functions", {"swe": 60_000.0})],
        "staffing.wages.functions", 'unknown function "swe". Known: cut, sew. Did you mean "sew"?',
    ),
    "workers in an unknown department": (
        [("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 1, "sew": 1, "swe": 2})],
        "staffing.workers", 'unknown department "swe". Known: cut, sew. Did you mean "sew"?',
    ),
    "a department without workers": (
        [("staffing.allocation", "explicit"), ("staffing.workers", {"cut": 1})],
        "staffing.workers.sew", '"sew" has 0 workers but work is routed to it',
    ),
    "a person in an unknown department": (
        [("staffing.roster", {**EVERYWHERE, "ann": {"department": "cutt"}})],
        "staffing.roster.ann.department", 'unknown department "cutt"',
    ),
    "a department without persons": (
        [("staffing.roster", {"ann": PERSON})], "staffing.roster", 'nobody works in "sew"',
    ),
    "a cell that nobody may do": (
        [("staffing.roster.ann", {**PERSON, "skills": [{"cells": {"products": ["coat"]}}]}),
         ("staffing.roster.bea", {"department": "sew"})],
        "staffing.roster", 'nobody in "cut" may do function cut, product shirt, segment town',
    ),
    "an unknown skill": (
        [("staffing.roster", EVERYWHERE),
         ("staffing.roster.ann", {**PERSON, "skills": [{"cells": {"segments": ["twn"]}}]})],
        "staffing.roster.ann.skills.0.cells.segments", 'unknown segment "twn"',
    ),
    "more than everybody": (
        [("customers.misgrouped", 0.7), ("customers.excluded", 0.4)],
        "customers", "misgrouped 0.7 + excluded 0.4 > 1",
    ),
    "a grouping by something unknown": (
        [("customers.grouping", {"by": ["size"], "groups": 2}),
         ("company.segments.town.attributes", {"size": {"small": 1.0}})],
        "customers.grouping.by", 'unknown attribute "size" of segment "village"',
    ),
    "a grouping into far too many": (
        [("customers.grouping", {"by": ["a", "b"], "groups": 2}),
         *((f"company.segments.{name}.attributes", dict.fromkeys(
             ("a", "b"), dict.fromkeys([str(n) for n in range(400)], 1 / 400)))
           for name in ("town", "village"))],
        "customers.grouping.by", "160,000 combinations of values",
    ),
    "a surge backwards": (
        [("demand.surges", [{"from_week": 3, "to_week": 3, "factor": 2.0}])],
        "demand.surges.0", "from_week 3 >= to_week 3",
    ),
    "a surge of an unknown segment": (
        [("demand.surges", [{"from_week": 0, "to_week": 1, "factor": 2.0, "segment": "towm"}])],
        "demand.surges.0", 'unknown segment "towm"',
    ),
    "a surge in a steady state": (
        [("demand.surges", [{"from_week": 1, "to_week": 5, "factor": 2.0}])],
        "demand.surges.0", "with a surge until week 5 there is no steady state",
    ),
    "a trend in a steady state": (
        [("demand.trend_per_year", 0.1)],
        "demand.trend_per_year", "with a trend there is no steady state",
    ),
    "warm-up as long as the horizon": (
        [("experiment.warm_up_weeks", 20)],
        "experiment.warm_up_weeks", "warm-up 20 weeks >= horizon 20 weeks: nothing would be measured",
    ),
    "longer than the time grid": (
        [("experiment", LONG), ("company.segments.town.requests_per_year", 1.0)],
        "experiment.horizon_weeks", "132000 hours with the drain. Below 131072 hours",
    ),
    "novices in a steady state": (
        [NOVICES, ("company.functions.cut.knowledge", {"function": 1.0})],
        "experiment.horizon_weeks", "novice people have no steady state within 20 weeks. At least 260 weeks",
    ),
    "novices where one kind of knowledge matters": (
        [NOVICES, *((f"company.functions.{name}.knowledge", {"function": 0.5, "product": 0.5, "segment": 0.0})
                    for name in ("cut", "sew"))],
        "experiment.horizon_weeks", "novice people have no steady state",
    ),
    "far too many requests": (
        [("company.segments.town.requests_per_year", 1e6)],
        "company.segments", "would create about 9.2e+06 requests. The limit is 5,000,000",
    ),
    "far too many requests in a surge": (
        [("company.segments.town.requests_per_year", 1e5), ("experiment.kind", "terminating"),
         ("demand.surges", [{"from_week": 0, "to_week": 24, "factor": 10.0}])],
        "company.segments", "would create about 9.2e+06 requests",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_a_mistake_of_sense_is_told_with_its_place(name: str) -> None:
    changes, where, text = FOUND[name]
    told = [str(mistake) for mistake in mistakes(workshop(*changes)) if mistake.where == where]
    assert any(text in line for line in told), told or list(map(str, mistakes(workshop(*changes))))


@pytest.mark.parametrize("name", FOUND)
def test_a_mistake_is_told_once(name: str) -> None:
    told = list(map(str, mistakes(workshop(*FOUND[name][0]))))
    assert len(told) == len(set(told))


def test_the_workshop_has_no_mistake() -> None:
    assert mistakes(workshop()) == []


SOUND: dict[str, list[Change]] = {
    "one worker in each department": [
        ("staffing.allocation", "explicit"),
        ("staffing.workers", {"cut": 1, "sew": 1}),
    ],
    "as many people as departments": [("staffing.headcount", 2)],
    "as many weeks as the grid of time holds": [
        ("experiment", {"horizon_weeks": 3275, "drain_weeks": 1}),
        ("company.segments.town.requests_per_year", 1.0),
    ],
    "a surge that is over before anything is measured": [
        ("demand.surges", [{"from_week": 0, "to_week": 2, "factor": 2.0}])
    ],
    "a surge in a study of a period": [
        ("demand.surges", [{"from_week": 1, "to_week": 5, "factor": 2.0}]),
        ("experiment.kind", "terminating"),
    ],
    "no warm-up is cut off a period": [
        ("experiment.kind", "terminating"),
        ("experiment.warm_up_weeks", 30),
    ],
    "novices who cannot learn": [("people", {"start": "novice", "learning_rate": 1.0})],
    "novices where no knowledge matters": [
        NOVICES,
        *(
            (f"company.functions.{name}.knowledge", {"function": 0.0, "product": 0.0, "segment": 0.0})
            for name in ("cut", "sew")
        ),
    ],
    "a pattern of days where hours are no whole number": [
        ("company.clock.hours_per_day", 7.5),
        ("company.profile.day_of_week", [1.0] * 5),
    ],
    "a trace of arrivals that starts at once": [
        ("company.segments.town.interarrival", {"law": "trace", "values": [0.0, 0.0]}),
        ("company.segments.town.requests_per_year", None),
    ],
    "shares that add up but for rounding": [("company.segments.town.mix", {"shirt": 0.1 + 0.2, "coat": 0.7})],
}


@pytest.mark.parametrize("name", SOUND)
def test_what_makes_sense_is_not_refused(name: str) -> None:
    assert list(map(str, mistakes(workshop(*SOUND[name])))) == []


SIX = [
    ("company.segments.town.customers", -1),
    ("people.learning_rate", 2.0),
    ("people.ownership", "owners"),
    ("coordination.decision", {"law": "uniform", "low": 2.0, "high": 1.0}),
    ("staffing.headcount", "ten"),
    ("experiment.horizonweeks", 5),
]


def test_six_mistakes_are_six_messages() -> None:
    assert len(mistakes(workshop(*SIX))) == 6


def test_a_refusal_lists_every_mistake_and_their_number() -> None:
    with pytest.raises(BadScenario, match=r"(?s)people\.learning_rate.*6 mistakes; nothing was run\.$"):
        scenario(workshop(*SIX))


def test_a_mistake_of_demand_hides_none_of_staffing() -> None:
    changes = [FOUND["a surge backwards"][0][0], FOUND["fewer people than departments"][0][0]]
    assert len(mistakes(workshop(*changes))) == 2


def test_a_refusal_of_another_process_keeps_its_mistakes() -> None:
    refusal = BadScenario(mistakes(workshop(*SIX)))
    copied = pickle.loads(pickle.dumps(refusal))
    assert (copied.mistakes, str(copied)) == (refusal.mistakes, str(refusal))


def test_what_is_no_plain_data_is_refused() -> None:
    assert "cannot be read as plain data" in str(mistakes(workshop(("people", object())))[0])


paths = st.sampled_from(sorted({path for changes, _, _ in FOUND.values() for path, _ in changes}))
values = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.text(max_size=3),
    st.lists(st.integers(0, 1), max_size=2), st.just({}), st.just({"law": "uniform"}),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(paths, values), max_size=3))
def test_a_scenario_is_made_exactly_when_there_is_no_mistake(changes: list[Change]) -> None:
    try:
        plain = workshop(*changes)
    except (AttributeError, TypeError, KeyError, ValueError, IndexError):
        return  # one change made the place of the next impossible
    found = mistakes(plain)
    if found:
        with pytest.raises(BadScenario):
            scenario(plain)
    else:
        assert scenario(plain).week > 0.0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ([("experiment.replications", 1)], "one replication: no interval is possible"),
        ([("experiment.replications", 2)], "2 replications: intervals are rough below 10"),
        ([("experiment.replications", 9)], "9 replications: intervals are rough below 10"),
        ([("staffing.workers", {"cut": 3})], "staffing.workers is not used: allocation load says"),
        ([("staffing.workers", {"cut": 3}), ("staffing.roster", EVERYWHERE)], "not used: the roster says"),
    ],
)
def test_what_is_strange_but_possible_is_noted(changes: list[Change], text: str) -> None:
    assert any(text in note for note in notes(scenario(workshop(*changes))))


TOWN = "company.segments.town"
ONLY_TOWN: list[Change] = [("company.segments.village.requests_per_year", 1e-9)]
EVERY_FOUR: list[Change] = [
    (f"{TOWN}.requests_per_year", None),
    (f"{TOWN}.interarrival", {"law": "uniform", "low": 3.0, "high": 5.0}),
]
A_TRACE: list[Change] = [
    (f"{TOWN}.requests_per_year", None),
    (f"{TOWN}.interarrival", {"law": "trace", "values": [1.0] * 7}),
]
DOUBLE: Change = ("demand.surges", [{"from_week": 0, "to_week": 6, "factor": 3.0, "segment": "town"}])


# Twenty customers in town, 24 weeks of 40 hours.
@pytest.mark.parametrize(
    ("changes", "requests"),
    [
        ([], 20 * 24.0),
        ([("demand.scale", 2.0)], 20 * 48.0),
        ([(f"{TOWN}.batch", fixed(3.0))], 20 * 24 * 3.0),
        ([(f"{TOWN}.batch", fixed(0.0))], 20 * 24.0),
        (EVERY_FOUR, 20 * 960 / 4),
        ([*EVERY_FOUR, (f"{TOWN}.batch", fixed(2.0)), ("demand.scale", 0.5)], 20 * 960 / 4),
        (A_TRACE, 20 * 7.0),
        ([*A_TRACE, (f"{TOWN}.batch", fixed(2.0))], 20 * 14.0),
        ([DOUBLE], 20 * (6 * 3 + 18.0)),
        ([("demand.surges", [{"from_week": 0, "to_week": 6, "factor": 3.0, "segment": "village"}])], 480.0),
        ([("demand.trend_per_year", 1.0)], 20 * (24 + sum(range(24)) / 52)),
    ],
)
def test_requests_are_counted_beforehand(changes: list[Change], requests: float) -> None:
    found = scenario(workshop(*ONLY_TOWN, ("experiment.kind", "terminating"), *changes))
    assert expected_requests(found.company, found.demand, 24) == pytest.approx(requests)


def test_an_ordinary_scenario_has_no_note() -> None:
    assert notes(scenario(workshop())) == []


def test_a_scenario_knows_its_periods_in_hours() -> None:
    found = scenario(workshop(("company.clock.hours_per_day", 6.0)))
    assert (found.week, found.warm_up, found.horizon) == (30.0, 60.0, 600.0)


def test_work_is_done_by_functions_of_that_kind() -> None:
    plain = changed(workshop(structure=by_axes()), ("company.functions.cut.kind", "delay"))
    plain["company"]["products"]["shirt"]["work"]["cut"] = exponential(3.0)
    assert scenario(plain).work_functions == ("sew",)


def test_a_scenario_is_what_pydantic_makes_of_the_whole() -> None:
    plain = workshop()
    del plain["people"]
    found, whole = scenario(plain), Scenario.model_validate_json(json.dumps(plain))
    assert found == whole
    assert found.model_dump_json() == whole.model_dump_json()
    assert found.model_fields_set == whole.model_fields_set


def test_what_scenarios_share_is_read_once_and_a_later_change_is_noticed() -> None:
    plain = workshop()
    one, other = scenario(plain), scenario({**plain, "demand": {"scale": 0.5}})
    assert one.company is other.company
    plain["company"]["products"]["coat"]["route"].append("dye")
    assert [mistake.where for mistake in mistakes(plain)] == ["company.products.coat"]
    assert "dye" not in one.company.products["coat"].route


def test_a_law_is_looked_at_wherever_it_stands() -> None:
    wrong = {"law": "uniform", "low": 2.0, "high": 1.0}
    places = ("company.products.coat.work.sew", "company.segments.town.batch", "customers.claim")
    found = mistakes(workshop(*((place, wrong) for place in places)))
    assert sorted(mistake.where for mistake in found if "low 2 > high 1" in mistake.what) == sorted(places)


REMARKS: dict[str, tuple[Change, str]] = {
    "a function in no route": (
        ("company.functions.press", {"side": "back"}), 'function "press" is in no route'
    ),
    "a delay in no route": (
        ("company.functions.dry", {"side": "back", "kind": "delay"}), 'delay "dry" is in no route'
    ),
    "a value beyond the evidence": (
        ("demand.scale", 3.0), "demand.scale 3 is outside the advised 0.5 to 1.5"
    ),
    "a heavy tail": (
        ("company.products.coat.work.cut", {"law": "lognormal", "mean": 1.0, "cv": 20.0}),
        "company.products.coat.work.cut has a heavy tail (cv 20)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REMARKS)
def test_what_is_odd_but_no_mistake_is_remarked_on(name: str) -> None:
    change, text = REMARKS[name]
    assert [line for line in notes(scenario(workshop(change))) if text in line] != []


def test_what_is_switched_off_is_not_remarked_on() -> None:
    assert [line for line in notes(scenario(workshop())) if "advised" in line] == []


def test_a_misspelt_name_in_a_structure_is_not_told_again_as_work_that_nobody_does() -> None:
    plain = changed(
        workshop(), ("structure", {"name": "x", "departments": {"a": [{"functions": ["cut", "sow"]}]}})
    )
    (found,) = mistakes(plain)
    assert 'unknown function "sow"' in str(found)


def test_only_a_near_name_is_suggested() -> None:
    plain = changed(workshop(), ("people.lernrate", 0.8), ("experiment.reps", 3))
    told = sorted(map(str, mistakes(plain)))
    assert "Did you mean" not in told[0]
    assert 'Did you mean "learning_rate"' in told[1]
