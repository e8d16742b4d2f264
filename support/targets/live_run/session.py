"""Pytest plugin: what goes around the scenarios of a live run. Preflight comes first, the removal of all items last.

The process that was started does both; workers of xdist are told what it found.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from support.clock import WallClock
from support.housekeeping.journal import RunManifest, leftovers
from support.housekeeping.ownership import Owner
from support.table.aws_clients import keep_secrets_out_of_logs
from support.targets.live_run.cost import estimate, price_of_pause
from support.targets.live_run.preflight import Readiness, examine
from support.targets.run import SWEEP, LiveRun, is_worker, journal_folder, run_key, settings_key


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Refuse a target that is not fit before anything runs; with --preflight-only that is all."""
    settings = config.stash[settings_key]
    if not settings.live:
        return None
    keep_secrets_out_of_logs()
    if is_worker(config):
        config.stash[run_key] = LiveRun.from_json(getattr(config, "workerinput")["live_run"])  # noqa: B009
        return None
    if config.option.collectonly or config.option.help:
        return None
    found = examine(settings)
    if found.problems:
        raise pytest.UsageError("\n".join(["the target is not fit to be tested:", *found.problems]))
    if settings.preflight_only:
        costs = [] if found.rehearsal else [f"preflight: {estimate(settings.probes)}"]
        costs += [f"preflight: {price_of_pause()}"] if found.template else []
        fit = [*costs, f"preflight: {found.target} is fit to be tested"]
        print("\n".join([*settings.lines(), *_told(found), *fit]))
        return 0
    owner = Owner.of_new_run(settings.participant)
    started = WallClock().now().isoformat(timespec="seconds")
    manifest = RunManifest(owner.name, settings.table_name, dict(found.tables or {}), started, found.template)
    told = tuple(_told(found))
    config.stash[run_key] = LiveRun(
        manifest,
        found.target,
        found.no_metrics,
        told,
        found.tells_capacity,
        found.rehearsal,
        found.account,
        found.other_replicas,
    )
    return None


def _told(found: Readiness) -> list[str]:
    return [f"preflight: {warning}" for warning in found.warnings]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker what preflight found."""
    run = node.config.stash.get(run_key, None)
    if run:
        node.workerinput["live_run"] = run.to_json()


def pytest_report_header(config: pytest.Config) -> list[str]:
    """What preflight found, and what earlier runs have left."""
    run = config.stash.get(run_key, None)
    if run is None:
        return []
    pauses = [f"experiments: {price_of_pause()}"] if run.manifest.template else []
    return [f"run: {run.manifest.owner}, on {run.target}", *run.warnings, *pauses, *_left_by_others(config)]


def _left_by_others(config: pytest.Config) -> Iterator[str]:
    try:
        found = leftovers(journal_folder(config))
    except PermissionError as error:
        yield f"housekeeping: {error}: only the user who made that journal can see what it names, with {SWEEP}"
        return
    for each in found:
        if not each.in_use:
            what = f"{len(each.keys)} items of run {each.manifest.owner} ({each.manifest.started}) were left behind"
            yield f"housekeeping: {what}; {SWEEP} --delete removes them"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs metrics where there are none."""
    run = config.stash.get(run_key, None)
    if run is None:
        return
    for item in items:
        if run.no_metrics and item.get_closest_marker("monitoring"):
            item.add_marker(pytest.mark.skip(reason=f"CloudWatch can't be read: {run.no_metrics}"))
