"""How measures are named and numbers are written, on the screen and in the page alike.

Invariant: a number is written with the digits its interval supports, never more.
"""

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple, Protocol

KEY: Final = re.compile(
    r"\b(?:company|coordination|customers|demand|experiment|people|staffing|structure)(?:\.[a-z_0-9]+)+"
)
OWN: Final = re.compile(r"(?<=[(,])( ?)([a-z_]+(?:\.[a-z_0-9]+)+)(?= [^(),]+[),])")
"""What tells two scenarios apart, in brackets behind their name: the end of a key, and its value."""
BRACKETED: Final = re.compile(rf" \((?:{KEY.pattern}(?:, )?)+\)")
SPOKEN: Final = {
    "company.name": "company",
    "coordination.context_between": "knowledge kept at a handoff",
    "coordination.exception_share": "share of decisions",
    "coordination.handoff.mean": "hours for a handoff",
    "customers.excluded": "customers in no group",
    "customers.misgrouped": "customers in a wrong group",
    "demand.scale": "demand",
    "experiment.horizon_weeks": "weeks",
    "people.switch_share": "effort of switching",
    "staffing.headcount": "people",
}
"""What a key of the configuration is called on a client's page; others by their own words."""

SMALLEST_SPREAD: Final = 0.0002
"""Half an interval of a share that is not written: 0.02 %."""
LONGEST_NUMBER: Final = 8
LONG_NUMBER: Final = re.compile(r"-?[0-9]*\.[0-9]+(e-?[0-9]+)?")


