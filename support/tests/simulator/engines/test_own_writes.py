"""In the stream of a table that users and the simulator write to, the simulator's own writes are known again."""

from typing import Any

import pytest

from support.simulator.engines.engine import Record
from support.simulator.engines.stream_reader import OwnWrites, StreamedWrite
from support.simulator.items import same

KEY = ("S:a",)


def image(value: str | None) -> dict[str, Any] | None:
    return None if value is None else {"id": {"S": "a"}, "v": {"N": value}}


def streamed(old: str | None, new: str | None, has_old: bool = True, has_new: bool = True) -> StreamedWrite:
    return StreamedWrite(Record(KEY, image(old) if has_old else None, image(new)), has_old, has_new)


def written(old: str | None, new: str | None) -> Record:
    return Record(KEY, image(old), image(new))


@pytest.fixture
def own() -> OwnWrites:
    return OwnWrites()


def test_a_delete_of_ours_is_left_out(own: OwnWrites) -> None:
    own.expect(written("1", None))

    assert own.others([streamed("1", None)]) == []


def test_a_write_after_ours_begins_where_ours_ended(own: OwnWrites) -> None:
    own.expect(written("1", "2"))

    assert own.others([streamed("1", "2"), streamed("2", "3")]) == [written("2", "3")]


def test_a_write_that_ours_replaced_before_it_was_told_has_lost(own: OwnWrites) -> None:
    own.expect(written("2", "3"))

    assert own.others([streamed("1", "2"), streamed("2", "3")]) == []


def test_a_write_of_ours_without_a_record_does_not_hide_what_comes_later(own: OwnWrites) -> None:
    own.expect(written("1", "2"))
    own.expect(written("2", "3"))

    assert own.others([streamed("2", "3")]) == []
    assert own.others([streamed("1", "2")]) == [written("1", "2")]


def test_a_record_that_changes_nothing_is_nobodys(own: OwnWrites) -> None:
    assert own.others([streamed("1", "1")]) == []


def test_a_stream_that_leaves_images_out_is_matched_by_what_it_tells(own: OwnWrites) -> None:
    own.expect(written("1", "2"))
    assert own.others([streamed("1", "2", has_old=False, has_new=False)]) == []

    assert len(own.others([streamed("1", "2", has_old=False, has_new=False)])) == 1


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"N": "1.50"}, {"N": "1.5"}, True),
        ({"N": "1E2"}, {"N": "100"}, True),
        ({"N": "12345678901234567890123456789012345678"}, {"N": "12345678901234567890123456789012345679"}, False),
        ({"N": "1"}, {"S": "1"}, False),
        ({"NS": ["1.0", "2"]}, {"NS": ["2", "1"]}, True),
        ({"SS": ["a", "b"]}, {"SS": ["b", "a"]}, True),
        ({"BS": ["YQ==", "Yg=="]}, {"BS": ["Yg==", "YQ=="]}, True),
        ({"L": [{"N": "1"}, {"N": "2"}]}, {"L": [{"N": "2"}, {"N": "1"}]}, False),
        ({"L": [{"M": {"a": {"NS": ["1", "2"]}}}]}, {"L": [{"M": {"a": {"NS": ["2", "1.0"]}}}]}, True),
        ({"NULL": True}, {"BOOL": True}, False),
    ],
)
def test_images_are_the_same_when_dynamodb_takes_them_for_the_same(
    one: dict[str, Any], other: dict[str, Any], equal: bool
) -> None:
    assert same({"v": one}, {"v": other}) is equal
    assert same({"v": one}, {"v": one})
    assert not same({"v": one}, None)
