"""Every override tried on its own, so that all mistakes of a command line are found at once.

Invariant: Hydra's advice to add a `+` never leads anywhere: a key the schema does not know is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.door.compose import Composer, composer_for
from sim.door.schema_paths import unknown_at
from sim.door.shipped import GROUPS
from sim.door.telling import COMMAND_LINE, Told, told
from sim.door.values import at_path
from sim.model.check import BadScenario
from sim.model.mistake import Mistake, nearest, unknown_name

SWEEP_KEYS = ("samples", "sampler", "seed", "design", "folder", "limit")
NO_CODE = "scenario files cannot name code. Choose a structure by name"


@dataclass(frozen=True)
class Given:
    """An override and the place it stands."""

    text: str
    place: str = COMMAND_LINE

    @property
    def key(self) -> str:
        """The part before the equals sign, without `+`."""
        return self.text.partition("=")[0].lstrip("+")


def check_overrides(composer: Composer, given: Iterable[Given]) -> tuple[list[Given], list[Told]]:
    """The overrides that can be used, ready for Hydra, and the mistakes in all others."""
    rest, found = [], []
    for item in given:
        problem = _form(composer, item) or _choice(composer, item)
        (found if problem else rest).append(problem or item)  # type: ignore[arg-type]
    rest, complaints = _composable(composer, rest)
    plain = composer.base(tuple(_single(composer, item.text) for item in rest if _is_choice(composer, item)))
    accepted = []
    for item in rest:
        problem = None if _is_choice(composer, item) else _path(item, plain)
        if problem:
            complaints.append(problem)
        else:
            accepted.append(_ready(composer, item, plain))
    return accepted, found + complaints


def checked_overrides(overrides: Sequence[str], config_dir: Path | None) -> tuple[Composer, list[str]]:
    """A composer and the accepted overrides of one scenario.

    Raises
    ------
    BadScenario
        with every mistake, sweeps included.
    """
    from sim.door.files import check_folder

    found = check_folder(config_dir, overrides)
    if found:
        raise _bad(found)
    composer = composer_for(config_dir)
    accepted, found = check_overrides(composer, [Given(text, "") for text in overrides])
    found += [_one_only(item) for item in accepted if _is_sweep(composer, item.text)]
    if found:
        raise _bad(found)
    return composer, [item.text for item in accepted]


def _bad(found: Sequence[Told]) -> BadScenario:
    return BadScenario(
        [
            Mistake(f"{item.place}: {item.mistake.where}" if item.place else item.mistake.where, *_rest(item.mistake))
            for item in found
        ]
    )


def _rest(mistake: Mistake) -> tuple[str, str, str, str]:
    return mistake.what, mistake.allowed, mistake.todo, mistake.suggestion


def _one_only(item: Given) -> Told:
    return told(
        item.place, item.key, f"{item.text} names several scenarios", "One value", "Sweep with the orgdes command or sim.compare"
    )


def _is_sweep(composer: Composer, text: str) -> bool:
    return bool(composer.parse(text).is_sweep_override())


def _form(composer: Composer, item: Given) -> Told | None:
    """Mistakes that need no config: code, interpolations, signs, grammar."""
    key, equals, value = item.text.partition("=")
    if "_target_" in item.text or "_recursive_" in item.text or "_partial_" in item.text:
        return told(item.place, key, f'"_target_" is not allowed: {NO_CODE}')
    if "${" in item.text and not key.startswith("hydra."):
        return told(item.place, key, "environment variables and ${...} are not available in scenarios", "", "Write the value")
    if key.lstrip("+") == "hydra.searchpath":
        return told(item.place, key, "adds folders that nobody checks", "", "Use --config-dir")
    if key.startswith("hydra.") or key.startswith(("+hydra", "~hydra", "hydra/")):
        return None if equals or key.startswith("~") else told(item.place, key, "has no value", "", f"Write {key}=...")
    if key.startswith("~"):
        return told(item.place, key, "keys cannot be taken away", "", f"Give a value: {key[1:]}=...")
    if key.startswith("+"):
        return told(item.place, key, 'a "+" would add a key that nothing reads', "", f"Write {item.text.lstrip('+')}")
    if not equals:
        return _without_value(composer, item)
    if not re.fullmatch(r"[\w@/.$-]+", key):
        return told(item.place, key or item.text, "is no key", "Letters, digits, - and _, with dots between", "Write key=value")
    return _grammar(composer, item, value)


def _without_value(composer: Composer, item: Given) -> Told:
    from sim.cli import COMMANDS

    near = nearest(item.text, COMMANDS)
    if near:
        return told(item.place, item.text, "unknown command", f"Known: {', '.join(COMMANDS)}", "", near)
    for group in GROUPS:
        if item.text in composer.options(group):
            return told(item.place, item.text, "has no value", "", f"Did you mean {group}={item.text}?")
    return told(item.place, item.text, "has no value", "", f"Write {item.text}=...")


def _grammar(composer: Composer, item: Given, value: str) -> Told | None:
    from hydra.errors import HydraException

    if value == "":
        return told(item.place, item.key, "has no value", "", f"Write {item.key}=... or {item.key}=null")
    try:
        parsed = composer.parse(item.text)
        if parsed.is_range_sweep() and not list(_first(parsed.sweep_string_iterator())):
            return told(item.place, item.key, f"{value} is an empty range", "", "range(start,stop,step) leaves stop out")
    except (HydraException, ValueError, ZeroDivisionError) as problem:
        return told(item.place, item.key, f"{value!r} cannot be read ({_first_line(problem)})", "", "Put texts in quotes twice: key='\"a text\"'")
    return None


def _first(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        yield value
        return


def _first_line(problem: Exception) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    told_by_hydra = [line for line in lines if not line.startswith(("Error parsing", "See https"))]
    return (told_by_hydra or lines or [type(problem).__name__])[0]


def _is_choice(composer: Composer, item: Given) -> bool:
    return item.key.startswith(("hydra.", "hydra/", "~hydra")) or "@" in item.key or bool(composer.options(item.key))


def _choice(composer: Composer, item: Given) -> Told | None:
    """A group option that does not exist."""
    known = composer.options(item.key)
    if not known or item.key.startswith("hydra"):
        return None
    parsed = composer.parse(item.text)
    if parsed.is_interval_sweep():
        return told(item.place, item.key, "an interval needs numbers; this is a choice of files", f"Known: {', '.join(known)}")
    values = list(parsed.sweep_iterator()) if parsed.is_sweep_override() else [parsed.value()]
    if not values:
        return told(item.place, item.key, f"{item.text} fits no file", f"Known: {', '.join(known)}")
    wrong = [str(value) for value in values if value is not None and str(value) not in known]
    if not wrong:
        return None
    mistakes = [unknown_name(item.key, name, known, item.key) for name in wrong]
    return Told(item.place, mistakes[0]) if len(mistakes) == 1 else told(item.place, item.key, " and ".join(m.what for m in mistakes), mistakes[0].allowed, "", ", ".join(m.suggestion for m in mistakes if m.suggestion))


def _single(composer: Composer, text: str) -> str:
    """The first of several choices, for a look at what they compose to."""
    parsed = composer.parse(text)
    if not parsed.is_sweep_override():
        return text
    return f"{parsed.get_key_element()}={next(iter(parsed.sweep_string_iterator()))}"


def _composable(composer: Composer, given: list[Given]) -> tuple[list[Given], list[Told]]:
    """Leave out choices that Hydra refuses, each with Hydra's reason."""
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    choices = [item for item in given if _is_choice(composer, item)]
    try:
        composer.base(tuple(_single(composer, item.text) for item in choices))
        return given, []
    except (HydraException, OmegaConfBaseException):
        pass
    refused: dict[str, Told] = {}
    for item in choices:
        try:
            composer.base((_single(composer, item.text),))
        except (HydraException, OmegaConfBaseException) as problem:
            reason = _first_line(problem.__cause__ or problem) if not str(problem).strip() else _first_line(problem)
            refused[item.text] = told(item.place, item.key, reason.rstrip("."))
    return [item for item in given if item.text not in refused], list(refused.values())


