"""What the plugins of a live run share: what is known before its first scenario, and where they put it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support.housekeeping.journal import FOLDER, RunManifest
from support.settings import Settings
from support.targets.live_run.pause import Meeting

settings_key = pytest.StashKey[Settings]()
run_key = pytest.StashKey["LiveRun"]()
meetings_key = pytest.StashKey[dict[str, Meeting]]()
"""Those of the scenarios that pause replication, by id."""


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

    @classmethod
    def told(cls, values: Mapping[str, Any]) -> "LiveRun":
        """From what `dataclasses.asdict` made of it, for another process."""
        return cls(**{**values, "manifest": RunManifest(**values["manifest"])})


def journal_folder(config: pytest.Config) -> Path:
    return config.rootpath / FOLDER


def is_worker(config: pytest.Config) -> bool:
    """Whether this process was started by another one to run some of the tests."""
    return hasattr(config, "workerinput")


def process_name(config: pytest.Config) -> str:
    """A name that no other process of the run has."""
    workerinput = getattr(config, "workerinput", {"workerid": "main"})
    return f"{workerinput['workerid']}-{os.getpid()}"
