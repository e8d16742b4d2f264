"""Pytest plugin: when a live run ends, however it ends, what it has created is removed."""

import pytest

from support.housekeeping.journal import Leftover, leftovers
from support.housekeeping.sweep import PATIENCE, Swept, report, sweep
from support.targets.live_run.pause import forget_words
from support.targets.run import SWEEP, is_worker, journal_folder, run_key, settings_key
from support.targets.stopping import stop_key

swept_key = pytest.StashKey[list[Swept]]()
HURRIED = 4.0
"""Seconds for which a region is asked that does not answer, when a signal has asked the run to end."""

left_key = pytest.StashKey[list[Leftover]]()


@pytest.hookimpl(trylast=True)  # When fixtures and workers have let go of their journals.
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Remove the items of this run. One that stays makes the run fail: nothing is left behind in silence."""
    config = session.config
    run = config.stash.get(run_key, None)
    if run is None or is_worker(config) or config.stash[settings_key].keep_items:
        return
    swept: list[Swept] = []
    stop, profile = config.stash[stop_key], config.stash[settings_key].aws_profile
    patience = HURRIED if stop.requested else PATIENCE
    try:
        with stop.removing():
            swept = sweep(journal_folder(config), profile, run.manifest.owner, patience)
    except KeyboardInterrupt:
        config.stash[left_key] = leftovers(journal_folder(config), run.manifest.owner)
    config.stash[swept_key] = swept
    forget_words(journal_folder(config), run.manifest.owner)
    if left_key in config.stash or not all(each.clean for each in swept):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if session.exitstatus == 0 else session.exitstatus


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was removed, and what was not."""
    run = config.stash.get(run_key, None)
    if run is None:
        return
    if config.stash[settings_key].keep_items:
        terminalreporter.write_line(f"housekeeping: the items of run {run.manifest.owner} are kept; {SWEEP} lists them")
    swept = config.stash.get(swept_key, [])
    for line in report(swept):
        terminalreporter.write_line(line)
    left = config.stash.get(left_key, [])
    if left:
        manifest = run.manifest
        number = sum(len(each.keys) for each in left)
        where = f"table {manifest.table} in {' and '.join(manifest.regions)}"
        line = f"housekeeping: interrupted; {number} items of run {manifest.owner} are left in {where}"
        terminalreporter.write_line(f"{line}; {SWEEP} --delete removes them", red=True)
    if not all(each.clean for each in swept):
        terminalreporter.write_line(f"housekeeping: {SWEEP} --delete tries again", red=True)
