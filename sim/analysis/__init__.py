"""What trajectories and stored results say: metrics, decomposition, inference, comparison.

Invariant: tables in, tables out; nothing here plots, prints or draws a random number.
"""
