"""Copies of the process that check a share of a sweep: what they find is what one process finds."""

import os
import subprocess
import sys

import pytest

from sim.door.copies import Copies, wrong_among
from tests.study.designs import ROOT

CHECKED = """
import os, signal, sys
from sim.door.compose import composer_for
from sim.door.copies import Copies, wrong_among
from sim.study.design import scenario_digest

composer = composer_for(None)
scales = ["0.5", "-1", "1.5", "2"]
jobs = [[f"structure={('function', 'customer')[n % 2]}", f"demand.scale={scales[n % 4]}"] for n in range(200)]
plains = [composer.plain(job) for job in jobs]
copies = Copies(composer, jobs, int(sys.argv[1]))
copies.begin()
running = len(copies._running)
if sys.argv[2] == "lost":
    copies._running[0][0].kill()
digests = {}
wrong = copies.wrong(plains, digests)
copies.close()
expected = wrong_among(plains, 0, len(plains))
print(running, len(digests), len(wrong))
told = [[str(mistake) for found in side.values() for mistake in found] for side in (wrong, expected)]
print(list(wrong) == list(expected), told[0] == told[1])
print(all(digest == scenario_digest(plains[number]) for number, digest in digests.items()))
"""


def checked(count: int, how: str = "") -> list[str]:
    """What the script says that checks 200 scenarios with so many copies."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "sim" / "door" / "namespace")])
    answer = subprocess.run(
        [sys.executable, "-c", CHECKED, str(count), how],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert answer.stderr == ""
    return answer.stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are not forked on this system")
@pytest.mark.parametrize(("count", "named"), [(1, 108), (3, 168), (7, 200), (12, 200)])
def test_copies_find_the_same_mistakes_and_names(count: int, named: int) -> None:
    assert checked(count) == [str(count), str(named), "50", "True", "True", "True"]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are not forked on this system")
def test_the_share_of_a_lost_copy_is_checked_here() -> None:
    _, named, *rest = checked(3, "lost")
    assert rest == ["50", "True", "True", "True"]
    assert int(named) in (112, 168)  # it may have answered before


def test_without_copies_everything_is_checked_here() -> None:
    from sim.door.compose import composer_for

    composer, jobs = composer_for(None), [["demand.scale=-1"], ["demand.scale=1"]]
    plains, digests = [composer.plain(job) for job in jobs], dict[int, str]()
    found = Copies(composer, jobs, 2).wrong(plains, digests)
    assert ([*found], digests) == ([0], {})
    assert found == wrong_among(plains, 0, 2)
