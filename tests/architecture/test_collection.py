"""Every process finds the same tests in the same order, or they could not be shared between processes."""

import os
import subprocess
import sys
import time

import pytest

from tests.architecture.sources import ROOT


def collected(hash_seed: str) -> list[str]:
    """The names of all tests, as a process of its own finds them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", "", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if "::" in line]


@pytest.mark.slow
def test_tests_have_the_same_names_and_order_in_every_process() -> None:
    first = collected("1")
    time.sleep(1.1)  # a name with the time in it would change
    assert len(first) > 1000
    assert collected("2") == first
