"""The slides of a folder: five, with native tables and charts, the words and numbers of the page."""

import base64
import sys
from pathlib import Path
from typing import Any

import pptx
import pytest

from sim.analysis.compare import compare
from sim.cli import main
from sim.report.build import report_page, tables_for, with_presentation
from sim.report.layout import lay_out
from sim.report.presentation import Presentation
from sim.report.slide_parts import CLEAR
from sim.report.slides import write_slides
from sim.report.wording import written_for
from tests.page.example import Folder
from tests.page.test_layout import SLOW_AND_FAST, folder
from tests.page.test_summary import COSTS_OF_EACH, FOLDERS

FORMULA = '=HYPERLINK("http://x")'
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"/>'


def written(place: Path, made: Folder, dress: Presentation | None = None) -> Any:
    """The slides of made-up results, opened again."""
    compared = compare(made)
    page = report_page(made, compared)
    page = with_presentation(page, dress) if dress else page
    write_slides(place, page, lay_out(compared), tables_for(made, compared))
    return pptx.Presentation(str(place))


def words(deck: Any) -> str:
    """All texts on all slides."""
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            found += [shape.text_frame.text] if shape.has_text_frame else []
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def charts(deck: Any) -> list[Any]:
    """All native charts."""
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Slides of a slow and a fast structure."""
    made = folder(SLOW_AND_FAST, costs=COSTS_OF_EACH)
    return written(tmp_path_factory.mktemp("slides") / "deck.pptx", made)


def test_there_are_five_slides_each_with_a_title(deck: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[1:] == [
        "How long customers wait",
        "Who gains and who loses",
        "Where the hours go, and who does the work",
        "What this rests on, and how sure it is",
    ]


def test_the_first_slide_is_the_summary_of_the_page(deck: Any) -> None:
    (table,) = [shape.table for shape in deck.slides[0].shapes if shape.has_table]
    told = [tuple(cell.text for cell in row.cells) for row in table.rows]
    page = report_page(folder(SLOW_AND_FAST, costs=COSTS_OF_EACH))
    assert told == [(line.label, line.text) for line in page.summary]


def test_bars_are_the_means_and_lines_their_intervals(deck: Any) -> None:
    rows = compare(folder(SLOW_AND_FAST)).estimates
    rows = rows[(rows["metric"] == "response_time_mean") & (rows["scope"] == "company")]
    (series,) = charts(deck)[0].plots[0].series
    assert list(series.values) == pytest.approx(rows["mean"].tolist())
    ends = [float(each.text) for each in series._element.xpath(".//c:errBars/c:plus//c:v")]
    assert ends == pytest.approx((rows["high"] - rows["mean"]).tolist())


def test_bars_begin_at_0_and_intervals_fit(deck: Any) -> None:
    for chart in charts(deck):
        high = max(value for series in chart.plots[0].series for value in series.values)
        assert chart.value_axis.minimum_scale == 0.0
        assert chart.value_axis.maximum_scale > high


def test_segments_have_bars_of_their_own(deck: Any) -> None:
    by_segment = charts(deck)[1].plots[0]
    assert list(by_segment.categories) == ["private", "public"]
    assert [series.name for series in by_segment.series] == ["function", "customer"]


@pytest.mark.parametrize("name", FOLDERS)
def test_any_folder_gives_five_small_slides(name: str, tmp_path: Path) -> None:
    deck = written(tmp_path / "deck.pptx", FOLDERS[name])
    assert len(deck.slides) == 5
    assert (tmp_path / "deck.pptx").stat().st_size < 200_000
    assert "nan" not in words(deck)


def test_a_mean_that_is_withheld_has_no_bar(tmp_path: Path) -> None:
    deck = written(tmp_path / "deck.pptx", folder(SLOW_AND_FAST, load=1.3))
    assert charts(deck) == []
    assert "withheld" in words(deck)


def test_no_name_is_a_formula_of_the_sheet_behind_a_chart(tmp_path: Path) -> None:
    made = folder({FORMULA: SLOW_AND_FAST["function"], "customer": SLOW_AND_FAST["customer"]})
    deck = written(tmp_path / "deck.pptx", made)
    for chart in charts(deck):
        names = [*chart.plots[0].categories, *(series.name for series in chart.plots[0].series)]
        assert not [name for name in names if name.startswith("=")]


def test_a_client_gets_own_title_name_and_numbers(tmp_path: Path) -> None:
    with written_for("EUR", decimal_comma=True):
        dress = Presentation(title="Who sits where?", client="Example Ltd")
        deck = written(tmp_path / "deck.pptx", folder(SLOW_AND_FAST, costs=COSTS_OF_EACH), dress)
    told = words(deck)
    assert deck.slides[0].shapes.title.text_frame.text == "Who sits where?"
    assert "Example Ltd" in told
    assert "20,5 ± 0,2 h" in told
    assert "80 EUR a year" in told


@pytest.mark.parametrize(("kind", "content"), [("png", CLEAR), ("svg+xml", SVG)])
def test_a_logo_is_on_the_first_slide(kind: str, content: bytes, tmp_path: Path) -> None:
    address = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
    deck = written(tmp_path / "deck.pptx", folder(SLOW_AND_FAST), Presentation(logo=address))
    parts = [part.blob for part in deck.part.package.iter_parts() if "image" in part.content_type]
    assert content in parts
    assert any(shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE for shape in deck.slides[0].shapes)


@pytest.mark.parametrize("name", ["deck.ppt", "there.pptx", "nowhere/deck.pptx"])
def test_slides_that_cannot_be_written_are_refused_at_once(
    name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "there.pptx").write_text("a client's")
    assert main(["report", str(tmp_path), "--slides", str(tmp_path / name)]) == 2
    assert "--slides" in capfd.readouterr().err
    assert (tmp_path / "there.pptx").read_text() == "a client's"


def test_without_the_library_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pptx", None)
    assert main(["report", str(tmp_path), "--slides"]) == 2
    assert "pip install python-pptx" in capfd.readouterr().err


def test_a_setting_behind_the_flag_is_no_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path / "no"), "--slides", "report.titel=Claims"]) == 2
    assert 'report.titel: unknown setting of the report "titel"' in capfd.readouterr().err


def test_people_are_told_where_structures_do_not_have_as_many(tmp_path: Path) -> None:
    made = folder(SLOW_AND_FAST)
    fewer = (made.results["metric"] == "headcount") & (made.results["structure"] == "customer")
    made.results.loc[fewer, "value"] = 19.0
    (table,) = [
        shape.table for shape in written(tmp_path / "a.pptx", made).slides[1].shapes if shape.has_table
    ]
    assert [row.cells[1].text for row in table.rows] == ["people", "24", "19"]
