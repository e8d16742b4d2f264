"""Each public report has a fault of the registry and a scenario of the features; its table is the one that is made."""

from support.gherkin.specification import read_features
from support.mutants.__main__ import TABLE, reports, table
from support.mutants.running import ROOT
from support.simulator import fault_named


def test_a_report_names_a_fault_and_a_scenario_that_there_are() -> None:
    features, _ = read_features(ROOT / "features")
    titles = {scenario.scenario.name for feature in features for scenario in feature.scenarios}
    known = reports()
    assert len({each["address"] for each in known}) == len(known) >= 20
    assert [each["scenario"] for each in known if each["scenario"] not in titles] == []
    assert all(fault_named(each["fault"]).subjects for each in known)


def test_the_table_for_readers_is_made_from_the_reports() -> None:
    assert TABLE.read_text(encoding="utf-8") == table()
