"""What is created is written down first, and found again whatever ended the process."""

from pathlib import Path

from support.housekeeping.journal import Journal, RunManifest, forget, leftovers
from support.verdicts.history import Key

PLACE = RunManifest("ada-3f9c1a", "orders", {"us-east-1": "id-1", "eu-west-1": "id-2"}, "2026-11-25T15:00:00+00:00")
A, B = Key("USER#global-user-ada-3f9c1a-1", "PROFILE"), Key("TEST#timing-ada-3f9c1a-2-x", "REPLICATION")
GRACE = Key("USER#global-user-grace", "PROFILE")


def test_a_key_is_in_the_file_as_soon_as_it_is_noted_and_the_file_in_use_as_long_as_the_process_lives(
    tmp_path: Path,
) -> None:
    assert leftovers(tmp_path / "none") == []
    journal = Journal(tmp_path, PLACE, "main")
    for key in (A, GRACE, A):
        journal.note(key)
    (found,) = leftovers(tmp_path)
    assert (found.manifest, found.keys, found.in_use) == (PLACE, (A, GRACE), True)
    assert len(found.path.read_text().splitlines()) == 3
    journal.close()
    assert [found.in_use for found in leftovers(tmp_path)] == [False]


def test_a_journal_forgets_what_is_gone_and_a_line_that_was_not_finished(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PLACE, "main")
    for key in (A, B):
        journal.note(key)
    journal.close()
    forget(leftovers(tmp_path)[0], A)
    with next(tmp_path.iterdir()).open("a") as file:
        file.write('["USER#global-us')
    assert leftovers(tmp_path)[0].keys == (B,)


def test_a_file_that_is_no_journal_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "x.y.jsonl").write_text("hello\n")
    (tmp_path / "empty.y.jsonl").touch()
    assert leftovers(tmp_path) == []


def test_the_journals_of_one_run_are_found_by_its_name(tmp_path: Path) -> None:
    for owner in ("ada-3f9c1a", "ada-000000"):
        for process in ("gw0", "gw1"):
            Journal(tmp_path, RunManifest(owner, "orders", {}, ""), process).close()
    assert [found.manifest.owner for found in leftovers(tmp_path, "ada-000000")] == ["ada-000000"] * 2
