"""Every shipped file composes, alone and with the others, into a scenario without mistakes of form."""

import itertools
from pathlib import Path

import pytest
import yaml

from sim import load_scenario
from sim.config.compose import composer_for
from sim.config.loading import load_plain
from sim.config.shipped import GROUPS, OVER_ALL, configs
from sim.config.yaml_scan import scan
from sim.mechanisms import MECHANISMS
from sim.model.check import mistakes
from sim.model.scenario import Experiment, Scenario
from sim.numbers import numbers_of

FILES = sorted(configs().rglob("*.yaml"))
NAMES = [str(path.relative_to(configs()).with_suffix("")) for path in FILES]
CHOICES = [name.split("/") for name in NAMES if "/" in name and name.split("/")[0] not in OVER_ALL]
STUDIES = [name.removeprefix("study/") for name in NAMES if name.startswith("study/")]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_shipped_file_obeys_the_rules_for_users_files(path: Path) -> None:
    looked = scan(path, path.name)
    assert not looked.found
    assert "${" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_shipped_file_opens_with_what_it_is(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("#")
    assert any("orgdes" in line for line in lines[:4])


@pytest.mark.parametrize(("group", "name"), CHOICES, ids=["/".join(choice) for choice in CHOICES])
def test_a_choice_composes_to_its_own_content(group: str, name: str) -> None:
    composed = load_plain([f"{group}={name}"])[group]
    written = yaml.safe_load((configs() / group / f"{name}.yaml").read_text(encoding="utf-8"))
    parents = written.pop("defaults", None)
    assert _within(written, composed) if parents else {key: composed[key] for key in written} == written


def _within(part: object, whole: object) -> bool:
    """Everything that a file says on top of another stands in what is composed."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _within(part[key], whole[key]) for key in part)
    return part == whole


@pytest.mark.parametrize(("group", "name"), CHOICES, ids=["/".join(choice) for choice in CHOICES])
def test_a_choice_is_well_formed(group: str, name: str) -> None:
    plain = load_plain([f"{group}={name}"])
    kind = Scenario.model_fields[group].annotation
    assert kind is not None
    assert not [mistake for mistake in mistakes(plain) if "unknown key" in mistake.what]
    assert set(plain[group]) <= set(getattr(kind, "model_fields"))  # noqa: B009


def test_the_default_scenario_has_no_mistake() -> None:
    assert mistakes(load_plain()) == []


def test_every_structure_by_rule_fits_every_company_with_enough_people() -> None:
    composer = composer_for(None)
    structures = [
        composer.plain([f"structure={name}"])["structure"] for name in composer.options("structure")
    ]
    by_rule = [structure for structure in structures if not structure["departments"]]
    assert len(by_rule) >= 6  # those that list departments by hand belong to one company
    for company in composer.options("company"):
        plain = composer.plain(
            [f"company={company}", "staffing.headcount=2000", "staffing.waiting_room=null"]
        )
        for structure in by_rule:
            assert mistakes({**plain, "structure": structure}) == [], (company, structure["name"])


def test_every_group_has_a_folder_and_every_folder_a_group() -> None:
    folders = {path.name for path in configs().iterdir() if path.is_dir() and any(path.glob("*.yaml"))}
    assert folders == set(GROUPS)
    assert set(Scenario.model_fields) == set(GROUPS) - set(OVER_ALL)


def test_default_run_settings_are_those_of_the_schema() -> None:
    assert load_plain()["experiment"] == Experiment().model_dump(mode="json")


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_composes_without_mistakes(name: str) -> None:
    from sim.cli.arguments import Arguments
    from sim.cli.scenarios import LOOKED_AT, mistakes_in
    from sim.cli.session import Session
    from sim.config.plan import Asked, planned

    composer = composer_for(None)
    chosen = (f"study={name}",)
    whole = composer.whole(chosen)
    asked = Asked(composer.params(chosen), whole["sweep"], whole["experiment"])
    from sim.config.override import Override

    plan = planned(composer, asked, [Override(chosen[0])])
    assert list(plan.found) == []
    assert mistakes_in(Session(Arguments()), composer, plan.axes.scenarios()[:LOOKED_AT]) == []


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_is_global_and_holds_differences_only(name: str) -> None:
    text = (configs() / "study" / f"{name}.yaml").read_text(encoding="utf-8")
    assert "# @package _global_" in text.splitlines()[:3]
    hydra = yaml.safe_load(text).get("hydra", {})
    assert set(hydra) <= {"sweeper"}


def test_pairs_of_choices_compose_like_each_alone() -> None:
    composer = composer_for(None)
    for people, coordination in itertools.product(
        composer.options("people"), composer.options("coordination")
    ):
        both = composer.plain([f"people={people}", f"coordination={coordination}"])
        assert both["people"] == composer.plain([f"people={people}"])["people"]
        assert both["coordination"] == composer.plain([f"coordination={coordination}"])["coordination"]


LEVELS = ("default", "people", "customers", "full")


def _on(level: str) -> set[str]:
    numbers = numbers_of(load_scenario([f"level={level}"])).plain
    return {one.id for one in MECHANISMS if one.switch and getattr(numbers, one.switch)}


@pytest.mark.parametrize(("below", "above"), list(itertools.pairwise(LEVELS)))
def test_a_level_has_all_that_is_on_below_it_and_more(below: str, above: str) -> None:
    assert _on(below) < _on(above)


def test_the_highest_level_has_every_mechanism_that_is_no_event() -> None:
    assert {one.id for one in MECHANISMS if one.switch} - _on("full") == set()


def test_the_level_without_a_word_is_the_default() -> None:
    assert load_plain(["level=default"]) == load_plain([])


def test_time_is_flow_with_absence_and_patience() -> None:
    assert _on("flow") == set()
    assert _on("time") == {"P10"}
    assert load_scenario(["level=time"]).customers.patience


def test_a_policy_of_ones_own_is_stronger_than_a_level() -> None:
    assert load_scenario(["level=flow", "people=steep_learning"]).people.learning_rate == 0.75


def test_a_study_is_stronger_than_a_level(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    text = "# @package _global_\npeople: {turnover: {enabled: false}}\n"
    (tmp_path / "study" / "mine.yaml").write_text(text, encoding="utf-8")
    assert not load_scenario(["level=full", "study=mine"], config_dir=tmp_path).people.turnover.enabled


def test_a_level_of_ones_own_is_laid_over_the_whole_scenario(tmp_path: Path) -> None:
    (tmp_path / "level").mkdir()
    text = "# @package _global_\ndefaults: [people, _self_]\npeople: {workload: {enabled: false}}\n"
    (tmp_path / "level" / "ours.yaml").write_text(text, encoding="utf-8")
    people = load_scenario(["level=ours"], config_dir=tmp_path).people
    assert people.turnover.enabled
    assert not people.workload.enabled
