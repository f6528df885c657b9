"""Every override tried on its own, so that all mistakes of a command line are found at once.

Invariant: Hydra's advice to add a `+` never leads anywhere: a key the schema does not know is refused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sim.config.compose import Composer
from sim.config.diagnostics import Diagnostic, diagnostic
from sim.config.override import Override, complaints, is_choice, reason_of
from sim.config.override_forms import wrong_choice, wrong_form
from sim.config.override_keys import wrong_key
from sim.config.values import at_path, dotted


def check_overrides(
    composer: Composer, given: Iterable[Override], context: Sequence[str] = ()
) -> tuple[list[Override], list[Diagnostic]]:
    """The overrides that can be used, ready for Hydra, and the mistakes in all others.

    Parameters
    ----------
    context : accepted overrides of other origin, whose group choices hold here too.
    """
    rest: list[Override] = []
    found: list[Diagnostic] = []
    for item in given:
        problem = wrong_form(composer, item) or wrong_choice(composer, item)
        if problem:
            found.append(problem)
        else:
            rest.append(item)
    for item in rest:
        if is_choice(composer, item.key):
            _look_at_options(composer, item)
    rest, refused = _composable(composer, rest, context)
    plain = composer.base(examples(composer, [*context, *(item.text for item in rest)]))
    rest = [_by_known_names(composer, item, plain) for item in rest]
    unknown = {
        item.key: problem
        for item in rest
        if not is_choice(composer, item.key) and (problem := wrong_key(item, plain))
    }
    accepted = [_ready(composer, item, plain) for item in rest if item.key not in unknown]
    return accepted, [*found, *refused, *unknown.values()]


def _by_known_names(composer: Composer, item: Override, plain: dict[str, Any]) -> Override:
    """Spaces in a name where the file has `_` are `_`; `people.turnover=on` sets its `enabled`."""
    if is_choice(composer, item.key):
        return replace(item, written=item.text)
    node: Any = plain
    keys = item.key.split(".")
    for place, key in enumerate(keys):
        if isinstance(node, dict) and key not in node and key.replace(" ", "_") in node:
            keys[place] = key.replace(" ", "_")
        node = node.get(keys[place]) if isinstance(node, dict) else None
    value = item.value
    names = {path.rpartition(".")[2] for path in dotted(plain.get("company"))} if "{" in value else set[str]()
    for name in names:
        if "_" in name and (spaced := name.replace("_", " ")) not in names:
            value = re.sub(MEMBER.format(re.escape(spaced)), rf"\1{name}", value)
    if isinstance(node, dict) and "enabled" in node and re.fullmatch(r"(on|off)(,(on|off))*", value):
        keys, value = [*keys, "enabled"], value.replace("off", "false").replace("on", "true")
    return replace(item, text=f"{'.'.join(keys)}={value}", written=item.text)


MEMBER = r"([{{\[,:]\s*){}(?=\s*[:,\]}}])"
"""A name as a key or member of what is written in brackets."""


def _look_at_options(composer: Composer, item: Override) -> None:
    parsed = composer.parse(item.text)
    for option in parsed.sweep_iterator() if parsed.is_sweep_override() else [parsed.value()]:
        composer.look(item.key, str(option))


def examples(composer: Composer, texts: Iterable[str]) -> tuple[str, ...]:
    """One choice for each group and setting of Hydra's, the first where several are given.

    Whatever does not differ between them, such as the settings of a sweep, is read from what these compose.
    """
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
    composer: Composer, given: list[Override], context: Sequence[str]
) -> tuple[list[Override], list[Diagnostic]]:
    """Leave out choices that Hydra refuses, each with Hydra's reason."""
    try:
        composer.base(examples(composer, [*context, *(item.text for item in given)]))
        return given, []
    except complaints() as problem:
        whole = problem
    refused: dict[str, Diagnostic] = {}
    choices = [item for item in given if is_choice(composer, item.key)]
    for item in choices:
        try:
            composer.base(examples(composer, [item.text]))
        except complaints() as problem:
            refused[item.text] = diagnostic(item.place, item.key, reason_of(problem))
    if not refused:  # each composes alone, not together
        refused = {
            item.text: diagnostic(item.place, item.key, reason_of(whole)) for item in choices[:1]
        } or refused
        return [item for item in given if item not in choices], list(refused.values())
    return [item for item in given if item.text not in refused], list(refused.values())


def _ready(composer: Composer, item: Override, plain: dict[str, Any]) -> Override:
    """As Hydra takes it: a key that the schema knows and the composed files leave out needs `++`.

    So do a mapping, which may bring keys that the one below it lacks, and a name that is a number to Hydra.
    """
    if is_choice(composer, item.key):
        return item
    keys = tuple(item.key.split("."))
    try:
        above = [at_path(plain, keys[:place]) for place in range(len(keys))]
        at_path(plain, keys)
    except KeyError:
        return replace(item, text=f"++{item.text}")
    numbered = any(key.isdigit() and isinstance(node, dict) for key, node in zip(keys, above, strict=True))
    return replace(item, text=f"++{item.text}") if numbered or "{" in item.value else item
