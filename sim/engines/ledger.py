"""The readable engine's log: rows of visits written in the very layout of the table, page after page.

Invariant: rows of a request are written as they happen, so putting requests in order sorts the table.
"""

import math
import struct
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.trajectory import DUTIES, VISITS, Table, canonical

CODES = {"<i4": "i", "<i2": "h", "|i1": "b", "<f8": "d"}
FIELDS: Mapping[str, Any] = VISITS.fields or {}
ROW = struct.Struct("<" + "".join(CODES[VISITS[name].str] for name in FIELDS))
NUMBER, FLAG = struct.Struct("<d"), struct.Struct("<b")
OFFSET = {name: about[1] for name, about in FIELDS.items()}
PAGE = 4096 * ROW.size
assert ROW.size == VISITS.itemsize

Place = tuple[bytearray, int]
"""Where a row stands: its page and the offset in it."""
DUTY = ("worker", "kind", "start", "end", "request")


class Ledger:
    """Visits and duties of a replication."""

    def __init__(self) -> None:
        self.pages = [bytearray(PAGE)]
        self.page, self.offset = self.pages[0], 0
        self.duties = array("d")

    def turn(self) -> None:
        """A new page."""
        self.page, self.offset = bytearray(PAGE), 0
        self.pages.append(self.page)

    @staticmethod
    def correct(place: Place, name: str, value: float) -> None:
        """Fill in a time that was not known yet when the row was written."""
        NUMBER.pack_into(place[0], place[1] + OFFSET[name], value)

    @staticmethod
    def mark(place: Place, name: str) -> None:
        """Set a flag in a row."""
        FLAG.pack_into(place[0], place[1] + OFFSET[name], 1)

    def duty(self, person: int, kind: int, start: float, end: float, request: int) -> int:
        """A row of duties; its number."""
        self.duties.extend((person, kind, start, end, request))
        return len(self.duties) // len(DUTY) - 1

    def unfinished(self, duty: int) -> None:
        """A duty that the end cut off."""
        self.duties[duty * len(DUTY) + DUTY.index("end")] = math.nan

    def visits_table(self) -> Table:
        """Visits by customer, number and time."""
        rows = np.frombuffer(b"".join(self.pages), VISITS)
        rows = rows[: len(rows) - (PAGE - self.offset) // ROW.size]
        request = rows["customer"].astype(np.int64) << 32 | rows["number"].astype(np.int64)
        table = rows[np.argsort(request, kind="stable")]
        canonical(table)
        return table

    def duties_table(self, customer: NDArray[np.int64], number: NDArray[np.int64]) -> Table:
        """Duties by worker and time; customer and number by request, -1 for nobody's."""
        raw = np.array(self.duties, np.float64).reshape(-1, len(DUTY))
        raw = raw[np.argsort(raw[:, 0], kind="stable")]
        request = raw[:, DUTY.index("request")].astype(np.int64)
        table = np.zeros(len(raw), DUTIES)
        for position, name in enumerate(DUTY[:4]):
            table[name] = raw[:, position]
        about = request >= 0
        table["customer"], table["number"] = -1, -1
        table["customer"][about], table["number"][about] = customer[request[about]], number[request[about]]
        canonical(table)
        return table
