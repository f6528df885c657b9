"""What every part of a scenario shares: a strict, frozen record and fields that carry their evidence.

Invariant: a number in a scenario has a description, a unit, a range, a source and a grade A to D.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ASSUMPTION = "assumption"
OF_THE_FIELD = "of the field"
"""Unit of what stands in a law: that of the field around it."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Record(BaseModel):
    """Checked, frozen data: unknown keys, NaN, infinity and silent conversions are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True
    )


class Switched(Record):
    """Parameters of a mechanism that is off unless it is switched on; `on` and `off` stand for the whole."""

    enabled: bool = Field(
        default=False,
        description="whether it happens at all",
        json_schema_extra={"unit": "", "source": ASSUMPTION, "grade": "D"},
    )

    @model_validator(mode="before")
    @classmethod
    def _in_a_word(cls, given: Any) -> Any:
        words = {"on": True, "off": False, True: True, False: False}
        return {"enabled": words[given]} if isinstance(given, bool | str) and given in words else given


class Known:
    """Data under the key of a cache: the same as what has an equal key; without a key, the same object.

    The key may hold the identity of an object that `data` holds: while it is kept, no other can have it.
    """

    __slots__ = ("_hash", "data", "key")

    def __init__(self, data: Any, key: Any = None):
        self.data, self.key = data, id(data) if key is None else key
        self._hash = hash(self.key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and self.key == other.key


def quantity(
    description: str,
    *,
    default: Any = ...,
    off: Any = None,
    unit: str = "",
    source: str = ASSUMPTION,
    grade: str = "D",
    advised: tuple[float, float] | None = None,
    **bounds: Any,
) -> Any:
    """A field with its evidence.

    Parameters
    ----------
    description : what it is, in one sentence.
    off : value that switches its mechanism off, where that is not the default.
    unit : unit of the number, empty for a pure number or a text.
    source : where the default comes from (E numbers: the evidence table), or the word assumption.
    grade : strength of the source, A (several good causal studies) to D (judgement).
    advised : range in which the evidence places it; `bounds` (ge, gt, le, lt) are hard limits.
    """
    evidence: dict[str, Any] = {"unit": unit, "source": source, "grade": grade}
    if off is not None:
        evidence["off"] = off
    if advised is not None:
        evidence["advised"] = list(advised)
    return Field(default, description=description, json_schema_extra=evidence, **bounds)


def share(description: str, *, default: Any = ..., **more: Any) -> Any:
    """A probability or a part of a whole, between 0 and 1."""
    return quantity(description, default=default, unit=more.pop("unit", "share"), ge=0.0, le=1.0, **more)
