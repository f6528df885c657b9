"""A report dressed for a client: names, currency and logo reach the page, and nothing that is computed."""

from pathlib import Path

import pandas as pd
import pytest

from sim.cli import main
from sim.figures import reword, swept_lines
from sim.report.build import html
from sim.report.page_data import Page
from sim.report.presentation import PNG, presentation
from sim.report.wording import local, written_for
from sim.study.results import load_results
from tests.figures import frames

ASKED = (
    "structure=function,customer", "company=in_short", "demand.scale=0.8", "experiment.kind=terminating",
    "experiment.replications=3", "experiment.horizon_weeks=8", "experiment.warm_up_weeks=1",
    "experiment.backend=serial", "sweep.figures=false",
)  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison, dressed."""
    place = tmp_path_factory.mktemp("dressed") / "out"
    assert main([*ASKED, f"sweep.folder={place}"]) == 0
    logo = place.parent / "logo.svg"
    logo.write_text(SVG)
    words = ["report.title=Who sits where?", "report.client=A & B <i>", "report.currency=EUR"]
    words += [f"report.logo={logo}", "report.labels.customer=Regional teams"]
    assert main(["report", str(place), *words, "--xlsx"]) == 0
    return place


def test_the_page_speaks_the_clients_words(folder: Path) -> None:
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<title>Who sits where?</title>" in page
    assert "For A &amp; B &lt;i&gt;" in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert "“Regional teams”" in page
    assert "“customer”" not in page
    assert " EUR a year" in page


def test_tables_for_spreadsheets_speak_them_too(folder: Path) -> None:
    assert set(pd.read_csv(folder / "summary.csv")["structure"]) == {"function", "Regional teams"}
    book = pd.read_excel(folder / "report.xlsx", sheet_name="Results")
    assert set(book["structure"]) == {"function", "Regional teams"}


def test_what_was_computed_stays_as_it_was(folder: Path) -> None:
    loaded = load_results(folder)
    assert loaded.complete
    assert set(loaded.results["structure"]) == {"function", "customer"}


def test_a_report_that_nothing_is_said_of_is_plain_again(folder: Path) -> None:
    assert main(["report", str(folder)]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "“customer”" in page
    assert "EUR" not in page


def test_every_mistake_is_told_at_once(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = [
        "report.titel=x",
        "report.client=",
        "report.logo=nowhere.png",
        "report.labels.function=" + "a" * 99,
    ]
    assert main(["report", str(folder), *words]) == 2
    told = capfd.readouterr().err
    assert 'Did you mean "title"' in told
    assert all(
        word in told for word in ("report.client", "nowhere.png", "report.labels.function", "4 errors")
    )


@pytest.mark.parametrize(
    ("word", "told"),
    [("report.labels.custmer=Teams", '"customer"'), ("report.labels.customer=function", "another is called")],
)
def test_a_label_names_what_is_there_and_nothing_twice(
    folder: Path, word: str, told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(folder), word]) == 2
    assert told in capfd.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a", b"", PNG * 30_000, b"<html></html>",
        b'<svg><script>alert(1)</script></svg>', b'<svg onload="x()"/>',
        b'<svg><image href="https://example.org/a.png"/></svg>',
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
    ],
)  # fmt: skip
def test_a_logo_is_a_small_picture_and_nothing_else(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "logo.svg"
    path.write_bytes(content)
    dress, mistakes = presentation([f"report.logo={path}"])
    assert (dress.logo, len(mistakes)) == ("", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4.9 % of 1,281,573", "4,9 % of 1.281.573"),
        ("95 % CI 49.1–51.4 %", "95 % CI 49,1–51,4 %"),
        ("“Team 2.0” is ahead by 0.5", "“Team 2.0” is ahead by 0,5"),
        ("version 0.1.0 of 2026-11-27, p95, 1,2,3", "version 0.1.0 of 2026-11-27, p95, 1,2,3"),
    ],
)
def test_numbers_have_a_decimal_comma_where_that_is_asked(text: str, expected: str) -> None:
    with written_for("", decimal_comma=True):
        assert local(text) == expected
    assert local(text) == text


def test_what_is_typed_again_keeps_its_points() -> None:
    page = Page("1.5", "", (), command="orgdes demand.scale=1.5", provenance=(("numpy", "2.4"),))
    with written_for("", decimal_comma=True):
        shown = html(page)
    assert "<h1>1,5</h1>" in shown
    assert "<code>orgdes demand.scale=1.5</code>" in shown
    assert "<dd>2.4</dd>" in shown


def test_ticks_and_labels_of_a_figure_have_a_decimal_comma() -> None:
    figure = swept_lines(frames.swept(("function",)), "demand 0.5", "hours", ["function"])
    with written_for("", decimal_comma=True):
        reword(figure, local)
    axis = figure.axes[0].xaxis
    assert axis.label.get_text() == "demand 0,5"
    assert not [label for label in axis.get_ticklabels() if "." in label.get_text()]
    assert [label for label in axis.get_ticklabels() if "," in label.get_text()]


def test_a_decimal_comma_is_asked_for_with_true_or_false() -> None:
    assert presentation(["report.decimal_comma=true"])[0].decimal_comma
    _, wrong = presentation(["report.decimal_comma=yes", "report.title="])
    assert [mistake.where for mistake in wrong] == ["report.decimal_comma", "report.title"]


def test_a_run_takes_the_same_settings_and_its_folder_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["report.title=Who sits where?", "report.labels.customer=Regional", "report.decimal_comma=true"]
    assert main([*ASKED]) == 0
    (place,) = Path("results").iterdir()
    plain = load_results(place)
    assert main([*ASKED, *words]) == 0
    assert list(Path("results").iterdir()) == [place]
    page = (place / "report.html").read_text(encoding="utf-8")
    assert "<title>Who sits where?</title>" in page
    assert "“Regional”" in page
    pd.testing.assert_frame_equal(load_results(place).results, plain.results)
    pd.testing.assert_frame_equal(load_results(place).scenarios, plain.scenarios)


def test_what_is_wrong_with_a_dress_is_told_with_all_else(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "report.titel=x", "report.decimal_comma=7", "demand.scal=1"]) == 2
    told = capfd.readouterr().err
    assert [name in told for name in ("report.titel", "report.decimal_comma", "demand.scal")] == [True] * 3


def test_a_label_for_nobody_is_refused_before_a_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "report.labels.custmer=x"]) == 2
    assert 'Did you mean "customer"?' in capfd.readouterr().err


@pytest.mark.parametrize("style", ["fill: url(http://x/a.svg#b)", "fill: url( 'http://x' )", "@import 'x'"])
def test_a_drawing_that_points_elsewhere_by_its_style_is_refused(style: str, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG.replace("<rect", f"<style>{style}</style><rect"))
    (mistake,) = presentation([f"report.logo={logo}"])[1]
    assert "addresses of other files" in mistake.what


def test_a_drawing_may_point_into_itself(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG.replace("<rect", '<rect fill="url(#shade)" style="stroke: url( \'#a\' )"'))
    assert not presentation([f"report.logo={logo}"])[1]
