"""With workers, the longest waits of a live run start at once, side by side."""

from support.targets.live_run.order import longest_first


def waits(name: str) -> float:
    return float(name.rpartition("_")[2])


def test_each_worker_begins_with_one_of_the_longest_and_one_of_the_shortest_behind_it() -> None:
    items = ["a_1", "b_50", "c_0", "d_0", "e_2", "f_60"]
    assert longest_first(items, 2, waits) == ["f_60", "c_0", "b_50", "d_0", "e_2", "a_1"]
    assert longest_first(items[:3], 2, waits) == ["b_50", "a_1", "c_0"]


def test_no_test_is_lost_or_doubled() -> None:
    items = [f"t{number}_{number % 7}" for number in range(40)]
    for workers in range(1, 20):
        assert sorted(longest_first(items, workers, waits)) == sorted(items)
