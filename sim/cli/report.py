"""`orgdes report FOLDER`: write summary, report and figures of finished results again.

Invariant: believes no file but the ones the manifest lists, writes what is derived from them, and simulates
nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.diagnostics import COMMAND_LINE, Diagnostic, damaged, diagnostic, listing
from sim.model.mistake import nearest

if TYPE_CHECKING:
    from sim.cli.outputs import Outputs
    from sim.study.results import Results


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Write summary.csv, report.html and figures/ of a result folder again; dressed for a client with "
        "report.title=, report.client=, report.logo=FILE (PNG or SVG), report.currency=EUR, "
        "report.decimal_comma=true, and report.labels.NAME=LABEL for any structure, segment, department."
    )
    parser.add_argument("folder", nargs="*", metavar="FOLDER", help="folder that orgdes wrote")
    parser.add_argument(
        "--compare", nargs="?", const="", metavar="OTHER",
        help="compare with the scenarios of another folder, in a folder FOLDER-and-OTHER beside FOLDER",
    )  # fmt: skip
    parser.add_argument(
        "--baseline", nargs="?", const="", metavar="NAME",
        help="what the others are compared with: a structure (in each setting), or the number of a "
        "scenario, from 0, with which all others are compared, whatever differs",
    )  # fmt: skip
    parser.add_argument(
        "--xlsx", nargs="?", const="", metavar="FILE",
        help="also write a workbook: the answer, every figure, assumptions and provenance as tables; "
        "FOLDER/report.xlsx if no FILE is named",
    )  # fmt: skip
    parser.add_argument(
        "--slides", nargs="?", const="", metavar="FILE",
        help="also write five slides with native tables and charts; FOLDER/report.pptx if no FILE is named",
    )  # fmt: skip


def arranged(words: Sequence[str]) -> list[str]:
    """The words with settings beside the folder: the parser takes a setting behind a flag for its FILE.

    >>> arranged(["report", "there", "--slides", "report.title=Claims", "--xlsx", "a=b.xlsx"])
    ['report', 'report.title=Claims', 'there', '--slides', '--xlsx', 'a=b.xlsx']
    """
    settings = [word for word in words if _is_setting(word)]
    others = [word for word in words if not _is_setting(word)]
    first = others[1:2] and not others[1].startswith("-")
    return [*others[:1], *settings, *others[1:]] if first else [*others, *settings]


def _is_setting(word: str) -> bool:
    named = word.endswith((".xlsx", ".pptx")) and not word.startswith("report.")
    return "=" in word and not word.startswith("-") and not named and not Path(word).exists()


def main(options: argparse.Namespace) -> int:
    """Rebuild the report of a folder."""
    from importlib.util import find_spec

    from sim.cli.outputs import Outputs
    from sim.report.presentation import presentation
    from sim.report.wording import written_for

    words = [word for word in options.folder if "=" in word and not Path(word).exists()]
    folders = [Path(word) for word in options.folder if word not in words]
    given = {"--compare": options.compare, "--baseline": options.baseline}
    todo = "See orgdes report --help"
    wrong = [diagnostic(COMMAND_LINE, key, "has no value", "", todo) for key in given if given[key] == ""]
    if not wrong and len(folders) != 1:
        todo = "Give a folder that orgdes wrote"
        wrong = [diagnostic(COMMAND_LINE, "folder", "one folder at a time", "", todo)]
    for key, name, suffix in (("--xlsx", options.xlsx, ".xlsx"), ("--slides", options.slides, ".pptx")):
        wrong += _no_place(key, Path(name), suffix) if name else []
    if options.slides is not None and find_spec("pptx") is None:
        todo = "Install it: pip install python-pptx"
        wrong.append(diagnostic(COMMAND_LINE, "--slides", "python-pptx is missing", "", todo))
    dress, mistakes = presentation(words)
    wrong += [Diagnostic(COMMAND_LINE, mistake) for mistake in mistakes]
    if wrong:
        print(listing(wrong), file=sys.stderr)
        return 2
    with written_for(dress.currency, dress.decimal_comma):
        finish = Outputs(workbook=options.xlsx, slides=options.slides, dress=dress)
        return _report(folders[0], options.compare or "", options.baseline or "", finish)


def _no_place(key: str, path: Path, suffix: str) -> list[Diagnostic]:
    """Why no workbook, or no slides, can be written there."""
    if path.suffix.lower() != suffix:
        what, todo = f"{path} does not end in {suffix}", f"Choose a name that ends in {suffix}"
    elif path.exists():
        what, todo = f"{path} exists", "Choose another name, or move the file away"
    elif not path.parent.is_dir():
        what, todo = f"{path.parent} is not a folder", "Make it, or choose another"
    else:
        return []
    return [diagnostic(COMMAND_LINE, key, what, "", todo)]


def _report(folder: Path, other: str, baseline: str, finish: "Outputs") -> int:
    from sim.config.diagnostics import shown_path
    from sim.report.presentation import labelled, names_in, wrong_labels
    from sim.study.batch import diagnosis as problem
    from sim.study.results import DamagedResults, joined, load_results
    from sim.study.store.lock import FolderInUse

    dress, read = finish.dress, folder
    try:
        loaded = load_results(read)
        if other:
            read = Path(other)
            beside = load_results(read)
            if wrong := _unlike(loaded, beside):
                print(listing([wrong]), file=sys.stderr)
                return 2
            loaded = joined(loaded, beside)
        if labels := wrong_labels(dress.labels, names_in(loaded)):
            print(listing([Diagnostic(COMMAND_LINE, mistake) for mistake in labels]), file=sys.stderr)
            return 2
        loaded = labelled(loaded, dress.labels)
        baseline = dress.labels.get(baseline, baseline)
        known = [*map(str, loaded.scenarios["scenario"]), *dict.fromkeys(loaded.scenarios["structure"])]
        if baseline and baseline not in known:
            print(listing([_unknown(baseline, known)]), file=sys.stderr)
            return 2
        if other:
            folder = folder.resolve().with_name(f"{folder.resolve().name}-and-{Path(other).resolve().name}")
            folder.mkdir(exist_ok=True)
            finish.write(folder, loaded, baseline or known[0])
        else:
            _rewrite(folder, finish, loaded, baseline)
    except DamagedResults as damage:
        print(damaged(read, damage.found), file=sys.stderr)
        return 2
    except FolderInUse as used:
        print(listing([diagnostic(COMMAND_LINE, str(folder), str(used))]), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"the report cannot be written ({error.strerror or error}). The results are safe; make room, "
              "or give back the right to write, and run it again", file=sys.stderr)  # fmt: skip
        return 1
    except Exception as error:  # sealed over by somebody else: what stands there was never computed
        print(damaged(folder, [f"its tables are not those of a study: {problem(error)}"]), file=sys.stderr)
        return 2
    finish.show(folder)
    print(f"results: {shown_path(folder.resolve())}")
    return 0


def _rewrite(folder: Path, finish: "Outputs", loaded: "Results", baseline: str) -> None:
    """The report of the folder itself, which is sealed again."""
    from sim.study.finalise import reseal
    from sim.study.store.lock import Lock

    lock = Lock(folder)
    try:
        finish.write(folder, loaded, baseline)
    finally:
        reseal(folder)  # also what was written before something went wrong
        lock.release()


def _unlike(first: "Results", second: "Results") -> Diagnostic | None:
    """Why two folders cannot be paired: their replications did not meet the same world."""
    seeds = [sorted(set(each.scenarios.get("experiment.seed", ()))) for each in (first, second)]
    if len({*seeds[0], *seeds[1]}) < 2:
        return None
    one, other = (", ".join(f"{seed:g}" for seed in found) for found in seeds)
    what = f"the seeds differ ({one} and {other}), so the replications are no pairs"
    return diagnostic(
        COMMAND_LINE,
        "--compare",
        what,
        "",
        "Run one of the studies again with the experiment.seed of the other",
    )


def _unknown(baseline: str, known: list[str]) -> Diagnostic:
    structures = [name for name in known if not name.isdigit()]
    return diagnostic(
        COMMAND_LINE,
        "--baseline",
        f'unknown scenario "{baseline}"',
        f"A structure ({', '.join(structures)}) or a number from 0 to {len(known) - len(structures) - 1}",
        suggestion=nearest(baseline, structures),
    )
