"""Targets are read with every mistake at once: unknown names, impossible limits, what is no service."""

import pytest

from sim.staffing.targets import Target, read_targets

SEGMENTS = ("private", "corporate")


def mistakes(*given: tuple[str, str]) -> list[str]:
    return [str(mistake) for mistake in read_targets(given, SEGMENTS)[1]]


def test_short_names_mean_the_metric() -> None:
    assert read_targets([("target.satisfaction", "70")], SEGMENTS)[0] == [Target("satisfaction_mean", 70.0)]


def test_a_segment_stands_before_the_metric() -> None:
    (target,), _ = read_targets([("target.private.within_promise", "0.9")], SEGMENTS)
    assert target == Target("within_promise", 0.9, "segment:private")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("target.within_promis", "0.9", 'Did you mean "within_promise"?'),
        ("target.privat.within_promise", "0.9", 'Did you mean "private"?'),
        ("target.within_promise", "90", "Write 0.9 for 90 %"),
        ("target.within_promise", "1", "no mean can show"),
        ("target.within_promise", "0", "every company reaches"),
        ("target.within_promise", "a lot", "is no number"),
        ("target.within_promise", "nan", "is no number"),
        ("target.satisfaction", "170", "0 to 100"),
        ("target.response_time_p90", "-1", "0 or more"),
        ("target.response_time_p90", "0", "More than 0 h"),
        ("target.utilisation", "0.8", "no better direction"),
        ("target.cost", "100000", "is no service"),
        ("target.private.room", "1.2", "not measured by segment"),
    ],
)
def test_a_bad_target_is_told_with_what_to_do(key: str, value: str, told: str) -> None:
    (mistake,) = mistakes((key, value))
    assert told in mistake


def test_all_mistakes_are_told_at_once() -> None:
    assert len(mistakes(("target.nothing", "x"), ("target.within_promise", "2"))) == 3


def test_no_target_at_all_is_told() -> None:
    assert "no service is asked for" in mistakes()[0]


def test_a_target_given_twice_is_told() -> None:
    twice = mistakes(("target.satisfaction", "70"), ("target.satisfaction_mean", "60"))
    assert "given twice" in twice[0]