class Ends(Protocol):
    """A mean with the ends of its interval."""

    @property
    def mean(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def half_width(self) -> float: ...


class Measure(NamedTuple):
    """A metric as people read it; `direction` is 1 if more is better, -1 if less is, 0 if neither."""

    name: str
    label: str
    unit: str
    direction: int
    explanation: str


MEASURES: Final = (
    Measure("response_time_mean", "response time", "h", -1, "arrival to final resolution, open hours"),
    Measure("response_time_p90", "9 of 10 within", "h", -1, "90 % of requests are resolved within this time"),
    Measure("within_promise", "within promise", "share", 1, "of all requests, resolved in the promised time"),
    Measure("first_time_right", "right first time", "share", 1, "resolved without being done again"),
    Measure("abandoned", "abandoned", "share", -1, "customers who gave up"),
    Measure("balked", "turned away", "share", -1, "customers who found no place to wait"),
    Measure("unresolved", "unresolved", "share", -1, "still open when the run ended"),
    Measure(
        "satisfaction_mean",
        "satisfaction",
        "0 to 100",
        1,
        "of 100: speed, reliability, knowledge, care, ease",
    ),
    Measure("satisfaction_outcome", "- outcome only", "0 to 100", 1, "of 100: speed and reliability alone"),
    Measure("handoffs_mean", "handoffs", "number", -1, "department borders a request crosses"),
    Measure("utilisation", "utilisation", "share", 0, "busy hours of present hours"),
    Measure("hidden_work", "hidden work", "share", -1, "busy hours a customer would not pay for"),
    Measure("cost", "cost a year", "money/year", -1, "wages and concessions"),
    Measure("cost_per_resolved", "cost a request", "money", -1, "cost per resolved request"),
    Measure("room", "room to grow", "factor", 1, "how often this demand every department keeps up with"),
    Measure("churn_per_year", "churn a year", "share", -1, "customers lost"),
    Measure("profit", "profit a year", "money/year", 1, "margin less cost"),
)

_BY_NAME: Final = {measure.name: measure for measure in MEASURES}


def measure_of(name: str, unit: str = "") -> Measure:
    """The measure with this name; an unknown one keeps its name and unit and has no direction.

    >>> measure_of("cost").label, measure_of("new_thing", "h").label
    ('cost a year', 'new thing')
    """
    return _BY_NAME.get(name, Measure(name, name.replace("_", " "), unit, 0, ""))


def is_share(unit: str) -> bool:
    """Whether values of this unit are written in per cent."""
    return unit == "share"


CURRENCY: ContextVar[str] = ContextVar("currency", default="")
"""What amounts of money are in, where the report says it."""
DECIMAL_COMMA: ContextVar[bool] = ContextVar("decimal_comma", default=False)
"""Whether the reader writes 1.234,5."""
WRITTEN: Final = re.compile(r"“[^”]*”|(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?!\d|[.,]\d)")
"""A name, which stays as it is, or a number."""


@contextmanager
def written_for(currency: str, decimal_comma: bool = False) -> Iterator[None]:
    """Amounts are in this currency, numbers as its readers write them, as long as the block runs."""
    before = CURRENCY.set(currency), DECIMAL_COMMA.set(decimal_comma)
    try:
        yield
    finally:
        CURRENCY.reset(before[0])
        DECIMAL_COMMA.reset(before[1])


def local(text: str) -> str:
    """The text with its numbers as the reader writes them; names in quotation marks and versions stay.

    >>> with written_for("", decimal_comma=True):
    ...     print(local("“Team 2.0” costs 1,281,573 a year, 4.9 % less (orgdes 0.1.0)"))
    “Team 2.0” costs 1.281.573 a year, 4,9 % less (orgdes 0.1.0)
    """
    return WRITTEN.sub(_with_comma, text) if DECIMAL_COMMA.get() else text


def _with_comma(found: re.Match[str]) -> str:
    whole, part = found.groups(default="")
    return whole.replace(",", ".") + part.replace(".", ",") or found.group()


def money(amount: float) -> str:
    """An amount with its currency, where that is known.

    >>> money(1281573.4)
    '1,281,573'
    """
    return f"{number(amount, 0)} {CURRENCY.get()}".rstrip()


def written_unit(unit: str) -> str:
    """The unit as it stands beside a number; nothing for plain numbers.

    >>> written_unit("share"), written_unit("h"), written_unit("number")
    ('%', 'h', '')
    """
    if unit in ("money", "money/year"):
        return CURRENCY.get()
    return {"share": "%", "number": "", "0 to 100": "", "factor": "x"}.get(unit, unit)


def decimals(half_width: float, size: float) -> int:
    """Digits after the point that an interval of this half-width supports: one of its own, at most 3.

    >>> decimals(0.61, 21.3), decimals(12.0, 950.0), decimals(0.004, 1.8), decimals(math.nan, 21.3)
    (1, 0, 3, 1)
    """
    if not math.isfinite(half_width) or half_width <= 0.0:
        return 0 if abs(size) >= 1000 else 1 if abs(size) >= 10 else 2
    if half_width >= 10.0:
        return 0
    return min(3, max(1, -math.floor(math.log10(half_width))))


def number(value: float, digits: int, signed: bool = False) -> str:
    """A number with a fixed count of decimals, thousands apart, a real sign when asked for.

    >>> number(1234567.8, 0), number(-3.41, 1, signed=True), number(0.04, 1, signed=True)
    ('1,234,568', '-3.4', '0.0')
    """
    if not math.isfinite(value):
        return "-"
    text = f"{value:+,.{digits}f}" if signed else f"{value:,.{digits}f}"
    return text.lstrip("+-") if float(text.replace(",", "")) == 0.0 else text


def scaled(value: float, unit: str) -> float:
    """The value in the unit it is written in: shares in per cent.

    >>> scaled(0.25, "share"), scaled(0.25, "h")
    (25.0, 0.25)
    """
    return 100.0 * value if is_share(unit) else value


def spread(value: Ends, unit: str, digits: int) -> str:
    """Half the interval after ±; its two sides where they differ, as those of shares near 0 or 1 do.

    >>> from sim.report.layout_records import Estimate
    >>> shares = Estimate(0.5, 0.4, 0.6), Estimate(0.99, 0.96, 1.0), Estimate(0.0, 0.0, 0.02)
    >>> [spread(share, "share", 0) for share in shares]
    ['± 10', '-3/+1', '+2']
    """
    if not value.high > value.low or (is_share(unit) and value.half_width < SMALLEST_SPREAD):
        return ""
    sides = (value.mean - value.low, value.high - value.mean)
    below, above = (number(scaled(side, unit), digits) for side in sides)
    if below == above or not is_share(unit):
        return f"± {number(scaled(value.half_width, unit), digits)}"
    parts = (f"{sign}{side}" for sign, side in (("-", below), ("+", above)) if float(side) > 0)
    return "/".join(parts)


def written(value: Ends, unit: str) -> tuple[str, str]:
    """An estimate: its mean with the digits its interval supports, and half the interval after ±.

    >>> from sim.report.layout_records import Estimate
    >>> written(Estimate(21.34, 20.73, 21.95), "h"), written(Estimate(0.5), "share")
    (('21.3', '± 0.6'), ('50.0', ''))
    """
    mean, half = scaled(value.mean, unit), scaled(value.half_width, unit)
    digits = decimals(half, mean)
    return number(mean, digits), spread(value, unit, digits)


def briefly(value: str) -> str:
    """A value of the configuration; long numbers, as samples have them, with four digits.

    >>> briefly("1.8283477276358844"), briefly("0.25"), briefly("private")
    ('1.828', '0.25', 'private')
    """
    if len(value) <= LONGEST_NUMBER or not LONG_NUMBER.fullmatch(value):
        return value
    return f"{float(value):.4g}"


def spoken(key: str) -> str:
    """A key of the configuration in words.

    >>> spoken("demand.scale"), spoken("people.learning_rate"), spoken("company.segments.firms.customers")
    ('demand', 'learning rate', 'firms customers')
    """
    plain = key.removeprefix("company.segments.").removeprefix("company.")
    rest = plain if plain != key or "." not in key else key.partition(".")[2]
    return SPOKEN.get(key, rest.replace("_", " ").replace(".", " "))


def without_keys(text: str) -> str:
    """A sentence without keys of the configuration, for a page that a client reads.

    >>> without_keys("more people (staffing.headcount), at demand.scale 1.33.")
    'more people, at demand 1.33.'
    >>> without_keys("Choose “function (people 24, handoff.mean 0.5)”: better liked (by 2.5).")
    'Choose “function (people 24, hours for a handoff 0.5)”: better liked (by 2.5).'
    """
    whole = KEY.sub(lambda found: spoken(found.group()), BRACKETED.sub("", text))
    return OWN.sub(lambda found: found[1] + _spoken_end(found[2]), whole)


def _spoken_end(end: str) -> str:
    """The end of a key in words: those of the whole key, where they are known."""
    return next(
        (words for key, words in SPOKEN.items() if key.endswith(f".{end}")), re.sub(r"[._]", " ", end)
    )


def quoted(name: object) -> str:
    """A name that is not read as part of the sentence.

    >>> quoted("front_back")
    '“front_back”'
    """
    return f"“{name}”"


def percent(share: float) -> str:
    """A share in per cent with two digits or so.

    >>> percent(0.123), percent(0.0123), percent(-0.007)
    ('12 %', '1.2 %', '-0.7 %')
    """
    value = 100 * share
    return f"{value:.0f} %" if abs(value) >= 10 else f"{value:.1f} %"


def listed(texts: Sequence[str]) -> str:
    """Texts as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)


def capital(text: str) -> str:
    """The text with a capital at its start; nothing else changes."""
    return text[:1].upper() + text[1:]


def visible(text: object) -> str:
    """The text without characters that move the cursor or turn the direction of writing.

    >>> visible("a" + chr(27) + "[31mred" + chr(0x202e) + "x")
    'a [31mred x'
    """
    return "".join(letter if letter.isprintable() else " " for letter in str(text))
