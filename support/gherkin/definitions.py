"""The step definitions of a package: pytest-bdd's own records of them, with the places where they are written."""

import pkgutil
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import unwrap
from pathlib import Path

from pytest_bdd.parsers import StepParser
from pytest_bdd.steps import step_function_context_registry

from support.gherkin.specification import Problem, source_location


@dataclass(frozen=True)
class StepDefinition:
    """One sentence that steps may say. Its `type` is given, when or then; None stands for all three."""

    type: str | None
    sentence: str
    path: Path
    line: int
    parser: StepParser

    def is_for(self, step_type: str | None) -> bool:
        return None in (self.type, step_type) or self.type == step_type

    def says(self, text: str) -> bool:
        """Whether the sentence, with values in its gaps, is this text."""
        try:
            return self.parser.is_matching(text)
        except Exception:  # A converter refused the value, in its own way: then the step can't run either.
            return False

    @property
    def source_location(self) -> str:
        return source_location(self.path, self.line)

    def __str__(self) -> str:
        return f'{self.type.capitalize() if self.type else "Step"} "{self.sentence}"'


def read_definitions(package: str) -> tuple[list[StepDefinition], list[Problem]]:
    """All step definitions of a package in the order of their places, and the modules that can't be imported."""
    problems = list(_import_all(package))
    modules = [module for name, module in sys.modules.items() if name == package or name.startswith(f"{package}.")]
    definitions = []
    for context in step_function_context_registry.values():
        function = unwrap(context.step_func)
        # Not by the module's name: one that was imported anew leaves its old definitions behind for a while.
        if any(function.__globals__ is vars(module) for module in modules):
            path, line = Path(function.__code__.co_filename), function.__code__.co_firstlineno
            definitions.append(StepDefinition(context.type, context.parser.name, path, line, context.parser))
    return sorted(definitions, key=lambda each: (each.path, each.line)), problems


def _import_all(name: str) -> Iterator[Problem]:
    try:
        module = import_module(name)
    except Exception as error:
        yield _import_problem(name, error)
        return
    for child in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        yield from _import_all(child.name)


def _import_problem(name: str, error: Exception) -> Problem:
    # A module that isn't there should be beside its package, which is.
    parent, _, stem = name.rpartition(".")
    folder = Path(next(iter(getattr(sys.modules.get(parent), "__path__", ["."])))) / stem
    path, line = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py"), 1
    if isinstance(error, SyntaxError) and error.filename:
        path, line = Path(error.filename), error.lineno or 1
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename) == path:
            line = frame.lineno or line
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return Problem(path, line, f"{name} can't be imported: {reason}", "its step definitions are missing until it can")
