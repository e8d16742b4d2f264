"""`python -m support.gherkin` says what is wrong with the specification, a line for each finding."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from support.gherkin.definitions import read_definitions
from support.gherkin.lint import lint
from support.gherkin.specification import read_features
from support.gherkin.tags import declared_tags


def main(arguments: list[str] | None = None) -> int:
    """Lint a folder of features against a package of steps.

    The exit status is 1 if there is anything to say, 2 if the folder has no features.
    """
    parser = ArgumentParser(prog="python -m support.gherkin", description=__doc__)
    parser.add_argument("features", nargs="?", type=Path, default=Path("features"), help="the folder of the features")
    parser.add_argument("steps", nargs="?", default="steps", help="the package of the step definitions")
    options = parser.parse_args(arguments)
    features = options.features.resolve()
    if not any(features.rglob("*.feature")):
        print(f"{options.features}: there is no feature in it; name the folder of the features", file=sys.stderr)
        return 2
    problems = lint(features, options.steps, declared_tags(Path("pyproject.toml")))
    for problem in problems:
        print(problem)
    if not problems:
        print(_all_well(features, options.steps))
    return 1 if problems else 0


def _all_well(folder: Path, package: str) -> str:
    features, _ = read_features(folder)
    definitions, _ = read_definitions(package)
    scenarios = sum(len(feature.scenarios) for feature in features)
    counts = f"{scenarios} scenarios in {len(features)} features, {len(definitions)} step definitions"
    return f"{counts}: nothing to object to"


if __name__ == "__main__":
    sys.exit(main())
