from pathlib import Path

import pytest

from support.options import OptionError
from support.settings import read_settings
from support.simulator import fault_named
from support.tests.test_evidence import SAMPLES, evidence

US, EU = "us-east-1", "eu-west-1"


def refusal(**options: object) -> str:
    with pytest.raises(OptionError) as error:
        read_settings(**options)
    message = str(error.value)
    assert "\n" not in message
    return message


def test_good_values_are_taken() -> None:
    faults = ["throttling=0.5", "cut-link"]
    settings = read_settings(seed="7", participant="grace-2", probes="1000", fault=faults)
    assert (settings.seed, settings.participant, settings.probes) == (7, "grace-2", 1000)
    assert settings.fault == (fault_named("throttling=0.5"), fault_named("cut-link=us-east-1>eu-west-1"))


@pytest.mark.parametrize(
    ("option", "values", "cure"),
    [
        ("mode", ["dry"], "there is no such mode; use --mode simulated"),
        ("seed", ["-1", "x", "", "1.5", "9223372036854775809"], "use a whole number from 0 to 9223372036854775808"),
        ("probes", ["0", "-1", "1001", "many"], "use a whole number from 1 to 1000"),
        ("polling", ["0", "-1", "often", "nan", "1.1"], "use a number of seconds, at most 1"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(option: str, values: list[str], cure: str) -> None:
    for value in values:
        assert refusal(**{option: value}).startswith(f"--{option} {value}: {cure}")


def test_the_pause_between_two_looks_can_be_chosen_for_either_target() -> None:
    assert [read_settings(mode=mode, polling="0.3").limits.polling for mode in ("simulated", "live")] == [0.3, 0.3]
    assert [read_settings(mode=mode).limits.polling for mode in ("simulated", "live")] == [0.1, 0.5]


@pytest.mark.parametrize("name", ["", "Ada", "ada lovelace", "-ada", "a" * 33, "ada\n", "a#b", "[your-name]"])
def test_a_participant_is_part_of_a_key(name: str) -> None:
    message = refusal(participant=name)
    assert message.startswith("--participant ")
    assert "can't be part of a key like USER#global-user-ada: " in message


@pytest.mark.parametrize(
    ("fault", "cure"),
    [
        ("rain", "--list-faults"),
        ("throttling=2", "takes share, 0 to 1, as in throttling=0.2, not '2'"),
        ("extra-lag=soon", "takes seconds, as in extra-lag=30, not 'soon'"),
        ("extra-lag=inf", "takes seconds, as in extra-lag=30, not 'inf'"),
        ("first-writer-wins=yes", "takes no value: leave out =yes"),
        ("cut-link=us-east-1", "as in cut-link=us-east-1>eu-west-1, not 'us-east-1'"),
        ("cut-link=us-east-1>eu-west-9", "names eu-west-9, which is not served: use us-east-1 or eu-west-1"),
        ("keeps-own-version=Ireland", "names Ireland, which is not served: use us-east-1 or eu-west-1"),
        ("clock-skew=ireland:-60", "names ireland, which is not served: use us-east-1 or eu-west-1"),
    ],
)
def test_a_fault_that_would_come_to_nothing_is_refused(fault: str, cure: str) -> None:
    message = refusal(fault=[fault])
    assert message.startswith(f"--fault {fault}: ")
    assert cure in message


def test_a_region_that_is_none_is_refused_where_no_table_can_be_asked() -> None:
    assert "--replica-region us-east-9: there is no such region" in refusal(replica_region="us-east-9")
    assert read_settings(replica_region="us-east-9", mode="live").replica_region == "us-east-9"


def test_the_head_of_a_run_and_its_report_name_everything_that_decides_the_outcome() -> None:
    settings = read_settings(seed="7", fault=["lost-write=0.5"], probes="3", replication_timeout="40")
    told = ("simulated", "table demo-ecommerce-freetier in us-east-1 and eu-west-1", "seed 7", "faults lost-write=0.5")
    assert all(words in settings.lines()[0] for words in told)
    usual, known = read_settings().environment(), settings.environment()
    assert (usual["faults"], known["faults"], known["seed"]) == ([], ["lost-write=0.5"], "7")
    assert {name: known[name] for name in known.keys() - usual.keys()} == {"probes": "3", "replication-timeout": "40"}


def test_measured_lags_are_for_simulated_runs_and_a_file_that_can_t_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    assert "can't be read: No such file" in refusal(lag_from=str(path))
    path.write_text(evidence(SAMPLES))
    assert "evidence.json: 3 delays measured" in read_settings(lag_from=str(path)).environment()["lags"]
    assert refusal(mode="live", lag_from=str(path)).startswith("--lag-from is for simulated runs")
