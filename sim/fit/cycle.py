"""Life cycles: events that say when work begins, joined with those that say when it ends.

Invariant: a begin belongs to at most one end, of the same ticket and activity, and never lies after it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from sim.fit.times import Floats

BEGUN = {"start", "started", "starting", "begin", "begun", "began", "beginning"}
HANDED = {"assign", "assigned"}
"""Where nothing says when work begins, it begins when somebody gets it."""
FINISHED = {"complete", "completed", "completion", "finish", "finished", "end", "ended", "done", "stop",
            "stopped", "close", "closed"}  # fmt: skip
STANDARD = {"schedule", "scheduled", "reassign", "suspend", "resume", "withdraw", "autoskip", "manualskip",
            "ate_abort", "pi_abort", "unknown"}  # fmt: skip


def is_cycle(values: Iterable[str]) -> bool:
    """Do the values of a column say of each event whether work begins or ends with it?

    >>> is_cycle(["Start", "FINISH"]), is_cycle(["Assigned", "In progress", "Closed"])
    (True, False)
    """
    words = {_word(value) for value in set(values)} - {""}
    known = words <= BEGUN | HANDED | FINISHED | STANDARD
    return known and bool(words & FINISHED) and bool(words & (BEGUN | HANDED))


def phases(values: Sequence[str]) -> tuple[list[int], list[int]]:
    """Rows that say something was finished, and rows that say it was begun.

    Without words for both, rows of no life cycle are all taken for finished.
    """
    words = [_word(value) for value in values]
    seen = Counter(words)
    if not is_cycle(values) and "complete" not in seen:
        return list(range(len(words))), []
    begins = BEGUN if seen.keys() & BEGUN else HANDED
    finished = [row for row, word in enumerate(words) if word in FINISHED or not word]
    return finished, [row for row, word in enumerate(words) if word in begins]


def _word(value: str) -> str:
    return value.strip().lower()


def joined(
    finished: Sequence[int],
    begun: Sequence[int],
    keys: Sequence[tuple[str, str]],
    who: Sequence[str],
    time: Floats,
) -> dict[int, int]:
    """Finished rows with the row that began each: the earliest that waits, by the same person
    if there is one.

    `keys`: ticket and activity of each row; `time`: NaN where a row has none.
    """
    begins = set(begun)
    rows = sorted((row for row in (*begun, *finished) if np.isfinite(time[row])),
                  key=lambda row: (time[row], row not in begins))  # fmt: skip
    waiting: dict[tuple[str, str], list[int]] = defaultdict(list)
    found = {}
    for row in rows:
        line = waiting[keys[row]]
        if row in begins:
            line.append(row)
        elif line:
            own = next((one for one in line if who[one] == who[row]), line[0])
            line.remove(own)
            found[row] = own
    return found
