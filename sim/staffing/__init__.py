"""How many people each structure needs for the same service.

Invariant: what is told about a staff was measured on replications that the search for it never saw.
"""
