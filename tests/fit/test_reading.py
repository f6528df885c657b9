"""Reading a log: CSV and XES, plain or zipped, and every way it can be wrong."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from sim.fit.columns import choose
from sim.fit.events import Events, gather
from sim.fit.table import BadLog, read
from sim.tables.content import BadTable
from sim.tables.reading import Table
from tests.fit import made_up

FEW = made_up.events(tickets=40, weeks=10)


def same(first: Events, second: Events) -> bool:
    return (
        bool(np.array_equal(first.time, second.time))
        and first.activities == second.activities
        and first.customer == second.customer
    )


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_a_csv_file_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    table = read(made_up.write_csv(tmp_path / name, FEW))
    assert (table.rows, tuple(table.columns)) == (len(FEW), made_up.COLUMNS)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_separator_is_recognised(tmp_path: Path, separator: str) -> None:
    assert tuple(read(made_up.write_csv(tmp_path / "log.csv", FEW, separator)).columns) == made_up.COLUMNS


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_xes_and_csv_give_the_same_events(tmp_path: Path, name: str) -> None:
    plain = read(made_up.write_csv(tmp_path / "log.csv", FEW))
    marked = read(made_up.write_xes(tmp_path / name, FEW))
    assert same(gather(plain, choose(plain, {})), gather(marked, choose(marked, {})))


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"\xef\xbb\xbf" + made_up.write_csv(path, FEW).read_bytes())
    assert next(iter(read(path).columns)) == "ticket"


BOMB = """<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>
<log><trace><string key="concept:name" value="&b;"/></trace></log>"""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"ticket,activity\n", "has column names and no rows"),
        (b"ticket,activity\nT1,register,late\n", "log:2: has 3 fields. 2, as the first line"),
        (b"ticket,ticket\nT1,T2\n", 'has two columns "ticket"'),
        (b"<log><trace></log>", "is not well-formed XML (line 1)"),
        (b"<log></log>", "has no events"),
        (BOMB.encode(), "has a DOCTYPE"),
        # without a time in it, or every process would give the test another name
        (gzip.compress(b"ticket,activity\nT1,a\n" * 50, mtime=0)[:30], "does not unzip"),
    ],
)
def test_a_bad_file_is_told_as_a_mistake(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    with pytest.raises(BadTable) as raised:
        read(path)
    assert message in str(raised.value)


def test_an_unknown_column_brings_the_nearest_name() -> None:
    table = Table({"ticket": ["T1"], "activity": ["a"], "time": ["2024-01-01"], "customer": ["c"]})
    with pytest.raises(BadLog) as raised:
        choose(table, {"customer": "custmer"})
    assert 'unknown column "custmer"' in str(raised.value)
    assert 'Did you mean "customer"?' in str(raised.value)


def test_all_mistakes_of_the_columns_are_told_at_once() -> None:
    with pytest.raises(BadLog) as raised:
        choose(Table({"a": ["1"], "b": ["2"]}), {"product": "c"}, ["d"])
    assert [mistake.where for mistake in raised.value.mistakes] == [
        "--case",
        "--activity",
        "--time",
        "--product",
        "--attribute",
    ]


def test_two_options_for_one_column_are_refused() -> None:
    table = Table({"ticket": ["T1"], "activity": ["a"], "time": ["2024-01-01"]})
    with pytest.raises(BadLog, match='column "activity" is used for --activity already'):
        choose(table, {"activity": "activity", "product": "activity"})


def test_times_that_cannot_be_read_are_listed_with_their_number() -> None:
    table = Table({"ticket": ["T1", "T2"], "activity": ["a", "a"], "time": ["2024-01-01T10:00", "yesterday"]})
    with pytest.raises(BadLog, match='event 2: "yesterday" is not a time'):
        gather(table, choose(table, {}))


def test_a_given_form_of_time_is_used() -> None:
    table = Table({"ticket": ["T1"], "activity": ["a"], "time": ["02/01/1970 00:00"]})
    assert gather(table, choose(table, {}), "%d/%m/%Y %H:%M").time[0] == 86_400.0


def test_events_that_finish_nothing_are_left_out_with_a_note() -> None:
    table = Table(
        {
            "ticket": ["T1", "T1"], "activity": ["a", "a"], "time": ["2024-01-01", "2024-01-02"],
            "lifecycle:transition": ["start", "complete"],
        }
    )  # fmt: skip
    found = gather(table, choose(table, {}))
    assert (len(found.time), found.notes) == (
        1,
        ("1 events that finish nothing (column lifecycle:transition) were left out.",),
    )
