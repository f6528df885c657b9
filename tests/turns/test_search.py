"""The search for borders on a winner that a rule knows: found to the resolution, on both sides."""

import pytest

from sim.analysis.leading import SETTLED, Lead, adjusted
from sim.turns.inputs import Input
from sim.turns.search import HELD, LOST, RESOLUTION, TURNED, Border, borders, fixed_values, kind, search

NOW = Lead("a", SETTLED, 0.001)
OTHER = Lead("b", SETTLED, 0.001)
NOBODY = Lead()


def leads(value: float) -> Lead:
    """“a” wins up to 3, “b” from 4 on; between them nobody."""
    return NOW if value <= 3.0 else OTHER if value >= 4.0 else NOBODY


def found(own: Input) -> list[Border]:
    seen = [(value, kind(leads(value), NOW)) for value in fixed_values(own)]
    ends = list(borders(0, own, seen, settled=True))
    search(ends, NOW, lambda asked: [leads(value) for _, value in asked])
    return ends


def test_both_ends_of_the_band_that_is_not_settled_are_found_to_the_resolution() -> None:
    holds, turns = found(Input("x.y", 2.0, 0.0, 8.0))
    assert (holds.least, turns.least) == (LOST, TURNED)
    assert 3.0 - 8.0 * RESOLUTION <= holds.told <= 3.0
    assert 4.0 <= turns.told <= 4.0 + 8.0 * RESOLUTION


def test_nothing_is_searched_where_the_winner_holds_at_all_that_is_looked_at() -> None:
    assert found(Input("x.y", 2.0, 0.0, 2.9)) == []


def test_whole_numbers_stay_whole() -> None:
    holds, turns = found(Input("x.y", 2.0, 1.0, 40.0, whole=True))
    assert (holds.told, turns.told) == (3.0, 4.0)


def test_ranges_of_several_doublings_are_halved_by_ratio() -> None:
    own = Input("x.y", 1.0, 0.125, 8.0)
    assert own.between(1.0, 4.0) == 2.0
    assert fixed_values(own) == pytest.approx([0.3536, 0.125, 2.828, 8.0])


def test_a_value_of_now_at_the_end_of_its_range_has_one_side() -> None:
    assert fixed_values(Input("x.y", 0.0, 0.0, 0.8)) == [0.4, 0.8]


def test_where_nobody_wins_now_only_a_winner_is_looked_for() -> None:
    own = Input("x.y", 3.5, 3.5, 8.0)
    seen = [(value, kind(leads(value), NOBODY)) for value in fixed_values(own)]
    assert [(border.least, border.near, border.far) for border in borders(0, own, seen, settled=False)] == [
        (TURNED, 3.5, 5.75)
    ]


def test_kinds() -> None:
    assert [kind(lead, NOW) for lead in (NOW, NOBODY, OTHER)] == [HELD, LOST, TURNED]


def test_leads_are_adjusted_over_what_differs_from_now() -> None:
    now = Lead("a", SETTLED, 0.04, 0.1, (1.0, 2.0))
    same = Lead("a", SETTLED, 0.04, 0.1, (1.0, 2.0))
    weak, strong = (Lead("b", SETTLED, p, 0.1, (2.0, own)) for p, own in ((0.03, 1.0), (0.001, 0.5)))
    told = adjusted([now, same, weak, strong, Lead("b", SETTLED, 0.04, 0.1, (2.0, 1.5))])
    assert [lead.winner for lead in told] == ["a", "a", "", "b", ""]
    assert [lead.p for lead in told] == pytest.approx([0.04, 0.04, 0.06, 0.003, 0.06])
