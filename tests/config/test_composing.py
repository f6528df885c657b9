"""Composing plain scenarios from a program: same as the command, repeatable, from threads, inside Hydra."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim import load_scenario
from sim.config.compose import Composer, composer_for, config_loader
from sim.config.loading import load_plain
from sim.model.check import BadScenario

Own = Callable[[str, str | bytes], Path]


def test_a_scenario_is_loaded_with_overrides() -> None:
    scenario = load_scenario(["structure=matrix", "demand.scale=1.2"])
    assert (scenario.structure.name, scenario.demand.scale) == ("matrix", 1.2)


def test_a_word_switches_a_mechanism_on_or_off() -> None:
    people = load_scenario(["people.turnover=on", "people.turnover.rate=0.5"]).people
    assert (people.turnover.enabled, people.turnover.rate, people.absence.enabled) == (True, 0.5, False)
    lively = load_scenario(["level=people", "people.culture=off"]).people
    assert (lively.turnover.enabled, lively.culture.enabled) == (True, False)


def test_a_word_in_a_file_switches_a_mechanism_on(own: Own) -> None:
    own("people/restless.yaml", "defaults: [default]\nturnover: true\n")
    assert load_scenario(["people=restless"], "mine").people.turnover.enabled


def test_values_on_a_copy_equal_a_composition_by_hydra() -> None:
    from hydra.types import RunMode
    from omegaconf import OmegaConf

    overrides = [
        "structure=pooled",
        "demand.scale=0.7",
        "people.ownership=relay",
        "company.profile.day_of_week=[]",
    ]
    loader = config_loader(None)
    config = loader.load_configuration("config", overrides, RunMode.RUN)
    whole = OmegaConf.to_container(
        OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"]), resolve=True
    )
    assert isinstance(whole, dict)
    assert Composer(loader).plain(overrides) == {key: value for key, value in whole.items() if key != "sweep"}


def test_the_users_folder_adds_to_the_shipped_choices(own: Own, company_text: str) -> None:
    own("company/mine.yaml", company_text)
    assert load_scenario(["company=mine"], "mine").company.name == "mine"


def test_an_edited_file_is_read_again(own: Own, company_text: str) -> None:
    path = own("company/mine.yaml", company_text)
    assert load_scenario(["company=mine"], "mine").company.name == "mine"
    path.write_text(company_text.replace("name: mine", "name: renamed"))
    assert load_scenario(["company=mine"], "mine").company.name == "renamed"


def test_all_mistakes_are_raised_at_once() -> None:
    with pytest.raises(BadScenario) as raised:
        load_scenario(["structure=matrx", "demand.scal=1", "structure.name=a,b"])
    assert len(raised.value.mistakes) == 3
    assert "nothing was run" in str(raised.value)


def test_mistakes_of_value_are_raised_too() -> None:
    with pytest.raises(BadScenario, match=r"demand\.scale: -1 is negative"):
        load_scenario(["demand.scale=-1"])


def test_a_sweep_is_no_scenario() -> None:
    with pytest.raises(BadScenario, match="names several scenarios"):
        load_scenario(["structure=function,customer"])


def test_dangerous_files_are_refused_here_too(own: Own) -> None:
    own("company/mine.yaml", "a: &a [1]\nb: *a\n")
    with pytest.raises(BadScenario, match="anchors"):
        load_scenario(["company=mine"], "mine")


def test_rows_do_not_disturb_each_other() -> None:
    composer = composer_for(None)
    before = composer.plain(["structure=function"])
    composer.plain(["structure=function", "demand.scale=9", "company.clock.hours_per_day=7"])
    assert composer.plain(["structure=function"]) == before


def test_many_rows_take_one_composition_by_hydra_for_each_choice_of_groups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    composer = Composer(config_loader(None))
    composed: list[tuple[str, ...]] = []
    compose = composer._compose

    def counted(chosen: tuple[str, ...]) -> Any:
        composed.append(chosen)
        return compose(chosen)

    monkeypatch.setattr(composer, "_compose", counted)
    for index in range(50):
        for name in ("function", "customer", "product", "matrix"):
            row = composer.plain([f"structure={name}", f"demand.scale={0.5 + index * 1e-4}"])
            assert (row["structure"]["name"], row["demand"]["scale"]) == (name, 0.5 + index * 1e-4)
    assert len(composed) == 4


def test_composing_works_from_many_threads() -> None:
    found: list[str] = []

    def work(name: str) -> None:
        for _ in range(5):
            found.append(str(load_plain([f"structure={name}"])["structure"]["name"]))

    names = ("function", "customer", "product", "matrix")
    threads = [threading.Thread(target=work, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(names * 5)


def test_the_state_of_a_running_hydra_application_is_left_alone(here: Path) -> None:
    from hydra import compose, initialize_config_dir, version
    from hydra.core.global_hydra import GlobalHydra

    from sim.config.compose import hydra_settings

    (here / "app.yaml").write_text("a: 1\n")
    settings = hydra_settings()
    with initialize_config_dir(config_dir=str(here), **settings):
        base, running = version.getbase(), GlobalHydra.instance().hydra
        assert load_plain(["structure=customer"])["structure"]["name"] == "customer"
        assert GlobalHydra.instance().hydra is running
        assert version.getbase() == base
        assert compose("app").a == 1


def test_help_loads_nothing_heavy() -> None:
    heavy = {"hydra", "omegaconf", "pydantic", "numpy", "numba", "pandas", "pyarrow", "matplotlib", "scipy"}
    code = (
        "import sys\n"
        "from sim.cli import main; main(['--help'])\n"
        f"print(*({heavy} & sys.modules.keys()), file=sys.stderr)"
    )
    answer = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ("usage: orgdes" in answer.stdout, answer.stderr.split()) == (True, [])
