"""Ctrl-C: heard at once, or at the end of what must not be interrupted; never lost."""

import os
import signal
import sys
import threading
from contextlib import suppress

import pytest

from sim.cli import main
from sim.config.interrupts import interrupts_held, interrupts_let_through, remembered, was_interrupted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are not held back there")


def press() -> None:
    """Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_waits_for_the_end_of_what_must_not_be_interrupted() -> None:
    done = []

    def work() -> None:
        with interrupts_held():
            press()
            done.append("composed")
        done.append("further")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["composed"]


def test_ctrl_c_is_heard_at_once_where_it_may_interrupt() -> None:
    done = []

    def work() -> None:
        with interrupts_held(), interrupts_let_through():
            press()
            done.append("checked")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == []


def test_ctrl_c_that_the_system_gives_to_another_thread_is_held_back_too() -> None:
    done, over = [], threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()

    def work() -> None:
        with interrupts_held():
            assert other.ident
            signal.pthread_kill(other.ident, signal.SIGINT)
            over.set()
            other.join()
            done.append("composed")
        done.append("further")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["composed"]


def test_what_is_held_back_inside_is_held_back_by_the_outer_one() -> None:
    done = []

    def work() -> None:
        with interrupts_held():
            with interrupts_held():
                press()
            done.append("composed")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["composed"]


def test_who_listened_before_listens_after() -> None:
    for context in (interrupts_held, interrupts_let_through):
        before = signal.getsignal(signal.SIGINT)
        with context():
            pass
        assert signal.getsignal(signal.SIGINT) is before


def test_an_interruption_that_was_swallowed_is_remembered() -> None:
    with remembered():
        assert not was_interrupted()
        with suppress(KeyboardInterrupt):
            press()
        assert was_interrupted()
    assert not was_interrupted()


def test_a_thread_leaves_signals_alone() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def inside() -> None:
        with remembered():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    assert seen == [before]


def test_an_error_that_a_library_makes_of_ctrl_c_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def half_done(_: object) -> int:
        try:
            press()
        except KeyboardInterrupt:
            raise AttributeError("NoneType has no cache") from None
        return 0

    monkeypatch.setattr("sim.cli.run.main", half_done)
    assert main(["structure=function"]) == 130
    assert "interrupted" in capsys.readouterr().err


def test_other_errors_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> int:
        raise AttributeError("NoneType has no cache")

    monkeypatch.setattr("sim.cli.run.main", broken)
    with pytest.raises(AttributeError):
        main(["structure=function"])
