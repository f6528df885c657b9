"""Where two engines have to agree bit for bit, only arithmetic is used that is the same in Python and numba.

`x ** 3` differs in a quarter of all values, `np.exp` and `np.log` in the last bit, `sum` compensates from
Python 3.12 on, `np.sum` adds in pairs: the package uses `math` functions and written-out loops there.
"""

import ast

import pytest

from tests.architecture.sources import Source, breaches

INEXACT = {
    "sum", "pow", "math.fma", "statistics.mean", "statistics.fmean",
    "numpy.exp", "numpy.expm1", "numpy.log", "numpy.log1p", "numpy.power", "numpy.sum",
    "numpy.mean", "numpy.dot",
}  # fmt: skip


def inexact_calls(source: Source) -> list[str]:
    return [f"line {call.lineno}: {name}" for name, call in source.calls if name in INEXACT]


def inexact_powers(source: Source) -> list[int]:
    """Lines with `**`, except between literals, which Python folds once for both engines."""
    powers = [n for n in ast.walk(source.tree) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)]
    return [power.lineno for power in powers if not (is_literal(power.left) and is_literal(power.right))]


def is_literal(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def fast_maths(source: Source) -> list[int]:
    """Lines that ask for it, or may do so."""
    words = [word for _, call in source.calls for word in call.keywords if word.arg == "fastmath"]
    off = [isinstance(word.value, ast.Constant) and word.value.value is False for word in words]
    return [word.value.lineno for word, is_off in zip(words, off, strict=True) if not is_off]


def test_no_inexact_function_where_engines_must_agree() -> None:
    assert breaches(inexact_calls, exact=True) == {}


def test_no_power_where_engines_must_agree() -> None:
    assert breaches(inexact_powers, exact=True) == {}


def test_no_fastmath_anywhere() -> None:
    assert breaches(fast_maths) == {}


@pytest.mark.parametrize(
    "text", ["sum([x])", "import numpy as np\nnp.exp(x)", "from numpy import sum as s\ns(x)"]
)
def test_a_planted_function_is_noticed(text: str, planted: Source) -> None:
    planted.path.write_text(text, encoding="utf-8")
    assert inexact_calls(planted)


def test_planted_fastmath_is_noticed(planted: Source) -> None:
    planted.path.write_text("jit(fastmath=True)\njit(fastmath=False)", encoding="utf-8")
    assert fast_maths(planted) == [1]


def test_a_planted_power_is_noticed(planted: Source) -> None:
    planted.path.write_text("y = x**3 + 2**-36", encoding="utf-8")
    assert inexact_powers(planted) == [1]
