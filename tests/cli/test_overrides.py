"""Bad command lines: each gives exit 2, its message, and runs nothing.

The numbers are those of the list of bad inputs in the documentation of trust.
"""

from typing import Any

import pytest

from tests.cli.conftest import Command

CASES = {
    "53 a huge range": (
        ["demand.scale=range(1,1e9)", "people.learning_rate=7"],
        [
            "the sweep has 3e9 scenarios x 20 = 6e10 replications, about",
            "Limit 1e6",
            "learning_rate: 7 is not",
        ],
    ),
    "53 a huge range that was meant": (["demand.scale=range(0,1,1e-12)", "--yes"], ["3e12 scenarios"]),
    "53 a range without end": (["demand.scale=range(1,inf)"], ["cannot be read"]),
    "59 brackets": (
        ["demand.surges=" + "[" * 4000 + "]" * 4000],
        ["is nested 4,000 levels deep. At most 20"],
    ),
    "59 braces": (["demand.surges=" + "{a:" * 4000 + "1" + "}" * 4000], ["is nested 4,000 levels deep"]),
    "59 a long value": (["demand.surges=[" + "1," * 20_000 + "1]"], ["has 40,003 letters. At most 20,000"]),
    "57 a list of folders": (["sweep.folder=[a,b]"], ["sweep.folder: got ['a', 'b']. One path"]),
    "23 a function in a list": (
        ["company.products.loan.route=[intake,advise]"],
        ["command line: company.products.loan", 'Did you mean "advice"?', "4 errors on the command line"],
    ),
    "13 a law that is not there": (
        ["company.products.loan.work.intake={law: triangular, low: 5, mode: 3, high: 9}"],
        ['unknown law "triangular". Known: lognormal'],
    ),
    "18 a file for values": (
        ["company.products.loan.work.intake={law: trace, file: data/service.csv}"],
        ["values: is missing", 'unknown key "file"'],
    ),
    "18 a table that is not there": (["sweep.design=missing.csv"], ["missing.csv not found (looked in"]),
    "1 negative": (["demand.scale=-3"], ["command line: demand.scale: -3 is negative", "Must be > 0"]),
    "2 zero": (["demand.scale=0"], ["demand.scale: 0 is not allowed", "Must be > 0"]),
    "3 nan": (["demand.scale=nan"], ["demand.scale: is not a number (NaN)"]),
    "4 NaN as text": (["demand.scale='NaN'"], ["demand.scale", "NaN"]),
    "5 infinite": (["demand.scale=inf"], ["demand.scale", "infinite"]),
    "5 too large": (["demand.scale=1e400"], ["demand.scale", "infinite"]),
    "7 text": (["demand.scale=ten"], ['demand.scale: is the text "ten". A number is needed']),
    "8 comma": (["demand.scale='3,5'"], ['"3,5" uses a comma', "Write 3.5"]),
    "15 unknown law": (
        ["coordination.handoff={law: lognorml, mean: 1, cv: 1}"],
        ['"lognorml"', '"lognormal"?'],
    ),
    "16 missing parameter": (
        ["coordination.handoff={law: lognormal, mean: 1}"],
        ["coordination.handoff", "missing"],
    ),
    "17 extra parameter": (
        ["coordination.handoff={law: lognormal, mean: 1, cv: 1, stdev: 2}"],
        ['unknown key "stdev"', "coordination.handoff"],
    ),
    "22 share": (["coordination.exception_share=1.2"], ["coordination.exception_share", "at most 1"]),
    "39 part of a person": (["staffing.headcount=2.5"], ["staffing.headcount: got 2.5", "whole number"]),
    "39 true": (["staffing.headcount=true"], ["staffing.headcount", "True", "whole number"]),
    "38 nobody": (
        ["structure=pooled", "staffing.allocation=explicit", "staffing.workers={everyone: 0}"],
        ['"everyone" has 0 workers but work is routed to it', "At least 1"],
    ),
    "38 a department without people": (
        ["staffing.allocation=explicit", "staffing.workers={intake: 3, advice: 4, assessment: 6}"],
        ['"fulfilment" has 0 workers but work is routed to it'],
    ),
    "39 negative": (["staffing.headcount=-2"], ["staffing.headcount: -2 is negative", "at least 1"]),
    "39 text": (["staffing.headcount='3'"], ['staffing.headcount: is the text "3"', "whole number"]),
    "39 nothing": (["staffing.headcount=null"], ["staffing.headcount: got nothing", "whole number"]),
    "40 too many": (["staffing.headcount=10000000"], ["staffing.headcount", "at most"]),
    "45 unknown structure": (["structure=matrx"], ['unknown structure "matrx"', '"matrix"?', "Known:"]),
    "50 horizon": (["experiment.horizon_weeks=0"], ["experiment.horizon_weeks", "at least 1"]),
    "50 warm-up": (["experiment.horizon_weeks=52", "experiment.warm_up_weeks=52"], ["warm"]),
    "50 negative": (["experiment.horizon_weeks=-1"], ["experiment.horizon_weeks: -1 is negative"]),
    "50 nan": (["experiment.horizon_weeks=nan"], ["experiment.horizon_weeks: is not a number (NaN)"]),
    "51 replications": (["experiment.replications=0"], ["experiment.replications", "at least 1"]),
    "51 a billion replications": (
        ["experiment.replications=1000000000"],
        ["experiment.replications", "at most"],
    ),
    "52 seed": (["experiment.seed=-1"], ["experiment.seed: -1 is negative"]),
    "52 seed as text": (["experiment.seed=abc"], ['experiment.seed: is the text "abc"']),
    "52 no seed": (["experiment.seed=null"], ["experiment.seed"]),
    "52 part of a seed": (["experiment.seed=1.5"], ["experiment.seed: got 1.5", "whole number"]),
    "52 true": (["experiment.seed=true"], ["experiment.seed: got True", "whole number"]),
    "52 too large": ([f"experiment.seed={2**128}"], ["experiment.seed", f"below {2**128}"]),
    "53 huge sweep": (
        ["demand.scale=range(1,40001)", "staffing.headcount=range(20,10020)"],
        ["1.2e9 scenarios x ", " replications, about ", "Limit 1e6 without --yes"],
    ),
    "54 sweep over a key that does not exist": (
        ["company.segments.privat.customers=5,6"],
        ['"privat" in company.segments', '"company.segments.private"?'],
    ),
    "55 no values": (["demand.scale="], ["demand.scale: has no value"]),
    "55 mixed values": (["demand.scale=1,two"], ['is the text "two"', "in 3 of 6 scenarios"]),
    "55 empty range": (["staffing.headcount=range(5,1)"], ["empty range"]),
    "61 code": (["structure._target_=os.system"], ['"_target_" is not allowed', "cannot name code"]),
    "61 code inside": (["structure={_target_: os.system}"], ['"_target_" is not allowed']),
    "61 Hydra's own target": (["hydra.launcher._target_=os.system"], ['"_target_" is not allowed']),
    "62 environment": (["company.name=${oc.env:HOME}"], ["environment variables"]),
    "64 no folder": (["--config-dir", "nowhere"], ["nowhere does not exist"]),
    "64 missing file": (["company=nothing"], ['unknown company "nothing"', "Known: contact_centre, default"]),
    "64 a file for a folder": (["--config-dir", "occupied"], ["occupied is a file"]),
    "plus": (["+foo=3"], ['"+" would add a key that nothing reads', "Write foo=3"]),
    "two pluses": (["++demand.scale=3"], ['"+" would add']),
    "tilde": (["~demand"], ["cannot be taken away"]),
    "unknown group": (["structur=matrix"], ['unknown key "structur"', '"structure"?']),
    "unknown key": (["demand.scal=1"], ['unknown key "scal" in demand', '"demand.scale"?']),
    "key without its group": (["headcount=24"], ['unknown key "headcount"', '"staffing.headcount"?']),
    "choice without its group": (["matrix"], ["matrix: has no value", "Did you mean structure=matrix?"]),
    "misspelt command": (["verfy"], ["unknown command", '"verify"?']),
    "misspelt option": (["--confg-dir=mine"], ["unknown option", '"--config-dir"?']),
    "broken list": (["demand.surges=[1"], ["demand.surges", "cannot be read"]),
    "glob without a hit": (["structure=glob(z*)"], ["fits no file", "Known:"]),
    "interval of files": (["structure=interval(0,1)"], ["needs numbers"]),
    "interval backwards": (["demand.scale=interval(2,1)"], ["ends below its start"]),
    "logarithm of nothing": (["demand.scale=tag(log,interval(0,1))"], ["a start above 0"]),
    "samples": (["sweep.samples=0"], ["sweep.samples: got 0"]),
    "sampler": (["sweep.sampler=sobel"], ['unknown sampler "sobel"']),
    "figures": (["sweep.figures=some"], ["sweep.figures: got some", "Known: true, false"]),
    "sweep setting": (["sweep.desing=3"], ['unknown sweep setting "desing"', '"design"?']),
    "several studies": (["study=a,b"], ["study"]),
    "group as a value": (["experiment={seed: 3}"], ["experiment"]),
    "Hydra's launcher": (["hydra/launcher=bsic"], ['"basic"?']),
    "Hydra's setting": (["hydra.nonsense=3"], ["hydra.nonsense"]),
    "search path": (["hydra.searchpath=[file:///tmp]"], ["Use --config-dir"]),
    "config path": (["--config-path=/tmp"], ["would hide the shipped configs"]),
    "pickle": (["--experimental-rerun=x"], ["can run code"]),
    "57 a name that leads elsewhere": (["company=../../etc/x"], ['unknown company "../../etc/x"', "Known:"]),
    "57 a study's name that leads elsewhere": (["study=/etc/passwd"], ['unknown study "/etc/passwd"']),
    "57 a name too long": ([f"structure={'x' * 300}"], ["unknown structure"]),
    "58 folder is a file": (["sweep.folder=occupied"], ["occupied: is a file"]),
    "58 folder in the program": (["hydra.sweep.dir={package}/out"], ["lies inside the program"]),
    "58 two folders": (["hydra.sweep.dir=a", "sweep.folder=b"], ["both name a folder"]),
    "no primary config": (["--config-name=nope"], ["--config-name", "nope"]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_command_line_is_refused_in_words(name: str, command: Command, ran: list[Any]) -> None:
    import sim

    argv, fragments = CASES[name]
    package = str(sim.__path__[0])
    with open("occupied", "w") as file:
        file.write("x")
    code, text = command(*(word.replace("{package}", package) for word in argv))
    assert code == 2, text
    assert [fragment for fragment in fragments if fragment not in text] == [], text
    assert "nothing was run." in text
    assert "Traceback" not in text
    assert ran == []


def test_all_mistakes_are_told_at_once(command: Command) -> None:
    code, text = command(
        "structure=functio,customer",
        "demand.scal=1",
        "+foo=3",
        "experiment.replications=0",
        "people.learning_rat=1",
        "matrix",
    )
    assert code == 2
    assert text.rstrip().endswith("6 errors on the command line; nothing was run.")


def test_nearest_names_are_found_within_two_edits(command: Command) -> None:
    for typed, meant in (
        ("functino", "function"),
        ("custmer", "customer"),
        ("pooed", "pooled"),
        ("matirx", "matrix"),
    ):
        _, text = command(f"structure={typed}")
        assert f'Did you mean "{meant}"?' in text


def test_wrong_values_along_an_interval_are_one_mistake(command: Command) -> None:
    code, text = command("structure=function", "demand.scale=interval(-1,1)", "sweep.samples=100")
    assert code == 2
    assert "(in 50 of 100 scenarios; so are 49 other values)" in text
    assert "1 error on the command line; nothing was run." in text


def test_a_mistake_of_some_scenarios_says_of_how_many(command: Command) -> None:
    _, text = command("structure=function,customer", "demand.scale=-1,1")
    assert "in 2 of 4 scenarios" in text
