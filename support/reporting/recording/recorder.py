"""The plugin that makes the result of each try of a test where it runs, and collects them where the run was started."""

import json
import sys
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_bdd import parser

from support.clock import WallClock
from support.gherkin.tags import all_tags
from support.page.claims import BROKEN, FAILED, PASSED, SKIPPED, FailedStep
from support.reporting.recording.failures import (
    ENVIRONMENT,
    SUITE,
    cause_of,
    failure,
    formatted,
    plain_message,
    status_of,
)
from support.reporting.recording.operations import RecordingContext, StepStory, context_key, operations
from support.reporting.recording.tested import mode_of, row_of, template_of
from support.reporting.scenario_result import ELSEWHERE, ScenarioResult, Step, counted, part_of
from support.table.redaction import redacted
from support.verdicts.errors import KINDS, WORTH_ANOTHER_TRY, NoConflictError
from support.verdicts.findings import Finding

CLOCK = WallClock()
INCOMPLETE = "Run not complete"
CAUSES = (*(each.kind for each in KINDS), ENVIRONMENT, SUITE, INCOMPLETE)
INTERRUPTED = "the run was interrupted while this test was running: it has no verdict"


class Recording:
    """One try of a test while it runs; what is done within steps is told only if it is `detailed`."""

    def __init__(self, item: pytest.Item, *, detailed: bool) -> None:
        self.findings: list[Finding] = []
        self._item = item
        self._detailed = detailed
        self._uuid = str(uuid4())
        template = template_of(item)
        self.scenario = template.render(row_of(item)[1]) if template else None
        self._identity: dict[str, Any] = {"title": item.name, "tags": ()}
        if self.scenario and template:
            self._identity = _identity(item, self.scenario, template)
        self.ended: list[Step] = []
        """Of the steps of the scenario, which run in their order, those that have ended."""
        self._steps: list[Step] = []
        self._running: Step | None = None
        self._story = StepStory(None)
        self._reported = 0
        self._status = PASSED
        self._error: BaseException | None = None
        self._start = self._stop = _now()

    @property
    def context(self) -> RecordingContext | None:
        return self._item.stash.get(context_key, None)

    def begin_step(self, step: parser.Step) -> None:
        self._running = _written(step, BROKEN)
        self._story = StepStory(self.context)

    def end_step(self, error: BaseException | None = None) -> None:
        """What was found after the last step, or between two, stands beside them."""
        news = self.findings[self._reported :]
        self._reported += len(news)
        found = [Step(each.title, PASSED, _now(), _now(), each.details) for each in news]
        if self._running is None:
            self._steps += found
            return
        told = self._story.lines(self.context) if self._detailed else ()
        lines = [*(Step(each, PASSED, _now(), _now()) for each in told), *found]
        self.ended.append(replace(self._running, status=status_of(error), stop=_now(), steps=lines))
        self._steps.append(self.ended[-1])
        self._running = None

    def end_phase(self, report: pytest.TestReport, call: pytest.CallInfo[None]) -> None:
        """Of the phases of a test the first that did not pass decides."""
        error = call.excinfo.value if call.excinfo else None
        if self._status == PASSED:
            self._status = status_of(error) if report.failed and error else report.outcome
        self._error = self._error or error
        if call.when != "teardown":
            self._start, self._stop = int(1000 * call.start), int(1000 * call.stop)

    def result(self, *, interrupted: bool = False) -> ScenarioResult:
        red = interrupted or self._status in (FAILED, BROKEN)
        item, error, context = self._item, self._error, self.context
        steps = self.scenario.steps if self.scenario else []
        passed = sum(each.status == PASSED for each in self.ended)
        failed = next((FailedStep(passed, each.type, each.name) for each in steps[passed:]), None)
        message = "" if error is None else redacted(plain_message(error) if red else formatted(error))
        return ScenarioResult.of(
            self.findings,
            node_id=item.nodeid,
            uuid=self._uuid,
            mode=mode_of(item.config),
            status=BROKEN if interrupted else self._status,
            cause=INCOMPLETE if interrupted else cause_of(error) if red else "",
            message=INTERRUPTED if interrupted else message,
            failed_step=failed,
            inconclusive=isinstance(error, WORTH_ANOTHER_TRY),
            no_conflict=isinstance(error, NoConflictError),
            where=getattr(item.config, "workerinput", {}).get("workerid", ""),
            start=self._start,
            stop=self._stop,
            simulated=bool(context and context.clock.simulated),
            seconds=context.clock.elapsed() if context else 0.0,
            consumed=context.consumed() if context else "",
            steps=[*self._steps, *(_written(each, SKIPPED) for each in steps[len(self.ended) :])],
            **self._identity,
        )

    def detailed_result(self, uuid: str, *, interrupted: bool) -> ScenarioResult:
        """The result with all that was done in the scenario, under the id of its Allure result."""
        result = self.result(interrupted=interrupted)
        trouble = result.headline if result.status == BROKEN else ""
        done: dict[str, Any] = operations(self.context, result.findings, trouble) if self.context else {}
        return replace(result, uuid=uuid, **done)


