"""What is said beside the figures of a whole study."""

import math
from dataclasses import replace

import pytest

from sim.report.caveats import method
from sim.report.layout_records import Column, ComparisonGroup

ENOUGH = Column("0", "function", label="long run, weeks 9 to 104", start_up=math.nan, weeks=104)


def warm_up_told(*ends: float) -> list[str]:
    """Sentences on the warm-up where start-ups end in these weeks of 104; NaN: with the warm-up."""
    columns = tuple(replace(ENOUGH, scenario=str(place), start_up=end) for place, end in enumerate(ends))
    said = method([ComparisonGroup((), columns, ())], 0.95, "Holm")
    return [sentence for sentence in said if "start" in sentence]


def test_the_warm_up_that_would_do_for_all_scenarios_is_proposed() -> None:
    assert warm_up_told(20.0, math.nan, 31.0) == [
        "2 of 3 scenarios start up for longer than what is cut: 31 weeks of warm-up would do for all "
        "(experiment.warm_up_weeks=31)."
    ]


def test_no_warm_up_is_proposed_beyond_half_of_the_run() -> None:
    (told,) = warm_up_told(60.0, math.nan)
    assert told.startswith("1 of 2 scenarios starts up")
    assert "a longer one is needed" in told


@pytest.mark.parametrize("count", [1, 3])
def test_a_warm_up_that_is_long_enough_is_not_spoken_of(count: int) -> None:
    assert warm_up_told(*[math.nan] * count) == []
