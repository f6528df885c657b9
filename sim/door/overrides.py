"""Every override tried on its own, so that all mistakes of a command line are found at once.

Invariant: Hydra's advice to add a `+` never leads anywhere: a key the schema does not know is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.door.commands import COMMANDS
from sim.door.compose import Composer
from sim.door.schema_paths import unknown_at
from sim.door.shipped import GROUPS
from sim.door.telling import COMMAND_LINE, Told, told
from sim.door.values import at_path, dotted, quick_number
from sim.model.mistake import nearest, unknown_name

SWEEP_KEYS = {
    "samples": "points in the space of all `interval(low,high)` axes",
    "sampler": "how they are spread: `lhs` (Latin hypercube) or `sobol`",
    "seed": "of the points; not of the simulation",
    "design": "table of scenarios, CSV or Parquet: one row each, columns are dotted keys or groups",
    "folder": "where results go; null: `results/<study>-<8 hex of the design>`",
    "limit": "most scenarios without `--yes`",
}
CODE = re.compile(r"_(target|partial|recursive|convert|args)_")


@dataclass(frozen=True)
class Given:
    """An override and the place it stands."""

    text: str
    place: str = COMMAND_LINE

    @property
    def key(self) -> str:
        """The part before the equals sign, without `+`."""
        return self.text.partition("=")[0].lstrip("+")

    @property
    def value(self) -> str:
        """The part after the equals sign."""
        return self.text.partition("=")[2]


def check_overrides(
    composer: Composer, given: Iterable[Given], context: Sequence[str] = ()
) -> tuple[list[Given], list[Told]]:
    """The overrides that can be used, ready for Hydra, and the mistakes in all others.

    Parameters
    ----------
    context : accepted overrides of other origin, whose group choices hold here too.
    """
    rest: list[Given] = []
    found: list[Told] = []
    for item in given:
        problem = _form(composer, item) or _choice(composer, item)
        if problem:
            found.append(problem)
        else:
            rest.append(item)
    rest, refused = _composable(composer, rest, context)
    plain = composer.base(_examples(composer, [*context, *(item.text for item in rest)]))
    unknown = {
        item.key: problem
        for item in rest
        if not is_choice(composer, item.key) and (problem := _path(item, plain))
    }
    accepted = [_ready(composer, item, plain) for item in rest if item.key not in unknown]
    return accepted, [*found, *refused, *unknown.values()]


def is_choice(composer: Composer, key: str) -> bool:
    """Does Hydra itself have to compose this override? Group choices and Hydra's own settings."""
    name = key.lstrip("+~")
    return (
        name == "hydra"
        or name.startswith(("hydra.", "hydra/"))
        or "@" in name
        or bool(composer.options(name))
    )


def is_sweep(composer: Composer, item: Given) -> bool:
    """Does the override name several scenarios?"""
    return quick_number(item.value) is None and bool(composer.parse(item.text).is_sweep_override())


def _form(composer: Composer, item: Given) -> Told | None:
    """Mistakes that need no config: code, interpolations, signs, grammar."""
    key, equals, value = item.text.partition("=")
    if CODE.search(item.text):
        return told(
            item.place,
            key,
            '"_target_" is not allowed: overrides cannot name code',
            "",
            "Choose a structure by name",
        )
    if "@" in key:
        return told(
            item.place, key, "is no key: nothing is moved to another place with @", "", "Write key=value"
        )
    if key.lstrip("+~").startswith(("hydra.", "hydra/")) or key.lstrip("+~") == "hydra":
        return _hydra_setting(composer, item, key.lstrip("+~"))
    if "${" in item.text:
        return told(
            item.place,
            key,
            "environment variables and ${...} are not available in scenarios",
            "",
            "Write the value",
        )
    if key.startswith("~"):
        return told(item.place, key, "keys cannot be taken away", "", f"Give a value: {key[1:]}=...")
    if key.startswith("+"):
        return told(
            item.place, key, 'a "+" would add a key that nothing reads', "", f"Write {item.text.lstrip('+')}"
        )
    if not equals:
        return _without_value(composer, item)
    if not re.fullmatch(r"[\w@/.$-]+", key):
        return told(
            item.place,
            key or item.text,
            "is no key",
            "Letters, digits, - and _, with dots between",
            "Write key=value",
        )
    if value == "":
        return told(item.place, key, "has no value", "", f"Write {key}=... or {key}=null")
    return None if quick_number(value) is not None else _grammar(composer, item)


