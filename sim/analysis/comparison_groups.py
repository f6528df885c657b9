"""Which scenarios belong together: those that differ in nothing but the structure.

Invariant: every scenario stands in exactly one setting, and the first of a setting is its reference.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

WORDS = ("structure.name", "structure.description", "structure.source")
STRUCTURE = (
    "structure.",
    "staffing.workers",
    "staffing.held",
    "staffing.held_coordinators",
    "staffing.roster",
)
"""Keys that name departments, so they have to differ with the structure."""

MOST_TOGETHER = 8
LONGEST_CURVE_TOGETHER = 3
"""Values of one number under one structure that stand side by side; more of them are a curve."""
MOST_TOLD = 3
MOST_IN_LEGEND = 6
LONGEST_VALUE = 24
SWITCHED = {"True": "on", "False": "off", "nan": "none", "None": "none"}
"""How a value is called that is no number and no name."""


@dataclass(frozen=True)
class ComparisonGroups:
    """scenarios: scenario, structure (what it is called), setting, reference. keys: setting, key, value.

    legend: what letters before names stand for, where what differs is too much for a name.
    """

    scenarios: pd.DataFrame
    keys: pd.DataFrame
    legend: tuple[str, ...] = ()

    @property
    def names(self) -> dict[int, str]:
        """What each scenario is called, everywhere: no two of a setting alike."""
        return dict(zip(self.scenarios["scenario"].tolist(), self.scenarios["structure"], strict=True))


@dataclass(frozen=True)
class Facts:
    """What analysis has to know of a scenario; times in weeks."""

    kind: str
    horizon_weeks: int
    warm_up_weeks: int
    varying: bool

    @property
    def long_run(self) -> bool:
        """Is a steady state meant?"""
        return self.kind == "long_run"

    @property
    def first_week(self) -> int:
        """The first week that is measured; 1 where nothing is cut as warm-up."""
        return self.warm_up_weeks + 1 if self.long_run else 1

    @property
    def label(self) -> str:
        """What the figures describe.

        >>> Facts("long_run", 52, 8, False).label, Facts("terminating", 12, 8, False).label
        ('long run, weeks 9 to 52', 'terminating, weeks 1 to 12')
        """
        words = "long run" if self.long_run else "terminating"
        return f"{words}, weeks {self.first_week} to {self.horizon_weeks}"


def facts(config: str) -> Facts:
    """Facts from a whole scenario as JSON."""
    plain = json.loads(config)
    run, demand = plain["experiment"], plain.get("demand", {})
    months = plain["company"].get("profile", {}).get("month_of_year", [])
    seasons = demand.get("profile", True) and len(set(months)) > 1
    enters = any(
        own.get("opens") or own.get("closes") for own in (plain["company"].get("segments") or {}).values()
    )
    varying = bool(seasons or enters or demand.get("surges") or demand.get("trend_per_year", 0.0) != 0.0)
    return Facts(run["kind"], run["horizon_weeks"], run["warm_up_weeks"], varying)


def comparison_groups(
    scenarios: pd.DataFrame, baseline: str = "", *, lettered: bool = False
) -> ComparisonGroups:
    """Scenarios grouped by everything but the structure, in the order in which they are listed.

    scenarios: scenario, structure, swept (JSON: key -> value as typed) and the dotted keys of the config. Of
    the keys that vary all that were swept are listed, and of the rest as many as tell the settings apart. A
    few scenarios of which one would stand alone are compared all together, each called by what differs.

    baseline: the reference. The number of a scenario compares all scenarios with it; the name of a structure
    compares with that structure within each setting. lettered: what differs in too much for a name is called
    by letters, which the legend explains.
    """
    varying = _varying(scenarios)
    swept = _swept(scenarios)
    told = _telling(varying, swept)
    table = scenarios[["scenario", "structure"]].reset_index(drop=True)
    table["setting"] = _codes(told)
    first = table["scenario"].astype(str).eq(baseline) | table["structure"].eq(baseline)
    details = told[[]]
    if baseline.isdigit() or _belong_together(table, told):
        named = swept.shape[1] or any(str(key).endswith(".name") for key in told)
        table["setting"], details, told = 0, told if named else varying, told[[]]
    legend: tuple[str, ...] = ()
    if lettered and details.shape[1] > MOST_TOLD and _codes(details).nunique() <= MOST_TOGETHER:
        letters, legend = _lettered(details)
        table["structure"], details = letters + ": " + table["structure"], details[[]]
    table["structure"] = _called(table, details, _varying(scenarios, of_structure=True))
    table = table.iloc[np.lexsort([~first, table["setting"]])] if first.any() else table
    table["reference"] = table.groupby("setting")["scenario"].transform("first")
    firsts = told.assign(setting=table["setting"]).drop_duplicates("setting")
    keys = firsts.melt("setting", var_name="key", value_name="value").sort_values("setting", kind="stable")
    return ComparisonGroups(table.reset_index(drop=True), keys.reset_index(drop=True), legend)


def _lettered(details: pd.DataFrame) -> tuple[pd.Series[str], tuple[str, ...]]:
    """A letter for each row, the same for rows that are alike, and what each letter stands for."""
    letters = _codes(details).map(lambda code: chr(ord("A") + int(code)))
    said = {}
    for letter, row in zip(letters, details.to_dict("records"), strict=True):
        told = [_detail(key, value) for key, value in row.items()]
        more = f" and {len(told) - MOST_IN_LEGEND} more" if len(told) > MOST_IN_LEGEND else ""
        said[str(letter)] = f"{letter}: {', '.join(told[:MOST_IN_LEGEND])}{more}"
    return letters, tuple(said.values())


def _belong_together(table: pd.DataFrame, told: pd.DataFrame) -> bool:
    """Whether a scenario would stand alone among so few that all can be compared with the first."""
    alone = 2 <= len(table) <= MOST_TOGETHER and bool((table["setting"].value_counts() == 1).any())
    curve = told.shape[1] == 1 and table["structure"].nunique() == 1 and len(table) > LONGEST_CURVE_TOGETHER
    return alone and not curve


def _called(table: pd.DataFrame, details: pd.DataFrame, own: pd.DataFrame) -> list[str]:
    """The structure with its `details`; where a name would stand twice, with what differs in `own`, too."""
    words = [[_detail(key, value) for key, value in row.items()] for row in details.to_dict("records")]
    names = table.assign(told=[" ".join(told) for told in words])
    for rows in names.groupby(["setting", "structure", "told"], sort=False).indices.values():
        part = own.iloc[rows]
        part = part.loc[:, part.nunique() > 1]
        for row, values in zip(rows, part.to_dict("records"), strict=True):
            words[row] += [_detail(key, value) for key, value in values.items()]
    called = [_with(name, told) for name, told in zip(table["structure"], words, strict=True)]
    places = table.assign(called=called).groupby(["setting", "called"], sort=False).cumcount()
    return [f"{name} #{place + 1}" if place else name for name, place in zip(called, places, strict=True)]


def _with(name: str, told: list[str]) -> str:
    """A name with what tells it apart.

    >>> _with("customer", ["private 7", "corporate 8"]), _with("customer", [])
    ('customer (private 7, corporate 8)', 'customer')
    """
    more = ["..."] if len(told) > MOST_TOLD else []
    return f"{name} ({', '.join([*told[:MOST_TOLD], *more])})" if told else name


def _detail(key: Hashable, value: str) -> str:
    """What differs, as short as it can be said.

    >>> _detail("staffing.workers.private", "7.0"), _detail("coordination.handoff.mean", "0.1234567")
    ('private 7', 'handoff.mean 0.1235')
    >>> _detail("company.name", "helpdesk"), _detail("staffing.headcount", "20"), _detail("people", "neutral")
    ('helpdesk', 'headcount 20', 'people neutral')
    >>> _detail("company.segments.small_business.customers", "300")
    'small business customers 300'
    >>> _detail("staffing.managers", "False"), _detail("staffing.given", "nan")
    ('managers off', 'given none')
    """
    try:
        value = f"{float(value):.4g}"
    except ValueError:
        value = value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 3]}..."
    group, _, rest = str(key).removeprefix("staffing.workers.").partition(".")
    if group == "company" and rest.count(".") > 1:  # of whom or what, which number
        group, rest = rest.partition(".")[2].replace("_", " ").replace(".", " "), ""
    if value in SWITCHED:
        return f"{(rest.rpartition('.')[2] or group).replace('_', ' ')} {SWITCHED[value]}"
    short = rest and (group in ("staffing", "structure") or "." in rest)
    return value if rest == "name" else f"{rest if short else group + '.' + rest if rest else group} {value}"


def _varying(scenarios: pd.DataFrame, of_structure: bool = False) -> pd.DataFrame:
    """Keys of the config that are not the same everywhere; values as text."""
    columns = [str(name) for name in scenarios.columns if "." in str(name) and name not in WORDS]
    names = [name for name in columns if name.startswith(STRUCTURE) == of_structure]
    table = scenarios[names].reset_index(drop=True)
    return table.loc[:, [name for name in names if table[name].nunique(dropna=False) > 1]].astype(str)


def _telling(varying: pd.DataFrame, swept: pd.DataFrame) -> pd.DataFrame:
    """All swept columns, and as few of the others as tell the same rows apart: names first, then the rest."""
    kept = varying[[]]
    for key in map(str, swept.columns):
        known = next((name for name in (key, f"{key}.name") if name in varying), "")
        kept = kept.assign(**({known: varying[known]} if known else {key: swept[key]}))
    found, wanted = _codes(kept).nunique(), _codes(varying).nunique()
    for key in sorted(map(str, varying.columns), key=lambda key: not key.endswith(".name")):
        more = kept.assign(**{key: varying[key]})
        now = _codes(more).nunique() if found < wanted and key not in kept else found
        if now > found:
            kept, found = more, now
    return kept


def _swept(scenarios: pd.DataFrame) -> pd.DataFrame:
    """What was swept, structure aside: a column a key, the values as typed."""
    import pandas as pd

    rows = [json.loads(text) for text in scenarios["swept"]] if "swept" in scenarios else []
    keys = dict.fromkeys(key for row in rows for key in row if not f"{key}.".startswith(STRUCTURE))
    table = pd.DataFrame({key: [row.get(key, "-") for row in rows] for key in keys}, range(len(scenarios)))
    return table.loc[:, table.nunique() > 1]


def _codes(table: pd.DataFrame) -> pd.Series[int]:
    """Number of the group of equal rows each row belongs to, by first appearance."""
    import pandas as pd

    if not table.shape[1]:
        return pd.Series(0, index=table.index)
    return table.groupby(list(table.columns), sort=False, dropna=False).ngroup()
