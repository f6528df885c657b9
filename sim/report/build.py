"""Stored results become `report.html`: one offline file a client can be sent.

Invariant: the report shows what the folder holds; it simulates nothing and loads nothing from elsewhere.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from markupsafe import Markup, escape

from sim.report import same_service
from sim.report.assumptions import assumptions
from sim.report.describe import about, structures, subtitle, title
from sim.report.explore import settings
from sim.report.layout_records import ComparisonGroup, Finding, Layout
from sim.report.overview import overview
from sim.report.page_data import (
    Grid,
    Page,
    Part,
    Section,
    command,
    losers,
    parameters,
    provenance,
    scenario_list,
    shown,
    tables_of,
    unbroken,
)
from sim.report.parameter_list import graded
from sim.report.picture_files import remove_figures, write_figures, write_whole
from sim.report.pictures import Tables, pictures
from sim.report.summary import with_answers
from sim.report.summary_of_many import details_of_many
from sim.report.wording import DECIMAL_COMMA, local, number, visible, without_keys, written_unit

if TYPE_CHECKING:
    import pandas as pd
    from jinja2 import Template

    from sim.analysis.compare import Comparison
    from sim.report.presentation import Presentation
    from sim.report.same_service import Staffing

REPORT: Final = "report.html"
FULL_PARTS: Final = 3
REST_ALLOWED: Final = "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
UNTOUCHED: Final = re.compile(
    r"(<style>.*?</style>|<script.*?</script>|<svg .*?</svg>|<pre>.*?</pre>|<dl>.*?</dl>|<[^>]*>)", re.DOTALL
)
"""What holds no sentences or tables: numbers in it stay as they are; figures are drawn as they are read."""
MOST_NAMED_GROUPS: Final = 6
LISTED: Final = (
    "response_time_mean",
    "response_time_p90",
    "within_promise",
    "satisfaction_mean",
    "utilisation",
)


class Stored(Protocol):
    """What was loaded from a result folder."""

    @property
    def results(self) -> "pd.DataFrame":
        """scenario, structure, replication, metric, scope, value, unit."""
        ...

    @property
    def scenarios(self) -> "pd.DataFrame":
        """One row a scenario, the dotted config keys as columns."""
        ...

    @property
    def extras(self) -> "dict[str, pd.DataFrame]":
        """weeks, decomposition, distribution, segments."""
        ...

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Where the results come from."""
        ...


def write_report(
    folder: Path, stored: Stored, comparison: "Comparison | None" = None, *, figures: bool = False
) -> Path:
    """Write `report.html` of a result folder and return its path; see `report_page` and `write_page`."""
    return write_page(folder, report_page(stored, comparison), figures)


def report_page(
    stored: Stored,
    comparison: "Comparison | None" = None,
    layout: Layout | None = None,
    *,
    staffing: "Staffing | None" = None,
    sections: Sequence[Section] = (),
) -> Page:
    """What the report says and shows.

    `stored` is what was loaded from the folder; `comparison` is made from it, and `layout` from that, when
    they are not given. `staffing`: the people that the same service takes, where that was asked; `sections`:
    further answers.
    """
    from sim.analysis.compare import compare
    from sim.report.layout import lay_out

    compared = comparison if comparison is not None else compare(stored)
    arranged = layout if layout is not None else lay_out(compared)
    page = page_of(arranged, tables_for(stored, compared), stored)
    page = page if staffing is None else with_staffing(page, staffing)
    return with_sections(page, sections)


def tables_for(stored: Stored, compared: "Comparison") -> Tables:
    """What figures and charts are made from."""
    return Tables(
        stored.results,
        stored.extras,
        compared.estimates,
        compared.gaps,
        compared.differences,
        hours_per_day(stored.scenarios),
    )


def write_page(folder: Path, page: Page, figures: bool) -> Path:
    """Write the page; its `figures` also as files, or those of before removed."""
    target = Path(folder) / REPORT
    write_whole(target, html(page).encode())
    if figures:
        write_figures(target.parent, page)
    else:
        remove_figures(target.parent)
    return target


def with_staffing(page: Page, staffing: "Staffing") -> Page:
    """The page of a comparison at the same service: people and cost come first."""
    return replace(
        page,
        title=same_service.TITLE,
        summary=_said(same_service.summary(staffing)),
        narrative=_said(tuple(same_service.findings(staffing))),
        same_service=(same_service.grid(staffing), same_service.frontier_grid(staffing)),
        frontier=(same_service.picture(staffing),),
        method=(*same_service.method(staffing), *page.method),
        parts=tuple(replace(part, heading=same_service.HEADING) for part in page.parts),
    )


