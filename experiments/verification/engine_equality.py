"""Do both engines give the same bits? Whole random companies by number, played by each of them.

Question: are all tables of the SimPy and of the compiled engine equal byte for byte, ties included?
Command: python -m experiments.verification.engine_equality [--count 500]; its output is engine_equality.txt.
"""

from __future__ import annotations

import argparse

from sim.replication import simulate
from tests.engines.first_difference import difference
from tests.strategies import scenario


def main() -> int:
    """Print the counts and the first event that differs; 1 when one does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    count = parser.parse_args().count
    requests = visits = duties = different = 0
    first = ""
    for seed in range(count):
        drawn = scenario(seed)
        reference = simulate(drawn, 0, "simpy")
        found = difference(reference, simulate(drawn, 0, "compiled"), ("simpy", "compiled"))
        requests += len(reference.requests)
        visits += len(reference.visits)
        duties += len(reference.duties)
        if found is not None:
            different += 1
            first = first or f"scenario {seed}: {found}"
    print(f"scenarios {count:,}, of these with whole-number times {(count + 2) // 3:,}")
    print(f"requests {requests:,}, visits {visits:,}, duties {duties:,}")
    print(f"different {different:,}")
    if first:
        print(first)
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
