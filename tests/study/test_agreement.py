"""Continuing a sweep after an upgrade: with the same numbers, or not at all."""

from pathlib import Path

import pytest

from sim.study.agreement import OtherVersions
from tests.study.designs import rows, run


def upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.session.versions", lambda: {"numpy": "99.0"})


def test_24_versions_with_the_same_numbers_continue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(rows(4), tmp_path / "sweep")
    upgrade(monkeypatch)
    outcome = run(rows(4, 3), tmp_path / "sweep")
    assert (outcome.exit_code, outcome.reused, "same numbers" in outcome.notes[-1]) == (0, 8, True)


def test_24_versions_with_other_numbers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(rows(4), tmp_path / "sweep")
    upgrade(monkeypatch)
    monkeypatch.setattr("tests.study.fake_work.SHIFT", 2.0**-40)
    with pytest.raises(OtherVersions, match=r"numpy .* then, 99\.0 now"):
        run(rows(4, 3), tmp_path / "sweep")


def test_24_other_code_of_the_model_is_never_mixed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(rows(4), tmp_path / "sweep")
    monkeypatch.setattr("sim.study.design.model_fingerprint", lambda: "edited")
    assert run(rows(4), tmp_path / "sweep").reused == 0
