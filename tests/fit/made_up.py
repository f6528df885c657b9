"""A small made-up help desk with known answers: who works, how long, who waits, what is closed by itself.

Invariant: the log is written from a fixed seed, so every test sees the same one; nothing in it is real.
"""

import csv
import gzip
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import IO
from xml.sax.saxutils import quoteattr

MONDAY = datetime(2024, 1, 1)
COLUMNS = ("ticket", "activity", "completed", "person", "customer", "product", "contract")


@dataclass(frozen=True)
class Event:
    """One line of the log."""

    ticket: str
    activity: str
    completed: datetime
    person: str
    customer: str
    product: str
    contract: str


def open_time(hours: float) -> datetime:
    """Open hours since the first Monday to a moment of the calendar; open 9 to 17 on weekdays."""
    days, rest = divmod(hours, 8.0)
    weeks, day = divmod(int(days), 5)
    return MONDAY + timedelta(days=7 * weeks + day, hours=9 + rest)


def events(tickets: int = 900, weeks: int = 60, seed: int = 7) -> list[Event]:
    """A log in order of tickets.

    Two teams of two: ann and bob do printers, cy and dee do servers. A ticket is registered, solved and
    closed by itself ten days later; 30 % of the server tickets wait for the customer for about three days;
    3 % are escalated first, which is rare. Large customers have gold contracts. Steps take half an hour.
    """
    random = Random(seed)
    free = dict.fromkeys(("ann", "bob", "cy", "dee"), 0.0)
    arrivals = sorted(random.uniform(0, weeks * 40 - 120) for _ in range(tickets))
    found = []
    for number, arrival in enumerate(arrivals):
        large = random.random() < 0.5
        customer = f"big {random.randrange(6)}" if large else f"little {random.randrange(40)}"
        product = "server" if random.random() < (0.6 if large else 0.3) else "printer"
        person = random.choice(("cy", "dee") if product == "server" else ("ann", "bob"))
        steps = ["register", *(["escalate"] if random.random() < 0.03 else []), "solve"]
        if product == "server" and random.random() < 0.3:
            steps.insert(1, "ask customer")
        now = arrival
        for step in steps:
            start = max(now, free[person])
            now = start + min(1.9, random.expovariate(2.0)) + 0.01
            free[person] = now
            found.append(_event(number, step, now, person, customer, product, large))
            if step == "ask customer":
                now += random.uniform(16, 32)
        found.append(_event(number, "closed", now, "robot", customer, product, large, timedelta(days=10)))
    return found


def _event(
    number: int,
    step: str,
    hours: float,
    person: str,
    customer: str,
    product: str,
    large: bool,
    later: timedelta = timedelta(),
) -> Event:
    moment = (open_time(hours) + later).replace(microsecond=0)
    return Event(f"T{number}", step, moment, person, customer, product, "gold" if large else "basic")


def opened(path: Path) -> IO[str]:
    """A file to write, gzipped when its name ends with .gz."""
    return gzip.open(path, "wt", newline="") if path.suffix == ".gz" else path.open("w", newline="")


def write_csv(path: Path, found: list[Event], separator: str = ",") -> Path:
    """The log as CSV; gzipped when the name ends with .gz."""
    with opened(path) as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(COLUMNS)
        for one in found:
            writer.writerow(
                [
                    one.ticket,
                    one.activity,
                    one.completed.isoformat(),
                    one.person,
                    one.customer,
                    one.product,
                    one.contract,
                ]
            )
    return path


def write_xes(path: Path, found: list[Event]) -> Path:
    """The log as XES; gzipped when the name ends with .gz."""
    by_ticket: dict[str, list[Event]] = {}
    for one in found:
        by_ticket.setdefault(one.ticket, []).append(one)
    with opened(path) as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<log xmlns="http://www.xes-standard.org/">\n')
        for ticket, mine in by_ticket.items():
            file.write(f'<trace><string key="concept:name" value={quoteattr(ticket)}/>\n')
            for one in mine:
                values = {
                    "concept:name": one.activity, "org:resource": one.person, "customer": one.customer,
                    "product": one.product, "contract": one.contract,
                }  # fmt: skip
                texts = "".join(
                    f"<string key={quoteattr(key)} value={quoteattr(value)}/>"
                    for key, value in values.items()
                )
                moment = f'<date key="time:timestamp" value="{one.completed.isoformat()}+00:00"/>'
                file.write(f"<event>{texts}{moment}</event>\n")
            file.write("</trace>\n")
        file.write("</log>\n")
    return path
