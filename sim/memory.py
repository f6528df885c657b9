"""Where rows lie: moved many at once, in the cache in time, apart from what other threads write.

Invariant: compiled and plain code leave the same bytes.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any, TypeVar

import numpy as np

from sim.jit import is_compiled

Table = np.ndarray[Any, Any]
Array = TypeVar("Array", bound=np.ndarray[Any, Any])

FOR_EVER, NEVER_MAPPED, MOST_IN_OLD_ONES, ONE = -1, 2**31 - 1, 2**25, 1
TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
"""Names of glibc's settings (mallopt(3))."""
LINE = 64
"""Bytes the processor fetches at once."""
APART = 2 * LINE
"""Lines are fetched in pairs."""


def keep_freed() -> bool:
    """Have this process keep freed memory for the next replication; False where the system has no such way.

    For processes that play replication after replication: large tables are otherwise given back to the system
    and taken again each time, page by page. Threads share what is kept. With glibc only.
    """
    if sys.platform != "linux":
        return False
    setting = getattr(ctypes.CDLL(None), "mallopt", None)
    if setting is None:
        return False
    setting(ARENA_MAX, ONE)
    mapped = any(setting(MMAP_THRESHOLD, size) for size in (NEVER_MAPPED, MOST_IN_OLD_ONES))
    return bool(mapped and setting(TRIM_THRESHOLD, FOR_EVER))


def apart(array: Array) -> Array:
    """A copy that shares no cache line with anything else.

    For small arrays that are written all the time: threads that write to one line wait for each other.
    """
    room = np.empty(array.nbytes + 2 * APART, np.uint8)
    begin = APART - room.ctypes.data % APART
    copy = room[begin : begin + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return copy  # type: ignore[return-value]


def move(target: Table, to: int, source: Table, begin: int, count: int) -> None:
    """Copy `count` rows of `source` from `begin` on to `target` from `to` on; they may overlap.

    Contiguous tables of one type. Compiled, a slice would be copied field by field, this is not.
    """
    target[to : to + count] = source[begin : begin + count]


WRITING_KEPT_DATA = 1, 3, 1
"""For llvm.prefetch: for writing, to be kept in all caches, data."""


def soon_written(table: Any, first: int, count: int) -> None:
    """A hint that `count` elements of a table from `first` on will be written; nothing with JIT off.

    Compiled code fetches them into the cache; the result is the same with or without it.
    """


if is_compiled():
    from numba import extending, types

    from sim.numba_parts import arrayobj, cgutils, ir

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

    @extending.intrinsic
    def _fetch(_: Any, table: Any, place: Any, number: Any) -> Any:
        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            kind = signature.args[0]
            array = arrayobj.make_array(kind)(context, builder, arguments[0])
            word, byte = ir.IntType(64), ir.IntType(8)
            size = word(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
            start = builder.bitcast(array.data, byte.as_pointer())
            first, count = (
                context.cast(builder, value, given, types.int64)
                for value, given in zip(arguments[1:], signature.args[1:], strict=True)
            )
            begin = builder.mul(first, size)
            end = builder.add(begin, builder.mul(count, size))
            small = ir.IntType(32)
            takes = ir.FunctionType(ir.VoidType(), (byte.as_pointer(), small, small, small))
            hint = builder.module.declare_intrinsic("llvm.prefetch", (byte.as_pointer(),), takes)
            with cgutils.for_range_slice(builder, begin, end, word(LINE), word) as (offset, _):
                builder.call(hint, (builder.gep(start, [offset]), *map(small, WRITING_KEPT_DATA)))
            return context.get_dummy_value()

        return types.void(table, place, number), lower

    @extending.overload(soon_written, strict=False)
    def _soon_written(table: Any, first: int, count: int) -> Any:
        def fetch(table: Any, first: int, count: int) -> None:
            _fetch(table, first, count)  # type: ignore[call-arg]

        return fetch
