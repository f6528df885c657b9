"""The best of many on the page: each set of scenarios where they are few, counted where they are many."""

from sim.analysis.best_of_many import Choice
from sim.report.best_of_many import sections
from tests.page import example


def choice(best: str, metric: str = "response_time_mean", within: float = 1.0) -> Choice:
    """A set of nine scenarios of which one is best, and one more may be."""
    return Choice(metric, 9, 0, (best, "pooled"), 3.0, within, "%", 20)


def told(*choices: Choice) -> list[str]:
    """What the section says, without the caution at its end."""
    (section,) = sections(choices, example.layout())
    return [finding.text for finding in section.findings[:-1]]


def test_a_few_sets_are_told_one_by_one() -> None:
    assert len(told(choice("a"), choice("b"))) == 2


def test_many_sets_are_counted_so_that_nothing_is_said_again_and_again() -> None:
    many = [choice("a")] * 3 + [choice("b", within=5.0)]
    (said,) = told(*many)
    assert said == (
        "Of 4 sets of scenarios, each with the same customers, “a” serves fastest in 3 and “b” serves "
        "fastest in 1; in 3 of them nobody else may be better by as much as matters (95 % confidence)."
    )


def test_each_metric_is_counted_by_itself() -> None:
    many = [choice("a")] * 4 + [choice("b", "satisfaction_mean")] * 4
    assert [said.count(" in 4") for said in told(*many)] == [2, 2]
