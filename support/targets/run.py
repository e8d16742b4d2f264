"""What the plugins of a live run share: what is known before its first scenario, and where they put it."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from support.housekeeping.journal import FOLDER, RunManifest
from support.settings import Settings
from support.targets.live_run.pause import Meeting

settings_key = pytest.StashKey[Settings]()
run_key = pytest.StashKey["LiveRun"]()
meetings_key = pytest.StashKey[dict[str, Meeting]]()
"""Those of the scenarios that pause replication, by id."""

WORKERS_OF_PAUSE = 8
"""So many scenarios pause replication at once, where -n does not say otherwise."""

SWEEP = "python -m support.housekeeping"


@dataclass(frozen=True)
class LiveRun:
    """What is known of a live run before its first scenario. `no_metrics` says why CloudWatch can't be read, and
    `tells_capacity` whether each answer of the target tells the capacity that was consumed; a `rehearsal` is against
    anything but AWS; `other_replicas` are the regions, separated by commas, of replicas that are not tested.
    """

    manifest: RunManifest
    target: str
    no_metrics: str = ""
    warnings: tuple[str, ...] = ()
    tells_capacity: bool = False
    rehearsal: bool = False
    account: str = field(default="", repr=False)
    other_replicas: str = ""

    def to_json(self) -> str:
        """For another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "LiveRun":
        """What `to_json` wrote."""
        values = json.loads(text)
        manifest, warnings = RunManifest(**values.pop("manifest")), tuple(values.pop("warnings"))
        return cls(manifest, warnings=warnings, **values)


def journal_folder(config: pytest.Config) -> Path:
    """Where the journals of all runs are."""
    return config.rootpath / FOLDER


def is_worker(config: pytest.Config) -> bool:
    """Whether this process was started by another one to run some of the tests."""
    return hasattr(config, "workerinput")


def process_name(config: pytest.Config) -> str:
    """A name that no other process of the run has."""
    workerinput = getattr(config, "workerinput", {"workerid": "main"})
    return f"{workerinput['workerid']}-{os.getpid()}"
