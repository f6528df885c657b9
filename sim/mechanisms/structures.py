"""S1 to S5 and S7: ways of dividing the work cube into departments; data, files of configs/structure.

Invariant: nothing here makes a structure better or worse; what it does emerges from the other mechanisms.
"""

from sim.mechanisms.record import Mechanism


def _structure(id: str, claim: str, key: str, shown: str, default: str = "choose it") -> Mechanism:
    return Mechanism(
        id=id, claim=claim, source="model.md 4", section="2.3", shown=shown, keys=(key,), default=default
    )


EVERY_FIGURE = "table and every figure of the report"
STRUCTURES = (
    _structure("S1", "by customer: one department and one manager for each group", "structure=customer",
               EVERY_FIGURE, "on"),
    _structure("S2", "by product", "structure=product", EVERY_FIGURE, "on"),
    _structure("S3", "by function", "structure=function", EVERY_FIGURE, "on"),
    _structure("S4", "front and back (Galbraith)", "structure=front_back", EVERY_FIGURE),
    _structure("S5", "one pool of generalists", "structure=pooled", "V18, V20, V46; `experiments/pooling`"),
    _structure("S7", "any partition", "structure=key_accounts, your own `departments`",
               "refusals in `tests/configs`"),
)  # fmt: skip
