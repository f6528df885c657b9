"""Fixtures of the study's tests."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def _fixed_model() -> Iterator[None]:
    """The stand-in for the simulation does not depend on the model's code, so its results need not either."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.design.model_fingerprint", lambda: "the fake work")
        yield
