"""One YAML file looked at as a stream of events, before anything builds values from it.

Invariant: time and memory in proportion to the file, whatever it says: aliases are seen, not followed.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.config.diagnostics import Diagnostic, diagnostic

MOST_BYTES = 1_000_000
DEEPEST = 20
MOST_OPEN = 200
OPENINGS = re.compile(r"[\[\]{}]|(?:[-?] +){21,}")
"""Brackets, and lists opened one after the other on one line."""
MOST_TOLD = 50
CODE_KEY = re.compile(r"_\w+_")
"""Hydra's own words, such as `_target_`; no key of a scenario looks like them."""
BOOLEANS = {"yes": "true", "on": "true", "no": "false", "off": "false"}
SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
RESOLVER: Any = yaml.resolver.Resolver()
UNLIKE_NAMES = {
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "null": "nothing",
    "timestamp": "a date",
}
BIDIRECTIONAL = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@dataclass(frozen=True)
class Scan:
    """What was found in a file, and its text. `builds`: can values be built from it without danger?"""

    found: tuple[Diagnostic, ...] = ()
    builds: bool = True
    text: str = ""

    @property
    def refused(self) -> tuple[Diagnostic, ...]:
        """What was found in a file that must not be used."""
        return () if self.builds else self.found


def scan(path: Path, shown: str, group: str = "") -> Scan:
    """Look through a file for everything that is not allowed in a scenario file.

    Parameters
    ----------
    shown : name of the file in messages.
    group : where the content stands in a scenario, empty for the whole.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            return Scan((_whole(shown, f"has {size:,} bytes", f"At most {MOST_BYTES:,}"),), False)
        data = path.read_bytes()
    except OSError as problem:
        return Scan((_whole(shown, f"cannot be read ({problem.strerror or problem})"),), False)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        return Scan((_whole(shown, f"is not UTF-8 (byte {problem.start})", "", "Save it as UTF-8"),), False)
    if text.startswith("\ufeff"):
        return Scan(
            (_whole(shown, "begins with a byte order mark (byte 0)", "", "Save it as UTF-8 without BOM"),),
            False,
        )
    if "\0" in text:
        return Scan((_whole(shown, f"contains a NUL (byte {data.index(0)})", "", "Take it out"),), False)
    if (line := too_deep(text)) is not None:
        what = f"is nested more than {DEEPEST} levels deep"
        return Scan((diagnostic(f"{shown}:{line}", group or "file", what),), False)
    return _Reader(shown, group).read(text)


def too_deep(text: str) -> int | None:
    """The line in which so many brackets are open that a parser would take its time over them."""
    depth = 0
    for found in OPENINGS.finditer(text):
        depth = max(0, depth + {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], len(found[0]) * MOST_OPEN))
        if depth > MOST_OPEN:
            return text.count("\n", 0, found.start()) + 1
    return None


def _whole(shown: str, what: str, allowed: str = "", todo: str = "") -> Diagnostic:
    return diagnostic(shown, "file", what, allowed, todo)


@dataclass
class _Frame:
    """An open mapping or list: the keys seen, and the key whose value comes next."""

    mapping: bool
    seen: dict[str, int] = field(default_factory=dict)
    key: str | None = None
    count: int = 0


class _Reader:
    def __init__(self, shown: str, group: str) -> None:
        self.shown = shown
        self.group = group
        self.found: list[Diagnostic] = []
        self.builds = True
        self.frames: list[_Frame] = []
        self.documents = 0

    def read(self, text: str) -> Scan:
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):  # the C parser takes what Hydra's refuses
                self._see(event)
                if len(self.frames) > DEEPEST:
                    self._tell(event, f"is nested more than {DEEPEST} levels deep", hard=True)
                    break
                if len(self.found) >= MOST_TOLD:
                    break
        except yaml.YAMLError as problem:
            self._broken(problem, text)
        if not self.documents and not self.found:
            self.found.append(_whole(self.shown, "is empty", "A mapping of keys"))
            self.builds = False
        return Scan(tuple(self.found), self.builds, text)

    def _see(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._tell(
                    event,
                    "a second document begins",
                    "One document in a file",
                    "Take out the line ---",
                    hard=True,
                )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._tell(
                event,
                "anchors and aliases are not allowed in scenario files",
                "",
                "Write the values out",
                hard=True,
            )
        if getattr(event, "tag", None):
            self._tell(event, f"YAML tags are not allowed ({event.tag})", "", "Take the tag out", hard=True)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.frames.pop()
            self._value_ended()
        elif isinstance(event, yaml.AliasEvent):
            self._value_ended()

    def _open(self, event: Any) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        if not self.frames and not mapping:
            self._tell(event, "is a list at the top", "A mapping of keys", hard=True)
        if self._awaits_key():
            self._tell(event, "a list or mapping stands where a key is needed", hard=True)
        self.frames.append(_Frame(mapping))

    def _awaits_key(self) -> bool:
        return bool(self.frames) and self.frames[-1].mapping and self.frames[-1].key is None

    def _value_ended(self) -> None:
        if not self.frames:
            return
        frame = self.frames[-1]
        if not frame.mapping:
            frame.count += 1
        elif frame.key is None:
            frame.key = "?"
        else:
            frame.key = None

    def _scalar(self, event: Any) -> None:
        if not self.frames:
            if event.value or not event.implicit[0]:
                self._tell(event, f'is the single text "{event.value[:40]}"', "A mapping of keys", hard=True)
            else:
                self.documents -= 1
            return
        self._text(event)
        if self._awaits_key():
            self._key(event)
            return
        if event.implicit[0]:
            self._plain(event, event.value)
        self._value_ended()

    def _key(self, event: Any) -> None:
        name, frame = event.value, self.frames[-1]
        line = event.start_mark.line + 1
        frame.key = name
        if name in frame.seen:
            lines = f"lines {frame.seen[name]}, {line}"
            self._tell(event, f'key "{name}" given twice ({lines})', "", "Keep one", hard=True)
        frame.seen.setdefault(name, line)
        if CODE_KEY.fullmatch(name):
            self._tell(
                event,
                f'"{name}" is not allowed: scenario files cannot name code',
                "",
                "Choose a structure by name",
                hard=True,
            )
        elif name == "<<" and event.implicit[0]:
            self._tell(
                event,
                "merge keys (<<) are not allowed in scenario files",
                "",
                "Write the values out",
                hard=True,
            )
        elif not name.strip():
            self._tell(event, "a key is empty", "1 to 64 characters", hard=True)
        elif event.implicit[0]:
            self._plain(event, name)
            self._name(event, name)

    def _text(self, event: Any) -> None:
        if "${" in event.value:
            what = "environment variables and ${...} are not available in scenario files"
            self._tell(event, what, "", "Write the value", hard=True)
        if event.value == "???":
            self._tell(event, '"???" stands for a missing value', "", "Write the value", hard=True)
        for sign in event.value:
            if ord(sign) in BIDIRECTIONAL or (unicodedata.category(sign) == "Cc" and sign not in "\n\t"):
                name = unicodedata.name(sign, "a control character").lower()
                self._tell(event, f"contains U+{ord(sign):04X} ({name})", "", "Take it out", hard=True)
                return

    def _plain(self, event: Any, text: str) -> None:
        """Spellings that YAML 1.1 silently turns into something else."""
        if text.lower() in BOOLEANS:
            meaning = BOOLEANS[text.lower()]
            self._tell(
                event,
                f"{text} is read as {meaning} by YAML",
                "",
                f'Put it in quotes, "{text}", or write {meaning}',
            )
        elif SEXAGESIMAL.fullmatch(text):
            self._tell(
                event,
                f"{text} is read as a number to base 60 by YAML",
                "",
                f'Put it in quotes, "{text}", or write hours as 12.5',
            )
        elif LEADING_ZERO.fullmatch(text):
            plain = text.replace("_", "").lstrip("+-0") or "0"
            self._tell(event, f"{text} has a leading zero", "", f'Write {plain} (or "{text}")')

    def _name(self, event: Any, text: str) -> None:
        """Names that are read as something else; a whole number as it is usually written stays what it is."""
        kind = RESOLVER.resolve(yaml.ScalarNode, text, (True, False)).rpartition(":")[2]
        kind = "float" if re.fullmatch(r"[-+]?[0-9][0-9.]*[eE][-+]?[0-9]+", text) else kind
        whole = kind == "int" and re.fullmatch(r"0|-?[1-9][0-9]*", text)
        told = text.lower() in BOOLEANS or SEXAGESIMAL.fullmatch(text) or LEADING_ZERO.fullmatch(text)
        if kind in UNLIKE_NAMES and not whole and not told:
            what = f"the name {text} is read as {UNLIKE_NAMES[kind]} by YAML"
            self._tell(event, what, "", f'Put it in quotes, "{text}"')

    def _tell(self, event: Any, what: str, allowed: str = "", todo: str = "", *, hard: bool = False) -> None:
        place = f"{self.shown}:{event.start_mark.line + 1}"
        self.builds = self.builds and not hard
        if not any(item.place == place and item.mistake.what == what for item in self.found[-1:]):
            self.found.append(diagnostic(place, self._where(event), what, allowed, todo))

    def _where(self, event: Any) -> str:
        parts = [str(frame.count) if not frame.mapping else frame.key or "" for frame in self.frames]
        if self._awaits_key() and isinstance(event, yaml.ScalarEvent):
            parts[-1] = event.value
        return ".".join(part for part in (self.group, *parts) if part) or "file"

    def _broken(self, problem: yaml.YAMLError, text: str) -> None:
        mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
        line = mark.line + 1 if mark else 1
        written = text.splitlines()[line - 1] if mark and line <= len(text.splitlines()) else ""
        what = str(
            getattr(problem, "problem", None) or getattr(problem, "reason", None) or "cannot be read as YAML"
        )
        if "\t" in written[: len(written) - len(written.lstrip())] or "'\\t'" in what:
            what, todo = "a tab stands in the indentation", "Use spaces"
        else:
            what, todo = f"is no YAML ({what})", "Check brackets, colons and indentation"
        self.found.append(diagnostic(f"{self.shown}:{line}", "file", what, "", todo))
        self.builds = False
