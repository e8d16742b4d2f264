"""In the stream of a table that users and the simulator write to, the simulator's own writes are known again."""

from typing import Any

import pytest

from support.simulator.engines.engine import Record
from support.simulator.engines.stream_reader import OwnWrites, StreamedWrite
from support.simulator.items import same


def written(old: str | None, new: str | None) -> Record:
    before, after = ({"id": {"S": "a"}, "v": {"N": each}} if each else None for each in (old, new))
    return Record(("S:a",), before, after)


def streamed(old: str | None, new: str | None) -> StreamedWrite:
    return StreamedWrite(written(old, new), has_old=True, has_new=True)


Images = list[tuple[str | None, str | None]]
CASES: dict[str, tuple[Images, Images, Images]] = {
    "a delete": ([("1", None)], [("1", None)], []),
    "theirs begins where ours ended": ([("1", "2")], [("1", "2"), ("2", "3")], [("2", "3")]),
    "theirs that ours replaced has lost": ([("2", "3")], [("1", "2"), ("2", "3")], []),
    "ours without a record hides nothing later": ([("1", "2"), ("2", "3")], [("2", "3"), ("1", "2")], [("1", "2")]),
    "what changes nothing is of no client": ([("1", "1")], [("1", "1")], []),
    "two of theirs are one": ([], [("1", "2"), ("2", "3")], [("1", "3")]),
}


@pytest.mark.parametrize(("own", "stream", "others"), CASES.values(), ids=CASES)
def test_what_others_wrote_is_told_from_what_the_simulator_wrote(own: Images, stream: Images, others: Images) -> None:
    writes = OwnWrites()
    for each in own:
        writes.expect(written(*each))

    assert writes.others([streamed(*each) for each in stream]) == [written(*each) for each in others]


def test_a_stream_that_leaves_images_out_is_matched_by_what_it_tells() -> None:
    own = OwnWrites()
    own.expect(written("1", "2"))
    of_keys = StreamedWrite(Record(("S:a",), None, written("1", "2").new), has_old=False, has_new=False)

    assert own.others([of_keys]) == []
    assert len(own.others([of_keys])) == 1


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"N": "1E2"}, {"N": "100"}, True),
        ({"N": "12345678901234567890123456789012345678"}, {"N": "12345678901234567890123456789012345679"}, False),
        ({"N": "1"}, {"S": "1"}, False),
        ({"BS": ["YQ==", "Yg=="]}, {"BS": ["Yg==", "YQ=="]}, True),
        ({"L": [{"N": "1"}, {"N": "2"}]}, {"L": [{"N": "2"}, {"N": "1"}]}, False),
        ({"L": [{"M": {"a": {"NS": ["1", "2"]}}}]}, {"L": [{"M": {"a": {"NS": ["2", "1.0"]}}}]}, True),
    ],
)
def test_images_are_the_same_when_dynamodb_takes_them_for_the_same(
    one: dict[str, Any], other: dict[str, Any], equal: bool
) -> None:
    assert same({"v": one}, {"v": other}) is equal
    assert same({"v": one}, {"v": one})
    assert not same({"v": one}, None)
