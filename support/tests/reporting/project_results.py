"""The Allure results of a run, read back."""

import json
from pathlib import Path
from typing import Any


class Results:
    """What a run has written, read back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tests: list[dict[str, Any]] = [json.loads(path.read_text()) for path in folder.glob("*-result.json")]
        self.containers: list[dict[str, Any]] = [
            json.loads(path.read_text()) for path in folder.glob("*-container.json")
        ]

    def test(self, name: str) -> dict[str, Any]:
        """The only result of this name."""
        return only(name, self.tests)

    def steps(self, name: str) -> list[tuple[str, str]]:
        """The titles of the steps of a scenario, with their statuses."""
        return [(step["name"], step["status"]) for step in self.test(name)["steps"]]

    def step(self, scenario: str, title: str) -> dict[str, Any]:
        """The step of this title."""
        return only(title, self.test(scenario)["steps"])

    def labels(self, name: str, kind: str) -> list[str]:
        """The values of the labels of one kind."""
        return [label["value"] for label in self.test(name)["labels"] if label["name"] == kind]

    def attachment(self, step: dict[str, Any]) -> tuple[str, str, str]:
        """Name, media type and text of the only attachment."""
        [attachment] = step["attachments"]
        return attachment["name"], attachment["type"], (self.folder / attachment["source"]).read_text()

    def fixtures(self, name: str, when: str) -> list[str]:
        """What "Set up" (befores) or "Tear down" (afters) shows of a scenario."""
        uuid = self.test(name)["uuid"]
        groups = [group for group in self.containers if uuid in group.get("children", [])]
        return [fixture["name"] for group in groups for fixture in group.get(when, [])]

    def ids(self) -> set[tuple[str, str, str]]:
        """What Allure recognizes each test by in the next run."""
        return {(test["fullName"], test["testCaseId"], test["historyId"]) for test in self.tests}


def only(name: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    """The only one of this name."""
    found = [each for each in results if each["name"] == name]
    assert len(found) == 1, [each["name"] for each in results]
    return found[0]


def values(result: dict[str, Any]) -> dict[str, str]:
    """The parameters of a result or of a step."""
    return {parameter["name"]: parameter["value"] for parameter in result.get("parameters", [])}
