"""Times in whatever form a log has them: ISO 8601, written by day and month, counted since 1970 or by Excel.

Invariant: one form holds for all of a log; where day and month could be either way round, nothing is guessed.
"""

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
EPOCH = datetime(1970, 1, 1)
DAY = 86_400.0
EXCEL_EPOCH = -25_569.0
"""Days from 1970 back to Excel's day 0."""
ISO = "ISO 8601"
DATES = (
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%Y.%m.%d",
    "%Y/%m/%d",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%b %d %Y",
    "%B %d %Y",
)  # fmt: skip
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I %p")
COUNTED = (
    ("Excel serial numbers", 1e4, 1e5, DAY, EXCEL_EPOCH),
    ("seconds since 1970 (UTC)", 1e8, 1e11, 1.0, 0.0),
    ("milliseconds since 1970 (UTC)", 1e11, 1e14, 1e-3, 0.0),
    ("microseconds since 1970 (UTC)", 1e14, 1e17, 1e-6, 0.0),
    ("nanoseconds since 1970 (UTC)", 1e17, 1e20, 1e-9, 0.0),
)
"""Name of the form, range of its numbers, seconds of one, and number that stands for 1970-01-01."""
PACKED = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M"}
SAMPLE = 2000
WRITTEN = r"^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)(Z| ?UTC| ?GMT|[+-]\d\d:?\d\d)?$"
"""A date, with or without a clock, and its offset."""


@dataclass(frozen=True)
class Form:
    """How a column writes times: `name` for readers, `read` turns texts into seconds, NaN where it cannot."""

    name: str
    read: Callable[[Sequence[str]], Floats]


