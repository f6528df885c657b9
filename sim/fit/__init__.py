"""From a ticket log to a company: reading, estimating, calibrating and reporting how well the result fits.

Invariant: nothing of the log itself leaves this package, only numbers estimated from it.
"""
