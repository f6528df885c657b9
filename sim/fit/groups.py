"""Which products and which customers to treat alike: rare products folded, customers grouped by what tells
most.

Invariant: every ticket has exactly one product group and one customer group; the choice is made on the
tickets it is told to use and only then applied to the rest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.fit.events import Flags, Floats, Integers
from sim.fit.roles import apart, slug

SMALLEST_PRODUCT = 0.03
REST = "other_products"
MOST_PRODUCTS = 8
SMALLEST_GROUP = 0.05
FEWEST_CUSTOMERS = 5
MOST_GROUPS = 5


@dataclass(frozen=True)
class Groups:
    """`of`: group of each ticket, counting into `names`."""

    names: tuple[str, ...]
    of: Integers


@dataclass(frozen=True)
class Candidate:
    """A way to group customers and what it tells: shares explained (0 to 1) of product mix, effort, time in
    system and who does the work."""

    name: str
    groups: Groups
    customers: tuple[int, ...]
    shares: tuple[float, ...]
    mix: float
    effort: float
    time: float
    people: float

    @property
    def score(self) -> float:
        """Mean of the four shares."""
        return (self.mix + self.effort + self.time + self.people) / 4


def attributes_of(
    who: Sequence[str], attributes: dict[str, tuple[str, ...]], used: Flags, of: Integers, groups: int
) -> list[dict[str, dict[str, float]]]:
    """For each customer group the share of its customers with each value of each attribute, volume
    included."""
    volume = Counter(name for name, use in zip(who, used.tolist(), strict=True) if use)
    home = {name: group for name, group, use in zip(who, of.tolist(), used.tolist(), strict=True) if use}
    labels = {"volume": _bands(volume, 2)}
    labels |= {
        slug(name): _merged(
            {c: _named(slug(name), v) for c, v in _main_values(who, values, used).items()}, volume
        )
        for name, values in attributes.items()
    }
    result: list[dict[str, dict[str, float]]] = [{} for _ in range(groups)]
    for name, label in labels.items():
        values = sorted(set(label.values()))
        if len(values) < 2:
            continue
        for group, described in enumerate(result):
            members = [label[customer] for customer in label if home[customer] == group]
            described[name] = {value: members.count(value) / max(len(members), 1) for value in values}
    return result


def products(values: Sequence[str], used: Flags) -> Groups:
    """Products with at least 3 % of the tickets, at most eight, the rest together."""
    counts = Counter(value for value, use in zip(values, used.tolist(), strict=True) if use)
    total = sum(counts.values())
    frequent = sorted(counts, key=lambda value: (-counts[value], value))
    kept = [value for value in frequent if value and counts[value] >= SMALLEST_PRODUCT * total][
        :MOST_PRODUCTS
    ]
    if len(set(values)) == 1:
        return Groups(
            ("request",) if not values[0] else (_named("product", values[0]),),
            np.zeros(len(values), dtype=np.int64),
        )
    names = tuple(apart((_named("product", value) for value in kept), [REST]))
    place = {value: number for number, value in enumerate(kept)}
    of = np.array([place.get(value, len(kept)) for value in values], dtype=np.int64)
    return Groups((*names, REST) if (of == len(kept)).any() else names, of)


def customers(
    who: Sequence[str],
    attributes: dict[str, tuple[str, ...]],
    used: Flags,
    product: Integers,
    effort: Floats,
    hours: Floats,
    person: Integers,
) -> tuple[Groups, list[Candidate]]:
    """The customer groups to plan with, and all groupings that were tried, the chosen one first.

    A grouping cuts customers by volume (bands with equal numbers of tickets), by the value an attribute most
    often has for them, or by both; groups of fewer than 5 % of the tickets or five customers join the
    largest. Of the groupings into at most five, the one with the best score is taken.

    Parameters ---------- who, product, effort, hours, person : customer, product group, hours of work, hours
    in the system and last person
        (-1: none) per ticket.
    used : tickets on which the choice is made.
    """
    if len(set(who)) < 2 * FEWEST_CUSTOMERS:
        return Groups(("customers",), np.zeros(len(who), dtype=np.int64)), []
    volume = Counter(name for name, use in zip(who, used.tolist(), strict=True) if use)
    labels = {f"volume, {bands} bands": _bands(volume, bands) for bands in (2, 3, 4)}
    for name, values in attributes.items():
        main = _main_values(who, values, used)
        if len(set(main.values())) > 1:
            main = {customer: _named(slug(name), value, always=True) for customer, value in main.items()}
            labels[name] = main
            for bands in (2, 3):
                band = _bands(volume, bands)
                labels[f"{name} and volume, {bands} bands"] = {
                    customer: f"{band[customer]}_{value}" for customer, value in main.items()
                }
    tried = [
        _tried(name, _merged(label, volume), who, used, product, effort, hours, person)
        for name, label in labels.items()
    ]
    tried = [candidate for candidate in tried if len(candidate.groups.names) > 1]
    sound = [candidate for candidate in tried if len(candidate.groups.names) <= MOST_GROUPS]
    if not sound:
        return Groups(("customers",), np.zeros(len(who), dtype=np.int64)), tried
    chosen = min(sound, key=lambda c: (-round(c.score, 4), len(c.groups.names), c.name))
    rest = sorted((c for c in tried if c is not chosen), key=lambda c: (-c.score, c.name))
    return chosen.groups, [chosen, *rest]


def _named(kind: str, value: str, always: bool = False) -> str:
    """A value's name; a bare number or an anonymised value says which kind it is."""
    plain = slug(value).removeprefix("value_")
    return f"{kind[:24]}_{plain[:24]}" if always or plain.isdigit() else plain


