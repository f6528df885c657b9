"""Reading a log: CSV and XES, plain or zipped, and every way it can be wrong."""

import gzip
from pathlib import Path
from zoneinfo import ZoneInfo

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


def logged(lifecycle: list[str], name: str = "lifecycle:transition", **more: list[str]) -> Events:
    """Events of one ticket and one activity, a day apart."""
    count = len(lifecycle)
    table = Table(
        {
            "ticket": ["T1"] * count,
            "activity": ["a"] * count,
            "time": [f"2024-01-0{day + 1}" for day in range(count)],
            name: lifecycle,
            **more,
        }
    )
    return gather(table, choose(table, {}))


def test_events_that_neither_begin_nor_finish_are_left_out_with_a_note() -> None:
    found = logged(["schedule", "suspend", "complete"])
    assert (len(found.time), found.notes) == (
        1,
        ("2 events that neither begin nor finish work (column lifecycle:transition) were left out.",),
    )


@pytest.mark.parametrize("words", ["start complete", "Begin END", "STARTED Finished", "assign complete"])
@pytest.mark.parametrize("name", ["lifecycle:transition", "Transition", "what happened"])
def test_begin_and_end_are_joined_whatever_they_are_called(words: str, name: str) -> None:
    found = logged(words.split(), name)
    assert (len(found.time), (found.time - found.start).tolist()) == (1, [86_400.0])


def test_a_begin_belongs_to_the_end_by_the_same_person() -> None:
    found = logged(["start", "start", "complete", "complete"], person=["ann", "bob", "bob", "ann"])
    assert ((found.time - found.start) / 86_400).tolist() == [1.0, 3.0]


def test_work_is_begun_when_it_is_handed_over_only_where_nothing_else_begins_it() -> None:
    found = logged(["assign", "start", "complete"])
    assert ((found.time - found.start) / 86_400).tolist() == [1.0]


def test_a_state_of_the_ticket_is_no_life_cycle() -> None:
    table = Table(
        {
            "ticket": ["T1", "T2"],
            "activity": ["a", "a"],
            "time": ["2024-01-01"] * 2,
            "state": ["started", "done"],
        }
    )
    assert choose(table, {}).lifecycle is None


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("start_time", "end_time"),
        ("Start Time", "Complete Timestamp"),
        ("start_timestamp", "timestamp"),
        ("begin", "finished"),
        ("StartDate", "EndDate"),
    ],
)
def test_begin_and_end_are_known_by_their_usual_names(begin: str, end: str) -> None:
    table = Table({"Case ID": ["1"], "Task": ["a"], begin: ["2024-01-01"], end: ["2024-01-02"]})
    assert (choose(table, {}).start, choose(table, {}).time) == (begin, end)


def test_what_was_begun_and_not_finished_is_left_out() -> None:
    table = Table(
        {"case": ["1", "2"], "task": ["a", "a"], "start": ["2024-01-01"] * 2, "end": ["2024-01-02", ""]}
    )
    assert gather(table, choose(table, {})).notes == (
        "1 events that were begun and not finished were left out.",
    )


def timed(*texts: str) -> Events:
    count = len(texts)
    table = Table(
        {"case": [str(number) for number in range(count)], "task": ["a"] * count, "time": list(texts)}
    )
    return gather(table, choose(table, {}))


TWO = (1_704_106_860.0, 1_706_698_860.0)
"""2024-01-01 11:01 and 2024-01-31 11:01."""


@pytest.mark.parametrize(
    "texts",
    [
        ("2024-01-01 11:01", "2024-01-31T11:01:00Z"),
        ("2024-01-01 11:01 UTC", "2024-01-31 11:01 UTC"),
        ("2024/01/01 11:01", "2024/01/31 11:01:00"),
        ("2024-1-1 11:01", "2024-1-31 11:01"),
        ("01.01.2024 11:01", "31.01.2024 11:01:00"),
        ("1.1.24, 11:01", "31.1.24, 11:01"),
        ("01/01/2024 11:01", "31/01/2024 11:01"),
        ("01/01/2024 11:01 AM", "01/31/2024 11:01 am"),
        ("1/1/2024 11:01:00.000", "1/31/2024 11:01:00.000"),
        ("1 Jan 2024 11:01", "31 Jan 2024 11:01"),
        ("Jan 1, 2024 11:01 AM", "Jan 31, 2024 11:01 AM"),
        ("1704106860", "1706698860"),
        ("1704106860000", "1706698860000"),
        ("1704106860.0", "1706698860.0"),
        ("45292.4590277778", "45322.4590277778"),
        ("20240101110100", "20240131110100"),
    ],
)
def test_the_form_of_times_is_recognised(texts: tuple[str, str]) -> None:
    assert timed(*texts).time == pytest.approx(TWO, abs=0.01)


def test_the_form_of_times_is_said() -> None:
    assert timed("31.01.2024 11:01").notes == ("Times were read as %d.%m.%Y, such as 31.01.2024 11:01.",)


def test_day_and_month_that_cannot_be_told_apart_are_asked_for() -> None:
    with pytest.raises(BadLog) as raised:
        timed("01/02/2024 11:01 AM", "03/04/2024 11:01 AM")
    assert "--time-format '%d/%m/%Y %I:%M %p' or --time-format '%m/%d/%Y %I:%M %p'" in str(raised.value)


def test_times_since_1970_are_put_into_the_zone() -> None:
    table = Table({"case": ["1"], "task": ["a"], "time": ["1704106860"]})
    found = gather(table, choose(table, {}), zone=ZoneInfo("Europe/Rome"))
    assert found.time.tolist() == [TWO[0] + 3600]


@pytest.mark.parametrize("wrong", ["1970-01-01", "2099-12-31", "0001-01-01"])
def test_a_date_far_outside_the_rest_is_named_and_left_out(wrong: str) -> None:
    found = timed(*(f"2024-0{month}-11" for month in range(1, 10)), wrong, *("2024-02-02",) * 9)
    assert (len(found.time), found.notes) == (
        18,
        (f"1 event dated far outside the rest left out: event 10 ({wrong}).",),
    )


def test_a_log_in_two_halves_is_kept_whole() -> None:
    assert len(timed(*("2004-02-02",) * 9, *("2024-02-02",) * 9).time) == 18
