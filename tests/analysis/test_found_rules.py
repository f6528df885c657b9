"""Rules found on one half and tried on the other: a planted one is found, chance is not taken for one."""

import numpy as np

from sim.analysis.found_rules import inside, rules_of

SETTINGS, FOUND_ON = 256, 128


def settings(seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.random.default_rng(seed).uniform(0.0, 8.0, (SETTINGS, 6))


def planted(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[str]:
    return ["a" if row[2] > 4.0 and row[4] < 6.0 else "b" for row in values]


def test_a_planted_rule_is_found_where_it_is() -> None:
    values = settings(1)
    rules = [rule for rule in rules_of(values, planted(values), FOUND_ON) if rule.word == "a"]
    assert set(rules[0].box) == {2, 4}
    assert abs(rules[0].box[2][0] - 4.0) < 0.3
    assert abs(rules[0].box[4][1] - 6.0) < 0.3
    assert rules[0].told
    assert min(rules[0].coverage, rules[0].density) > 0.9


def test_coverage_and_density_are_counted_on_settings_held_out() -> None:
    values = settings(2)
    words = planted(values)
    for rule in rules_of(values, words, FOUND_ON):
        held = inside(values[FOUND_ON:], rule.box)
        so = np.array(words[FOUND_ON:]) == rule.word
        counted = int((held & so).sum()), int(held.sum()), int(so.sum()), SETTINGS - FOUND_ON
        assert (rule.right, rule.inside, rule.all_right, rule.fresh) == counted


def test_chance_gives_a_rule_no_more_often_than_one_time_in_twenty() -> None:
    told = 0
    for seed in range(100):
        words = np.random.default_rng(1000 + seed).choice(["a", "b"], SETTINGS).tolist()
        told += any(rule.told for rule in rules_of(settings(seed), words, FOUND_ON))
    assert told <= 10  # 5 expected at most; more than 10 of 100 has a chance of 1.1 %


def test_there_is_no_rule_where_everything_says_the_same() -> None:
    assert rules_of(settings(3), ["a"] * SETTINGS, FOUND_ON) == []