def _hydra_setting(composer: Composer, item: Given, key: str) -> Told | None:
    if key == "hydra" or key == "hydra.searchpath":
        what = "cannot be replaced whole" if key == "hydra" else "adds folders that nobody checks"
        return told(
            item.place,
            key,
            what,
            "",
            "Set one key, hydra.<key>=..." if key == "hydra" else "Use --config-dir",
        )
    if item.text.startswith("~"):
        return None
    if not item.value:
        return told(item.place, key, "has no value", "", f"Write {key}=...")
    if problem := _grammar(composer, item):
        return problem
    several = is_sweep(composer, item)
    return (
        told(item.place, key, "cannot be swept: it is a setting of Hydra's", "One value") if several else None
    )


def _without_value(composer: Composer, item: Given) -> Told:
    for group in GROUPS:
        if item.text in composer.options(group):
            return told(item.place, item.text, "has no value", "", f"Did you mean {group}={item.text}?")
    if near := nearest(item.text, COMMANDS):
        return told(item.place, item.text, "unknown command", f"Known: {', '.join(COMMANDS)}", "", near)
    return told(item.place, item.text, "has no value", "", f"Write {item.text}=..., or see orgdes --help")


def _grammar(composer: Composer, item: Given) -> Told | None:
    from hydra.errors import HydraException

    try:
        parsed = composer.parse(item.text)
        if parsed.is_range_sweep() and next(iter(parsed.sweep_string_iterator()), None) is None:
            return told(
                item.place,
                item.key,
                f"{item.value} is an empty range",
                "",
                "range(start,stop,step) leaves stop out",
            )
    except (HydraException, ValueError, TypeError, ZeroDivisionError) as problem:
        return told(
            item.place,
            item.key,
            f'"{item.value}" cannot be read ({reason_of(problem)})',
            "",
            "Quote texts twice: 'key=\"a text\"'",
        )
    return None


def reason_of(problem: BaseException) -> str:
    """The telling line of a message of Hydra's."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip(" ^")]
    telling = [line for line in lines if not line.startswith(("Error parsing", "See https", "In '"))]
    if not lines and problem.__cause__:
        return reason_of(problem.__cause__)
    return (telling or lines or [type(problem).__name__])[0].rstrip(".")


def _choice(composer: Composer, item: Given) -> Told | None:
    """A group option that does not exist."""
    known = composer.options(item.key)
    if item.key in GROUPS and not known:
        return told(
            item.place,
            item.key,
            f'unknown {item.key} "{item.value}"',
            "There is none",
            "Add a folder with --config-dir",
        )
    if not known or item.text.startswith("~"):
        return None
    parsed = composer.parse(item.text)
    if parsed.is_interval_sweep() or parsed.is_range_sweep():
        return told(
            item.place,
            item.key,
            f"{item.value} needs numbers; this is a choice of files",
            f"Known: {', '.join(known)}",
        )
    values = list(parsed.sweep_iterator()) if parsed.is_sweep_override() else [parsed.value()]
    if item.key == "study" and len(values) > 1:
        return told(
            item.place, item.key, "several studies at once", "One study", "Run them one after the other"
        )
    if not values:
        return told(item.place, item.key, f"{item.value} fits no file", f"Known: {', '.join(known)}")
    wrong = [
        unknown_name(item.key, str(value), known, item.key) for value in values if str(value) not in known
    ]
    if len(wrong) < 2:
        return Told(item.place, wrong[0]) if wrong else None
    near = ", ".join(dict.fromkeys(mistake.suggestion for mistake in wrong if mistake.suggestion))
    return told(
        item.place, item.key, "; ".join(mistake.what for mistake in wrong), wrong[0].allowed, "", near
    )


def _examples(composer: Composer, texts: Iterable[str]) -> tuple[str, ...]:
    """One choice for each group and setting of Hydra's, the first where several are given."""
    first: dict[str, str] = {}
    for text in texts:
        key = text.partition("=")[0]
        if not is_choice(composer, key):
            continue
        parsed = composer.parse(text)
        if parsed.is_sweep_override():
            text = f"{parsed.get_key_element()}={next(iter(parsed.sweep_string_iterator()))}"
        first.setdefault(key, text)
    return tuple(first.values())