def _bands(volume: Counter[str], bands: int) -> dict[str, str]:
    """Customers by number of tickets, each band with about the same number of tickets."""
    words = {
        2: ("large", "small"),
        3: ("large", "middle", "small"),
        4: ("large", "upper_middle", "lower_middle", "small"),
    }[bands]
    ordered = sorted(volume, key=lambda name: (-volume[name], name))
    passed = np.cumsum([volume[name] for name in ordered]) - np.array([volume[name] for name in ordered]) / 2
    place = np.minimum((passed / max(sum(volume.values()), 1) * bands).astype(int), bands - 1)
    return {name: words[number] for name, number in zip(ordered, place.tolist(), strict=True)}


def _main_values(who: Sequence[str], values: Sequence[str], used: Flags) -> dict[str, str]:
    """The value each customer most often has."""
    found: dict[str, Counter[str]] = {}
    for customer, value, use in zip(who, values, used.tolist(), strict=True):
        if use:
            found.setdefault(customer, Counter())[value or "none"] += 1
    main = {
        customer: min(counts, key=lambda value: (-counts[value], value)) for customer, counts in found.items()
    }
    return main


def _merged(label: dict[str, str], volume: Counter[str]) -> dict[str, str]:
    """Groups of fewer than 5 % of the tickets or five customers join the largest group."""
    tickets: Counter[str] = Counter()
    for customer, name in label.items():
        tickets[name] += volume[customer]
    members = Counter(label.values())
    total = sum(tickets.values())
    largest = min(tickets, key=lambda name: (-tickets[name], name))
    small = {
        name for name in tickets if tickets[name] < SMALLEST_GROUP * total or members[name] < FEWEST_CUSTOMERS
    }
    return {customer: largest if name in small else name for customer, name in label.items()}


def _tried(
    name: str,
    label: dict[str, str],
    who: Sequence[str],
    used: Flags,
    product: Integers,
    effort: Floats,
    hours: Floats,
    person: Integers,
) -> Candidate:
    counts: Counter[str] = Counter(
        label[customer] for customer, use in zip(who, used.tolist(), strict=True) if use
    )
    names = sorted(counts, key=lambda one: (-counts[one], one))
    usual = len(names) - 1
    of = np.array(
        [names.index(label[customer]) if customer in label else usual for customer in who], dtype=np.int64
    )
    members = Counter(label.values())
    shares = tuple(counts[one] / sum(counts.values()) for one in names)
    here = of[used]
    known = person[used] >= 0
    return Candidate(
        name,
        Groups(tuple(names), of),
        tuple(members[one] for one in names),
        shares,
        mix=explained(here, product[used]),
        effort=explained_spread(here, np.log(np.maximum(effort[used], 0.01))),
        time=explained_spread(here, np.log(np.maximum(hours[used], 0.1))),
        people=explained(here[known], person[used][known]),
    )


def explained(group: Integers, kind: Integers) -> float:
    """Goodman and Kruskal's tau: how much better a kind is guessed once the group is known, 0 to 1."""
    if not len(group):
        return 0.0
    table = np.zeros((int(group.max()) + 1, int(kind.max()) + 1))
    np.add.at(table, (group, kind), 1.0)
    whole = table.sum(axis=0) / len(group)
    rows = table.sum(axis=1)
    chance = 1.0 - float((whole**2).sum())
    within = 1.0 - float((table[rows > 0] ** 2 / rows[rows > 0, None]).sum()) / len(group)
    return 0.0 if chance <= 0 else max(0.0, (chance - within) / chance)


def explained_spread(group: Integers, value: Floats) -> float:
    """Share of the variance of a value that lies between groups (eta squared)."""
    total = float(((value - value.mean()) ** 2).sum())
    between = sum(
        float(mine.size * (mine.mean() - value.mean()) ** 2)
        for mine in (value[group == one] for one in np.unique(group))
    )
    return 0.0 if total <= 0 else between / total
