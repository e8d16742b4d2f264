"""Shows the results of scenarios, their steps and what they found in the report that allure-pytest writes.

allure-pytest knows nothing of Gherkin: it would show a test function with one parameter and no steps.
"""

import csv
import io
import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import allure_commons
import pytest
from allure_commons.model2 import Attachment, Label, Parameter, Status, StatusDetails, TestStepResult
from markupsafe import Markup

from support.gherkin.regions import in_words_of_run, regions_key
from support.page.claims import BROKEN, FAILED
from support.page.workshop import Limits
from support.reporting.recording.recorder import recording_key
from support.reporting.recording.tested import EXAMPLE, labels, links, row_of
from support.reporting.rendering.delays import directions_of, figures, timing_plot
from support.reporting.rendering.templates import render
from support.reporting.rendering.timeline import timeline
from support.reporting.rendering.winner_cards import winner_cards
from support.reporting.scenario_result import SUFFIX, ScenarioResult, Step
from support.table.redaction import redacted
from support.verdicts.delays import Arrivals, Delay, Timing
from support.verdicts.findings import Note

to_allure = allure_commons.plugin_manager.hook


class AllureBridge:
    """Completes each Allure result with the result of the scenario, and puts that next to it."""

    def __init__(self, config: pytest.Config, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._item: pytest.Item | None = None
        allure_commons.plugin_manager.register(self)
        config.add_cleanup(lambda: allure_commons.plugin_manager.unregister(self))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._item = item
        for url, name in links(item):
            to_allure.add_link(url=url, link_type="link", name=name)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Before allure-pytest makes the identity of the test of its parameters."""
        # It registers its listener after the conftest files are configured, so that is looked up late.
        listener: Any = self._config.pluginmanager.get_plugin("allure_listener")
        _name_example(listener.allure_logger.get_test(None), item)

    @allure_commons.hookimpl(tryfirst=True)
    def report_result(self, result: Any) -> None:
        """Complete the result: its kind of trouble, its steps, its description and pictures, its record next to it."""
        item = self._item
        if item is None:
            return
        interrupted = result.historyId is None  # Its teardown was never reached: allure-pytest would call it passed.
        found = item.stash[recording_key].detailed_result(result.uuid, interrupted=interrupted)
        text = found.to_json()
        (self._folder / f"{result.uuid}{SUFFIX}").write_text(text, encoding="utf-8")
        result.status = found.status
        if interrupted:
            _name_example(result, item)
            result.statusDetails = StatusDetails(message=found.message)
            result.labels.extend(Label(kind, value) for kind, value in labels(item))
        if found.cause:
            result.labels.append(Label("cause", found.cause))
            if result.statusDetails:
                result.statusDetails.message = _message(found)
                result.statusDetails.trace = redacted(result.statusDetails.trace or "")
        for parameter in result.parameters:  # Only now: they are part of the identity, which does not change.
            parameter.value = in_words_of_run(parameter.value, self._config.stash.get(regions_key, {}))
        if found.feature:
            result.name = found.title
            result.description = "\n\n".join([*found.paragraphs, f"`{found.file}:{found.line}`"])
            result.steps.extend(self._step(each, found) for each in found.steps)
            plain = ScenarioResult.from_json(text)
            drawn = pictures(plain)
            result.descriptionHtml = description(plain, drawn)
            result.attachments.extend(self._attachment(title, svg, "svg", "image/svg+xml") for title, svg, _ in drawn)

    def _step(self, step: Step, found: ScenarioResult) -> TestStepResult:
        """No traceback: the test as a whole shows it, as pytest tells it. What was observed is in parameters of a
        step, never of the test: those are part of its identity, and observed values would change it.
        """
        return TestStepResult(
            name=step.name,
            status=step.status,
            statusDetails=StatusDetails(message=_message(found)) if step.status in (FAILED, BROKEN) else None,
            parameters=[Parameter(name, value) for name, value in step.details],
            steps=[self._step(each, found) for each in step.steps],
            attachments=list(self._below(step)),
            start=step.start,
            stop=step.stop,
        )

    def _below(self, step: Step) -> Iterator[Attachment]:
        if step.table:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(step.table)
            yield self._attachment("Data table", text.getvalue(), "csv", "text/csv")
        if step.text:
            kind = ("json", "application/json") if _is_json(step.text) else ("txt", "text/plain")
            yield self._attachment("Doc string", step.text, *kind)

    def _attachment(self, title: str, text: str, extension: str, media_type: str) -> Attachment:
        name = f"{uuid4()}-attachment.{extension}"
        (self._folder / name).write_text(text, encoding="utf-8")
        return Attachment(title, name, media_type)

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: Any) -> None:
        """Leave fixtures out of "Set up" and "Tear down" unless they fail: they mean nothing to a reader."""
        for fixtures in container.befores, container.afters:
            fixtures[:] = [fixture for fixture in fixtures if fixture.status in (Status.FAILED, Status.BROKEN)]


def _name_example(result: Any, item: pytest.Item) -> None:
    """Each value of the row of Examples becomes a parameter of its own."""
    others = [parameter for parameter in result.parameters if parameter.name != EXAMPLE]
    result.parameters = [Parameter(name, value) for name, value in row_of(item)[1].items()] + others


def _message(found: ScenarioResult) -> str:
    """Messages begin with their cause: Allure 2 makes categories of it."""
    return f"{found.cause}: {found.message}" if found.cause and found.message else found.message


def _is_json(text: str) -> bool:
    # pytest-bdd drops the media type that follows the quotes, so the text itself has to tell.
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


Picture = tuple[str, Markup, str]
"""Title, SVG and caption of a picture of a scenario."""


def description(result: ScenarioResult, drawn: Sequence[Picture]) -> str:
    """What stands at the top of a scenario in any Allure, which shows the message of a failure itself."""
    return render(
        "description.html",
        inline=True,
        result=result,
        cards=winner_cards(result),
        delays=[_delay(each) for each in result.found(Delay)],
        notes=[each for each in result.findings if type(each) in (Note, Arrivals)],
        timings=figures(result.found(Timing)),
        pictures=[(title, caption, b64encode(svg.encode()).decode()) for title, svg, caption in drawn],
    )


def pictures(result: ScenarioResult) -> list[Picture]:
    usual = next((each.usual for each in result.found(Timing)), Limits.usual_delay)
    plot = timing_plot(directions_of(result), simulated=result.simulated, usual=usual)
    each = [
        ("Timing plot", plot, "An item's true delay lies in the band; figures count its later edge."),
        ("Replication timeline", timeline(result), "Each version travels from its write to the other regions."),
    ]
    return [picture for picture in each if picture[1]]


def _delay(delay: Delay) -> list[str]:
    missed, hit = delay.last_miss, delay.first_hit
    bracket = "the first look found it" if missed is None else f"between {missed:.2f} s and {hit:.2f} s"
    clock = f"simulated; really waited {delay.waited:.3f} s" if delay.simulated else "real"
    return [delay.direction, f"{hit:.2f} s", bracket, clock]
