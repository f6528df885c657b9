"""The page: one offline file that says what was found, and from which no user text can escape.

Invariant: every check reads the finished HTML, as a browser would.
"""

import json
import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pandas as pd
import pytest

from sim.report import tidy
from sim.report.assumptions import assumptions
from sim.report.build import html, page_of
from sim.report.describe import structures
from sim.report.layout_records import Column, ComparisonGroup
from sim.report.overview import overview
from sim.report.page_data import command, parameters, provenance, tables_of
from sim.report.wording import KEY
from tests.page import example

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    "</text><a href='javascript:alert(1)'>x</a>",
    "<iframe src=javascript:alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "<!-- <script>alert(1)</script> -->",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' autofocus='",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//example.org>",
    "<style>@import url(//example.org)</style>",
    "<object data=x>",
    "<embed src=x>",
    "<form action=//example.org><input></form>",
    "<math><mtext></mtext></math>",
    "<foreignObject><body onload=alert(1)></foreignObject>",
    "<use href=data:image/svg+xml,x>",
    "$\\href{javascript:alert(1)}{x}$",
    "\u202e<script>\u2028alert(1)",
    "\x00<script>\x1b[31m",
)  # fmt: skip

ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "link",
    "foreignobject",
    "animate",
    "img",
}


class Reader(HTMLParser):
    """Collects what a browser would act on, and the text it would show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def finished() -> str:
    folder = example.stored()
    return html(page_of(example.layout(), example.tables(folder), folder))


@pytest.fixture(scope="module")
def plain(finished: str) -> Reader:
    return Reader(finished)


GROUPS = tuple(HOSTILE[start : start + 3] for start in range(0, len(HOSTILE), 3))


@cache
def hostile_page(names: tuple[str, ...]) -> Reader:
    """Three hostile structures; departments, segments, company, keys and provenance are hostile too."""
    text = " ".join(names)
    folder = example.stored(names, department=text, command=text)
    folder.manifest[text] = text
    folder.scenarios["company.name"] = text
    folder.scenarios[text] = [text, "b", "c"]
    groups = (example.group(names=names),)
    return Reader(
        html(page_of(example.layout(groups, names), example.tables(folder, names, segment=text), folder))
    )


@pytest.mark.parametrize("names", GROUPS)
def test_hostile_strings_in_every_field_add_nothing_that_runs(names: tuple[str, ...]) -> None:
    assert ACTIVE.isdisjoint(hostile_page(names).tags)


@pytest.mark.parametrize("names", GROUPS)
def test_hostile_strings_add_no_event_handler_and_no_address(names: tuple[str, ...]) -> None:
    page = hostile_page(names)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "action")]


@pytest.mark.parametrize("names", GROUPS)
def test_hostile_strings_leave_no_control_character(names: tuple[str, ...]) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", hostile_page(names).text)


def test_every_reference_points_into_the_page(plain: Reader) -> None:
    assert all(value.startswith("#") for name, value in plain.attributes if name.endswith("href"))


def test_the_page_forbids_scripts_and_loading(plain: Reader) -> None:
    policies = [value for name, value in plain.attributes if name == "content" and "default-src" in value]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]


def test_the_page_says_the_answer_first(plain: Reader) -> None:
    assert plain.text.index("customer serves fastest: 17.9 h.") < plain.text.index("response time")


def test_an_unstable_structure_has_no_mean_in_the_table(plain: Reader) -> None:
    assert plain.text.count("withheld") >= len(example.VALUES)


def test_what_it_rests_on_stands_after_what_was_found(finished: str) -> None:
    headings = ("The answer in full", "What this rests on", "How this was measured")
    places = [finished.index(f">{heading}<") for heading in headings if f">{heading}<" in finished]
    assert len(places) >= 3
    assert places == sorted(places)


def test_warnings_stand_before_the_table(plain: Reader) -> None:
    assert plain.text.index("Read this first") < plain.text.index("The structures side by side")


def test_every_figure_has_a_sentence_for_screen_readers(plain: Reader) -> None:
    labels = [value for name, value in plain.attributes if name == "aria-label" and len(value) > 40]
    assert len(labels) == plain.tags.count("svg") == 7


def test_no_id_is_given_twice(plain: Reader) -> None:
    ids = [value for name, value in plain.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_the_page_is_small_enough_for_an_e_mail(finished: str) -> None:
    assert len(finished.encode()) < 300_000


def test_a_client_reads_no_keys_of_the_configuration(plain: Reader) -> None:
    assert not KEY.search(plain.text.partition("Appendix")[0])


def test_a_client_reads_no_json(plain: Reader) -> None:
    assert not re.search(r"[{}]", plain.text.partition("Appendix")[0].partition("</style>")[2])


def test_libraries_stand_in_the_appendix_alone(plain: Reader) -> None:
    assert "versions: python" not in plain.text.partition("Appendix")[0]


def test_eight_structures_stand_in_tables_that_a_page_of_paper_holds() -> None:
    names = tuple(f"structure {place}" for place in range(8))
    many = ComparisonGroup((), tuple(Column(str(place), name) for place, name in enumerate(names)), ())
    tables = [[column.structure for column in table.columns] for table in tables_of(many)]
    assert tables == [[names[0], *names[1:4]], [names[0], *names[4:8]]]


def rests_on(kind: str = "Demand", **changes: Any) -> str:
    """What the page says its answer rests on, of one kind."""
    folder = example.stored()
    hours = folder.extras["decomposition"]
    hours.loc[hours["kind"] == "handoff", "hours"] = 9.0
    folder.scenarios["config"] = json.dumps({**example.SCENARIO, **changes})
    return {each.label: each.text for each in assumptions(folder, example.layout())}.get(kind, "")


def test_the_page_says_how_much_demand_there_is() -> None:
    assert rests_on() == "Customers: 900 private, 70 corporate; about 3,400 requests a year."


def test_the_page_says_what_is_promised() -> None:
    promised = "Open hours within which a request is promised: 24 h for private, 32 h for corporate."
    assert rests_on("Promises") == promised


def test_a_promise_that_the_file_leaves_out_is_the_usual() -> None:
    company = {"segments": {"private": {"customers": 900, "requests_per_year": 3.0}}}
    assert rests_on("Promises", company=company) == "Every request is promised within 40 open hours."


def test_a_premium_for_generalists_that_nobody_gave_is_asked_for() -> None:
    assert rests_on("Wages").endswith("The premium for covering several functions is 0: ask the client.")


def test_a_premium_that_was_given_is_said() -> None:
    paid = {"wages": {"worker": 50000.0, "premium_per_function": 0.05}}
    assert rests_on("Wages", staffing=paid).endswith("earns 5 % more for each further one.")


def test_an_assumed_number_that_carries_the_answer_is_named() -> None:
    assert "2.91 handoffs x one assumed number, 2 h each." in rests_on("Carries the answer")


def test_a_sweep_over_a_number_gets_lines_over_it() -> None:
    groups = tuple(example.group((("demand.scale", value),)) for value in ("0.8", "1.0", "1.2"))
    assert [picture.title for picture in overview(example.layout(groups))] == [
        "Response time over demand",
        "Satisfaction over demand",
    ]


def test_a_sweep_over_two_keys_gets_a_map_of_winners() -> None:
    keys = [(("company.products", products), ("people.e0", e0)) for products in "24" for e0 in ("50", "200")]
    groups = tuple(example.group(pair) for pair in keys)
    assert overview(example.layout(groups))[0].reading.startswith("Of 4 settings, customer wins 4.")


def test_several_factors_at_once_get_points_instead_of_lines() -> None:
    samples = (("0.81", "0.3"), ("0.97", "0.7"), ("1.04", "0.1"))
    keys = [(("demand.scale", demand), ("coordination.handoff.mean", hours)) for demand, hours in samples]
    groups = tuple(example.group(pair) for pair in keys)
    assert [picture.title for picture in overview(example.layout(groups))] == [
        "Response time over all that was varied",
        "Satisfaction over all that was varied",
    ]


def test_a_large_sweep_lists_its_scenarios_and_details_one_setting() -> None:
    groups = tuple(example.group((("demand.scale", str(scale / 100)),)) for scale in range(80, 120))
    folder = example.stored()
    page = page_of(example.layout(groups), example.tables(folder), folder)
    assert (len(page.parts), len(page.scenarios.rows)) == (1, 40 * (1 + 3))


def test_only_parameters_that_differ_are_listed() -> None:
    scenarios = example.stored().scenarios
    scenarios["demand.scale"] = (0.8, 1.0, 1.2)
    grid = parameters(scenarios)
    assert [row[0] for row in grid.rows] == ["demand.scale"]


def test_the_command_can_be_pasted_into_a_shell() -> None:
    assert command({"command": ["orgdes", "company=a b"]}) == "orgdes 'company=a b'"


def test_provenance_counts_files_instead_of_listing_them() -> None:
    assert ("files", "1 with SHA-256 in manifest.json") in provenance(
        {"files": {"results.parquet": "0" * 64}}
    )


def test_a_kind_missing_from_a_replication_counts_as_no_time() -> None:
    rows = [(0, "work", 2.0), (0, "decision", 1.0), (1, "work", 4.0)]
    table = pd.DataFrame(rows, columns=["replication", "kind", "hours"]).assign(scenario=0, scope="company")
    group = ComparisonGroup((), (Column("0", "function"),), ())
    parts = tidy.parts({"decomposition": table}, group).set_index("kind")["hours"]
    assert parts.to_dict() == {"decision": 0.5, "work": 3.0}


def two_settings() -> tuple[Any, pd.DataFrame]:
    """One structure at two sizes of the staff, spread differently; scenarios and results of it."""
    groups = [
        ComparisonGroup(
            (("staffing.headcount", people),), (Column(scenario, "customer", headcount=8, workers=7),), ()
        )
        for scenario, people in (("0", "20"), ("1", "24"))
    ]
    rows = [(0, "private", 3.0), (0, "public", 4.0), (1, "private", 5.0), (1, "public", 2.0)]
    results = pd.DataFrame(
        {"scenario": scenario, "replication": 0, "metric": "workers", "scope": f"department:{name}",
         "value": value} for scenario, name, value in rows
    )  # fmt: skip
    return groups, results


def test_each_settings_people_are_shown_where_they_differ() -> None:
    groups, results = two_settings()
    grid = structures(pd.DataFrame({"scenario": [0, 1]}), results, groups)
    assert [(row[0], row[2]) for row in grid.rows] == [
        ("customer (people = 20)", "private (3), public (4)"),
        ("customer (people = 24)", "private (5), public (2)"),
    ]


def test_people_that_are_alike_in_all_settings_are_shown_once() -> None:
    groups, results = two_settings()
    alike = results.assign(value=3.0)
    grid = structures(pd.DataFrame({"scenario": [0, 1]}), alike, groups)
    assert [row[0] for row in grid.rows] == ["customer"]


def test_the_page_says_that_people_were_held() -> None:
    folder = example.stored()
    plain = example.SCENARIO | {"staffing": example.SCENARIO["staffing"] | {"held": {"private": 3}}}
    folder.scenarios["config"] = json.dumps(plain)
    (found,) = [each.text for each in assumptions(folder, example.layout()) if each.label == "People"]
    assert "held in settings that differ in what nobody designs" in found


def test_on_paper_no_table_of_a_setting_is_split(finished: str) -> None:
    printed = finished.partition("@media print")[2].partition("</style>")[0]
    (kept,) = re.findall(r"([^{}]*)\{ break-inside: avoid; \}\s*tr,", printed)
    assert ".comparison" in kept
    assert ".plain:not(.list)" in kept
