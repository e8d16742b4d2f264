"""Shows scenarios, their steps and what they found in the report that allure-pytest writes.

allure-pytest knows nothing of Gherkin: it would show a test function with one parameter and no steps.
"""

import csv
import io
import json
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure
import allure_commons
import pytest
from allure_commons import utils
from allure_commons.model2 import Attachment, Label, Parameter, Status, StatusDetails, TestStepResult
from pytest_bdd.parser import Scenario, Step

from support.gherkin.failures import failed_step
from support.gherkin.regions import in_words_of_run, regions_key
from support.reporting.recording.cause import INCOMPLETE, INTERRUPTED, cause_of, formatted, plain_message
from support.reporting.recording.labels import labels, links
from support.reporting.recording.scenario_identity import identity_of
from support.reporting.recording.scenario_record import RecordingContext, record, recording_context_key, write_record
from support.reporting.recording.scenarios import EXAMPLE, example_of, scenario_of, source_location, template_of
from support.reporting.recording.step_story import Line, StepStory
from support.reporting.rendering.description import Argument, description, pictures
from support.table.redaction import redacted
from support.verdicts.errors import WORTH_ANOTHER_TRY
from support.verdicts.findings import Findings

to_allure = allure_commons.plugin_manager.hook
now: Callable[[], int] = utils.now


