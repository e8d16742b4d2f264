"""How xdist gives out the tests of the suite: one by one, but those that share something, or wait, to one worker.

xdist has a marker for this, `xdist_group`, which has no effect with pytest 9.2: xdist 3.8 puts the group into
`item._nodeid`, where pytest does not look any more.
"""

from xdist.scheduler import LoadScopeScheduling

SHARING = (
    "support/tests/reporting/test_bridge.py",
    "support/tests/reporting/test_in_browser.py",
    "support/tests/simulator/engines/contract/",
    "support/tests/simulator/engines/test_endpoint_engine.py",
    "support/tests/simulator/http/test_aws_cli.py",
    "support/tests/simulator/http/test_javascript.py",
    "support/tests/suite/test_hostile_environments.py",
    "support/tests/targets/live_run/test_experiments.py",
    "support/tests/targets/live_run/test_live_features.py",
    "support/tests/targets/live_run/test_live_run.py",
    "support/tests/targets/test_stopping.py",
    "support/tests/verdicts/workload/test_checker_laws.py",
)
"""Modules and folders whose tests share a browser, an engine in Java, packages of npm, or runs that they all look at:
each worker that runs one of their tests would have to make these once more. And live runs, which wait in real time:
with one of them in each worker the machine would have nothing to do."""


def unit_of(node_id: str) -> str:
    """What a test is given to a worker with: its module or folder if that is one of `SHARING`, else itself."""
    return next((place for place in SHARING if node_id.startswith(place)), node_id)


class SharingScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """xdist's scheduling by scopes, with these units for scopes."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)
