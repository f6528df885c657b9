"""Whole random companies by number: small, quick to play, with every mechanism on in some of them.

Invariant: the same number is the same scenario for ever; a third of them have whole-number times everywhere,
so that much happens at the same instant.
"""

import json
import random
from typing import Any

from sim.mechanisms.queue_order import REQUEST_KEYS
from sim.model.check import BadScenario
from sim.model.check import scenario as checked
from sim.model.company import Company
from sim.model.levers import Structure
from sim.model.partition import partition
from sim.model.scenario import Scenario

Plain = dict[str, Any]
AXES: tuple[tuple[str, ...], ...] = (
    ("function",), ("segment",), ("product",), (), ("product", "segment"), ("function", "segment"),
    ("function", "product"), ("function", "product", "segment"),
)  # fmt: skip
MOST_REQUESTS = 600.0
ATTEMPTS = 50


def scenario(seed: int) -> Scenario:
    """The scenario of this number, checked.

    Raises
    ------
    RuntimeError
        when a whole series of attempts had mistakes: then this generator is out of date.
    """
    source = random.Random(seed)
    for _ in range(ATTEMPTS):
        try:
            return checked(_Draft(source, ties=seed % 3 == 0).plain())
        except BadScenario as bad:
            said = str(bad)
    raise RuntimeError(f"no valid scenario for {seed}: {said}")


def lively(seed: int) -> Scenario:
    """The same with mechanisms on that are off by default, some of them, now stronger, now weaker."""
    source, plain = random.Random(f"mechanisms {seed}"), scenario(seed).model_dump(mode="json")
    for group, name, choices in MECHANISMS:
        if source.random() < 0.5:
            values = {key: source.choice(values) for key, values in choices.items()}
            plain[group][name] |= {"enabled": True, **values}
    if plain["customers"]["loyalty"]["enabled"] and source.random() < 0.5:
        plain["customers"]["marketing"] = {"enabled": True, "aimed": source.choice(["all", "best"])}
        plain["customers"]["best"] |= {"enabled": True, "weeks": 1, "part": 0.5, "follow_up": 13.0}
    if source.random() < 0.3 and plain["experiment"]["kind"] == "terminating":
        first, *others = plain["company"]["segments"]
        plain["company"]["segments"][first] |= {"opens": 1, "overlap": dict.fromkeys(others, 0.5)}
    return checked(plain)


