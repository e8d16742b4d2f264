"""How xdist gives out the tests of the suite: one by one, but those that share something costly to one worker."""

from xdist.scheduler import LoadScopeScheduling

SHARING = (
    "support/tests/reporting/test_bridge.py",
    "support/tests/reporting/test_in_browser.py",
    "support/tests/simulator/engines/contract/",
    "support/tests/simulator/engines/test_http_engine.py",
    "support/tests/simulator/http/test_aws_cli.py",
    "support/tests/simulator/http/test_javascript.py",
    "support/tests/suite/test_hostile_environments.py",
    "support/tests/verdicts/test_workload_laws.py",
)
"""Modules and folders whose tests share a browser, an engine in Java, packages of npm, or runs that they all look at.
Each worker that runs one of their tests would have to make these once more."""


class SharingScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """xdist's scheduling by scopes; here a scope is one test, or all that share something."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in SHARING if nodeid.startswith(place)), nodeid)
