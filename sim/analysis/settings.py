"""Which scenarios belong together: those that differ in nothing but the structure.

Invariant: every scenario stands in exactly one setting, and the first of a setting is its reference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

STRUCTURE = ("structure.", "staffing.workers", "staffing.roster")
"""Keys that name departments, so they have to differ with the structure."""


@dataclass(frozen=True)
class Settings:
    """scenarios: scenario, structure, setting, reference. keys: setting, key, value of what varies."""

    scenarios: pd.DataFrame
    keys: pd.DataFrame


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
    def label(self) -> str:
        """What the figures describe.

        >>> Facts("long_run", 52, 8, False).label, Facts("terminating", 12, 0, False).label
        ('long run, weeks 9 to 52', 'terminating, weeks 1 to 12')
        """
        words = "long run" if self.long_run else "terminating"
        return f"{words}, weeks {self.warm_up_weeks + 1} to {self.horizon_weeks}"


def facts(config: str) -> Facts:
    """Facts from a whole scenario as JSON."""
    plain = json.loads(config)
    run, demand = plain["experiment"], plain.get("demand", {})
    months = plain["company"].get("profile", {}).get("month_of_year", [])
    seasons = demand.get("profile", True) and len(set(months)) > 1
    varying = bool(seasons or demand.get("surges") or demand.get("trend_per_year", 0.0) != 0.0)
    return Facts(run["kind"], run["horizon_weeks"], run["warm_up_weeks"], varying)


def settings(scenarios: pd.DataFrame) -> Settings:
    """Scenarios grouped by everything but the structure, in the order in which they are listed.

    scenarios: scenario, structure, overrides and the dotted keys of the config. Of the keys that vary, only
    as many are listed as it takes to tell the settings apart; those the user swept come first.
    """
    told = _telling(_varying(scenarios), _swept(scenarios))
    table = scenarios[["scenario", "structure"]].reset_index(drop=True)
    table["setting"] = _codes(told)
    table["reference"] = table.groupby("setting")["scenario"].transform("first")
    firsts = told.assign(setting=table["setting"]).drop_duplicates("setting")
    keys = firsts.melt("setting", var_name="key", value_name="value").sort_values("setting", kind="stable")
    return Settings(table, keys.reset_index(drop=True))


def _varying(scenarios: pd.DataFrame) -> pd.DataFrame:
    """Keys of the config, structure aside, that are not the same everywhere; values as text."""
    columns = [str(name) for name in scenarios.columns]
    names = [name for name in columns if "." in name and not name.startswith(STRUCTURE)]
    table = scenarios[names].reset_index(drop=True)
    return table.loc[:, [name for name in names if table[name].nunique(dropna=False) > 1]].astype(str)


def _swept(scenarios: pd.DataFrame) -> list[str]:
    """Keys the user named, in that order; a choice of a group stands for the group's name."""
    if "overrides" not in scenarios:
        return []
    words = [word for text in scenarios["overrides"].dropna().unique() for word in str(text).split()]
    keys = dict.fromkeys(word.partition("=")[0].lstrip("+~") for word in words)
    return [key if "." in key else f"{key}.name" for key in keys]


def _telling(varying: pd.DataFrame, swept: list[str]) -> pd.DataFrame:
    """As few of the columns as tell the same rows apart: swept ones first, then names, then the rest."""
    rank = {key: place for place, key in enumerate(swept)}
    columns = [str(name) for name in varying.columns]
    order = sorted(columns, key=lambda key: (rank.get(key, len(rank)), not key.endswith(".name")))
    kept: list[str] = []
    found, wanted = 1, _codes(varying).nunique()
    for key in order:
        now = _codes(varying[[*kept, key]]).nunique() if found < wanted else found
        if now > found:
            kept, found = [*kept, key], now
    return varying[kept]


def _codes(table: pd.DataFrame) -> pd.Series[int]:
    """Number of the group of equal rows each row belongs to, by first appearance."""
    import pandas as pd

    if not table.shape[1]:
        return pd.Series(0, index=table.index)
    return table.groupby(list(table.columns), sort=False).ngroup()
