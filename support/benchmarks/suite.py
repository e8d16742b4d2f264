"""The whole suite, start to exit: against a bare script that makes the same calls, and with a report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from support.benchmarks.bare import read_calls
from support.benchmarks.measuring import CLOCK, Cost, NotMeasuredError, Plan, middle, python, ratios, spread
from support.benchmarks.rows import Row, unmeasured

SUITE = "the whole suite, simulated, start to exit"
REPORTING = "reporting, with --alluredir"


@dataclass(frozen=True)
class Rounds:
    """What each round cost: the suite, the bare script, the suite with a report; and how many calls it made."""

    calls: int
    plain: Sequence[Cost]
    bare: Sequence[Cost]
    reported: Sequence[Cost]


def measure(plan: Plan, features: str) -> Rounds | str:
    """Record the suite once, then let the three take turns; why that can't be, if it can't."""
    try:
        with TemporaryDirectory() as folder:
            return _measure(plan, features, Path(folder))
    except NotMeasuredError as error:
        return str(error)


def suite_rows(rounds: Rounds | str) -> list[Row]:
    """The suite against the bare script, and in seconds."""
    if isinstance(rounds, str):
        return [unmeasured(SUITE, rounds)]
    walls, bare = [cost.wall for cost in rounds.plain], [cost.wall for cost in rounds.bare]
    each = ratios(walls, bare)
    users = [cost.user for cost in rounds.plain]
    user = middle(ratios(users, [cost.user for cost in rounds.bare]))
    against = "a bare script that makes the same calls on moto"
    how = f"{spread(each)}; {rounds.calls} calls, {middle(bare):.2f} s bare; {user:.2f}x in user CPU time"
    return [
        Row(SUITE, against, 1.2, "x", middle(each), how),
        Row(SUITE, "", 10.0, " s", middle(walls), f"{spread(walls)}; {middle(users):.2f} s of user CPU time"),
    ]


def reporting_rows(rounds: Rounds | str) -> list[Row]:
    """Which share of a run with a report is due to the report."""
    if isinstance(rounds, str):
        return [unmeasured(REPORTING, rounds)]
    walls = _shares(rounds, lambda cost: cost.wall)
    user = middle(_shares(rounds, lambda cost: cost.user))
    how = f"{spread(walls)}; {user:.0f}% of user CPU time"
    return [Row(REPORTING, "of the suite's wall time", 15.0, "%", middle(walls), how)]


def _shares(rounds: Rounds, cost: Callable[[Cost], float]) -> list[float]:
    pairs = zip(rounds.plain, rounds.reported, strict=True)
    return [100 * (cost(reported) - cost(plain)) / cost(reported) for plain, reported in pairs]


def _measure(plan: Plan, features: str, folder: Path) -> Rounds:
    suite = ("-m", "pytest", features, "-q")
    recording = folder / "calls.jsonl"
    python(*suite, "-p", "support.benchmarks.recording", "--record-calls", str(recording))
    calls = len(read_calls(recording))
    if not calls:
        raise NotMeasuredError(f"pytest {features} made no calls that could be recorded")
    plain: list[Cost] = []
    bare: list[Cost] = []
    reported: list[Cost] = []
    started = CLOCK.elapsed()
    while len(plain) < plan.rounds or CLOCK.elapsed() - started < plan.seconds:
        plain.append(python(*suite))
        bare.append(python("-m", "support.benchmarks.bare", str(recording)))
        reported.append(python(*suite, "--alluredir", str(folder / f"results-{len(plain)}")))
    return Rounds(calls, plain, bare, reported)
