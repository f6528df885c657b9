"""From a list of scenarios to a result folder: scheduling, storing, resuming.

Invariant: the tables depend on the scenarios alone, never on workers, order, backend or interruptions.
"""
