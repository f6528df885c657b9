"""How long a queue will be, before anything is simulated.

Invariant: longer with more load, never negative; used to choose between spreads of people, never to tell a
result.
"""

import math

from sim.rules.elementary import power


def queue_length(load: float, workers: int) -> float:
    """Requests waiting for one of so many workers, about: `load ^ sqrt(2 (workers + 1)) / (1 - load)`.

    Parameters
    ----------
    load : busy share of the workers, in [0, 1).

    Source: Sakasegawa (1977); exact for one worker with exponential times.

    >>> queue_length(0.5, 1), queue_length(0.0, 3)
    (0.5, 0.0)
    """
    return power(load, math.sqrt(2.0 * (workers + 1.0))) / (1.0 - load) if load > 0.0 else 0.0
