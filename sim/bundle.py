"""Many arrays as one argument of compiled functions.

Invariant: a bundle is read by the same names compiled or not.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any, TypeVar, cast

import numpy as np

from sim.jit import COMPILING

if COMPILING:
    from numba import extending, types

    from sim.numba_parts import arrayobj, imputils, numpy_support, templates

Arrays = TypeVar("Arrays", bound=tuple[Any, ...])


def bundle(arrays: Arrays) -> Arrays:
    """Many arrays as one argument of compiled functions, which read them by name; the tuple with JIT off.

    Handing on a named tuple of thirty arrays costs 200 machine words a call; a bundle is one pointer, what
    is read through it needs no reference counting. The caller keeps the tuple (and so the arrays) alive.

    Parameters
    ----------
    arrays : a named tuple of C-contiguous arrays. Compiled code can change their elements, not the tuple. It
        does not know their lengths: whole indices from 0 on only, no `len`, no slices, no loops over them.
    """
    return cast(Arrays, Bundle(arrays)) if COMPILING else arrays


class Bundle:
    """A named tuple of arrays with a table of where they lie: address and shape, one after the other."""

    def __init__(self, arrays: Any):
        if not all(array.flags.c_contiguous for array in arrays):
            raise ValueError("a bundle holds contiguous arrays only")
        self.arrays = arrays
        self.table = np.array(
            [word for array in arrays for word in (array.ctypes.data, *array.shape)], np.int64
        )
        self.address = self.table.ctypes.data
        self.type = _bundle_type(arrays._fields, tuple((array.dtype, array.ndim) for array in arrays))


if COMPILING:

    class BundleType(types.Type):
        """Type of a bundle: names and types of its arrays, and at which word of the table each begins."""

        def __init__(self, fields: tuple[tuple[str, Any], ...]):
            self.fields: dict[str, tuple[Any, int]] = {}
            words = 0
            for name, array in fields:
                self.fields[name] = array, words
                words += 1 + array.ndim
            digest = hashlib.sha256(repr(fields).encode()).hexdigest()[:16]
            super().__init__(name=f"Bundle({digest})")

    @functools.cache
    def _bundle_type(names: tuple[str, ...], arrays: tuple[tuple[Any, int], ...]) -> BundleType:
        kinds = (types.Array(numpy_support.from_dtype(dtype), axes, "C") for dtype, axes in arrays)
        return BundleType(tuple(zip(names, kinds, strict=True)))

    @extending.register_model(BundleType)
    class _BundleModel(extending.models.OpaqueModel):
        """A pointer."""

    @extending.typeof_impl.register(Bundle)
    def _typeof_bundle(value: Bundle, _: Any) -> BundleType:
        return value.type

    @extending.unbox(BundleType)
    def _unbox_bundle(_: Any, value: Any, context: Any) -> Any:
        number = context.pyapi.object_getattr_string(value, "address")
        address = context.pyapi.long_as_voidptr(number)
        context.pyapi.decref(number)
        return extending.NativeValue(address)

    @templates.infer_getattr
    class _BundleAttributes(templates.AttributeTemplate):
        """The arrays by name."""

        key = BundleType

        def generic_resolve(self, bundle: Any, name: str) -> Any:  # type: ignore[override]
            return bundle.fields[name][0] if name in bundle.fields else None

    @imputils.builtin_registry.lower_getattr_generic(BundleType)
    def _read_array(context: Any, builder: Any, bundle: Any, pointer: Any, name: str) -> Any:
        array, first = bundle.fields[name]
        word = context.get_value_type(types.int64)
        table = builder.bitcast(pointer, word.as_pointer())

        def read(place: int) -> Any:
            value = builder.load(builder.gep(table, [word(place)]))
            value.set_metadata(
                "invariant.load", builder.module.add_metadata([])
            )  # nothing writes to the table
            return value

        element = context.get_data_type(array.dtype)
        size = word(context.get_abi_sizeof(element))
        # The first length is left out: it is needed for indices counted from the end only, and would cost
        # four instructions at every access.
        shape = [word(0)] + [read(first + 1 + axis) for axis in range(1, array.ndim)]
        strides = [size]
        for length in reversed(shape[1:]):
            strides.insert(0, builder.mul(strides[0], length))
        data = builder.inttoptr(read(first), element.as_pointer())
        found = arrayobj.make_array(array)(context, builder)
        # No meminfo: the array is not owned here, so counting references to it comes to nothing.
        arrayobj.populate_array(found, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
        return found._getvalue()
