"""The settings that a reader chooses from: data that nothing escapes from, and a script that shows them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sim.report.build import html, page_of, report_page
from sim.report.explore import LARGEST, settings
from sim.report.layout_records import ComparisonGroup
from sim.report.wording import written_for
from tests.page import example
from tests.page.test_layout import SLOW_AND_FAST, folder, layout_of
from tests.page.test_page import HOSTILE, Reader

SWEEP = folder(SLOW_AND_FAST, scales=(1.2, 0.8, 1.0))
CHROMIUM = shutil.which("chromium")
MOVED = (
    '<script>var own = document.querySelector("#explore input[type=range]"); own.value = 2; '
    'own.dispatchEvent(new Event("input"));</script></body>'
)


def data(text: str) -> dict[str, Any]:
    """What the script of the page reads."""
    found: dict[str, Any] = json.loads(text)
    return found


def page(names: tuple[str, ...] = example.STRUCTURES, keys: tuple[str, ...] = ("0.8", "1.0")) -> str:
    """A page of made-up settings."""
    groups = tuple(example.group((("demand.scale", value),), names) for value in keys)
    made = example.stored(names)
    return html(page_of(example.layout(groups, names), example.tables(made, names), made))


def element(text: str) -> str:
    """The data as they stand in the page."""
    (found,) = re.findall(r'<script type="application/json" id="explore-data">(.*?)</script>', text, re.S)
    return str(found)


def test_every_setting_is_there_with_its_values_in_order() -> None:
    found = data(settings(layout_of(SWEEP), {}))
    assert found["keys"] == [{"name": "demand", "kind": "slider", "values": ["0.8", "1.0", "1.2"]}]
    assert [own["at"] for own in found["settings"]] == [[2], [0], [1]]


def test_a_cell_says_what_the_table_of_the_page_says() -> None:
    layout = layout_of(SWEEP)
    cell = data(settings(layout, {}))["settings"][0]["columns"][1]["cells"][0]
    line = layout.groups[0].line("response_time_mean")
    value = line.cells[1].value if line else None
    assert value is not None
    assert cell["value"].startswith(f"{value.mean:.1f} ± ")
    assert cell["ends"] == pytest.approx([value.low, value.mean, value.high], rel=1e-4)
    assert cell["mark"] == "better"


def test_a_withheld_mean_has_no_bar() -> None:
    found = data(settings(layout_of(folder(SLOW_AND_FAST, scales=(0.8, 1.0), load=1.3)), {}))
    cells = [cell for own in found["settings"] for column in own["columns"] for cell in column["cells"]]
    assert {cell["value"] for cell in cells} <= {"withheld", "-"}
    assert not [cell for cell in cells if "ends" in cell]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("0.8", "1.0"), "slider"),
        (("fifo", "due", "lifo"), "choice"),
        (("true", "false"), "tick"),
        (("1",), ""),
    ],
)
def test_numbers_slide_names_are_listed_and_yes_or_no_is_ticked(values: tuple[str, ...], kind: str) -> None:
    groups = tuple(
        ComparisonGroup((("people.dispatch", value),), example.group().columns, ()) for value in values
    )
    text = settings(example.layout(groups), {})
    assert (data(text)["keys"][0]["kind"] if text else "") == kind


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    with written_for("", decimal_comma=True):
        found = data(element(html(report_page(SWEEP))))
    assert found["keys"][0]["values"] == ["0,8", "1,0", "1,2"]
    assert "," in found["settings"][0]["columns"][0]["cells"][0]["value"]
    assert isinstance(found["measures"][0]["top"], float)


def test_a_page_of_one_setting_has_no_script() -> None:
    assert "<script" not in html(report_page(folder(SLOW_AND_FAST)))


@pytest.mark.parametrize("name", [*HOSTILE, '"quoted"', "it's", "</script>", "a\u202eb\u200f"])
def test_no_name_ends_the_element_of_the_data(name: str) -> None:
    text = page((name, "b", "c"), keys=(name, "2"))
    assert not re.search(r"[<>&]", element(text))
    assert Reader(text).tags.count("script") == 2
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", json.dumps(data(element(text)), ensure_ascii=False))


def test_the_script_alone_may_run_and_nothing_may_be_loaded() -> None:
    (policy,) = [
        value for name, value in Reader(page()).attributes if name == "content" and "default" in value
    ]
    assert re.match(r"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]{44}'; style-src", policy)
    assert "unsafe-inline" not in policy.partition("style-src")[0]


def test_the_script_makes_no_markup_of_data() -> None:
    script = re.findall(r"<script>(.*?)</script>", page(), re.S)[0]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(|fetch|http", script
    )


def test_without_scripts_the_control_stays_hidden() -> None:
    assert re.search(r'<section class="explore"[^>]* hidden>', page())


def test_some_hundred_scenarios_stay_below_half_a_megabyte() -> None:
    groups = tuple(example.group((("demand.scale", str(scale / 1000)),)) for scale in range(1000, 1300))
    assert 0 < len(settings(example.layout(groups), {})) <= LARGEST


def test_far_too_many_settings_are_left_to_the_files() -> None:
    groups = tuple(example.group((("demand.scale", str(scale / 1000)),)) for scale in range(1000, 4000))
    assert settings(example.layout(groups), {}) == ""


def seen(path: Path) -> str:
    """The page as a browser has it after its scripts."""
    words = ["--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={path.parent / 'profile'}"]
    command = [str(CHROMIUM), *words, "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    (section,) = re.findall(r'<section class="explore".*?</section>', done.stdout, re.S)
    return str(section)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_in_a_browser_moving_the_slider_shows_the_other_setting(tmp_path: Path) -> None:
    text = html(report_page(SWEEP))
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    first = seen(tmp_path / "page.html")
    assert 'hidden=""' not in first.partition(">")[0]
    assert '<p class="setting" aria-live="polite">demand 1.2</p>' in first
    moved = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text).replace("</body>", MOVED)
    (tmp_path / "moved.html").write_text(moved.replace("own.value = 2", "own.value = 0"), encoding="utf-8")
    assert '<p class="setting" aria-live="polite">demand 0.8</p>' in seen(tmp_path / "moved.html")
