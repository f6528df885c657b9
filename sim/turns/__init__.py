"""What turns the answer: the smallest change of an input with which another structure wins.

Invariant: which values are looked at is found on replications that what is told about them never saw.
"""
