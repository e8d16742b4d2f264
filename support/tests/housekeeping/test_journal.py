"""What is created is written down first, and found again whatever ended the process."""

import subprocess
import sys
from pathlib import Path

from support.housekeeping.journal import Journal, RunManifest, leftovers
from support.tests.suite_runs import ROOT
from support.verdicts.history import Key

PLACE = RunManifest("ada-3f9c1a", "orders", {"us-east-1": "id-1", "eu-west-1": "id-2"}, "2026-11-25T15:00:00+00:00")
A, B = Key("USER#global-user-ada-3f9c1a-1", "PROFILE"), Key("TEST#timing-ada-3f9c1a-2-x", "REPLICATION")


def test_a_folder_without_journals_has_no_leftovers(tmp_path: Path) -> None:
    assert leftovers(tmp_path / "none") == []


def test_what_was_noted_is_found_again_each_key_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PLACE, "main")
    for key in (A, B, A):
        journal.note(key)
    journal.close()
    (found,) = leftovers(tmp_path)
    assert (found.manifest, found.keys, found.in_use, found.foreign) == (PLACE, (A, B), False, ())
    assert found.manifest.regions == ("us-east-1", "eu-west-1")
    assert len(found.path.read_text().splitlines()) == 3


def test_a_key_is_in_the_file_as_soon_as_it_is_noted(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PLACE, "main")
    journal.note(A)
    (found,) = leftovers(tmp_path)
    assert found.keys == (A,)
    journal.close()


def test_the_journal_of_a_process_that_lives_is_in_use(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PLACE, "main")
    assert [found.in_use for found in leftovers(tmp_path)] == [True]
    journal.close()
    assert [found.in_use for found in leftovers(tmp_path)] == [False]


def test_a_process_that_is_killed_leaves_its_journal_to_others(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from support.housekeeping.journal import Journal, RunManifest
from support.verdicts.history import Key
import os, signal
Journal(Path({str(tmp_path)!r}), RunManifest("ada-3f9c1a", "orders", {{}}, ""), "main").note(Key({A.pk!r}, {A.sk!r}))
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False, timeout=300)
    (found,) = leftovers(tmp_path)
    assert (found.keys, found.in_use) == ((A,), False)


def test_a_line_that_was_not_finished_is_of_an_item_that_was_not_created(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PLACE, "main")
    journal.note(A)
    journal.close()
    path = next(tmp_path.iterdir())
    path.write_text(path.read_text() + '["USER#global-us')
    assert leftovers(tmp_path)[0].keys == (A,)


def test_a_file_that_is_no_journal_is_left_aside(tmp_path: Path) -> None:
    (tmp_path / "x.y.jsonl").write_text("hello\n")
    (tmp_path / "empty.y.jsonl").touch()
    assert leftovers(tmp_path) == []


def test_a_key_of_somebody_else_in_a_journal_is_noticed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, PLACE, "main")
    journal.note(Key("USER#global-user-grace", "PROFILE"))
    journal.close()
    assert leftovers(tmp_path)[0].foreign == (Key("USER#global-user-grace", "PROFILE"),)


def test_the_journals_of_one_run_are_found_by_its_name(tmp_path: Path) -> None:
    for owner in ("ada-3f9c1a", "ada-000000"):
        for process in ("gw0", "gw1"):
            Journal(tmp_path, RunManifest(owner, "orders", {}, ""), process).close()
    assert [found.manifest.owner for found in leftovers(tmp_path, "ada-000000")] == ["ada-000000"] * 2