IT = tuple(
    {"people": people, "requests_per_year": rate, "work_hours": hours, "blocks": True}
    for people, rate, hours in ((1, 800.0, 1.0), (3, 300.0, 4.0), (2, 3000.0, 0.0), (0, 1.0, 1.0))
)
HR = tuple({"requests_per_year": 500.0, "work_hours": 2.0, "blocks": blocks} for blocks in (False, True))
"""Internal services that are busy, one at no cost of time, one that is not there."""
MECHANISMS: tuple[tuple[str, str, dict[str, tuple[Any, ...]]], ...] = (
    ("people", "turnover", {"rate": (0.3, 9.0), "fill_days": (0.0, 10.0), "training_weeks": (0, 1)}),
    ("people", "culture", {"by_itself": (0.01, 2.0), "care": (0.0, 0.9), "campaign": (0.0, 5.0)}),
    ("people", "morale", {"weeks": (1.0, 13.0), "strain": (1.0, 5.0), "pace": (0.1, 0.4)}),
    ("people", "rewards", {"pays": ("relationship", "deadline", "volume"), "carelessness": (0.15, 0.9)}),
    ("people", "training", {"axis": ("weakest", "segment"), "hours_per_week": (2.0, 10.0), "weeks": (1, 26)}),
    ("people", "absence", {"ill": (0.0, 0.3), "spell_days": (1.0, 3.0), "part_time_share": (0.0, 0.5)}),
    ("people", "workload", {"hurry": (0.05, 0.3), "fatigue": (0.0, 5.0), "tipping_point": (0.2, 0.93)}),
    ("customers", "innovation", {"exploration": (0.02, 0.2), "shock_week": (0, 2), "radical": (0.0, 1.0)}),
    ("customers", "anticipation", {"hours_per_week": (1.0, 5.0), "preventable": (0.3, 1.0)}),
    ("customers", "intelligence", {"listeners": ("all", "front", "marketing"), "drift": (0.3, 3.0)}),
    ("customers", "variants", {"degree": (0.0, 0.5, 1.0)}),
    ("customers", "loyalty", {"stay": (0.1, 0.85), "referrals": (0.15, 20.0), "prospects": (0.0, 0.5, 1.0)}),
    ("coordination", "shared_record", {"quality": (0.0, 0.5, 1.0), "upkeep_minutes": (0.0, 3.0)}),
    (
        "coordination",
        "quality_programme",
        {
            "looks_for": ("nothing", "internal", "customer", "both"),
            "required": (0.0, 0.5, 1.0),
            "finds": (0.3, 1.0),
        },
    ),
    (
        "coordination",
        "feedback",
        {
            "causes_per_year": (20.0, 100.0),
            "harm": (0.1, 0.7, 1.0),
            "threshold": (0.5, 3.0),
            "contact": (0.0, 0.5),
            "fix_hours": (0.0, 10.0),
        },
    ),
    (
        "people",
        "support",
        {
            "divided": (False, True),
            "slowing": (1.0, 1.5),
            "it": IT,
            "hr": HR,
            "priority": ("equal", "external_first", "blocked_work"),
        },
    ),
    ("people", "helping", {"threshold": (1, 2, 4), "who": ("all", "same_side", "neighbours")}),
    (
        "people",
        "equipment",
        {
            "hours_between": (2.0, 20.0),
            "repair_hours": (0.0, 3.0),
            "crew": (1, 3),
            "preventive_hours": (0.0, 1.0),
            "manager_reacts": ("at_once", "next_morning"),
        },
    ),
    (
        "coordination",
        "telling",
        {
            "incomplete": (0.2, 1.0),
            "told": (0.0, 0.3),
            "minutes": (0.0, 6.0),
            "ask_minutes": (0.0, 15.0),
            "update_hours": (0.0, 1.0),
            "answer": (
                {"law": "deterministic", "mean": 0.0},
                {"law": "deterministic", "mean": 2.0},
                {"law": "exponential", "mean": 5.0},
            ),
        },
    ),
)


