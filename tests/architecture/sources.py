"""The project's files as the architecture tests see them: parsed modules and the commands on pages.

Nothing here imports the package: its text is judged, whatever state it is in.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EXACT = {
    "sim.draws", "sim.rules", "sim.review", "sim.engines", "sim.organisation", "sim.world", "sim.replication",
    "sim.rehearsal",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One Python file of the package."""

    path: Path

    @property
    def name(self) -> str:
        """Dotted name, such as `sim.rules.learning`; the package itself for an `__init__.py`."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def is_exact(self) -> bool:
        """Whether engines and Python versions have to agree bit for bit about what it works out."""
        return ".".join(self.name.split(".")[:2]) in EXACT

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.path.read_text(encoding="utf-8"), filename=str(self.path))

    @cached_property
    def origins(self) -> dict[str, str]:
        """What each imported name stands for: `np` -> `numpy`, `load` -> `yaml.load`."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.asname or alias.name.split(".")[0]: full(alias) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """Every call with the full dotted name of what is called, such as `numpy.random.default_rng`."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and (name := dotted(node.func)):
                head, _, rest = name.partition(".")
                found.append((".".join(filter(None, (self.origins.get(head, head), rest))), node))
        return found


def full(alias: ast.alias) -> str:
    """The module that `import a.b` (binds `a`) or `import a.b as c` (binds `a.b`) stands for."""
    return alias.name if alias.asname else alias.name.split(".")[0]


def dotted(node: ast.expr) -> str | None:
    """`a.b.c` as text, None for anything that is not a chain of names."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return None


@cache
def package() -> list[Source]:
    """Every module of the package, parsed once for all rules."""
    return [Source(path) for path in sorted((ROOT / "sim").rglob("*.py"))]


def breaches(rule: Callable[[Source], Any], *, exact: bool = False) -> dict[str, Any]:
    """What a rule finds wrong, by the module it finds it in; `exact`: where both engines have to agree."""
    return {
        source.name: wrong
        for source in package()
        if (source.is_exact or not exact) and (wrong := rule(source))
    }


def on_pages(rule: Callable[[Path], Any]) -> dict[str, Any]:
    """What a rule finds wrong, by the page it finds it on."""
    return {str(page.relative_to(ROOT)): wrong for page in pages() if (wrong := rule(page))}


def pages() -> list[Path]:
    """Every page that shows commands to a reader."""
    written = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "experiments").rglob("README.md")]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(written)]


def commands(page: Path) -> list[str]:
    """Command lines in the shell blocks of a page: continuations joined, prompts and comments removed."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:bash|sh|shell|console)\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    plain = [re.sub(r"\s+#.*", "", line.strip().removeprefix("$ ")) for line in lines]
    return [line for line in plain if line and not line.startswith("#")]
