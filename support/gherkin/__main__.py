"""`python -m support.gherkin` says what is wrong with the specification, a line for each finding."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

from support.command import demand_clone, run_command
from support.gherkin.lint import lint, read_definitions
from support.gherkin.specification import Problem, read_features
from support.gherkin.tags import declared_tags
from support.page.facts import problems as fact_problems
from support.page.scenarios import FEATURES, WrittenScenario


def main(arguments: list[str] | None = None) -> int:
    """Lint a folder of features against a package of steps.

    The exit status is 1 if there is anything to say, 2 if the folder has no features. Of `--sentences` it is 1 if no
    sentence was found, or a module of the package can't be imported.
    """
    parser = ArgumentParser(prog="python -m support.gherkin", description=__doc__)
    parser.add_argument("features", nargs="?", type=Path, default=FEATURES, help="the folder of the features")
    parser.add_argument("steps", nargs="?", default="steps", help="the package of the step definitions")
    parser.add_argument(
        "--sentences", nargs="?", const="", metavar="WORD", help="list the sentences, or those with a word"
    )
    options = parser.parse_args(arguments)
    if options.sentences is not None:
        return _list_sentences(options.steps, options.sentences)
    features = options.features.resolve()
    if not any(features.rglob("*.feature")):
        print(f"{options.features}: there is no feature in it; name the folder of the features", file=sys.stderr)
        return 2
    demand_clone(features.parent)
    problems = lint(features, options.steps, declared_tags(features.parent / "pyproject.toml"))
    written, unread = read_features(features)
    scenarios = [scenario for feature in written for scenario in feature.scenarios]
    if features == FEATURES and not unread:
        problems += _of_facts(scenarios)
    examples = sum(len(scenario.rows) for scenario in scenarios)
    definitions, _ = read_definitions(options.steps)
    counts = f"{len(scenarios)} scenarios, {examples} with their examples, in {len(written)} features"
    all_well = f"{counts}, {len(definitions)} step definitions: nothing to object to"
    print("\n".join(map(str, problems)) or all_well)
    return 1 if problems else 0


def _list_sentences(package: str, word: str) -> int:
    definitions, problems = read_definitions(package)
    found = [each for each in definitions if word.lower() in each.sentence.lower()]
    listed = [f"{each}  {each.source_location}" for each in found] or [f"no sentence has {word!r} in it"]
    print(*(problems or listed), sep="\n")
    return 0 if found and not problems else 1


def _of_facts(scenarios: Iterable[WrittenScenario]) -> list[Problem]:
    """What refers to facts about AWS that the ledger has not, and what the ledger says of scenarios that are gone."""
    project = FEATURES.parent
    code = [*project.glob("steps/*.py"), *project.glob("support/**/*.py"), *FEATURES.glob("*.feature")]
    own = ("support/tests/", "support/page/facts.py")
    texts = {path: path.read_text("utf-8") for path in code if not any(each in path.as_posix() for each in own)}
    return [Problem(*each) for each in fact_problems({each.name for each in scenarios}, texts)]


if __name__ == "__main__":
    run_command(main)
