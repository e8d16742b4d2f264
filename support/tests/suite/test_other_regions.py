"""In other regions than the page's all that is shown names those. The ids stay, and with them history and evidence."""

import json
from pathlib import Path

import pytest

from support.tests.suite_runs import allure_results, pytest_run

REGIONS = ("--primary-region=eusc-de-east-1", "--replica-region=ap-south-1")
PARTS = ("-k", "Virginia or health")


def results(folder: Path, *options: str) -> dict[tuple[str, str], str]:
    """What is shown of each scenario, by its ids; its own node id, which is one, is left out of that."""
    ran = pytest_run("features/", *PARTS, "-q", f"--alluredir={folder}", *options)
    assert ran.code == 0, ran.lines
    found = {}
    for result in allure_results(folder):
        record = json.loads((folder / f"{result['uuid']}-scenario.json").read_text())
        node = record.pop("node_id")
        shown = {name: value for name, value in result.items() if name not in ("fullName", "titlePath")}
        found[node, result["historyId"]] = json.dumps([shown, record])
    return found | {("terminal", ""): "\n".join(ran.lines)}


@pytest.mark.slow
def test_titles_and_parameters_name_the_regions_of_the_run_and_ids_do_not(tmp_path: Path) -> None:
    usual, other = results(tmp_path / "usual"), results(tmp_path / "other", *REGIONS)
    assert usual.keys() == other.keys()
    pages = ("Ireland", "Virginia", "us-east-1", "eu-west-1")
    assert [name for name in pages if any(name in shown for shown in usual.values())] == list(pages)
    assert [(name, key) for name in pages for key, shown in other.items() if name in shown] == []
