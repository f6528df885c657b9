"""The best of many: replications where they decide who it is, and the search for structures that may be it.

Invariant: what is told of the best was measured on replications that nobody was chosen by.
"""
