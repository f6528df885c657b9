"""A behavioural parameter has an address: it is named where it is declared and where it is used."""

from tests.architecture.parameters import table

MOST = 6


def test_no_parameter_is_named_in_more_than_six_files() -> None:
    assert {key: files for key, files in table().items() if len(files) > MOST} == {}


def test_every_parameter_is_named_somewhere_beside_its_record() -> None:
    assert [key for key, files in table().items() if len(files) < 2] == []