def with_presentation(page: Page, dress: "Presentation") -> Page:
    """The page as this client gets it."""
    return replace(
        page, title=visible(dress.title) or page.title, client=visible(dress.client), logo=dress.logo
    )


def with_sections(page: Page, sections: Sequence[Section]) -> Page:
    """The page with further answers, and how they were found."""
    said = tuple(replace(own, findings=_said(own.findings)) for own in sections)
    methods = [text for own in sections for text in own.method]
    lines = with_answers(page.summary, [own.says for own in sections])
    return replace(page, summary=_said(lines), sections=said, method=(*page.method, *methods))


def hours_per_day(scenarios: "pd.DataFrame") -> float:
    """Open hours of a day, where all scenarios agree; else 8."""
    key = "company.clock.hours_per_day"
    values = set(scenarios[key].dropna()) if key in scenarios else set()
    return float(values.pop()) if len(values) == 1 else 8.0


def page_of(layout: Layout, tables: Tables, stored: Stored) -> Page:
    """The page of a comparison: full parts for a few settings, a list of scenarios for many."""
    from sim.figures.style import colours

    palette = colours(layout.structures)
    few = len(layout.groups) <= FULL_PARTS
    parts = tuple(
        Part(
            _heading(layout, group),
            tuple(tables_of(group)),
            _said(group.findings),
            losers(group),
            tuple(pictures(tables, group, f"part{place}")),
        )
        for place, group in enumerate(layout.groups[: FULL_PARTS if few else 1], start=1)
    )
    return Page(
        title=title(stored.scenarios),
        subtitle=subtitle(layout, stored.manifest),
        about=" ".join(_texts((about(stored.scenarios), *(f"{each}." for each in layout.legend)))).strip(),
        summary=_said(layout.summary),
        narrative=_said(_narrative(layout)),
        version=str(stored.manifest.get("versions", {}).get("orgdes", "")),
        warnings=_texts(layout.warnings),
        assumptions=_said((*assumptions(stored, layout), *graded(stored.scenarios))),
        overview=overview(layout),
        structures=structures(stored.scenarios, stored.results, layout.groups) if layout.groups else Grid(),
        parts=parts,
        scenarios=scenario_list(layout, LISTED) if len(layout.groups) > 1 else scenario_list(Layout(()), ()),
        settings=settings(layout, palette) if len(layout.groups) > 1 else "",
        method=_texts(layout.method),
        parameters=parameters(stored.scenarios),
        provenance=provenance(stored.manifest),
        command=command(stored.manifest),
        colours=palette,
    )


def _texts(sentences: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(without_keys(visible(sentence)) for sentence in sentences)


def _said(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(Finding(without_keys(visible(finding.text)), visible(finding.label)) for finding in findings)


def _narrative(layout: Layout) -> tuple[Finding, ...]:
    """What the summary does not say, and the headlines of a few settings that are not shown in full."""
    if len(layout.groups) == 1:
        return layout.groups[0].details
    brief = FULL_PARTS < len(layout.groups) <= MOST_NAMED_GROUPS
    first = [
        Finding(f"{group.label}: {group.findings[0].text}")
        for group in layout.groups[1:]
        if brief and group.findings and not group.findings[0].label
    ]
    return (*details_of_many(layout), *first)


def _heading(layout: Layout, group: ComparisonGroup) -> str:
    if len(layout.groups) == 1:
        return "The structures side by side"
    return f"In full: {without_keys(visible(group.label))}"


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        unbroken=unbroken, soft=soft, shown=shown, visible=visible, unit=written_unit, whole=_whole
    )
    return environment.from_string(_text("report.html"))


def soft(name: str) -> Markup:
    """A name that may break after an underscore.

    >>> soft("a_<b>")
    Markup('a_<wbr>&lt;b&gt;')
    """
    return Markup("_<wbr>").join(escape(part) for part in name.split("_"))


def _text(name: str) -> str:
    return (files("sim.report.page") / name).read_text(encoding="utf-8")


def html(page: Page) -> str:
    """The page as HTML: self-contained, readable offline, without any script but our own."""
    script = _text("explore.js") if page.settings else ""
    text = _template().render(
        page=page,
        css=Markup(_text("report.css")),
        script=Markup(script),
        settings=Markup(page.settings),
        allowed=_allowed(script),
    )
    if not DECIMAL_COMMA.get():
        return text
    return "".join(piece if place % 2 else local(piece) for place, piece in enumerate(UNTOUCHED.split(text)))


def _allowed(script: str) -> str:
    """What the page may do: nothing is loaded, and its own script alone runs, known by its digest."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    own = f"script-src 'sha256-{digest}'; " if script else ""
    return f"default-src 'none'; {own}{REST_ALLOWED}"


def _whole(value: float) -> str:
    return number(value, 0)
