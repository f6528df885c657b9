"""The kinds of time in a request's life, in reading order, with one colour each.

Invariant: a kind keeps its place and colour in every figure, table and report.
"""

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """One kind of interval: its name in the tables, its label for people, its family and colour."""

    name: str
    label: str
    family: str
    colour: str


KINDS: Final = (
    Kind("work", "work itself", "work", "#24506f"),
    Kind("by_function", "unfamiliarity with the function", "unfamiliarity", "#4f86ad"),
    Kind("by_product", "unfamiliarity with the product", "unfamiliarity", "#84aecb"),
    Kind("by_segment", "unfamiliarity with the customer", "unfamiliarity", "#b9d3e4"),
    Kind("pace", "pace of the person", "effort", "#8f9dab"),
    Kind("switch", "switching", "effort", "#64508c"),
    Kind("reread", "rereading", "effort", "#9381b4"),
    Kind("triage", "wrong group put right", "effort", "#c4b8da"),
    Kind("queue", "waiting in a queue", "waiting", "#e39a3b"),
    Kind("handoff", "handing over", "handing over", "#a93546"),
    Kind("coordination", "coordination", "handing over", "#d67a85"),
    Kind("decision_wait", "waiting for a decision", "deciding", "#123f36"),
    Kind("decision", "deciding", "deciding", "#7fc0af"),
    Kind("claim", "finding the right place", "outside", "#d8c9a3"),
    Kind("outside", "outside the company", "outside", "#b3ada0"),
    Kind("absence", "absence", "outside", "#8d887d"),
    Kind("breakdown", "breakdown", "outside", "#67625a"),
)

SCORES: Final = (
    Kind("responsiveness", "speed, as expected", "outcome", "#24506f"),
    Kind("reliability", "right and in time", "outcome", "#24506f"),
    Kind("assurance", "familiar with the work", "familiarity", "#9381b4"),
    Kind("empathy", "customers are known", "familiarity", "#9381b4"),
    Kind("ease", "little effort for the customer", "familiarity", "#9381b4"),
)
"""What satisfaction is made of; the first two are outcomes, the others reward familiarity by definition."""

_BY_NAME: Final = {kind.name: kind for kind in KINDS + SCORES}


def kind_of(name: str) -> Kind:
    """The kind with this name in the tables; an unknown name keeps itself as its label.

    >>> kind_of("queue").label, kind_of("new_kind").label
    ('waiting in a queue', 'new kind')
    """
    return _BY_NAME.get(name, Kind(name, name.replace("_", " "), "other", "#444444"))


def in_order(names: list[str]) -> list[str]:
    """The names in reading order, unknown ones last by name.

    >>> in_order(["queue", "zeal", "work"])
    ['work', 'queue', 'zeal']
    """
    place = {name: position for position, name in enumerate(_BY_NAME)}
    return sorted(set(names), key=lambda name: (place.get(name, len(place)), name))
