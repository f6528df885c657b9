"""`orgdes verify` shows what it found and its exit code says whether all is well."""

import pytest

from sim.cli import main as orgdes


def main(words: list[str]) -> int:
    return orgdes(["verify", *words])


ENGINE = ["--engine", "simpy"]


def test_a_good_simulator_passes() -> None:
    assert main(["quick", *ENGINE, "--case", "V47a"]) == 0


def test_a_planted_error_fails() -> None:
    assert main(["quick", *ENGINE, "--case", "V47a", "--plant", "1.03"]) == 1


def test_the_verdict_of_every_value_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    main(["quick", *ENGINE, "--case", "V47b"])
    assert capsys.readouterr().out.count("pass") == 4 + 1  # four values and the line that sums up


def test_an_unknown_tier_is_bad_input() -> None:
    assert main(["thorough"]) == 2


def test_an_unknown_case_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--case", "V99"]) == 2
    assert "V99" in capsys.readouterr().err


def test_cases_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--case", "V13"]) == 0
    assert "V13-three" in capsys.readouterr().out
