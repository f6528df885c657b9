"""Where two engines have to agree bit for bit, only arithmetic is used that is the same in Python and numba.

`x ** 3` differs in a quarter of all values, `np.exp` and `np.log` in the last bit, `sum` compensates from
Python 3.12 on, `np.sum` adds in pairs: the package uses `math` functions and written-out loops there.
"""

import ast

import pytest

from tests.architecture.sources import Source

INEXACT = {
    "sum", "pow", "math.fma", "statistics.mean", "statistics.fmean",
    "numpy.exp", "numpy.expm1", "numpy.log", "numpy.log1p", "numpy.power", "numpy.sum",
    "numpy.mean", "numpy.dot",
}  # fmt: skip


def inexact_calls(source: Source) -> list[str]:
    return [f"line {call.lineno}: {name}" for name, call in source.calls() if name in INEXACT]


def inexact_powers(source: Source) -> list[int]:
    """Lines with `**`, except between literals, which Python folds once for both engines."""
    powers = [n for n in ast.walk(source.tree) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Pow)]
    return [power.lineno for power in powers if not (is_literal(power.left) and is_literal(power.right))]


def is_literal(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def test_no_inexact_function_where_engines_must_agree(exact_source: Source) -> None:
    assert inexact_calls(exact_source) == []


def test_no_power_where_engines_must_agree(exact_source: Source) -> None:
    assert inexact_powers(exact_source) == []


def test_no_fastmath_anywhere(source: Source) -> None:
    words = [word for _, call in source.calls() for word in call.keywords if word.arg == "fastmath"]
    assert all(isinstance(word.value, ast.Constant) and word.value.value is False for word in words)


@pytest.mark.parametrize(
    "text", ["sum([x])", "import numpy as np\nnp.exp(x)", "from numpy import sum as s\ns(x)"]
)
def test_a_planted_function_is_noticed(text: str, planted: Source) -> None:
    planted.path.write_text(text, encoding="utf-8")
    assert inexact_calls(planted)


def test_a_planted_power_is_noticed(planted: Source) -> None:
    planted.path.write_text("y = x**3 + 2**-36", encoding="utf-8")
    assert inexact_powers(planted) == [1]
