"""The figures of a report as files: all of them, nothing older, sharp enough for a slide."""

import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from sim.report.build import page_of
from sim.report.page_data import Page
from sim.report.picture_files import remove_figures, write_figures
from tests.page import example

ONE_SETTING = {"distribution", "parts", "gap", "load", "satisfaction", "scores", "response-by-segment"}
HOSTILE = "</title><script>alert(1)</script> font-family: 'DejaVu Sans'"


def page(groups: int = 1, names: tuple[str, ...] = example.STRUCTURES) -> Page:
    """A report on so many settings of the demand."""
    keys = [(("demand.scale", str(1 + place / 10)),) if groups > 1 else () for place in range(groups)]
    layout = example.layout(tuple(example.group(pair, names) for pair in keys), names)
    folder = example.stored(names)
    return page_of(layout, example.tables(folder, names), folder)


@pytest.fixture(scope="module")
def single() -> Page:
    """A report on one setting."""
    return page()


def written(folder: Path) -> set[str]:
    return {path.name for path in (folder / "figures").iterdir()}


def test_every_figure_of_the_report_is_there_twice(single: Page, tmp_path: Path) -> None:
    write_figures(tmp_path, single)
    assert len(single.parts[0].figures) == len(ONE_SETTING)
    assert written(tmp_path) == {f"{name}.{kind}" for name in ONE_SETTING for kind in ("svg", "png")}


def test_a_png_has_200_dots_per_inch(single: Page, tmp_path: Path) -> None:
    write_figures(tmp_path, single)
    for path in (tmp_path / "figures").glob("*.png"):
        start = path.read_bytes()
        assert start.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">I", start[16:20]) == (1720,)  # 8.6 inches wide
        dots_per_metre = struct.unpack(">I", start[start.index(b"pHYs") + 4 :][:4])[0]
        assert round(dots_per_metre * 0.0254) == 200


def test_an_svg_has_a_size_a_title_and_common_fonts(single: Page, tmp_path: Path) -> None:
    write_figures(tmp_path, single)
    for picture in single.parts[0].figures:
        path = tmp_path / "figures" / f"{picture.name.removeprefix('part1-')}.svg"
        drawing = ElementTree.parse(path).getroot()
        assert drawing[0].text == picture.title
        assert drawing[1].text == picture.reading
        assert drawing.attrib["width"] == "619.2pt"
        fonts = [element.attrib["style"] for element in drawing.iter() if element.tag.endswith("}text")]
        assert fonts
        assert all("Verdana, Arial, sans-serif" in style for style in fonts)


def test_a_hostile_name_stays_text_in_the_file(tmp_path: Path) -> None:
    write_figures(tmp_path, page(names=(HOSTILE, "customer", "product")))
    drawing = ElementTree.parse(tmp_path / "figures" / "gap.svg").getroot()
    assert HOSTILE in str(drawing[0].text)
    assert not [element for element in drawing.iter() if element.tag.endswith("script")]


def test_of_several_settings_the_name_tells_which(tmp_path: Path) -> None:
    write_figures(tmp_path, page(groups=2))
    over = {f"over-{name}" for name in ("response-time-mean", "satisfaction-mean")}
    each = {f"part{place}-{name}" for place in (1, 2) for name in ONE_SETTING}
    assert {name.removesuffix(".png") for name in written(tmp_path) if name.endswith(".png")} == over | each


def test_figures_of_before_go_and_other_files_stay(single: Page, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    for name in ("old.png", "old.svg", "slides.pptx"):
        (tmp_path / "figures" / name).write_text("mine")
    write_figures(tmp_path, single)
    assert "slides.pptx" in written(tmp_path)
    assert not {"old.png", "old.svg"} & written(tmp_path)
    remove_figures(tmp_path)
    assert written(tmp_path) == {"slides.pptx"}


def test_a_link_to_a_folder_elsewhere_is_not_followed(single: Page, tmp_path: Path) -> None:
    elsewhere, results = tmp_path / "pictures", tmp_path / "results"
    elsewhere.mkdir()
    results.mkdir()
    (elsewhere / "family.png").write_text("mine")
    (results / "figures").symlink_to(elsewhere)
    remove_figures(results)
    write_figures(results, single)
    assert [path.name for path in elsewhere.iterdir()] == ["family.png"]
    assert "parts.png" in written(results)
