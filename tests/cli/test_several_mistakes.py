"""Several mistakes in one command, in a file and among the words: all are told at once, and nothing runs."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command

Own = Callable[[str, str | bytes], Path]

IN_THE_FILE: dict[str, tuple[str, str]] = {
    "requests_per_year: 3.0": ("requests_per_year: -3.0", "private.requests_per_year: -3.0 is negative"),
    "hours_per_day: 8.0": ("hours_per_day: 30.0", "hours_per_day: 30"),
    "route: [intake, assessment, fulfilment]": (
        "route: [intake, assesment, fulfilment]",
        'Did you mean "assessment"?',
    ),
    "intake: {law: lognormal, mean: 0.4, cv: 1.0}": (
        "intake: {law: lognorml, mean: 0.4, cv: 1.0}",
        'Did you mean "lognormal"?',
    ),
    "mix: {loan: 0.25, insurance: 0.25, account: 0.5}": (
        "mix: {loan: 0.25, insurance: 0.25, account: 0.4}",
        "sums to 0.9",
    ),
    "priority: 3": ("priority: high", '"high"'),
    "customisation: 0.2": ("customization: 0.2", 'Did you mean "customisation"?'),
    "day_of_week: [1.2, 1.0, 1.0, 0.95, 0.85]": ("day_of_week: [1.2, 1.0]", "day_of_week"),
}
"""Text of the valid file -> what stands there instead, and what has to be said of it."""
AMONG_THE_WORDS: dict[str, str] = {
    "demand.scale=-1": "demand.scale",
    "people.learning_rate=7": "people.learning_rate",
    "experiment.horizon_weeks=0": "experiment.horizon_weeks",
    "experiment.seed=-1": "experiment.seed",
    "staffing.span=0": "staffing.span",
    "customers.misgrouped=two": "customers.misgrouped",
    "staffing.headcount=2.5": "staffing.headcount",
    "structure=matrx": 'Did you mean "matrix"?',
    "coordination.handof.mean=2": 'Did you mean "coordination.handoff',
    "experiment.replications=0": "experiment.replications",
}


@pytest.mark.parametrize("seed", range(12))
def test_all_mistakes_of_a_command_are_told_at_once(
    seed: int, own: Own, command: Command, company_text: str, ran: list[Any]
) -> None:
    chance = random.Random(seed)
    filed = chance.sample(sorted(IN_THE_FILE), chance.randint(0, 4))
    said = chance.sample(sorted(AMONG_THE_WORDS), chance.randint(1, 4))
    for old in filed:
        assert old in company_text
        company_text = company_text.replace(old, IN_THE_FILE[old][0], 1)
    own("company/bad.yaml", company_text)
    structure = [] if "structure=matrx" in said else ["structure=function"]
    code, text = command("--config-dir", "mine", "company=bad", *structure, *said)
    wanted = [IN_THE_FILE[old][1] for old in filed] + [AMONG_THE_WORDS[word] for word in said]
    assert (code, "Traceback" in text, ran) == (2, False, []), text
    assert [fragment for fragment in wanted if fragment not in text] == [], text
