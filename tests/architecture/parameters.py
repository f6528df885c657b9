"""In how many places a behavioural parameter is named; as a program, the table of all of them.

Command: python -m tests.architecture.parameters. Counted are files written by hand that have to know a
parameter for it to work: the package and the pages on the model. Not counted: what is generated from the
records, tests, what only chooses a value (studies, companies, known answers, fits), the words of the report.
"""

import re
import statistics
from pathlib import Path

from sim.mechanisms import MECHANISMS
from sim.numbers import flat_name

ROOT = Path(__file__).parents[2]
CHOOSE_VALUES = ("known_answers", "fit", "report")
OWNERS = (
    r"people|policy|policies|coordination|customers|numbers|numbers\[0\]|own|meetings|defects|rework|matrix"
)
"""What the policies, and the flat numbers made of them, are called where they are used."""


def sources() -> list[Path]:
    """Files that may have to know a parameter."""
    package = [
        path for path in (ROOT / "sim").rglob("*.py") if path.relative_to(ROOT).parts[1] not in CHOOSE_VALUES
    ]
    return [*package, ROOT / "docs" / "model.md", ROOT / "docs" / "architecture.md"]


def places(key: str, texts: dict[Path, str]) -> list[str]:
    """Files that name a parameter: by its key, by its flat name, or as a field of its record."""
    leaf, flat = key.rpartition(".")[2], flat_name(key)
    field = re.compile(rf"^    {leaf}: .*= (?:quantity|share)\(", re.MULTILINE)
    names = [re.escape(key), rf"\b(?:{OWNERS})\.(?:{leaf}|{flat})", *([rf"\b{flat}"] if "_" in flat else [])]
    word = re.compile("|".join(rf"{name}\b(?!\()" for name in names))
    return [
        path.relative_to(ROOT).as_posix()
        for path, text in texts.items()
        if (leaf in text or flat in text)  # seen at once, where the patterns take long
        and (("mechanisms" in path.parts and field.search(text)) or word.search(text))
    ]


def table() -> dict[str, list[str]]:
    """The files that name each parameter of a mechanism."""
    texts = {path: path.read_text(encoding="utf-8") for path in sources()}
    keys = [
        f"{place}.{name}"
        for one in MECHANISMS
        for place, record in one.records
        for name in record.model_fields
    ]
    return {key: places(key, texts) for key in keys}


if __name__ == "__main__":
    found = table()
    for key, files in sorted(found.items(), key=lambda row: -len(row[1])):
        print(f"{len(files):3} {key}: {', '.join(files)}")
    print(f"median {statistics.median(len(files) for files in found.values()):g} of {len(found)}")