def _composable(
    composer: Composer, given: list[Given], context: Sequence[str]
) -> tuple[list[Given], list[Told]]:
    """Leave out choices that Hydra refuses, each with Hydra's reason."""
    try:
        composer.base(_examples(composer, [*context, *(item.text for item in given)]))
        return given, []
    except complaints() as problem:
        whole = problem
    refused: dict[str, Told] = {}
    choices = [item for item in given if is_choice(composer, item.key)]
    for item in choices:
        try:
            composer.base(_examples(composer, [item.text]))
        except complaints() as problem:
            refused[item.text] = told(item.place, item.key, reason_of(problem))
    if not refused:  # each composes alone, not together
        refused = {item.text: told(item.place, item.key, reason_of(whole)) for item in choices[:1]} or refused
        return [item for item in given if item not in choices], list(refused.values())
    return [item for item in given if item.text not in refused], list(refused.values())


def complaints() -> tuple[type[Exception], ...]:
    """What Hydra and OmegaConf raise when they cannot compose."""
    import yaml
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException

    return HydraException, OmegaConfBaseException, yaml.YAMLError, ValueError, TypeError, AssertionError


def _path(item: Given, plain: dict[str, Any]) -> Told | None:
    """A key that neither the schema nor the sweep's own settings know."""
    keys = tuple(item.key.split("."))
    if keys[0] == "sweep":
        if len(keys) == 2 and keys[1] in SWEEP_KEYS:
            return None
        return Told(item.place, unknown_name(item.key, ".".join(keys[1:]), SWEEP_KEYS, "sweep setting"))
    if len(keys) == 1 and keys[0] in GROUPS:
        return told(
            item.place,
            item.key,
            "is a group of settings",
            "",
            f"Choose a file by name, or set one key: {item.key}.<key>=...",
        )
    wrong = unknown_at(keys, plain)
    return None if wrong is None else _unknown(item, keys, *wrong, plain)


def _unknown(
    item: Given, keys: tuple[str, ...], position: int, names: list[str], plain: dict[str, Any]
) -> Told:
    head, word = ".".join(keys[:position]), keys[position]
    known = names if head else [*names, "sweep", "study"]
    near = nearest(word, known)
    suggestion = f"{head}.{near}" if head and near else near or _elsewhere(keys, plain)
    listed = ", ".join(known[:12]) + (" ..." if len(known) > 12 else "")
    what = f'unknown key "{word}"' + (f" in {head}" if head else "")
    return told(
        item.place, item.key, what, f"Known: {listed}" if known else "Nothing is below it", "", suggestion
    )


def _elsewhere(keys: tuple[str, ...], plain: dict[str, Any]) -> str:
    """The one key of the same name, or nearly, somewhere else in the scenario."""
    ends: dict[str, list[str]] = {}
    for path in dotted(plain):
        ends.setdefault(path.rpartition(".")[2], []).append(path)
    found = ends.get(keys[-1]) or ends.get(nearest(keys[-1], ends), [])
    return found[0] if len(found) == 1 else ""


def _ready(composer: Composer, item: Given, plain: dict[str, Any]) -> Given:
    """As Hydra takes it: a key that the schema knows and the composed files leave out needs `++`.

    So does a mapping, which may bring keys that the one below it lacks.
    """
    if is_choice(composer, item.key):
        return item
    if "{" in item.value:
        return Given(f"++{item.text}", item.place)
    try:
        at_path(plain, tuple(item.key.split(".")))
    except KeyError:
        return Given(f"++{item.text}", item.place)
    return item