def _identity(item: pytest.Item, scenario: parser.Scenario, template: parser.ScenarioTemplate) -> dict[str, Any]:
    """Which scenario a test is: its texts, and its place in the features and on the page."""
    path, root = Path(scenario.feature.filename), item.config.rootpath
    texts = [scenario.feature.description, scenario.rule and scenario.rule.description, scenario.description]
    return {
        "title": scenario.name,
        "tags": all_tags(template),
        "feature": scenario.feature.name,
        "rule": scenario.rule.name if scenario.rule else "",
        "part": part_of(template.feature.tags) or ELSEWHERE,
        "file": path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name,
        "line": scenario.line_number,
        "row": row_of(item)[0],
        "paragraphs": [paragraph for text in texts if text for paragraph in text.strip().split("\n\n") if paragraph],
    }


recording_key = pytest.StashKey[Recording]()
"""Where the try of a test is that runs now."""


class Recorder:
    """Listens to pytest and pytest-bdd, in workers of xdist as well; of its readers none has to."""

    def __init__(self, *, detailed: bool) -> None:
        self._detailed = detailed
        self._tries: dict[str, ScenarioResult] = {}
        self.collected: dict[str, None] = {}
        self.ended: dict[str, None] = {}
        """The tests whose teardown was reported: for the test of a crashed worker it never is."""

    @property
    def tries(self) -> list[ScenarioResult]:
        return list(self._tries.values())

    @property
    def results(self) -> list[ScenarioResult]:
        """Those that count by now, in the order of the page."""
        return counted(self._tries.values())[0]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if context_key in item.stash:
            del item.stash[context_key]  # that of the try before
        item.stash[recording_key] = Recording(item, detailed=self._detailed)

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_before_step(self, request: pytest.FixtureRequest, step: parser.Step) -> None:
        """The step begins, before its arguments and fixtures are resolved."""
        request.node.stash[recording_key].begin_step(step)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_step(self, request: pytest.FixtureRequest) -> None:
        request.node.stash[recording_key].end_step()

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_step_error(self, request: pytest.FixtureRequest, exception: BaseException) -> None:
        """The step has failed; last in line, to show what other plugins found out about the failure.

        What pytest adds to the message of an assertion is taken off: the message says it already, in words.
        """
        if isinstance(exception, AssertionError) and exception.args:
            message, _, added = str(exception.args[0]).partition("\nassert ")
            exception.args = (message,) if added else exception.args
        request.node.stash[recording_key].end_step(exception)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_step_func_lookup_error(
        self, request: pytest.FixtureRequest, step: parser.Step, exception: BaseException
    ) -> None:
        """The step is not defined; there was no hook before it."""
        request.node.stash[recording_key].begin_step(step)
        request.node.stash[recording_key].end_step(exception)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_scenario(self, request: pytest.FixtureRequest) -> None:
        """Close what is open: `pytest.skip()` and Ctrl-C end a step without any of the hooks above."""
        recording = request.node.stash[recording_key]
        if retries := recording.context and recording.context.retries():
            recording.findings.append(retries)
        recording.end_step(sys.exc_info()[1])

    @pytest.hookimpl(specname="pytest_runtest_makereport", wrapper=True, trylast=True)  # Innermost.
    def pytest_runtest_makereport_in_words(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Other plugins see what the terminal shows: a scenario that failed in the words of its feature file."""
        report = yield
        recording = item.stash[recording_key]
        if scenario := recording.scenario:
            report.location = (*report.location[:2], scenario.name)
            if report.failed and report.when == "call" and call.excinfo:
                report.longrepr = failure(item, scenario, recording.ended, call.excinfo, report.longrepr)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Send along what is known; a try that will be repeated has no report of its teardown."""
        report = yield
        recording = item.stash[recording_key]
        recording.end_phase(report, call)
        if call.when != "setup" or not report.passed:
            result = recording.result()
            report.scenario_result = result  # type: ignore[attr-defined]
            if call.when == "teardown":  # What JUnit files tell.
                found = [{"title": each.title, **each.to_json()} for each in result.findings]
                told = [("consumed", result.consumed)] if result.consumed else []
                told += [("scenario", result.title), ("findings", json.dumps(found))] if found else []
                report.user_properties += told
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, dict[str, Any] | None, dict[str, Any] | None]:
        """xdist carries plain values."""
        values = yield
        if values and "scenario_result" in values:
            values["scenario_result"] = values["scenario_result"].to_json()
        return values

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """With xdist this is the process that started the workers."""
        sent: ScenarioResult | str | None = getattr(report, "scenario_result", None)
        if sent:
            result = ScenarioResult.from_json(sent) if isinstance(sent, str) else sent
            self._tries[result.uuid] = result
        if report.when == "teardown":
            self.ended[report.nodeid] = None

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collected |= dict.fromkeys(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        """A worker tells the same; all of them collect all tests."""
        self.collected |= dict.fromkeys(ids)


recorder_key = pytest.StashKey[Recorder]()


def _now() -> int:
    return int(1000 * CLOCK.now().timestamp())


def _written(step: parser.Step, status: str) -> Step:
    """The step as it is written, before it has ended."""
    table = [[str(cell) for cell in row] for row in step.datatable.raw()] if step.datatable else []
    return Step(f"{step.keyword} {step.name}", status, _now(), _now(), table=table, text=step.docstring or "")
