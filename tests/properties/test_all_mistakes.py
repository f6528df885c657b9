"""However many mistakes of form and of sense are made at once, each is told."""

import random
from itertools import combinations
from typing import Any

import pytest

from sim.model.check import mistakes
from tests.scenarios import Plain, changed, office

LOAN, PRIVATE = "company.products.loan", "company.segments.private"
GREATER = {"law": "lognormal", "mean": 1.0}

MADE: dict[str, tuple[str, Any, str]] = {
    f"{PRIVATE}.requests_per_year": (f"{PRIVATE}.requests_per_year", -3.0, "-3.0 is negative"),
    "a route": (f"{LOAN}.route.1", "advise", 'unknown function "advise"'),
    "work of nobody": (f"{LOAN}.work.gossip", {**GREATER, "cv": 1.0}, 'unknown function "gossip"'),
    "a law": (f"{LOAN}.work.intake.law", "lognorml", 'unknown law "lognorml"'),
    "a spread": ("company.products.account.work.intake.cv", -1, "-1 is negative"),
    "a mix": ("company.segments.corporate.mix.account", 0.2, "sums to 1.1"),
    "a product": ("company.segments.private.mix.lone", 0.0, 'unknown product "lone"'),
    "a share": ("company.segments.corporate.attributes.place.city", 1.5, "1.5 is not allowed"),
    "weights": ("company.segments.corporate.weights.ease", 0.5, "add up to 1.3"),
    "customers": ("company.segments.corporate.customers", "many", 'is the text "many"'),
    "two rates": ("company.segments.corporate.interarrival", {**GREATER, "cv": 1.0}, "both of requests_per"),
    "a priority": (f"{PRIVATE}.priority", None, "got nothing"),
    "a side": ("company.functions.intake.side", "frnt", '"frnt" is not one of the choices'),
    "a pattern": ("company.profile.day_of_week", [1.0, 2.0], "2 factors. 5 are needed"),
    "a name": ("company.functions.Advice", {"side": "back"}, "look the same"),
    "no source": ("company.source", 7, "7 is not a text"),
    "a key": ("company.colour", "red", 'unknown key "colour"'),
    "a block": ("structure.blocks.0.group_by.0", "segmnt", '"segmnt" is not one of the choices'),
    "a structure's name": ("structure.name", "x" * 65, "At most 64 characters"),
    "people": ("staffing.headcount", 2, "2 people for"),
    "wages": ("staffing.wages.worker", -1.0, "-1.0 is negative"),
    "span": ("staffing.span", 0, "0 is not allowed"),
    "learning": ("people.learning_rate", 7, "7 is not allowed"),
    "all of people": ("people.speed_cv", True, "got True"),
    "handoffs": ("coordination.handoff", 3.0, "a duration is a law"),
    "misgrouped": ("customers", {"misgrouped": 0.7, "excluded": 0.4}, "misgrouped 0.7 + excluded 0.4 > 1"),
    "a surge": ("demand.surges", [{"from_week": 3, "to_week": 3, "factor": 2.0}], "from_week 3 >= to_week 3"),
    "a scale": ("demand.scale", 0, "0 is not allowed"),
    "warm-up": ("experiment.warm_up_weeks", 30, "nothing would be measured"),
    "seed": ("experiment.seed", -1, "-1 is negative"),
    "an engine": ("experiment.engine", "petrol", '"petrol" is not one of the choices'),
}


def hidden(names: tuple[str, ...]) -> list[str]:
    """Mistakes among these that nobody tells."""
    plain: Plain = office("default", "function")
    for name in names:
        path, value, _ = MADE[name]
        plain = changed(plain, (path, value))
    told = list(map(str, mistakes(plain)))
    return [name for name in names if not any(MADE[name][2] in line for line in told)]


def test_no_mistake_hides_another() -> None:
    pairs = list(combinations(MADE, 2))
    chosen = random.Random(1).sample(pairs, 60)
    assert [pair for pair in chosen if hidden(pair)] == []


@pytest.mark.slow
def test_no_mistake_of_all_pairs_hides_the_other() -> None:
    pairs = list(combinations(MADE, 2))
    assert [pair for pair in pairs if hidden(pair)] == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_of_many_mistakes_none_is_hidden(seed: int) -> None:
    chance = random.Random(seed)
    made = [tuple(chance.sample(list(MADE), chance.choice((3, 4, 6)))) for _ in range(40)]
    assert {names: lost for names in made if (lost := hidden(names))} == {}


def test_what_a_stand_in_brings_about_is_not_told() -> None:
    plain = changed(office("default", "function"), (f"{PRIVATE}.mix.loan", -0.25))
    assert [mistake.where for mistake in mistakes(plain)] == [f"{PRIVATE}.mix.loan"]
