"""Two engines, one truth: the flow of work as readable SimPy events, and the same flow compiled.

Invariant: both leave the same log, bit for bit; what is shared (world, rules, review, tables) stands outside.
"""