class AllureBridge:
    """Follows one scenario at a time through the hooks of pytest, pytest-bdd and Allure."""

    def __init__(self, config: pytest.Config, results: Path) -> None:
        self._config = config
        self._results = results
        self._item: pytest.Item | None = None
        self._ahead: list[Step] = []
        self._running: str | None = None
        self._error: BaseException | None = None
        self._findings = Findings()
        self._story = StepStory(None)
        self._shown = 0
        allure_commons.plugin_manager.register(self)
        config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(self))

    @property
    def _report(self) -> Any:
        # allure-pytest registers its listener after the conftest files are configured, so it is looked up late.
        listener: Any = self._config.pluginmanager.get_plugin("allure_listener")
        return listener.allure_logger

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Describe the scenario after allure-pytest has described the test, hence as the outermost wrapper."""
        __tracebackhide__ = True
        scenario = scenario_of(item)
        self._item, self._findings, self._error = item, Findings(), None
        try:
            return (yield)
        except BaseException:
            # Skipped by a mark, or a fixture has failed: none of the hooks of pytest-bdd will be called.
            if scenario:
                self._skip(scenario.steps)
            raise
        finally:
            if scenario:
                self._describe(scenario, item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Generator[None, object, object]:
        """Keep the first exception of the test: its class tells whom to ask."""
        if call.excinfo and self._error is None:
            self._error = call.excinfo.value
        return (yield)

    def _describe(self, scenario: Scenario, item: pytest.Item) -> None:
        result = self._report.get_test(None)
        result.name = scenario.name
        result.description = _description(scenario, source_location(scenario, self._config.rootpath))
        others = [parameter for parameter in result.parameters if parameter.name != EXAMPLE]
        result.parameters = [Parameter(name, value) for name, value in example_of(item).items()] + others
        template = template_of(item)
        for link in links(template) if template else ():
            to_allure.add_link(url=link.url, link_type=link.kind, name=link.name)

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_before_scenario(self, request: pytest.FixtureRequest, scenario: Scenario) -> None:
        self._ahead = list(scenario.steps)
        self._shown = 0
        try:
            self._findings = request.getfixturevalue("findings")
        except pytest.FixtureLookupError:
            self._findings = Findings()

    @pytest.hookimpl(tryfirst=True)
    def pytest_bdd_before_step(self, step: Step) -> None:
        """The step begins, before its arguments and fixtures are resolved."""
        self._ahead.remove(step)
        self._running = _begin(step)
        self._story = StepStory(self._context)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_before_step_call(self) -> None:
        """Make the step the youngest thing again: threads report to that, and it may be a fixture made for the step."""
        step = self._report.get_item(self._running)
        self._report.drop_test(self._running)
        self._report.schedule_test(self._running, step)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_step(self) -> None:
        self._end()

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_step_error(self, exception: BaseException) -> None:
        """The step has failed; last in line, to show what other plugins found out about the failure."""
        self._end(exception)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_step_func_lookup_error(self, step: Step, exception: BaseException) -> None:
        """The step is not defined; there was no hook before it."""
        self.pytest_bdd_before_step(step)
        self._end(exception)

    @pytest.hookimpl(trylast=True)
    def pytest_bdd_after_scenario(self) -> None:
        """Close what is open: `pytest.skip()` and Ctrl-C end a step without any of the hooks above."""
        self._end(sys.exc_info()[1])
        self._skip(self._ahead)

    @property
    def _context(self) -> RecordingContext | None:
        return self._item.stash.get(recording_context_key, None) if self._item else None

    def _end(self, error: BaseException | None = None) -> None:
        self._show_findings()
        if self._running:
            # No traceback: the test as a whole shows it, as pytest tells it.
            kind = error and type(error)
            to_allure.stop_step(uuid=self._running, exc_type=kind, exc_val=error, exc_tb=None)
            self._running = None

    def _show_findings(self) -> None:
        parent = self._report.get_test(self._running)
        news = list(self._findings)[self._shown :]
        told = self._story.lines(self._context) if self._running else ()
        parent.steps.extend(_shown(line) for line in told)
        parent.steps.extend(_shown(Line(finding.title, finding.details)) for finding in news)
        self._shown += len(news)

    def _skip(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._report.stop_step(_begin(step), status=Status.SKIPPED, stop=now())

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """Complete the result: its kind of trouble, its description and pictures, and its record next to it."""
        if self._item is None:
            return
        if result.historyId is None:  # Its teardown was never reached: allure-pytest would call it passed.
            result.status = Status.BROKEN
            result.statusDetails = StatusDetails(message=INTERRUPTED)
            result.labels.extend(Label(kind, value) for kind, value in labels(self._item))
        cause = message = ""
        if result.status in (Status.FAILED, Status.BROKEN):
            cause = cause_of(self._error) if result.historyId else INCOMPLETE
            message = _tell_plainly(result, self._error, cause)
            result.labels.append(Label("cause", cause))
        for parameter in result.parameters:  # Only now: they are part of the identity, which does not change.
            parameter.value = in_words_of_run(parameter.value, self._config.stash.get(regions_key, {}))
        identity = identity_of(self._item)
        if identity:
            where = getattr(self._config, "workerinput", {}).get("workerid", "")
            found = record(
                identity, self._context, self._findings, failed_step(self._item), where=where, message=message,
                inconclusive=isinstance(self._error, WORTH_ANOTHER_TRY),
                trouble=message.partition("\n")[0] if result.status == Status.BROKEN else "",
            )  # fmt: skip
            self._illustrate(result, write_record(self._results, result.uuid, found))

    def _illustrate(self, result: Any, values: dict[str, Any]) -> None:
        """Put what was found into the description, and the pictures into attachments: any Allure shows them."""
        steps = scenario.steps if self._item and (scenario := scenario_of(self._item)) else ()
        drawn = pictures(values)
        result.descriptionHtml = description(
            values,
            drawn,
            passed=result.status == Status.PASSED,
            told=[text for text in result.description.split("\n\n") if not text.startswith("`")],
            arguments=[_argument(step) for step in steps if step.datatable or step.docstring],
        )
        for picture in drawn:
            name = f"{uuid4()}-attachment.svg"
            (self._results / name).write_text(picture.svg, encoding="utf-8")
            result.attachments.append(Attachment(picture.title, name, "image/svg+xml"))

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        """Leave fixtures out of "Set up" and "Tear down" unless they fail: they mean nothing to a reader."""
        for fixtures in container.befores, container.afters:
            fixtures[:] = [fixture for fixture in fixtures if fixture.status in (Status.FAILED, Status.BROKEN)]


def _description(scenario: Scenario, location: str) -> str:
    rule = scenario.rule.description if scenario.rule else ""
    texts = [scenario.feature.description, rule, scenario.description, f"`{location}`"]
    return "\n\n".join(text.strip() for text in texts if text and text.strip())


def _begin(step: Step) -> str:
    """Open a step of the report, with the table and the doc string attached; its id there."""
    uuid = str(uuid4())
    to_allure.start_step(uuid=uuid, title=f"{step.keyword} {step.name}", params={})
    if step.datatable is not None:
        allure.attach(_csv(step.datatable.raw()), "Data table", allure.attachment_type.CSV)
    if step.docstring is not None:
        types = allure.attachment_type
        allure.attach(step.docstring, "Doc string", types.JSON if _is_json(step.docstring) else types.TEXT)
    return uuid


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _argument(step: Step) -> Argument:
    table = [[str(cell) for cell in row] for row in step.datatable.raw()] if step.datatable else []
    return Argument(f"{step.keyword} {step.name}", table, step.docstring or "")


def _tell_plainly(item: Any, error: BaseException | None, cause: str) -> str:
    """Let a result, and each of its steps, say a failure in words, after its cause; account ids and keys go.

    The message of the result without the cause.
    """
    details, message = item.statusDetails, ""
    if details:
        message = str(details.message or "")
        if error:
            message = message.replace(formatted(error), plain_message(error))
        message = redacted(message)
        details.message = f"{cause}: {message}" if message else message
        details.trace = redacted(details.trace) if details.trace else details.trace
    for step in item.steps:
        _tell_plainly(step, error, cause)
    return message


def _is_json(text: str) -> bool:
    # pytest-bdd drops the media type that follows the quotes, so the text itself has to tell.
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def _shown(line: Line) -> TestStepResult:
    # As parameters of a step, never of the test: those are part of its identity, and observed values would change it.
    parameters = [Parameter(name, value) for name, value in line.details]
    return TestStepResult(name=line.title, status=Status.PASSED, parameters=parameters, start=now(), stop=now())
