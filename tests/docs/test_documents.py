"""What the documents say exists: links, files, names, parameters, metrics, numbers of theory, code.

Invariant: a document is compared with the code it describes, never with another document.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.analysis.catalogue import METRICS
from sim.known_answers.case import exponential
from sim.known_answers.oracles import average_wait, break_even, general_station, pooling, unlike_pool
from sim.model.scenario import Scenario

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
MODEL = ROOT / "docs" / "model.md"
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "experiments").rglob("README.md"))]
GROUPS = tuple(Scenario.model_fields)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def quoted(written: str) -> list[str]:
    """What stands in backticks, outside code blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", written, flags=re.M | re.S))


def wrong_on(pages: Iterable[Path], rule: Callable[[Path], Any]) -> dict[str, Any]:
    """What a rule finds wrong, by the page it finds it on."""
    return {str(page.relative_to(ROOT)): wrong for page in pages if (wrong := rule(page))}


def dead_links(page: Path) -> list[str]:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text(page))
    inside = [link for link in links if not link.startswith(("http:", "https:"))]
    return [link for link in inside if not (page.parent / link).exists()]


def missing_files(page: Path) -> list[str]:
    starts = ("sim/", "configs/", "docs/", "tests/", "experiments/", "notebooks/")
    named = [word for word in quoted(text(page)) if word.startswith(starts) and " " not in word]
    return [word for word in named if not ((ROOT / word).exists() or (page.parent / word).exists())]


def lost_in_the_code(page: Path) -> list[str]:
    where = text(page).split("**Where.**")[1]
    files = [ROOT / word for word in quoted(where) if (ROOT / word).is_file()]
    code = "\n".join(map(text, files))
    names = [word for word in quoted(where) if re.fullmatch(r"[A-Za-z_]+", word)]
    return [name for name in names if not re.search(rf"\b{name}\b", code)] if files else ["no file named"]


def test_links_lead_somewhere() -> None:
    assert wrong_on(PAGES, dead_links) == {}


def test_named_files_exist() -> None:
    assert wrong_on(PAGES, missing_files) == {}


def test_a_decision_says_where_it_is_in_the_code() -> None:
    assert wrong_on(DECISIONS, lost_in_the_code) == {}


def test_a_decision_is_half_a_page() -> None:
    assert wrong_on(DECISIONS, lambda page: max(len(text(page).split()) - 300, 0)) == {}


def keys() -> Iterator[str]:
    """Dotted keys in the mechanisms table, and in the text where they begin with a group."""
    for word in quoted(text(MODEL)):
        key = re.split(r"[ =:]", word)[0]
        if re.fullmatch(r"[a-z_]+(\.([a-z_]+|<name>))+", key) and key.split(".")[0] in GROUPS:
            yield key


@cache
def schema() -> dict[str, Any]:
    """The schema of a scenario; making it takes a while."""
    return Scenario.model_json_schema()


def known(key: str) -> bool:
    """Whether the schema has the key; <name> stands for any name."""
    kinds: list[dict[str, Any]] = [schema()]
    for part in key.split("."):
        kinds = [inner for kind in kinds for inner in inside(kind, part, schema())]
    return bool(kinds)


def inside(kind: dict[str, Any], part: str, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for choice in resolved(kind, schema):
        if part == "<name>" and isinstance(choice.get("additionalProperties"), dict):
            yield choice["additionalProperties"]
        if part in choice.get("properties", {}):
            yield choice["properties"][part]


def resolved(kind: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in kind:
        yield from resolved(schema["$defs"][kind["$ref"].rpartition("/")[2]], schema)
        return
    yield kind
    for choice in (*kind.get("anyOf", ()), *kind.get("oneOf", ()), *kind.get("allOf", ())):
        yield from resolved(choice, schema)


def test_the_parameters_of_the_model_page_exist() -> None:
    assert [key for key in keys() if not known(key)] == []


def test_the_schema_is_searched_at_all() -> None:
    assert known("company.segments.<name>.patience")
    assert not known("company.segments.<name>.patient")


def test_every_metric_is_defined_on_the_model_page() -> None:
    table = text(MODEL).split("### 2.13")[1].split("## 3 Data")[0]
    told = set(quoted(table)) | {f"response_time{word}" for word in quoted(table) if word.startswith("_p")}
    assert set(METRICS) - told == set()


def test_the_three_results_of_theory_are_what_the_oracles_say() -> None:
    alike, turn = pooling(4, 1, 0.8), break_even(4, 5, 0.8)
    rates, means = [5 / 6, 1 / 12], [1.0, 10.0]
    pairs = zip(rates, map(exponential, means), strict=True)
    apart = average_wait(rates, [general_station(rate, work)["Wq"] for rate, work in pairs])
    mixed = unlike_pool(rates, means, 2)["Wq_pool"]
    numbers = (
        f"{alike['Wq_sep']:.2f}",
        f"{alike['Wq_pool']:.3f}",
        f"{turn['speedup_pct_for_equal_W']:.1f} %",
        f"{turn['speedup_pct_for_equal_Wq']:.1f} %",
        f"{mixed:.2f}",
        f"{apart:.2f}",
    )
    told = text(README).split("## Do specialised departments")[1].split("## Who wins")[0]
    assert [number for number in numbers if number not in told] == []


def test_the_python_of_the_readme_runs() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", text(README), re.M | re.S)
    ran = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "visits" in ran.stdout


def test_the_picture_is_small() -> None:
    assert (ROOT / "docs" / "images" / "first-result.png").stat().st_size < 200_000
