"""`orgdes import-people`: a table of people becomes a structure; mistakes come with their line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim import load_scenario
from sim.cli import main
from sim.cli.people_table import Row, read_people_table

HEADING = "person,department,functions,products,segments,rank,pace\n"
TEAM = (
    HEADING
    + "Ann,Front,intake;advice,all,all,,\n"
    + "Bea,Front,intake; advice,all,all,0,0.9\n"
    + "Cai,Back,assessment,all,all,0,\n"
    + "Cai,Back,fulfilment,all,all,1,\n"
    + "Dov,Back,assessment;fulfilment,all,all,,\n"
)
Import = Callable[..., tuple[int, str]]


@pytest.fixture
def importing(here: Path, capfd: pytest.CaptureFixture[str]) -> Import:
    """Run the command on a table; gives its exit code and what it printed."""

    def run(text: str, *more: str, company: str = "default", name: str = "team") -> tuple[int, str]:
        (here / "table.csv").write_text(text, encoding="utf-8")
        code = main(
            ["import-people", "table.csv", "--name", name, "--company", company, "--out", "mine", *more]
        )
        shown = capfd.readouterr()
        return code, shown.err + shown.out

    return run


def written(here: Path, group: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((here / "mine" / group / "team.yaml").read_text(encoding="utf-8"))
    return found


def test_departments_do_what_their_people_do(importing: Import, here: Path) -> None:
    assert importing(TEAM)[0] == 0
    boxes = written(here, "structure")["departments"]["Back"]
    assert [box["functions"] for box in boxes] == [
        ["assessment"],
        ["fulfilment"],
        ["assessment", "fulfilment"],
    ]


def test_people_stand_in_the_roster(importing: Import, here: Path) -> None:
    importing(TEAM)
    roster = written(here, "staffing")["roster"]
    assert {name: person["department"] for name, person in roster.items()} == {
        "Ann": "Front", "Bea": "Front", "Cai": "Back", "Dov": "Back",
    }  # fmt: skip


def test_who_does_all_of_a_department_needs_no_skills(importing: Import, here: Path) -> None:
    importing(TEAM)
    assert written(here, "staffing")["roster"]["Dov"] == {"department": "Back"}


def test_several_lines_of_a_person_are_skills_with_ranks(importing: Import, here: Path) -> None:
    importing(TEAM)
    skills = written(here, "staffing")["roster"]["Cai"]["skills"]
    assert [(skill["cells"]["functions"], skill["rank"]) for skill in skills] == [
        (["assessment"], 0), (["fulfilment"], 1),
    ]  # fmt: skip


def test_a_pace_is_kept(importing: Import, here: Path) -> None:
    importing(TEAM)
    assert written(here, "staffing")["roster"]["Bea"]["pace"] == 0.9


def test_what_is_written_is_a_scenario(importing: Import, here: Path) -> None:
    importing(TEAM)
    found = load_scenario(["company=default", "structure=team", "staffing=team"], here / "mine")
    assert list(found.structure.departments) == ["Front", "Back"]
    assert found.staffing.headcount == len(found.staffing.roster) == 4


def test_the_next_commands_are_printed(importing: Import) -> None:
    printed = importing(TEAM)[1]
    begin = "orgdes --config-dir mine company=default structure=team"
    assert f"{begin} staffing=team\n" in printed
    assert (
        f"{begin},function,customer,product staffing=default staffing.basis=workers staffing.headcount=4"
        in (printed)
    )


def test_the_next_command_runs(
    importing: Import, ran: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    printed = importing(TEAM)[1]
    line = next(line for line in printed.splitlines() if line.endswith("staffing=team"))
    assert main(line.split()[1:]) == 0, capfd.readouterr().err
    assert len(ran[0]["rows"]) == 1


def test_the_same_table_gives_the_same_files(importing: Import, here: Path) -> None:
    importing(TEAM)
    before = [(here / "mine" / group / "team.yaml").read_bytes() for group in ("structure", "staffing")]
    assert importing(TEAM)[0] == 0
    assert [
        (here / "mine" / group / "team.yaml").read_bytes() for group in ("structure", "staffing")
    ] == before


def test_columns_that_are_missing_stand_for_all(importing: Import, here: Path) -> None:
    assert importing("Department,Person\neveryone,Ann\neveryone,Bea\n")[0] == 0
    assert written(here, "structure")["departments"] == {
        "everyone": [{"functions": "all", "products": "all", "segments": "all"}]
    }


def test_a_company_of_ones_own_is_found_in_the_folder(
    importing: Import, here: Path, company_text: str
) -> None:
    (here / "mine" / "company").mkdir(parents=True)
    (here / "mine" / "company" / "mine.yaml").write_text(company_text, encoding="utf-8")
    code, printed = importing(TEAM, company="mine")
    assert code == 0
    assert "company=mine structure=team staffing=team" in printed


def test_a_company_in_short_can_be_charted(importing: Import) -> None:
    table = "person,department,functions\nAnn,one,function 1;function 2\nBea,two,function 3;function 4\n"
    assert importing(table, company="in_short")[0] == 0


BAD: dict[str, tuple[str, list[str]]] = {
    "uncovered": (
        "person,department,functions\nAnn,a,intake;assessment;fulfilment\n",
        ["table.csv: table: nobody does function advice, product loan, segment private."],
    ),
    "covered twice": (
        "person,department,functions,products\nAnn,a,all,all\nBea,b,advice,loan\n",
        ["table.csv:3: department: function advice, product loan, segment corporate is done by a (line 2)"
         " and by b (line 3). Every cell needs one department."],
    ),
    "unknown names": (
        "person,department,functions,products,segments\nAnn,a,all,lone,all\nBea,b,advise,all,privat\n",
        ['table.csv:2: products: unknown product "lone". Known: loan, insurance, account.'
         ' Did you mean "loan"?',
         'table.csv:3: functions: unknown function "advise".',
         'table.csv:3: segments: unknown segment "privat".'],
    ),
    "two departments": (
        "person,department\nAnn,a\nAnn,b\n",
        ['table.csv:3: department: "Ann" works in "a" (line 2) and "b". One department for each person.'],
    ),
    "two paces": (
        "person,department,pace\nAnn,a,1.5\nAnn,a,\nAnn,a,2\n",
        ['table.csv:4: pace: "Ann" has the pace 1.5 (line 2) and 2. One pace for each person.'],
    ),
    "empty cells": (
        "person,department,functions\nAnn,,all\n,a,all\nBea,a,\n",
        ["table.csv:2: department: is empty.", "table.csv:3: person: is empty.",
         "table.csv:4: functions: is empty. Names separated by ;, or all."],
    ),
    "numbers": (
        'person,department,rank,pace\nAnn,a,first,1\nBea,a,0,"0,9"\nCai,a,0,-1\nDov,a,0,inf\n',
        ['table.csv:2: rank: is the text "first". A whole number',
         'table.csv:3: pace: "0,9" uses a comma.', 'table.csv:4: pace: is the text "-1". A number above 0',
         'table.csv:5: pace: is the text "inf"'],
    ),
    "columns": (
        "person,departmnt\nAnn,a\n",
        ['table.csv:1: heading: unknown column "departmnt". Known: person, department,',
         'Did you mean "department"?', 'column "department" is missing'],
    ),
    "columns twice": (
        "person,department,functions,functions\n", ['table.csv:1: table: has two columns "functions"'],
    ),
    "a circle": (
        "name,department,manager\nAnn,a,Bea\nBea,a,Ann\nCai,a,\n",
        ["table.csv:2: manager: Ann -> Bea -> Ann is a circle."],
    ),
    "nobody says what departments do": (
        "name,department\nAnn,Intake\nBea,Claims\n",
        ["table.csv: table: does not say what Intake, Claims do. Functions of the company: intake, advice",
         "Add a column: functions, products, segments."],
    ),
    "too many cells": (
        "person,department\nAnn,a,b\n",
        ["table.csv:2: table: has 3 fields. 2, as the first line."],
    ),
    "no rows": ("person,department\n", ["table.csv: table: has column names and no rows."]),
    "nothing": ("\n", ["table.csv: table: is empty. A line of column names first."]),
    "names that look alike": (
        "person,department,functions\nAnn,Team,intake;advice\nBea,team,assessment;fulfilment\n",
        ['"Team" and "team" look the same'],
    ),
    "a long name": (
        f"person,department\n{'x' * 65},a\nAnn,{'y' * 65}\n",
        ["table.csv:2: person: has 65 letters. At most 64.", "table.csv:3: department: has 65 letters."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_refused_with_its_lines(name: str, importing: Import, here: Path) -> None:
    text, fragments = BAD[name]
    code, printed = importing(text)
    assert code == 2, printed
    assert [fragment for fragment in fragments if fragment not in printed] == [], printed
    assert "nothing was written." in printed
    assert not (here / "mine").exists()


def test_rows_that_cannot_be_read_bring_no_holes(importing: Import) -> None:
    printed = importing("person,department,functions\nAnn,a,intake;advice\nBea,b,\n")[1]
    assert "nobody does" not in printed
    assert "1 error in 1 file" in printed


def test_all_mistakes_of_options_and_table_are_told_at_once(importing: Import) -> None:
    code, printed = importing("person,department\nAnn,\n", company="defalt", name="../x")
    assert code == 2
    assert all(text in printed for text in ('"../x" is no name', 'Did you mean "default"?', "table.csv:2"))


def test_a_file_of_somebody_else_is_not_replaced(importing: Import, here: Path) -> None:
    own = here / "mine" / "structure" / "team.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(
        "# mine. Use: orgdes structure=team\nname: team\nblocks: [{functions: all}]\n", encoding="utf-8"
    )
    code, printed = importing(TEAM)
    assert (code, "exists and was not written by orgdes import-people" in printed) == (2, True)
    assert own.read_text(encoding="utf-8").startswith("# mine.")


def test_a_table_that_does_not_exist_is_told(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["import-people", "none.csv", "--name", "x", "--company", "default", "--out", "mine"]) == 2
    assert "none.csv does not exist" in capfd.readouterr().err


HEAD_COUNT = (
    "Employee_ID;Full name;Title;Dept;Location;Reports-To\n1;A. One;CEO;;X;\n2;B. Two;Head;Intake;X;1\n"
    "3;C. Three;Clerk;Intake;X;2\n4;D. Four;Clerk;Advice;X;1\n5;D. Four;Clerk;Advice;Y;1\n"
    "6;F. Six;;Assessment;X;1\n7;G. Seven;;Fulfilment;X;1\n8;H. Eight;;Fulfilment;X;7\n"
)


def test_a_head_count_with_the_usual_columns_is_read(importing: Import, here: Path) -> None:
    code, printed = importing(HEAD_COUNT)
    assert code == 0, printed
    assert list(written(here, "staffing")["roster"]) == [
        "C. Three", "D. Four (4)", "D. Four (5)", "F. Six", "H. Eight",
    ]  # fmt: skip


def test_departments_of_a_head_count_do_what_they_are_called(importing: Import, here: Path) -> None:
    importing(HEAD_COUNT)
    departments = written(here, "structure")["departments"]
    assert [boxes[0]["functions"] for boxes in departments.values()] == [
        ["intake"], ["advice"], ["assessment"], ["fulfilment"],
    ]  # fmt: skip


def test_what_was_made_of_a_head_count_is_told(importing: Import) -> None:
    printed = importing(HEAD_COUNT)[1]
    assert 'note: column "Dept" is read as department' in printed
    assert 'note: column "Title" is not used' in printed
    assert "note: 3 who lead others are managers" in printed


def test_who_leads_and_is_alone_works(importing: Import, here: Path) -> None:
    importing("name,team,products,manager\nAnn,one,loan,\nBea,two,insurance;account,Ann\n")
    assert list(written(here, "staffing")["roster"]) == ["Ann", "Bea"]


def test_help_tells_the_columns(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["import-people", "--help"]) == 0
    assert "One row for each person" in capfd.readouterr().out


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_tables_of_other_programs_are_read(tmp_path: Path, separator: str, mark: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{mark}Person,Department\n\nZoë,客户\n".replace(",", separator), encoding="utf-8")
    assert read_people_table(path, "t").rows == [Row(3, "Zoë", "客户", (None, None, None))]


def test_the_old_name_of_the_command_still_works_and_says_the_new_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["chart", "--help"]) == 0
    assert capsys.readouterr().err == "note: orgdes chart is called orgdes import-people now\n"
