"""What is shipped, as scenarios of a few weeks."""

from sim import load_scenario
from sim.model.scenario import Scenario

SHORT = ("experiment.kind=terminating", "experiment.horizon_weeks=6", "experiment.drain_weeks=2")
PAIRS = (
    *((name, "default") for name in ("function", "customer", "product", "pooled", "front_back", "matrix")),
    *((name, "default") for name in ("product_customer", "key_accounts")),
    ("helpdesk_today", "helpdesk"),
    ("front_back", "insurer"),
    ("matrix", "project_house"),
)
"""Structure and company."""


def shipped(structure: str, company: str, *more: str) -> Scenario:
    """A shipped company under a shipped structure, for a few weeks."""
    return load_scenario([f"structure={structure}", f"company={company}", *SHORT, *more])
