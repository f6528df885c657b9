"""Rules that no queue is needed for, against their closed forms."""

import pytest

from sim.known_answers.oracles import knowledge_stock, wright_time
from sim.mechanisms.learning import learning_exponent, unfamiliarity


@pytest.mark.parametrize("rate", [0.7, 0.8, 0.9])
@pytest.mark.parametrize("case", [1, 2, 4, 10, 100, 10_000])
def test_unfamiliarity_is_the_learning_curve_of_wright(rate: float, case: int) -> None:
    rule = 10.0 * unfamiliarity(case - 1.0, 1.0, learning_exponent(rate))
    assert rule == pytest.approx(wright_time(10.0, rate, case), rel=1e-9)


def test_unfamiliarity_of_a_faded_stock() -> None:
    stock = knowledge_stock(0.75, 20.0, 12)
    rule = 10.0 * unfamiliarity(stock - 1.0, 1.0, learning_exponent(0.8))
    assert rule == pytest.approx(10.0 * stock**-0.3219280948873623, rel=1e-9)
