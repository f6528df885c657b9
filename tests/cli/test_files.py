"""Bad files in a user's folder: each mistake with its file and line, nothing composed that is dangerous."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import Command

Own = Callable[[str, str | bytes], Path]
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = "\n".join("  " * depth + f"k{depth}:" for depth in range(25)) + " 1\n"

CASES: dict[str, tuple[str | bytes, list[str]]] = {
    "34 NO as a name": (
        "segments: {NO: {customers: 3}}",
        ["bad.yaml:1: company.segments.NO", "read as false", '"NO"'],
    ),
    "34 on as a name": (
        "functions:\n  on: {side: front}",
        ["bad.yaml:2: company.functions.on", "read as true"],
    ),
    "34 yes as a value": ("name: yes", ["yes is read as true"]),
    "35 time of day": ("clock: {hours_per_day: 12:30}", ["12:30 is read as a number to base 60"]),
    "36 leading zero": ("clock: {days_per_week: 010}", ['010 has a leading zero. Write 10 (or "010")']),
    "37 given twice": (
        "name: a\ngrade: B\nname: c",
        ['bad.yaml:3: company.name: key "name" given twice (lines 1, 3)'],
    ),
    "59 bomb": (BOMB, ["bad.yaml:1", "anchors and aliases are not allowed"]),
    "59 too large": ("name: a\n# " + "x" * 1_000_000, ["bytes", "At most 1,000,000"]),
    "59 too deep": (DEEP, ["nested more than 20 levels deep"]),
    "60 tag": (
        "name: !!python/object/apply:os.system ['touch harmed']",
        ["bad.yaml:1", "YAML tags are not allowed"],
    ),
    "60 plain tag": ("name: !!str 3", ["YAML tags are not allowed"]),
    "61 code": (
        "name: a\nfunctions: {_target_: os.system}",
        ["bad.yaml:2", '"_target_" is not allowed', "cannot name code"],
    ),
    "62 environment": ("name: ${oc.env:HOME}", ["environment variables and ${...} are not available"]),
    "63 not UTF-8": ("name: café".encode("latin-1"), ["is not UTF-8 (byte 9)"]),
    "63 UTF-16": ("name: a".encode("utf-16"), ["is not UTF-8 (byte 0)"]),
    "63 byte order mark": (b"\xef\xbb\xbfname: a", ["byte order mark"]),
    "63 NUL": (b"name: a\0b", ["NUL (byte 7)"]),
    "63 empty": ("", ["is empty"]),
    "63 only a comment": ("# nothing\n", ["is empty"]),
    "63 list at the top": ("- a\n- b", ["bad.yaml:1", "is a list at the top"]),
    "63 text at the top": ("hello", ["is the single text"]),
    "63 tab": ("functions:\n\tintake: 3", ["bad.yaml:2", "tab"]),
    "two documents": ("name: a\n---\nname: b", ["bad.yaml:2", "a second document begins"]),
    "merge key": ("functions:\n  a: {<<: {side: front}}", ["merge keys"]),
    "broken": ("functions: [a, b", ["is no YAML"]),
    "control sign": ('name: "a\\x07b"', ["U+0007"]),
    "31 text from right to left": ('name: "a\u202eb"', ["U+202E (right-to-left override)"]),
    "missing marker": ("name: ???", ["stands for a missing value"]),
    "hydra in a company": ("hydra: {job: {name: x}}", ["hydra.job", "is not set in this kind of file"]),
    "unknown key": ("nam: a", ['unknown key "nam"', "bad.yaml:1"]),
    "list for a mapping": ("functions: [a, b]", ["bad.yaml:1: company.functions"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_is_refused_with_its_line(name: str, own: Own, command: Command, ran: list[Any]) -> None:
    content, fragments = CASES[name]
    path = own("company/bad.yaml", content)
    code, text = command("--config-dir", "mine", "company=bad")
    assert code == 2, text
    assert [fragment for fragment in fragments if fragment not in text] == [], text
    assert "nothing was run." in text
    assert "Traceback" not in text
    assert str(path.relative_to(path.parents[2])) in text
    assert ran == []
    assert not Path("harmed").exists()


def test_six_mistakes_in_a_file_are_six_errors(own: Own, command: Command, company_text: str) -> None:
    text = company_text.replace("hours_per_day: 8.0", "hours_per_day: -8.0").replace(
        "side: front", "side: fron", 1
    )
    text = (
        text.replace("kind: work", "kin: work", 1)
        .replace("grade: D", "grade: E")
        .replace("mean: 0.4", "mean: 0,4", 1)
    )
    text = text.replace("priority: 3", 'priority: "3"')
    own("company/bad.yaml", text)
    code, shown = command("--config-dir", "mine", "company=bad")
    assert code == 2
    assert shown.rstrip().endswith("6 errors in 1 file; nothing was run."), shown
    assert shown.count("mine/company/bad.yaml:") == 6


def test_mistakes_of_form_and_of_sense_are_told_together(
    own: Own, command: Command, company_text: str
) -> None:
    own(
        "company/bad.yaml",
        company_text.replace("grade: D", "grade: D\ngrade: C").replace("side: front", "side: fron", 1),
    )
    _, shown = command("--config-dir", "mine", "company=bad", "experiment.replications=0")
    assert "given twice" in shown
    assert '"front"?' in shown
    assert "command line: experiment.replications: 0" in shown
    assert "3 errors in 1 file and on the command line; nothing was run." in shown


def test_a_file_that_is_not_chosen_does_not_matter(own: Own, command: Command, company_text: str) -> None:
    own("company/good.yaml", company_text)
    own("company/draft.yaml", "name: !!draft [")
    code, text = command("--config-dir", "mine", "company=good")
    assert code == 0, text


def test_a_bomb_behind_another_file_is_seen(own: Own, command: Command, ran: list[Any]) -> None:
    own("company/good.yaml", "defaults: [hidden]\nname: a\n")
    own("company/hidden.yaml", BOMB)
    code, text = command("--config-dir", "mine", "company=good")
    assert code == 2
    assert "hidden.yaml:1" in text
    assert ran == []


@pytest.mark.parametrize(
    "study",
    [
        "# @package _global_\ndefaults: [{override /company: hidden}]\n",
        "# @package _global_\nhydra: {sweeper: {params: {company: 'default,hidden'}}}\n",
        "# @package _global_\nhydra: {sweeper: {params: {company: 'glob(*)'}}}\n",
    ],
)
def test_a_bomb_that_a_study_reaches_is_seen(study: str, own: Own, command: Command) -> None:
    own("company/hidden.yaml", BOMB)
    own("study/mine.yaml", study)
    code, text = command("--config-dir", "mine", "study=mine")
    assert code == 2
    assert "hidden.yaml:1" in text


def test_a_bomb_in_a_design_table_is_seen(own: Own, command: Command) -> None:
    own("company/hidden.yaml", BOMB)
    Path("design.csv").write_text("company\nhidden\n")
    code, text = command("--config-dir", "mine", "sweep.design=design.csv")
    assert code == 2
    assert "hidden.yaml:1" in text


def test_a_users_file_under_a_shipped_name_is_refused(own: Own, command: Command, company_text: str) -> None:
    own("company/default.yaml", company_text)
    code, text = command("--config-dir", "mine")
    assert code == 2
    assert "has the name of a shipped file (company/default)" in text


def test_a_study_needs_its_first_line(own: Own, command: Command) -> None:
    own("study/mine.yaml", "demand: {scale: 1.1}\n")
    code, text = command("--config-dir", "mine", "study=mine")
    assert code == 2
    assert "mine/study/mine.yaml:1: file: a study is laid over the whole scenario" in text
    assert "# @package _global_" in text


def test_a_study_does_not_choose_hydras_mode(own: Own, command: Command) -> None:
    own("study/mine.yaml", "# @package _global_\nhydra: {mode: RUN}\n")
    code, text = command("--config-dir", "mine", "study=mine")
    assert code == 2
    assert "mine/study/mine.yaml:2: hydra.mode" in text


def test_a_study_cannot_send_results_outside(own: Own, command: Command, ran: list[Any]) -> None:
    own("study/mine.yaml", "# @package _global_\nsweep: {folder: ../elsewhere}\n")
    code, text = command("--config-dir", "mine", "study=mine")
    assert code == 2
    assert "leads out of the current folder" in text
    assert ran == []


def test_mistakes_in_a_studys_parameters_carry_its_lines(own: Own, command: Command) -> None:
    study = (
        "# @package _global_\nhydra:\n  sweeper:\n    params:\n"
        "      structure: matrx\n      demand.scale: 1,-1\n"
    )
    own("study/mine.yaml", study)
    code, text = command("--config-dir", "mine", "study=mine")
    assert code == 2
    assert 'mine/study/mine.yaml:5: structure: unknown structure "matrx"' in text
    assert "mine/study/mine.yaml:6: demand.scale: -1 is negative" in text


def test_a_folder_of_the_wrong_name_and_ending_is_told(own: Own, command: Command) -> None:
    own("compnay/mine.yaml", "name: a")
    own("company/mine.yml", "name: a")
    code, text = command("--config-dir", "mine", "company=mine")
    assert code == 2
    assert 'Did you mean "company"?' in text
    assert "Name it mine.yaml" in text


def test_other_peoples_hydra_settings_are_refused(own: Own, command: Command) -> None:
    own("hydra/launcher/evil.yaml", "a: 1\n")
    code, text = command("--config-dir", "mine", "hydra/launcher=evil")
    assert code == 2
    assert "would change how Hydra works" in text


@pytest.mark.skipif(sys.platform == "win32", reason="a current folder cannot be removed there")
def test_a_current_folder_that_was_removed_is_told(
    command: Command, ran: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    code, text = command("structure=function,nowhere")
    assert (code, ran) == (2, [])
    assert "current folder: does not exist any more. Go to another folder and run it again." in text


NESTED = {
    "brackets": "[" * 4000 + "]" * 4000,
    "braces": "{a: " * 4000 + "}" * 4000,
    "lists": "- " * 4000 + "1",
}


@pytest.mark.parametrize("kind", NESTED)
def test_59_what_is_nested_too_deeply_is_told_before_it_is_parsed(
    kind: str, own: Own, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    own("company/bad.yaml", f"name: x\na:\n  {NESTED[kind]}\n")
    parse = yaml.parse

    def only_shallow(text: str, **more: Any) -> Any:
        assert "[" * 300 not in text
        return parse(text, **more)

    monkeypatch.setattr(yaml, "parse", only_shallow)
    code, text = command("--config-dir", "mine", "company=bad")
    assert (code, "bad.yaml:3: company: is nested more than 20 levels deep" in text) == (2, True), text


def test_59_a_file_of_megabytes_is_never_parsed(
    own: Own, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    own("company/bad.yaml", "a:\n" + "  - 1234567\n" * 100_000)
    parse = yaml.parse

    def only_small(text: str, **more: Any) -> Any:
        assert len(text) < 1_000_000
        return parse(text, **more)

    monkeypatch.setattr(yaml, "parse", only_small)
    code, text = command("--config-dir", "mine", "company=bad")
    assert (code, "bad.yaml: file: has 1,200,003 bytes. At most 1,000,000" in text) == (2, True), text