def _path(item: Given, plain: dict[str, Any]) -> Told | None:
    """A key that neither the schema nor the sweep's own settings know."""
    keys = tuple(item.key.split("."))
    if keys[0] == "sweep":
        if len(keys) == 2 and keys[1] in SWEEP_KEYS:
            return None
        return Told(item.place, unknown_name(item.key, ".".join(keys[1:]), SWEEP_KEYS, "sweep setting"))
    if len(keys) == 1 and keys[0] in GROUPS:
        return told(item.place, item.key, "is a group of settings", "", f"Choose a file by name or set one key, such as {item.key}.<key>=...")
    wrong = unknown_at(keys, plain)
    if wrong is None:
        return None
    position, names = wrong
    head, word = ".".join(keys[:position]), keys[position]
    known = names if head else [*names, "sweep", "study"]
    suggestion = nearest(word, known) or _elsewhere(keys, plain)
    full = f"{head}.{suggestion}" if head and suggestion in known else suggestion
    kind = f'unknown key "{word}"' + (f" in {head}" if head else "")
    listed = ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
    return told(item.place, item.key, kind, f"Known: {listed}" if known else "Nothing is below it", "", full)


def _elsewhere(keys: tuple[str, ...], plain: dict[str, Any]) -> str:
    """A key of the same name somewhere else in the scenario."""
    from sim.door.values import dotted

    ends = [path for path in dotted(plain) if path.rpartition(".")[2] == keys[-1]]
    return ends[0] if len(ends) == 1 else ""


def _ready(composer: Composer, item: Given, plain: dict[str, Any]) -> Given:
    """As Hydra takes it: a key that the schema knows and the composed files leave out needs `++`."""
    if _is_choice(composer, item):
        return item
    try:
        at_path(plain, tuple(item.key.split(".")))
    except KeyError:
        return Given(f"++{item.text}", item.place)
    return item
