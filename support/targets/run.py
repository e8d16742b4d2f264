"""What the plugins of a live run share: what is known before its first scenario, and where they put it."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from support.housekeeping.journal import FOLDER, RunManifest
from support.settings import Settings

settings_key = pytest.StashKey[Settings]()
run_key = pytest.StashKey["LiveRun"]()


@dataclass(frozen=True)
class LiveRun:
    """A live run before its first scenario: where it is to write, and what preflight found.

    `problems` make the target unfit, each with its cure. `target` is what answered: AWS, or the host of an endpoint
    that is not AWS's: then a run is a `rehearsal`. `no_metrics` says why CloudWatch can't be read. A target that
    `tells_capacity` does so in each answer, as AWS does: an answer without it is none. `other_replicas` are the
    regions, separated by commas, of replicas that are not tested.
    """

    manifest: RunManifest
    target: str = ""
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    no_metrics: str = ""
    tells_capacity: bool = False
    rehearsal: bool = False
    account: str = field(default="", repr=False)
    other_replicas: str = ""


def journal_folder(config: pytest.Config) -> Path:
    return config.rootpath / FOLDER


def is_worker(config: pytest.Config) -> bool:
    """Whether this process was started by another one to run some of the tests."""
    return hasattr(config, "workerinput")


def process_name(config: pytest.Config) -> str:
    """A name that no other process of the run has."""
    workerinput = getattr(config, "workerinput", {"workerid": "main"})
    return f"{workerinput['workerid']}-{os.getpid()}"
