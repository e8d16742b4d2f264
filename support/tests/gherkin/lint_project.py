"""A small project of features and steps to which a mistake can be added."""

from pathlib import Path
from textwrap import dedent, indent

from support.gherkin.lint import lint
from support.gherkin.problem import Problem

DECLARED = {"exercise_1"}

STEPS = """
    from pytest_bdd import given, parsers, then, when

    @given("an order")
    def _(): pass

    @when(parsers.parse("it waits {seconds:d} s"))
    def _(): pass

    @then(parsers.parse('"{winner}" wins'))
    def _(): pass
"""

GOOD = """
    @exercise_1 @severity:critical
    Feature: Orders
      A description. When it is prose, it may say so.

      Background:
        Given an order

      Rule: The later one wins
        @claim:E1.8
        Scenario Outline: <winner> waits
          When it waits <seconds> s
          And it waits 3 s
          Then "<winner>" wins

          @exercise_1
          Examples:
            | winner | seconds |
            | eu     | 1       |
            | us     | 2       |
"""


class Project:
    """Features and a package of steps in an empty folder."""

    package = "words_of_a_test"

    def __init__(self, folder: Path) -> None:
        self.features = folder / "features"
        self.steps = folder / self.package
        self.write("features/good.feature", GOOD)
        self.write(f"{self.package}/__init__.py", "")
        self.write(f"{self.package}/orders.py", STEPS)

    def write(self, name: str, text: str) -> Path:
        path = self.features.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), "utf-8")
        return path

    def write_scenario(self, text: str) -> None:
        self.write("features/other.feature", "Feature: Other\n" + indent(dedent(text).lstrip("\n"), "  "))

    def lint(self) -> list[Problem]:
        return lint(self.features, self.package, DECLARED)
