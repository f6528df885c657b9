"""A page of plain text and safe figures becomes one HTML file.

Invariant: autoescape is on and undefined names are errors; the file loads nothing and runs nothing.
"""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from sim.report.page_data import Page, unbroken

if TYPE_CHECKING:
    from jinja2 import Template


@cache
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(unbroken=unbroken, soft=soft)
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
    """The page as HTML: self-contained, without scripts, readable offline."""
    return _template().render(page=page, css=Markup(_text("report.css")))
