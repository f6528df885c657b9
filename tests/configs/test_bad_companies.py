"""Companies, structures and policies that are well written and make no sense: each told with its line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Command

Own = Callable[[str, str | bytes], Path]
ROUTE = "route: [intake, assessment, fulfilment]"
MIX = "mix: {loan: 0.25, insurance: 0.25, account: 0.5}"
CLOCK = "clock: {hours_per_day: 8.0, days_per_week: 5}"
LONG = "x" * 65

COMPANIES: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "1 rate": (
        [("requests_per_year: 3.0", "requests_per_year: -3.0")],
        ["private.requests_per_year: -3", "negative", "> 0"],
    ),
    "2 rate 0": (
        [("requests_per_year: 3.0", "requests_per_year: 0.0")],
        ["private.requests_per_year", "> 0"],
    ),
    "3 nan": ([("requests_per_year: 3.0", "requests_per_year: .nan")], ["not a number (NaN)"]),
    "4 NaN as text": (
        [("requests_per_year: 3.0", "requests_per_year: NaN")],
        ["private.requests_per_year", "NaN"],
    ),
    "5 infinite": ([("requests_per_year: 3.0", "requests_per_year: .inf")], ["infinite"]),
    "5 too large": ([("requests_per_year: 3.0", "requests_per_year: 1e400")], ["infinite", "too large"]),
    "6 far too many": ([("requests_per_year: 3.0", "requests_per_year: 1.0e+6")], ["requests", "limit"]),
    "7 text": ([("requests_per_year: 3.0", "requests_per_year: ten")], ['is the text "ten"']),
    "8 comma": ([("requests_per_year: 3.0", "requests_per_year: 3,5")], ['"3,5" uses a comma', "3.5"]),
    "9 unit": (
        [("requests_per_year: 3.0", "requests_per_hour: 3.0")],
        ['unknown key "requests_per_hour"', "requests_per_year"],
    ),
    "10 work": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: lognormal, mean: -1.0, cv: 1.0}")],
        ["negative"],
    ),
    "11 spread": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: lognormal, mean: 0.4, cv: -2.0}")],
        ["cv: -2", "negative"],
    ),
    "12 variance for a coefficient": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: lognormal, mean: 0.4, cv: 200000.0}")],
        ["cv: 200000.0 is not allowed", "at most 20"],
    ),
    "14 uniform": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: uniform, low: 5.0, high: 3.0}")],
        ["low 5 > high 3"],
    ),
    "15 unknown law": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: lognorml, mean: 0.4, cv: 1.0}")],
        ['Did you mean "lognormal"?'],
    ),
    "16 missing": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: lognormal, mean: 0.4}")],
        ["cv", "missing"],
    ),
    "17 extra": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: lognormal, mean: 0.4, cv: 1.0, sd: 3.0}")],
        ['unknown key "sd"'],
    ),
    "19 empty sample": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: empirical, values: []}")],
        ["values", "At least 1 needed"],
    ),
    "19 text in a sample": (
        [("{law: lognormal, mean: 0.4, cv: 1.0}", "{law: empirical, values: [1.0, n/a]}")],
        ['"n/a"'],
    ),
    "20 shares": ([(MIX, "mix: {loan: 0.25, insurance: 0.25, account: 0.4}")], ["sums to 0.9, missing 0.1"]),
    "21 shares that are a little too much": (
        [(MIX, "mix: {loan: 0.25, insurance: 0.25, account: 0.5000001}")],
        ["sums to 1.0000001"],
    ),
    "22 probability": ([("visit_share: {}", "visit_share: {intake: 1.2}")], ["visit_share", "1.2"]),
    "23 route": (
        [(ROUTE, "route: [intake, assesment, fulfilment]")],
        ['"assesment"', 'Did you mean "assessment"?'],
    ),
    "23 product": (
        [(MIX, "mix: {lone: 0.25, insurance: 0.25, account: 0.5}")],
        ['"lone"', 'Did you mean "loan"?'],
    ),
    "29 names that look alike": ([("  corporate:", "  Private:")], ["look the same"]),
    "30 long name": ([("  corporate:", f"  {LONG}:")], [LONG[:20]]),
    "30 no name": ([("  corporate:", '  "":')], ["a key is empty", "1 to 64 characters"]),
    "30 blank": ([("  corporate:", '  "  ":')], ["is blank or has blanks at its ends"]),
    "31 two lines": ([("  corporate:", '  "a\\nb":')], ["contains U+000A, a control character"]),
    "31 from right to left": ([("  corporate:", '  "a\\u202eb":')], ["U+202E (right-to-left override)"]),
    "64 a newer form": ([("grade: D", "grade: D\nrequires: orgdes >= 9")], ['unknown key "requires"']),
    "43 never open": ([(CLOCK, "clock: {hours_per_day: 0.0, days_per_week: 5}")], ["hours_per_day", "> 0"]),
    "43 nine days": (
        [(CLOCK, "clock: {hours_per_day: 8.0, days_per_week: 9}")],
        ["days_per_week", "at most 7"],
    ),
    "43 profile": (
        [("day_of_week: [1.2, 1.0, 1.0, 0.95, 0.85]", "day_of_week: [1.0, 1.0]")],
        ["day_of_week"],
    ),
    "44 hours of a day": ([("hour_of_day: [0.9,", "hour_of_day: [-0.9,")], ["hour_of_day", "negative"]),
    "39 customers": ([("customers: ", "customers: -")], ["customers", "negative"]),
    "49 priority": ([("priority: 3", "priority: high")], ["priority", '"high"']),
    "no unit of service": (
        [("weights: {responsiveness: 0.2", "weights: {responsiveness: 0.3")],
        ["weights", "add up to 1.1"],
    ),
    "both rates": (
        [("interarrival: null", "interarrival: {law: exponential, mean: 3.0}")],
        ["both of requests_per_year"],
    ),
}


@pytest.mark.parametrize("name", COMPANIES)
def test_a_company_that_makes_no_sense_is_refused(
    name: str, own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    changes, fragments = COMPANIES[name]
    for old, new in changes:
        assert old in company_text
        company_text = company_text.replace(old, new, 1)
    own("company/bad.yaml", company_text)
    code, text = command("--config-dir", "mine", "company=bad", "structure=function")
    assert code == 2, text
    assert "mine/company/bad.yaml:" in text
    assert [fragment for fragment in fragments if fragment not in text] == [], text
    assert "Traceback" not in text
    assert ran == []


STRUCTURES: dict[str, tuple[str, list[str]]] = {
    "27 nothing": ("blocks: []\ndepartments: {}\n", ["structure"]),
    "23 unknown function": (
        "blocks: [{functions: [intak], group_by: []}]\n",
        ['"intak"', 'Did you mean "intake"?'],
    ),
    "23 unknown segment": (
        "departments:\n  a: [{functions: all, products: all, segments: [corporat]}]\n",
        ['Did you mean "corporate"?'],
    ),
    "uncovered": ("blocks: [{functions: [intake], group_by: []}]\n", ["advice"]),
    "covered twice": (
        "blocks: [{functions: all, group_by: []}, {functions: [intake], group_by: [product]}]\n",
        ["intake"],
    ),
    "axis": ("blocks: [{functions: all, group_by: [segmant]}]\n", ["segmant"]),
    "46 another key": (
        "blocks: [{functions: all, group_by: []}]\nspan_of_control: 7\n",
        ['unknown key "span_of_control"'],
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_structure_that_makes_no_sense_is_refused(
    name: str, own: Own, command: Command, ran: list[Any]
) -> None:
    text, fragments = STRUCTURES[name]
    own("structure/bad.yaml", f"name: bad\n{text}")
    code, shown = command("--config-dir", "mine", "structure=bad")
    assert code == 2, shown
    assert [fragment for fragment in fragments if fragment not in shown] == [], shown
    assert "Traceback" not in shown
    assert ran == []


def test_strange_names_are_accepted_as_text(
    own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    names = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "客户 🙂"]
    for old, new in zip(("private", "small business", "corporate"), names, strict=True):
        company_text = company_text.replace(f"\n  {old}:", f'\n  "{new}":')
    own("company/odd.yaml", company_text)
    code, text = command("--config-dir", "mine", "company=odd", "structure=function,customer")
    assert code == 0, text
    assert list(ran[0]["rows"][0].scenario["company"]["segments"]) == names


def test_21_shares_that_add_up_but_for_rounding_are_accepted(
    own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    own(
        "company/near.yaml",
        company_text.replace(MIX, "mix: {loan: 0.25, insurance: 0.25, account: 0.50000000001}"),
    )
    code, text = command("--config-dir", "mine", "company=near", "structure=function")
    assert (code, len(ran)) == (0, 1), text


PEOPLE = {name: {"department": name} for name in ("intake", "advice", "assessment", "fulfilment")}


def test_48_work_that_nobody_may_do_is_refused(own: Own, command: Command, ran: list[Any]) -> None:
    beginners = {**PEOPLE, "advice": {"department": "advice", "skills": [{"cells": {"products": ["loan"]}}]}}
    own("staffing/bad.yaml", yaml.safe_dump({"roster": beginners}))
    code, text = command("--config-dir", "mine", "staffing=bad", "structure=function")
    assert code == 2, text
    assert 'nobody in "advice" may do function advice, product insurance, segment private' in text
    assert "Traceback" not in text
    assert ran == []


def test_64_a_file_that_may_not_be_read_is_told(
    own: Own, command: Command, company_text: str, ran: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own("company/secret.yaml", company_text)
    read = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.name == path.name:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    code, text = command("--config-dir", "mine", "company=secret")
    assert code == 2, text
    assert "secret.yaml" in text
    assert "Traceback" not in text
    assert ran == []


def test_overload_is_a_note_and_no_mistake(command: Command, ran: list[Any]) -> None:
    code, text = command("structure=function", "demand.scale=3")
    assert code == 0, text
    assert len(ran) == 1
    assert 'note: function: "assessment" is expected to be busy' in text
    assert "its queue grows without end" in text


def test_a_staff_that_cannot_be_spread_is_refused(command: Command, ran: list[Any]) -> None:
    code, text = command("structure=product_customer", "staffing.headcount=9")
    assert code == 2
    assert "staffing.headcount: 9 people" in text
    assert ran == []


def test_a_product_code_that_is_a_number_is_a_name_as_any_other(
    own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    coded = company_text.replace("\n  loan:", "\n  1001:").replace("mix: {loan:", "mix: {1001:")
    own("company/coded.yaml", coded)
    changed = "company.products.1001.work.intake.mean=2.0,3.0"
    code, text = command("--config-dir", "mine", "company=coded", "structure=function", changed)
    assert code == 0, text
    products = [row.scenario["company"]["products"] for row in ran[0]["rows"]]
    assert [about["1001"]["work"]["intake"]["mean"] for about in products] == [2.0, 3.0]


@pytest.mark.parametrize("name", ["1.50", "true", "~", "0x1F", "2024-01-01", "1_000", "1e3"])
def test_a_name_that_yaml_reads_as_something_else_is_refused(
    name: str, own: Own, command: Command, company_text: str
) -> None:
    own("company/coded.yaml", company_text.replace("\n  loan:", f"\n  {name}:"))
    code, text = command("--config-dir", "mine", "company=coded", "structure=function")
    assert (code, f'Put it in quotes, "{name}"' in text, "Traceback" in text) == (2, True, False), text
