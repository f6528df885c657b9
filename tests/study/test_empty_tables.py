"""Tables that have rows in some replications only, or in none."""

from typing import Any

import pyarrow as pa
import pytest

from sim.study.store.batch import _lists


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([[], [1.5]], pa.float64()),
        ([["a"], []], pa.string()),
        ([None, [], [2]], pa.int64()),
        ([[], []], pa.null()),
    ],
)
def test_a_column_without_rows_takes_the_kind_of_those_that_have_some(
    parts: list[Any], kind: pa.DataType
) -> None:
    found = _lists(parts)
    assert found.type.value_type == kind
    assert found.to_pylist() == parts
