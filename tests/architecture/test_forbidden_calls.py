"""Nothing in the package runs code or loads objects from data, and chance comes from addressed draws only."""

import fnmatch

import pytest

from tests.architecture.sources import Source, breaches

RUNS_DATA = [
    "eval", "exec", "compile", "__import__", "os.system", "os.popen",
    "pickle.*", "cPickle.*", "dill.*", "cloudpickle.*", "marshal.load*", "shelve.*",
    "joblib.load", "joblib.dump", "pandas.read_pickle", "*.to_pickle",
    "yaml.load", "yaml.load_all", "yaml.full_load*", "yaml.unsafe_load*",
    "hydra.utils.instantiate", "hydra.utils.call", "hydra.utils.get_class", "hydra.utils.get_method",
    "hydra.utils.get_object", "hydra._internal.instantiate.*",
]  # fmt: skip

UNADDRESSED = ["random.*", "numpy.random.*"]
ADDRESSED = {
    "sim.draws": "numpy.random.SeedSequence",  # the root of all addresses
    "sim.study.reproduce": "random.Random",  # which results are computed again
    "sim.study.reuse": "random.Random",  # likewise, of folders beside this one
    "sim.study.sampling": "numpy.random.default_rng",  # points of a design: which scenarios, not what happens
}
CALENDAR = [
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime", "time.ctime",
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
]  # fmt: skip
TELLS_WHEN = {
    "sim.jit": "ages of folders of compiled code",
    "sim.study.session": "when a run began",
    "sim.study.finalise": "when it ended",
    "sim.study.inquiry": "when a run began",
}
"""Who may look at the clock on the wall, which can jump: for people to read, never for a result."""


def matching(source: Source, patterns: list[str]) -> list[str]:
    return [
        f"line {call.lineno}: {name}"
        for name, call in source.calls
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
    ]


def unaddressed(source: Source) -> list[str]:
    allowed = ADDRESSED.get(source.name, "nothing")
    return [call for call in matching(source, UNADDRESSED) if not call.endswith(f": {allowed}")]


def shells(source: Source) -> list[int]:
    return [call.lineno for _, call in source.calls for word in call.keywords if word.arg == "shell"]


def test_no_call_runs_or_unpickles_data() -> None:
    assert breaches(lambda source: matching(source, RUNS_DATA)) == {}


def test_no_draw_without_an_address() -> None:
    assert breaches(unaddressed) == {}


def test_only_those_that_tell_when_look_at_the_clock_on_the_wall() -> None:
    assert breaches(lambda source: matching(source, CALENDAR)).keys() == TELLS_WHEN.keys()


def test_no_command_goes_through_a_shell() -> None:
    assert breaches(shells) == {}


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "import yaml\nyaml.load('a')",
        "from yaml import unsafe_load as load\nload('a')",
        "from hydra.utils import instantiate\ninstantiate({})",
        "import pickle as p\np.loads(b'')",
        "from datetime import datetime\ndatetime.now()",
    ],
)
def test_a_planted_call_is_noticed(text: str, planted: Source) -> None:
    planted.path.write_text(text, encoding="utf-8")
    assert matching(planted, [*RUNS_DATA, *CALENDAR])
