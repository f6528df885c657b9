"""Mistakes of form in one override: signs, grammar, code, options that do not exist.

Invariant: looks at one override alone; needs the names of options, and composes nothing.
"""

import re

from sim.config.compose import Composer
from sim.config.diagnostics import Diagnostic
from sim.config.override import Override, is_sweep, reason_of
from sim.config.shipped import GROUPS
from sim.config.sweep import range_count
from sim.config.user_files import FOR_THE_COMMAND_LINE
from sim.config.values import quick_number
from sim.config.yaml_scan import DEEPEST
from sim.model.mistake import nearest, unknown_name

COMMANDS = ("run", "staff", "search", "fit", "import-people", "verify", "report", "replay", "reproduce")
"""What a command line may begin with instead of an override; what they do: `sim.cli.commands`."""
MOST_LETTERS = 20_000
CODE = re.compile(r"_(target|partial|recursive|convert|args)_")
SETTABLE = re.compile(
    r"hydra\.mode|hydra\.sweep\.dir|hydra/(launcher|sweeper)|hydra\.(launcher|sweeper)\.(?!params)[\w.]+"
)
INSTEAD = {
    "hydra.searchpath": "Use --config-dir",
    "hydra.run.dir": "Use sweep.folder=DIR",
    "hydra.sweep.subdir": "A sweep has one folder: sweep.folder=DIR",
    "hydra.job.name": "The folder's name is sweep.folder=DIR",
    "hydra.sweeper.params": "Give the axis itself, key=a,b",
}


def wrong_form(composer: Composer, item: Override) -> Diagnostic | None:
    """Mistakes that need no config: code, interpolations, signs, grammar."""
    key, equals, value = item.text.partition("=")
    if wrong := _too_much(value):
        return item.wrong(*wrong, "Write it into a file of your --config-dir", key=key[:64])
    if CODE.search(item.text):
        return item.wrong(
            '"_target_" is not allowed: overrides cannot name code',
            todo="Choose a structure by name",
            key=key,
        )
    if "${" in item.text:
        what = "environment variables and ${...} are not available in scenarios"
        return item.wrong(what, todo="Write the value", key=key.partition("${")[0] or "key")
    name = key.lstrip("+~")
    if not item.typed and (name.startswith(("hydra", "sweep")) or name in FOR_THE_COMMAND_LINE):
        return item.wrong("is no axis of a study or a table", todo="Give it on the command line", key=key)
    if "@" in key:
        return item.wrong(
            "is no key: nothing is moved to another place with @", todo="Write key=value", key=key
        )
    if name.startswith(("hydra.", "hydra/")) or name == "hydra":
        return _hydra_setting(composer, item, name)
    if key.startswith(("~", "+")):
        return _signed(item, key)
    if not equals:
        return _without_value(composer, item)
    if not key.strip(" .") or not key.isprintable():
        return item.wrong("is no key", "Names with dots between", "Write key=value", key=key or item.text)
    if value == "":
        return item.wrong("has no value", todo=f"Write {key}=... or {key}=null", key=key)
    return None if quick_number(value) is not None else _grammar(composer, item)


def _too_much(value: str) -> tuple[str, str] | None:
    """What reading a value would take too long for."""
    if len(value) > MOST_LETTERS:
        return f"has {len(value):,} letters", f"At most {MOST_LETTERS:,}"
    depth = deepest = 0
    for sign in value:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    return (f"is nested {deepest:,} levels deep", f"At most {DEEPEST}") if deepest > DEEPEST else None


def _signed(item: Override, key: str) -> Diagnostic:
    if key.startswith("~"):
        return item.wrong("keys cannot be taken away", todo=f"Give a value: {key[1:]}=...", key=key)
    unsigned = item.text.lstrip("+")
    return item.wrong('a "+" would add a key that nothing reads', todo=f"Write {unsigned}", key=key)


def _hydra_setting(composer: Composer, item: Override, key: str) -> Diagnostic | None:
    if not SETTABLE.fullmatch(key) or item.text.startswith(("+", "~")):
        todo = next((todo for start, todo in INSTEAD.items() if key.startswith(start)), "Leave it out")
        allowed = "Of Hydra's: hydra/launcher, hydra/sweeper, their settings, hydra.mode, hydra.sweep.dir"
        return item.wrong("has no effect here", allowed, todo, key=key)
    if not item.value:
        return item.wrong("has no value", todo=f"Write {key}=...", key=key)
    if problem := _grammar(composer, item):
        return problem
    several = is_sweep(composer, item)
    return (
        item.wrong("cannot be swept: it is a setting of Hydra's", "One value", key=key) if several else None
    )


def _without_value(composer: Composer, item: Override) -> Diagnostic:
    for group in GROUPS:
        if item.text in composer.options(group):
            return item.wrong("has no value", todo=f"Did you mean {group}={item.text}?", key=item.text)
    if near := nearest(item.text, COMMANDS):
        return item.wrong("unknown command", f"Known: {', '.join(COMMANDS)}", near=near, key=item.text)
    return item.wrong("has no value", todo=f"Write {item.text}=..., or see orgdes --help", key=item.text)


def _grammar(composer: Composer, item: Override) -> Diagnostic | None:
    from hydra.errors import HydraException

    try:
        parsed = composer.parse(item.text)
        if parsed.is_range_sweep() and not range_count(parsed):
            return item.wrong(
                f"{item.value} is an empty range", todo="range(start,stop,step) leaves stop out"
            )
    except (HydraException, ValueError, TypeError, ArithmeticError) as problem:
        return item.wrong(
            f'"{item.value}" cannot be read ({reason_of(problem)})',
            todo="Quote texts twice: 'key=\"a text\"'",
        )
    return None


def wrong_choice(composer: Composer, item: Override) -> Diagnostic | None:
    """A group option that does not exist."""
    known = composer.options(item.key)
    if item.key in GROUPS and not known:
        return item.wrong(
            f'unknown {item.key} "{item.value}"', "There is none", "Add a folder with --config-dir"
        )
    if not known or item.text.startswith("~"):
        return None
    parsed = composer.parse(item.text)
    if parsed.is_interval_sweep() or parsed.is_range_sweep():
        return item.wrong(
            f"{item.value} needs numbers; this is a choice of files", f"Known: {', '.join(known)}"
        )
    values = list(parsed.sweep_iterator()) if parsed.is_sweep_override() else [parsed.value()]
    if item.key == "study" and len(values) > 1:
        return item.wrong("several studies at once", "One study", "Run them one after the other")
    if not values:
        return item.wrong(f"{item.value} fits no file", f"Known: {', '.join(known)}")
    wrong = [
        unknown_name(item.key, str(value), known, item.key) for value in values if str(value) not in known
    ]
    if len(wrong) < 2:
        return Diagnostic(item.place, wrong[0]) if wrong else None
    near = ", ".join(dict.fromkeys(mistake.suggestion for mistake in wrong if mistake.suggestion))
    return item.wrong("; ".join(mistake.what for mistake in wrong), wrong[0].allowed, near=near)
