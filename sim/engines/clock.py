"""SimPy's clock, instant by instant: all that happens at one hour is known before anything follows from it.

Invariant: events only note what has happened.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

import simpy

Note = Callable[[Any], None]
"""What an event does: it notes its `value`; an alarm what it is `about`."""


BY_ID = attrgetter("id")
Thing = TypeVar("Thing")


def in_order(noted: list[Thing]) -> list[Thing]:
    """What was noted, by id, each once; the note is emptied."""
    ordered = noted[:] if len(noted) < 2 else sorted(set(noted), key=BY_ID)
    noted.clear()
    return ordered


class Alarm(simpy.Event):
    """A SimPy event that is set again whenever it has happened, which takes half the time of a new one."""

    def __init__(self, env: simpy.Environment, note: Note, about: Any):
        super().__init__(env)
        self.about, self.notes = about, [note]
        self._ok, self._value = True, None

    def set(self, hours: float) -> None:
        """Ring after so many hours."""
        self.callbacks = self.notes
        self.env.schedule(self, delay=hours)


class Clock:
    """`now` is the hour of the instant that is being settled."""

    __slots__ = ("env", "now")

    def __init__(self) -> None:
        self.env, self.now = simpy.Environment(), 0.0

    def play(self, until: float, settle: Callable[[], None]) -> None:
        """Instant after instant: first all that happens at it, then what follows from it."""
        env = self.env
        now = env.peek()
        while now < until:
            self.now = now
            env.step()
            while env.peek() == now:
                env.step()
            settle()
            now = env.peek()

    def later(self, hours: float, note: Note, what: Any = None) -> None:
        """Note something after so many hours."""
        self.env.timeout(hours, what).callbacks.append(note)

    def alarm(self, note: Note, about: Any = None) -> Alarm:
        """An alarm that notes what it is about."""
        return Alarm(self.env, note, about)

    def stop_at(self, hour: float) -> None:
        """Have an instant at this hour even if nothing else happens then."""
        self.env.timeout(hour - self.env.now)
