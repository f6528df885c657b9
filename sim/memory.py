"""What Python says with a slice and compiled code should do in one go.

Invariant: compiled and plain code leave the same bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.jit import is_compiled

Table = np.ndarray[Any, Any]


def move(target: Table, to: int, source: Table, begin: int, count: int) -> None:
    """Copy `count` rows of `source` from `begin` on to `target` from `to` on; they may overlap.

    Contiguous tables of one type. Compiled, a slice would be copied field by field, this is not.
    """
    target[to : to + count] = source[begin : begin + count]


if is_compiled():
    from numba import extending, types
    from numba.core import cgutils
    from numba.np import arrayobj

    @extending.intrinsic
    def _move(_: Any, target: Any, to: Any, source: Any, begin: Any, count: Any) -> Any:
        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            def place(table: int) -> Any:
                array = arrayobj.make_array(signature.args[table])(context, builder, arguments[table])
                return builder.gep(array.data, [arguments[table + 1]])

            row = context.get_abi_sizeof(context.get_data_type(target.dtype))
            cgutils.raw_memmove(builder, place(0), place(2), arguments[4], row)
            return context.get_dummy_value()

        return types.void(target, to, source, begin, count), lower

    @extending.overload(move, strict=False)  # strict: annotations of both would have to be alike
    def _compiled_move(target: Any, to: Any, source: Any, begin: Any, count: Any) -> Any:
        def moved(target: Table, to: int, source: Table, begin: int, count: int) -> None:
            _move(target, to, source, begin, count)  # type: ignore[call-arg]

        return moved
