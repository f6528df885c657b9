"""Tidy table in, matplotlib `Figure` out: no computing, no global state.

Invariant: the only package of the project that imports matplotlib, and only inside functions.
"""

from sim.figures.decomposition import decomposition_bars, gap_bars
from sim.figures.departments import department_load
from sim.figures.distribution import response_distribution
from sim.figures.frontier import frontier
from sim.figures.organisation_chart import organisation_chart
from sim.figures.segments import segment_dots
from sim.figures.style import Mark, document, png, reword, svg
from sim.figures.sweep import swept_lines, swept_points, win_map

__all__ = [
    "Mark",
    "decomposition_bars",
    "department_load",
    "document",
    "frontier",
    "gap_bars",
    "organisation_chart",
    "png",
    "response_distribution",
    "reword",
    "segment_dots",
    "svg",
    "swept_lines",
    "swept_points",
    "win_map",
]
