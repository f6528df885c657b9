"""The summary: at most five lines with fixed words, true whatever a folder holds, and nothing said twice."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sim.report.build import html, report_page, with_sections
from sim.report.layout_records import Finding
from sim.report.page_data import Page, Section
from sim.report.summary import BETTER, CHANGE, COSTS, DO, LINES, SURE, with_answers
from tests.page.example import Folder
from tests.page.test_layout import ALIKE, SLOW_AND_FAST, Value, folder, luck, noise

OPEN: dict[str, Value] = {
    "function": lambda replication: 20 + luck(replication),
    "customer": lambda replication: 21 + luck(replication) + (replication % 3 - 1) * 15,
}
SAME: dict[str, Value] = dict.fromkeys(("pooled", "function"), ALIKE["function"])
ALONE: dict[str, Value] = {"customer": SLOW_AND_FAST["customer"]}
THREE: dict[str, Value] = {
    **SLOW_AND_FAST,
    "product": lambda replication: 12 + luck(replication) + noise(replication, 2) / 4,
}
COSTS_OF_EACH = {"function": 100.0, "customer": 80.0, "product": 90.0}
FOLDERS: dict[str, Folder] = {
    "settled": folder(SLOW_AND_FAST, costs=COSTS_OF_EACH),
    "three": folder(THREE, costs=COSTS_OF_EACH),
    "best is the reference": folder(dict(reversed(SLOW_AND_FAST.items())), costs=COSTS_OF_EACH),
    "open": folder(OPEN, costs=COSTS_OF_EACH),
    "alike": folder(ALIKE),
    "the same": folder(SAME),
    "alone": folder(ALONE),
    "alone in settings": folder(ALONE, scales=(0.8, 1.0)),
    "unstable": folder(SLOW_AND_FAST, load=1.3),
    "one replication": folder(SLOW_AND_FAST, replications=1),
    "failed": folder(SLOW_AND_FAST, statuses={"customer": "failed"}),
    "leavers": folder(SLOW_AND_FAST, leaving={"function": 0.03, "customer": 0.12}),
    "two settings": folder(THREE, scales=(0.8, 1.0), costs=COSTS_OF_EACH),
    "five settings": folder(SLOW_AND_FAST, scales=(0.8, 0.9, 1.0, 1.1, 1.2)),
    "many settings": folder(SLOW_AND_FAST, scales=tuple(0.5 + place / 20 for place in range(9))),
    "many unstable settings": folder(SLOW_AND_FAST, scales=(0.8, 0.9, 1.0, 1.1), load=1.3),
}


class Prose(HTMLParser):
    """The sentences of paragraphs and lists, as a reader meets them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside, self.texts = 0, [""]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside += tag in ("p", "li")
        self.texts += [""] if tag in ("p", "li") else []

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in ("p", "li")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data

    @property
    def sentences(self) -> list[str]:
        parts = [one for text in self.texts for one in re.split(r"(?<=[a-z)%”]\.)\s", text)]
        return [one.strip() for one in parts if len(one) > 25]


def twice(page: Page) -> set[str]:
    """Sentences that a page says more than once, its first setting in full alone: another may be like it."""
    told = Prose(html(replace(page, parts=page.parts[:1]))).sentences
    return {one for one in told if told.count(one) > 1}


def lines(name: str) -> dict[str, str]:
    """The summary of a made-up folder, by lead word."""
    return {line.label: line.text for line in report_page(FOLDERS[name]).summary}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_summary_has_at_most_five_lines_under_fixed_words_in_one_order(name: str) -> None:
    labels = list(lines(name))
    assert labels[0] == DO
    assert labels == [label for label in LINES if label in labels]


@pytest.mark.parametrize("name", FOLDERS)
def test_lines_are_short_and_hold_no_value_that_is_none(name: str) -> None:
    for text in lines(name).values():
        assert len(text.split()) <= 60
        assert not re.search(r"\bnan\b|None|\(\)|\.\.|;\.|  ", text)


@pytest.mark.parametrize("name", FOLDERS)
def test_no_sentence_is_said_twice_on_a_page(name: str) -> None:
    assert twice(report_page(FOLDERS[name])) == set()


def test_the_fastest_is_recommended_with_its_gain_its_certainty_and_its_cost() -> None:
    found = lines("settled")
    assert found[DO] == "Choose “customer”."
    assert "20.5 ± 0.2 h under “function”: better by 2" in found[BETTER]
    assert found[SURE].startswith("Settled by 12 replications: “customer” is 2")
    assert found[COSTS].startswith("80 a year, 20 % less than “function”; ")


def test_where_the_reference_is_best_its_lead_is_told() -> None:
    found = lines("best is the reference")
    assert found[DO] == "Choose “customer”."
    assert found[BETTER].startswith("Mean response time 1")
    assert " h under “function”" in found[BETTER]


def test_what_is_not_settled_is_called_so() -> None:
    found = lines("open")
    assert found[DO].startswith("Do not choose between “function” and “customer” yet: about ")
    assert found[SURE].startswith("Not settled by 12 replications: “function” is ")


def test_structures_that_serve_alike_are_called_so() -> None:
    assert lines("alike")[SURE] == "“function” and “customer” are shown to serve alike in 12 replications."


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("alone", "Nothing to choose: “customer” alone was looked at."),
        ("unstable", "Nothing yet: no two structures can be ranked here."),
        ("one replication", "Nothing yet: no two structures can be ranked here."),
        ("failed", "Nothing yet: no two structures can be ranked here."),
        ("many unstable settings", "Nothing yet: in no setting can structures be ranked by response time."),
    ],
)
def test_where_nothing_can_be_chosen_nothing_is_recommended(name: str, says: str) -> None:
    assert lines(name) == {DO: says}


def test_without_any_difference_it_makes_none() -> None:
    found = lines("the same")
    assert found[DO] == "It makes no difference here which you choose."
    assert found[SURE] == "“pooled” and “function” are the same in 12 replications."


def test_a_structure_that_leads_everywhere_is_recommended_for_every_setting() -> None:
    found = lines("many settings")
    assert found[DO] == "Choose “customer”: it serves fastest in every setting."
    assert found[SURE] == "Who serves fastest is settled in 9 of 9 settings."
    assert found[CHANGE].startswith("Nothing in the values tried: ")


def test_further_answers_go_on_with_a_line_and_replace_what_would_change_it() -> None:
    before = (Finding("Choose a.", DO), Finding("Settled.", SURE), Finding("The weather.", CHANGE))
    after = with_answers(before, [{SURE: "in 9 of 10 settings", CHANGE: "handoffs of 8 h"}])
    assert [line.text for line in after] == ["Choose a.", "Settled; in 9 of 10 settings.", "Handoffs of 8 h."]


def test_a_section_speaks_in_the_summary_of_the_page() -> None:
    page = report_page(FOLDERS["settled"])
    told = with_sections(page, [Section("What turns it", says={CHANGE: "handoffs of 8 h"})])
    assert told.summary[-1] == Finding("Handoffs of 8 h.", CHANGE)
