"""Errors of the schema in plain words: the value, what is allowed, the nearest name."""

from typing import Any

import pytest

from sim.model.check import mistakes
from sim.model.mistake import Mistake, edit_distance, nearest, unknown_name
from tests.scenarios import changed, workshop

TOWN, CUT = "company.segments.town", "company.products.coat.work.cut"
LAWS = "lognormal, gamma, exponential, deterministic, erlang, uniform, hyperexponential, empirical, trace"

TOLD: dict[str, tuple[tuple[str, Any], str]] = {
    "unknown key": (
        ("people.learnig_rate", 0.8), 'people.learnig_rate: unknown key "learnig_rate". Known: learning_rate,'
    ),
    "unknown key in a list": (
        ("structure.blocks.0.functionz", "all"),
        'structure.blocks.0.functionz: unknown key "functionz". Known: functions, group_by.'
        ' Did you mean "functions"?',
    ),
    "unknown key in lists of a mapping": (
        ("structure", {"name": "x", "departments": {"a": [{"product": "all"}]}}),
        'structure.departments.a.0.product: unknown key "product". Known: functions, products, segments.'
        ' Did you mean "products"?',
    ),
    "unknown key of a law": (
        (CUT, {"law": "lognormal", "mean": 1.0, "cv": 1.0, "stdev": 1.0}),
        f'{CUT}.stdev: unknown key "stdev". Known: law, mean, cv.',
    ),
    "unknown law": (
        (CUT, {"law": "lognorml", "mean": 1.0}),
        f'{CUT}: unknown law "lognorml". Known: {LAWS}. Did you mean "lognormal"?',
    ),
    "no law": (
        (CUT, {"mean": 1.0}), f"{CUT}: does not say which law it is. Add law: lognormal, for example."
    ),
    "missing": ((CUT, {"law": "lognormal", "mean": 1.0}), f"{CUT}.cv: is missing. Give it a value."),
    "a number for a law": (
        (CUT, 3.0),
        f"{CUT}: 3.0 stands where a group of keys is needed. "
        "A mapping of keys; a duration is a law, such as {law: exponential, mean: 3.0}.",
    ),
    "negative": ((f"{TOWN}.customers", -2), f"{TOWN}.customers: -2 is negative. Must be at least 1."),
    "too small": ((f"{TOWN}.customers", 0), f"{TOWN}.customers: 0 is not allowed. Must be at least 1."),
    "too large": (("people.speed_cv", 3.0), "people.speed_cv: 3.0 is not allowed. Must be at most 2.0."),
    "not above": (
        (f"{TOWN}.promise_hours", 0.0), f"{TOWN}.promise_hours: 0.0 is not allowed. Must be > 0.0."
    ),
    "seed": (
        ("experiment.seed", 2**128), f"experiment.seed: {2**128} is not allowed. Must be below {2**128}."
    ),
    "broken number": ((f"{TOWN}.customers", 2.5), f"{TOWN}.customers: got 2.5. A whole number."),
    "truth for a number": ((f"{TOWN}.customers", True), f"{TOWN}.customers: got True. A whole number."),
    "nothing": ((f"{TOWN}.customers", None), f"{TOWN}.customers: got nothing. A whole number."),
    "text for a number": (
        ("staffing.headcount", "ten"), 'staffing.headcount: is the text "ten". A whole number is needed.'
    ),
    "comma": (
        ("people.speed_cv", "0,5"), 'people.speed_cv: "0,5" uses a comma. A number. Write 0.5.'
    ),
    "not a number": (
        ("people.speed_cv", float("nan")), "people.speed_cv: is not a number (NaN). A number."
    ),
    "infinite": (
        ("people.speed_cv", float("inf")), "people.speed_cv: is infinite (too large for a number). A number."
    ),
    "choice": (
        ("people.ownership", "owners"),
        'people.ownership: the text "owners" is not one of the choices. Known: owner, relay.'
        ' Did you mean "owner"?',
    ),
    "choice or list": (
        ("structure.blocks.0.functions", "frnt"),
        'structure.blocks.0.functions: the text "frnt" is not one of the choices.'
        ' Known: front, back, rest, all, or a list of names. Did you mean "front"?',
    ),
    "number in a list of names": (
        ("structure.blocks.0.functions", ["cut", 3]),
        "structure.blocks.0.functions.1: 3 is not a text. A text. Put it in quotes.",
    ),
    "choice in a list": (
        ("structure.coordinators", {"group_by": ["segmnt"]}),
        'structure.coordinators.group_by.0: the text "segmnt" is not one of the choices.'
        ' Known: segment, product. Did you mean "segment"?',
    ),
    "truth": (
        ("demand.profile", "yes"), 'demand.profile: the text "yes" is neither true nor false. true or false.'
    ),
    "truth for a text": (
        ("company.source", True), "company.source: True is not a text. A text. Put it in quotes."
    ),
    "word for a list": (
        ("company.products.coat.route", "cut"),
        'company.products.coat.route: the text "cut" is not a list. A list, such as [a, b].',
    ),
    "empty list": (
        ("company.products.coat.route", []), "company.products.coat.route: 0 given. At least 1 needed."
    ),
    "long text": (
        ("structure.name", "x" * 65),
        f'structure.name: the text "{"x" * 65}". At most 64 characters.',
    ),
    "text for a group": (
        ("people", "default"),
        'people: the text "default" stands where a group of keys is needed. A mapping of keys.',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_an_error_is_told_in_plain_words(name: str) -> None:
    change, text = TOLD[name]
    found = [str(mistake) for mistake in mistakes(changed(workshop(), change))]
    assert [line for line in found if line.startswith(text)], found


@pytest.mark.parametrize("name", TOLD)
def test_an_error_is_told_once(name: str) -> None:
    found = mistakes(changed(workshop(), TOLD[name][0]))
    assert len(found) == 1, list(map(str, found))


def test_a_very_long_value_is_cut() -> None:
    found = mistakes(workshop(("staffing.headcount", "x" * 500)))
    assert len(str(found[0])) < 650


def test_a_missing_group_is_told() -> None:
    plain = workshop()
    del plain["structure"]
    assert [str(mistake) for mistake in mistakes(plain)] == ["structure: is missing. Give it a value."]


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [("", "abc", 3), ("abc", "abc", 0), ("matrx", "matrix", 1), ("cta", "cat", 1), ("abcd", "badc", 2)],
)
def test_edits_between_words(first: str, second: str, edits: int) -> None:
    assert edit_distance(first, second) == edits == edit_distance(second, first)


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("poold", ["function", "pooled"], "pooled"),
        ("Matrix", ["matrix"], "matrix"),
        ("xy", ["ab", "cd"], ""),
        ("learning", ["learning_rate", "start"], "learning_rate"),
        ("q", [], ""),
    ],
)
def test_the_nearest_name_is_near(name: str, known: list[str], found: str) -> None:
    assert nearest(name, known) == found


def test_a_long_list_of_names_is_cut() -> None:
    names = [f"name {number}" for number in range(20)]
    assert unknown_name("x", "q", names, "name").allowed == f"Known: {', '.join(names[:12])} ..."


def test_a_list_of_twelve_names_is_whole() -> None:
    names = [f"name {number}" for number in range(12)]
    assert unknown_name("x", "q", names, "name").allowed == f"Known: {', '.join(names)}"


def test_parts_of_a_message_are_sentences() -> None:
    assert str(Mistake("a.b", "is wrong", "1 to 3", "Change it", "c")) == (
        'a.b: is wrong. 1 to 3. Did you mean "c"? Change it.'
    )
