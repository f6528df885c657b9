"""Exact answers of queueing theory and their comparison with the simulator: ``orgdes verify``."""
