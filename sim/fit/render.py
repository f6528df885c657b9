"""The fit report as Markdown, from its numbers alone.

Invariant: nothing is computed here; the text stands in `fit_report.md.jinja`.
"""

from pathlib import Path
from typing import Any

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def markdown(name: str, source: str, said: dict[str, Any], command: str) -> str:
    """The whole report. `said`: numbers from `sim.fit.report`; `command`: what to run next."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    page.filters |= {
        "number": number,
        "percent": percent,
        "change": change,
        "weekday": DAYS.__getitem__,
        "cell": cell,
    }
    return page.get_template("fit_report.md.jinja").render(name=name, source=source, command=command, **said)


def number(value: float | None) -> str:
    """Three digits, no exponent.

    >>> number(0.123456), number(12345.6)
    ('0.123', '12,346')
    """
    if value is None or value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def percent(value: float) -> str:
    """A share as a percentage.

    >>> percent(0.123)
    '12 %'
    """
    return f"{value * 100:.0f} %"


def change(value: float | None) -> str:
    """A relative error in per cent; where it has no size, a word.

    >>> change(0.123), change(None)
    ('+12 %', 'none is real')
    """
    return "none is real" if value is None else f"{value * 100:+.0f} %"


def cell(value: object) -> str:
    """A text that cannot break a table.

    >>> cell("a|b")
    'a/b'
    """
    return str(value).replace("|", "/").replace("\n", " ").replace("<", "(").replace(">", ")")