class _Draft:
    """One attempt."""

    def __init__(self, source: random.Random, ties: bool):
        self.source, self.ties = source, ties
        self.whole = ties and self.maybe(0.6)
        self.weeks = source.randint(2, 4)
        self.hours_per_day = float(source.choice([4, 8]))
        self.functions = [f"f{i}" for i in range(source.randint(1, 4))]
        self.products = [f"p{i}" for i in range(source.randint(1, 4))]
        self.segments = [f"s{i}" for i in range(source.randint(1, 3))]
        self.people = source.randint(2, 10)

    def maybe(self, chance: float) -> bool:
        return self.source.random() < chance

    def pick(self, *values: Any) -> Any:
        return self.source.choice(values)

    def law(self, mean: float, zero: float = 0.1) -> Plain:
        """A duration of about this mean; sometimes none at all."""
        if self.maybe(zero):
            return {"law": "deterministic", "mean": 0.0}
        if self.ties:
            whole = max(1.0, float(round(mean)))
            chosen: Plain = self.pick(
                {"law": "deterministic", "mean": whole},
                {"law": "empirical", "values": [whole, whole, 2.0 * whole]},
                {"law": "trace", "values": [whole, 0.0 if zero else whole, whole + 1.0]},
            )
            return chosen
        return self.any_law(mean)

    def any_law(self, mean: float) -> Plain:
        """Any kind of law."""
        chosen: Plain = self.pick(
            {"law": "exponential", "mean": mean},
            {"law": "lognormal", "mean": mean, "cv": 0.9},
            {"law": "gamma", "mean": mean, "cv": 0.7},
            {"law": "deterministic", "mean": mean},
            {"law": "erlang", "mean": mean, "stages": 3},
            {"law": "uniform", "low": 0.2 * mean, "high": 1.8 * mean},
            {"law": "hyperexponential", "mean": mean, "cv": 1.6},
            {"law": "empirical", "values": [0.5 * mean, mean, 3.0 * mean], "weights": [2.0, 1.0, 0.5]},
            {"law": "trace", "values": [mean, 0.3 * mean, 1.7 * mean]},
        )
        return chosen

    def plain(self) -> Plain:
        """The whole scenario as plain data."""
        company, structure = self.company(), self.structure()
        found = partition(_parsed(Structure, structure), _parsed(Company, company))
        return {
            "company": company,
            "demand": self.demand(),
            "structure": structure,
            "staffing": self.staffing(list(found.departments)),
            "people": self.policy_of_people(),
            "coordination": self.coordination(),
            "customers": self.customers(),
            "experiment": self.experiment(),
        }

    def company(self) -> Plain:
        functions: Plain = {}
        for number, name in enumerate(self.functions):
            functions[name] = {
                "side": self.pick("front", "back"),
                "kind": "delay" if number and self.maybe(0.2) else "work",
                "knowledge": {axis: self.pick(0.0, 0.4, 1.0) for axis in ("function", "product", "segment")},
                "exception_share": self.pick(None, None, 0.0, 0.3),
            }
        self.own = [name for name, about in functions.items() if about["kind"] == "work"]
        products = {name: self.product() for name in self.products}
        content = sum(len(product["route"]) for product in products.values()) / len(products)
        hours = self.weeks * 5 * self.hours_per_day
        self.requests = min(MOST_REQUESTS, self.pick(0.4, 0.7, 0.9) * self.people * hours / content)
        return {
            "name": "generated", "description": "", "source": "",
            "clock": {"hours_per_day": self.hours_per_day, "days_per_week": 5},
            "functions": functions,
            "products": products,
            "segments": {name: self.segment() for name in self.segments},
            "profile": self.profile(),
        }  # fmt: skip

    def product(self) -> Plain:
        others = [self.pick(*self.functions) for _ in range(self.source.randint(0, 4))]
        route = [self.pick(*self.own), *others]
        self.source.shuffle(route)
        used = list(dict.fromkeys(route))
        return {
            "route": route,
            "work": {name: self.law(self.pick(0.4, 1.0, 1.6)) for name in used},
            "visit_share": {name: self.pick(0.0, 0.5, 0.9) for name in used if self.maybe(0.3)},
        }

    def segment(self) -> Plain:
        customers, batch = self.source.randint(1, 12), self.pick(1.0, 1.0, 1.0, 2.0, 3.0)
        weights = [self.source.randint(1, 4) for _ in self.products]
        mix = {name: weight / 16.0 for name, weight in zip(self.products, weights, strict=True)}
        mix[self.products[-1]] = 1.0 - sum(list(mix.values())[:-1])
        expected = self.requests / len(self.segments) / batch / customers
        gap = self.weeks * 5 * self.hours_per_day / expected
        about: Plain = {
            "customers": customers,
            "kind": self.pick("individual", "organisation", "government"),
            "batch": self.pick({"law": "deterministic", "mean": batch},
                               {"law": "uniform", "low": 0.5, "high": 2.0 * batch}),
            "mix": mix,
            "complexity": 1.0 if self.whole else self.pick(1.0, 1.0, 2.0, 0.7),
            "customisation": self.pick(0.0, 0.3, 1.0),
            "promise_hours": self.pick(2.0, 8.0, 40.0),
            "patience": {"law": "none"} if self.maybe(0.3) else self.law(self.pick(3.0, 12.0)),
            "priority": self.source.randint(1, 3),
            "margin": self.pick(10.0, 90.0),
            "attributes": {"size": {"small": 0.75, "large": 0.25}, "place": {"here": 0.5, "there": 0.5}},
        }  # fmt: skip
        if not self.ties and self.maybe(0.3):
            return {**about, "requests_per_year": 52.0 / self.weeks * expected}
        if self.maybe(0.15):
            most = max(1, round(2 * gap))
            gaps = [float(self.source.randint(0, most)) for _ in range(round(expected) + 1)]
            return {**about, "interarrival": {"law": "trace", "values": [*gaps, 1.0]}}
        return {**about, "interarrival": self.law(gap, zero=0.0)}

    def profile(self) -> Plain:
        if self.maybe(0.6):
            return {}
        return {
            "hour_of_day": [self.pick(0.0, 1.0, 2.0) for _ in range(int(self.hours_per_day) - 1)] + [1.0],
            "day_of_week": [2.0, 1.0, 1.0, 0.5, 0.5],
            "month_of_year": [1.5, *[1.0] * 10, 0.5],
        }

    def demand(self) -> Plain:
        surges = [{"from_week": 0, "to_week": 1, "factor": self.pick(0.0, 0.5, 2.0),
                   "segment": self.pick(None, self.segments[0])}]  # fmt: skip
        self.surged, self.trend = self.maybe(0.2), self.pick(0.0, 0.0, 0.0, 1.0)
        return {
            "scale": self.pick(1.0, 1.0, 0.7, 1.3),
            "profile": self.maybe(0.8),
            "trend_per_year": self.trend,
            "surges": surges if self.surged else [],
        }

    def structure(self) -> Plain:
        found: Plain = {"name": "generated"}
        kind = self.source.random()
        if kind < 0.6:
            found["blocks"] = [{"functions": "all", "group_by": list(self.pick(*AXES))}]
        elif kind < 0.75:
            first = {"functions": [self.own[0]], "group_by": list(self.pick(*AXES))}
            found["blocks"] = [first, {"functions": "rest", "group_by": list(self.pick(*AXES))}]
        else:
            cut = self.source.randint(1, len(self.segments))
            boxes = {"near": [{"segments": self.segments[:cut]}]}
            if self.segments[cut:]:
                boxes["far"] = [{"segments": self.segments[cut:], "functions": [name]} for name in self.own]
            found["departments"] = boxes
        if self.maybe(0.3):
            found["coordinators"] = {"group_by": [self.pick("segment", "product")]}
        return found

    def staffing(self, departments: list[str]) -> Plain:
        people = max(self.people, len(departments))
        found: Plain = {
            "basis": "workers",
            "headcount": people,
            "allocation": self.pick("load", "square_root"),
            "managers": self.maybe(0.6),
            "span": self.pick(2, 10),
            "share_manager_below": self.pick(0, 5),
            "waiting_room": self.pick(None, None, None, 0, 2, 10),
            "training_hours_per_function": self.pick(0.0, 0.0, 1.0),
        }
        kind = self.source.random()
        if kind < 0.3:
            found["allocation"] = "explicit"
            found["workers"] = {name: self.source.randint(1, 4) for name in departments}
        elif kind < 0.65:
            found["roster"] = {
                f"person {number}": self.person(departments, number)
                for number in range(people + len(departments))
            }
        return found

    def person(self, departments: list[str], number: int) -> Plain:
        """The first of each department may do everything, so that all work has somebody."""
        found: Plain = {"department": departments[number % len(departments)]}
        if self.maybe(0.5):
            found["pace"] = self.pick(1.0, 2.0) if self.whole else self.pick(0.8, 1.0, 1.5)
        skills = [{"cells": self.cells(), "rank": self.source.randint(0, 2)}
                  for _ in range(self.source.randint(0, 3))]  # fmt: skip
        if number < len(departments):
            skills += [{"rank": 3}] if skills else []
        return {**found, "skills": skills}

    def cells(self) -> Plain:
        axis = self.pick("functions", "products", "segments")
        names: list[str] = getattr(self, axis) if axis != "functions" else self.own
        return {axis: self.source.sample(names, self.source.randint(1, len(names)))}

    def policy_of_people(self) -> Plain:
        self.start = self.pick("seasoned", "seasoned", "novice", "explicit")
        return {
            "learning_rate": 1.0 if self.whole else self.pick(0.7, 0.85, 1.0),
            "beginner_cases": self.pick(5.0, 200.0),
            "related_weight": self.pick(0.0, 0.0, 0.5),
            "retention_per_month": self.pick(0.6, 0.95, 1.0),
            "start": self.start,
            "start_cases": self.pick(0.0, 30.0),
            "speed_cv": 0.0 if self.whole else self.pick(0.0, 0.2, 0.5),
            "knowledge_scale": self.pick(0.0, 1.0, 1.0) if self.whole else self.pick(1.0, 0.5),
            "switch_share": 0.0 if self.whole else self.pick(0.0, 0.2),
            "switch_hours": self.pick(0.0, 0.0, 1.0) if self.ties else self.pick(0.0, 0.1),
            "ownership": self.pick("owner", "relay"),
            "owner_wait_hours": self.pick(0.0, 1.0, 8.0),
            "dispatch_request": self.pick(*REQUEST_KEYS),
            "dispatch_worker": self.pick("longest_idle", "same_worker", "most_proficient"),
        }

    def coordination(self) -> Plain:
        return {
            "handoff": self.law(1.0, zero=0.3),
            "context_within": self.pick(1.0, 0.9),
            "context_between": self.pick(1.0, 0.7),
            "context_coordinated": self.pick(1.0, 0.95),
            "reread_share": self.pick(0.0, 1.0),
            "exception_share": self.pick(0.0, 0.1, 0.5),
            "empowered_share": self.pick(0.0, 0.3, 1.0),
            "decision": self.law(0.5),
            "share_cross": self.pick(0.0, 0.5, 1.0),
            "meetings": self.pick(
                {"base_hours": 0.0, "per_colleague_hours": 0.0, "per_partner_hours": 0.0},
                {"base_hours": 5.0, "per_colleague_hours": 0.0, "per_partner_hours": 0.0},
                {"base_hours": 1.0, "per_colleague_hours": 0.2, "per_partner_hours": 0.5},
            ),
            "defects": {
                "base": self.pick(0.0, 0.1, 0.5),
                "unfamiliarity": self.pick(0.0, 0.2),
                "reference": 0.5,
                "context": self.pick(0.0, 0.5),
            },
            "rework": {
                "caught": self.pick(0.0, 0.5, 1.0),
                "complaint": self.pick(0.0, 0.5, 1.0),
                "share": self.pick(0.0, 0.5, 1.0),
                "rounds": self.source.randint(0, 5),
                "return_delay": self.law(4.0),
                "fresh": self.maybe(0.5),
            },
            "priorities": self.pick("local", "shared"),
            "shared_key": self.pick(*REQUEST_KEYS),
            "matrix": {
                "coordination_hours": self.pick(0.0, 1.0) if self.ties else self.pick(0.0, 0.1, 0.4),
                "conflict": self.pick(0.0, 0.1, 0.5),
            },
        }

    def customers(self) -> Plain:
        grouping = {"by": self.pick(["size"], ["size", "place"]), "groups": self.source.randint(1, 3)}
        return {
            "misgrouped": self.pick(0.0, 0.1, 0.5),
            "excluded": self.pick(0.0, 0.1, 0.5),
            "grouping": grouping if self.maybe(0.2) else None,
            "triage_share": self.pick(0.0, 0.3, 1.0),
            "claim": self.law(3.0),
            "corrected": self.pick(0.0, 0.5, 1.0),
            "customisation_work": 0.0 if self.whole else 0.5,
            "patience": self.maybe(0.5),
            "patience_until": self.pick("first_touch", "resolution"),
        }

    def experiment(self) -> Plain:
        ended = self.surged or self.trend > 0.0 or self.start != "seasoned" or self.maybe(0.5)
        return {
            "seed": self.source.randint(0, 2**40),
            "kind": "terminating" if ended else "long_run",
            "horizon_weeks": self.weeks,
            "warm_up_weeks": self.pick(0, 1) if not ended else 0,
            "drain_weeks": self.pick(0, 1, 4),
        }


def _parsed(kind: Any, plain: Plain) -> Any:
    return kind.model_validate_json(json.dumps(plain))