def recognise(texts: Sequence[str], zone: tzinfo | None) -> list[Form]:
    """The forms that read most of the texts, if any: more than one where they give different times."""
    if not texts:
        return [iso(zone)]
    sample = texts[:: max(1, len(texts) // SAMPLE)]
    if not np.isfinite(_numbers(sample)).any() and np.isfinite(iso(zone).read(sample)).all():
        return [iso(zone)]
    numbers = _numbers(texts)
    if np.isfinite(numbers).mean() > 0.5:
        return _counted(texts, numbers, zone)
    likely = [form for form in (iso(zone), *map(_written, DATES)) if np.isfinite(form.read(sample)).any()]
    values = [form.read(texts) for form in likely]
    counts = [int(np.isfinite(one).sum()) for one in values]
    best = [place for place, count in enumerate(counts) if count == max(counts)]
    different = [
        place
        for number, place in enumerate(best)
        if not any(_same(values[place], values[one]) for one in best[:number])
    ]
    return [likely[place] for place in different]


def _same(one: Floats, other: Floats) -> bool:
    """Equal to the millisecond: forms differ in how much of a second they read."""
    return bool(np.allclose(one, other, rtol=0.0, atol=2e-3, equal_nan=True))


def clock(date: str, text: str) -> str:
    """The form of the clock that stands after a date.

    >>> clock("%d/%m/%Y", "01/02/2024 11:01 AM")
    ' %I:%M %p'
    """
    return next((one for one in CLOCKS if np.isfinite(_each([text], _parsed(date + one), None))[0]), "")


def iso(zone: tzinfo | None) -> Form:
    """ISO 8601; times with an offset are put into the zone.

    Without a zone they stay as they are written, if their offsets are those of one place through the year:
    one offset, or two an hour apart. Else they are put into UTC.
    """

    def parse(text: str) -> datetime:
        return datetime.fromisoformat(re.sub(r" ?(UTC|GMT)$", "+00:00", text))

    def read(texts: Sequence[str]) -> Floats:
        import pandas

        plain = [text if text[4:5] == text[7:8] == "-" else "" for text in texts]
        offsets = None
        if any(text[-1:] in ("Z", "C", "T") or "+" in text or "-" in text[10:] for text in plain):
            parts = pandas.Series(plain, dtype=str).str.extract(WRITTEN)
            plain, offsets = parts[0].fillna("").tolist(), parts[1].fillna("").astype(str)
        wall = pandas.to_datetime(pandas.Series(plain, dtype=str), format="ISO8601", errors="coerce")
        since = (wall - pandas.Timestamp(EPOCH)) / pandas.Timedelta(seconds=1)
        values = np.array(since, dtype=np.float64)
        if offsets is not None:
            values = values + _offsets(offsets, values, zone)
        rest = np.flatnonzero(np.isnan(values))
        values[rest] = _each([texts[place] for place in rest.tolist()], parse, zone)
        return values

    return Form(ISO, read)


def _offsets(written: Any, values: Floats, zone: tzinfo | None) -> Floats:
    """Seconds to add to times as written, by the offsets written after them."""
    kinds = {text: _offset(text) for text in written.unique() if text}
    offsets = sorted(set(kinds.values()))
    own = written.map(kinds).to_numpy(np.float64)
    if zone is None:
        one_place = len(offsets) < 2 or (len(offsets) == 2 and offsets[1] - offsets[0] == 3600.0)
        return np.zeros(len(values)) if one_place else np.nan_to_num(-own)
    hours = np.unique((values - own)[np.isfinite(values - own)] // 3600.0)
    there = [datetime.fromtimestamp(hour * 3600.0, UTC).astimezone(zone).utcoffset() for hour in hours]
    local = np.array([0.0 if one is None else one.total_seconds() for one in there])
    place = np.searchsorted(hours, np.nan_to_num(values - own) // 3600.0)
    return (
        np.where(np.isnan(own), 0.0, local[np.minimum(place, len(local) - 1)] - own)
        if len(hours)
        else np.zeros(len(values))
    )


def _offset(text: str) -> float:
    """Seconds of an offset.

    >>> _offset("+02:00"), _offset("-0330"), _offset("Z")
    (7200.0, -12600.0, 0.0)
    """
    digits = re.sub(r"\D", "", text)
    return (
        (-1.0 if text.startswith("-") else 1.0) * (int(digits[:2]) * 3600.0 + int(digits[2:4] or 0) * 60.0)
        if digits
        else 0.0
    )


def given(form: str, zone: tzinfo | None) -> Form:
    """A form as `strptime` takes it."""
    return Form(form, lambda texts: _each(texts, _parsed(form), zone))


def _parsed(form: str) -> Callable[[str], datetime]:
    return lambda text: datetime.strptime(text, form)


def _each(texts: Sequence[str], parse: Callable[[str], datetime], zone: tzinfo | None) -> Floats:
    values = np.full(len(texts), np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a form without a year is the user's to give
        for place, text in enumerate(texts):
            try:
                moment = parse(text)
                if moment.tzinfo is not None:
                    moment = moment.astimezone(zone or UTC).replace(tzinfo=None)
                values[place] = (moment - EPOCH).total_seconds()
            except (ValueError, OverflowError):
                continue
    return values


def _written(date: str) -> Form:
    """A date form with any clock after it, which may differ from row to row."""

    def read(texts: Sequence[str]) -> Floats:
        import pandas

        plain = pandas.Series([re.sub(r",? +|,|T(?=\d)", " ", text) for text in texts], dtype=str)
        values = np.full(len(plain), np.nan)
        for clock in CLOCKS:
            rest = np.flatnonzero(np.isnan(values))
            if not len(rest):
                break
            moments = pandas.to_datetime(plain.iloc[rest], format=date + clock, errors="coerce")
            values[rest] = (moments - pandas.Timestamp(EPOCH)) / pandas.Timedelta(seconds=1)
        return values

    return Form(date, read)


def _numbers(texts: Sequence[str]) -> Floats:
    return np.array([float(text) if re.fullmatch(r"-?\d+(\.\d*)?", text) else np.nan for text in texts])


def _counted(texts: Sequence[str], numbers: Floats, zone: tzinfo | None) -> list[Form]:
    """Numbers are told apart by their size, or by their digits where they spell a moment."""
    digits = {len(text) for text in texts}
    if digits == {8} and np.isfinite(_each(texts, datetime.fromisoformat, zone)).all():
        return [iso(zone)]
    if len(digits) == 1 and (form := PACKED.get(next(iter(digits)))):
        spelled = given(form, zone)
        if np.isfinite(spelled.read(texts)).all():
            return [spelled]
    middle = float(np.nanmedian(numbers))
    for name, low, high, unit, start in COUNTED:
        if low <= middle < high:
            return [Form(name, _scale(unit, start, zone if "UTC" in name else None))]
    return []


def _scale(unit: float, start: float, zone: tzinfo | None) -> Callable[[Sequence[str]], Floats]:
    def read(texts: Sequence[str]) -> Floats:
        seconds = np.round((_numbers(texts) + start) * unit, 3)
        if zone is None:
            return seconds
        local = [
            datetime.fromtimestamp(one, UTC).astimezone(zone).utcoffset() if np.isfinite(one) else None
            for one in seconds.tolist()
        ]
        shifted: Floats = seconds + np.array(
            [one.total_seconds() if one is not None else 0.0 for one in local]
        )
        return shifted

    return read
