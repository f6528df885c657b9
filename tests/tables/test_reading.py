"""Tables as people have them: what is recognised without being told, and what is refused with its line."""

import gzip
import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas
import pytest

from sim.tables.content import BadTable
from sim.tables.reading import read

NAMES = ("name", "Wert")
ROWS = [("Müller", "1"), ("a, b; c", "2")]
EXPECTED = {"name": ["Müller", "a, b; c"], "Wert": ["1", "2"]}


def written(separator: str = ",") -> str:
    return "".join(f'"{one}"{separator}{two}\r\n' for one, two in [NAMES, *ROWS])


def stored(folder: Path, data: bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_recognised_though_others_stand_in_cells(tmp_path: Path, separator: str) -> None:
    assert read(stored(tmp_path, written(separator).encode())).columns == EXPECTED


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_the_encoding_is_recognised(tmp_path: Path, encoding: str) -> None:
    assert read(stored(tmp_path, written().encode(encoding))).columns == EXPECTED


def test_an_encoding_that_was_guessed_is_said(tmp_path: Path) -> None:
    table = read(stored(tmp_path, written().encode("latin-1")))
    assert table.notes == ("The text was read as Windows-1252.",)


def test_an_encoding_can_be_given(tmp_path: Path) -> None:
    assert read(stored(tmp_path, "氏名\n山田\n".encode("shift_jis")), encoding="shift_jis").columns == {
        "氏名": ["山田"]
    }


@pytest.mark.parametrize("name", ["table.csv", "table.gz", "table.zip", "table"])
def test_packing_is_recognised_by_content_whatever_the_name(tmp_path: Path, name: str) -> None:
    plain = written().encode()
    packed = [plain, gzip.compress(plain), zipped({"a.csv": plain}), gzip.compress(zipped({"a": plain}))]
    assert [read(stored(tmp_path, data, name)).columns for data in packed] == [EXPECTED] * 4


def test_what_a_mac_adds_to_an_archive_is_passed_over(tmp_path: Path) -> None:
    data = zipped({"a.csv": written().encode(), "__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0"})
    assert read(stored(tmp_path, data)).columns == EXPECTED


def test_a_workbook_gives_cells_as_a_person_would_type_them(tmp_path: Path) -> None:
    moment = datetime(2024, 1, 31, 9, 30)
    rows: list[list[object]] = [
        ["a", "b", "c", "d"],
        [20.0, 0.5, moment, None],
        [None] * 4,
        ["x", True, "", 7],
    ]
    table = read(stored(tmp_path, workbook({"Data": rows, "Empty": [], "About": [["Export of May"]]})))
    assert table.columns == {
        "a": ["20", "x"],
        "b": ["0.5", "true"],
        "c": ["2024-01-31 09:30:00", ""],
        "d": ["", "7"],
    }
    assert list(table.lines) == [2, 4]


def test_a_formula_is_never_evaluated(tmp_path: Path) -> None:
    table = read(stored(tmp_path, b'a,b\n"=1+1",=cmd()\n'))
    assert table.columns == {"a": ["=1+1"], "b": ["=cmd()"]}


def test_the_sheet_can_be_named(tmp_path: Path) -> None:
    path = stored(tmp_path, workbook({"One": [["a"], [1]], "Two": [["b"], [2]]}))
    assert read(path, sheet="Two").columns == {"b": ["2"]}


def test_a_parquet_file_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pandas.DataFrame(
        {"a": [20.0, None], "b": [[1, 2], [3]], "c": pandas.to_datetime(["2024-01-31", ""])}
    ).to_parquet(path)
    assert read(path).columns == {"a": ["20", ""], "b": ["[1,2]", "[3]"], "c": ["2024-01-31 00:00:00", ""]}


def test_a_decimal_comma_is_one_only_where_commas_separate_nothing(tmp_path: Path) -> None:
    semicolons, commas = (read(stored(tmp_path, text)) for text in (b"a;b\n0,8;x\n", b'a,b\n"0,8",x\n'))
    assert (semicolons.point("0,8"), commas.point("0,8")) == ("0.8", "0,8")


def test_empty_rows_and_empty_cells_beyond_the_heading_are_no_mistake(tmp_path: Path) -> None:
    table = read(stored(tmp_path, b"\n\na,b,\n1,2,\n,,\n\n3,4,,,\n"))
    assert (table.columns, list(table.lines)) == ({"a": ["1", "3"], "b": ["2", "4"]}, [4, 7])


def test_a_heading_of_spreadsheets_that_names_the_separator_is_followed(tmp_path: Path) -> None:
    table = read(stored(tmp_path, b"sep=;\r\na,b;c\r\n1;2\r\n"))
    assert (table.columns, list(table.lines)) == ({"a,b": ["1"], "c": ["2"]}, [3])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "table.csv: is empty"),
        (b"\n\n", "table.csv: is empty"),
        (b"a,b\n", "has column names and no rows"),
        (b"a,b\n1,2\n3\n", "table.csv:3: has 1 fields. 2, as the first line"),
        (b"a,b\n1,2,3\n", "table.csv:2: has 3 fields. 2, as the first line"),
        (b"a,a\n1,2\n", 'table.csv:1: has two columns "a"'),
        (b"a,b\n1,\0\n", "table.csv:2: holds a zero byte"),
        (b'a,b\n1,"2\n3,4\n', "is no table (unexpected end of data)"),
        (b"a,b\n1," + b"x" * 140_000 + b"\n", "table.csv:2: has a cell of more than 131,072 characters"),
        (b"a," + b"x" * 140_000 + b"\n1,2\n", "table.csv:1: has a cell of more than 131,072 characters"),
        (b"a\n\x81\n", "table.csv:2: is not UTF-8 text"),
        (gzip.compress(b"a\n" * 999, mtime=0)[:30], "does not unzip"),
        (zipped({"a": b"a\n1"})[:-30], "does not unzip"),
        (zipped({"a": b"a\n1", "b": b"b\n2"}), 'holds 2 files: "a", "b". One file. Keep one, or name it'),
        (zipped({}), "holds no file with a table"),
        (workbook({"A": [["a"], [1]], "B": [["b"], [2]]}), 'holds 2 sheets: "A", "B"'),
        (workbook({"A": []}), "holds no sheet with a table"),
        (zipped({"[Content_Types].xml": b"<"}), "is no workbook that can be read"),
        (b"PAR1 and nothing more", "is no Parquet file"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "is an old Excel file"),
        (b"<html>", "is XML or HTML"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(BadTable) as raised:
        read(stored(tmp_path, data))
    assert message in str(raised.value)


def test_a_file_that_unzips_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.tables.content.HARMLESS_BYTES", 1000)
    with pytest.raises(BadTable, match="bytes when unzipped"):
        read(stored(tmp_path, gzip.compress(b"a\n" * 1_000_000)))
