"""Copies of the process that check a share of a sweep: what they find is what one process finds."""

import os
import subprocess
import sys
import time
from pathlib import Path

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
if sys.argv[2] == "no more":
    fork, left = os.fork, [2]

    def refuse():
        left[0] -= 1
        if left[0] < 0:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    os.fork = refuse
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


@pytest.mark.skipif(sys.platform != "linux", reason="processes are not forked on this system")
def test_where_the_system_gives_no_more_processes_the_rest_is_checked_here() -> None:
    assert checked(3, "no more") == ["2", "112", "50", "True", "True", "True"]


ORPHANS = """
import os, signal, time
from sim.door import copies as made
from sim.door.compose import composer_for

made.mistakes = lambda plain: ["x" * 1000]  # more than a pipe holds
composer = composer_for(None)
copies = made.Copies(composer, [["structure=function"]] * 900, 3)
copies.begin()
print(*[process.pid for process, _ in copies._running], flush=True)
time.sleep(1.0)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are not forked on this system")
def test_copies_end_with_the_process_they_were_made_of() -> None:
    path = os.pathsep.join([str(ROOT), str(ROOT / "sim" / "door" / "namespace")])
    answer = subprocess.run(
        [sys.executable, "-c", ORPHANS],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    numbers = [int(word) for word in answer.stdout.split()]
    until = time.monotonic() + 20
    while any(map(lives, numbers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert (len(numbers), [*filter(lives, numbers)]) == (3, [])


def lives(process: int) -> bool:
    """Is there such a process, and more than a zombie?"""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_without_copies_everything_is_checked_here() -> None:
    from sim.door.compose import composer_for

    composer, jobs = composer_for(None), [["demand.scale=-1"], ["demand.scale=1"]]
    plains, digests = [composer.plain(job) for job in jobs], dict[int, str]()
    found = Copies(composer, jobs, 2).wrong(plains, digests)
    assert ([*found], digests) == ([0], {})
    assert found == wrong_among(plains, 0, 2)
