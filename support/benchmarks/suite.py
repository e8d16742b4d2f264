"""The whole suite, start to exit: against a bare script that makes the same calls, and with all speed-ups left out."""

from pathlib import Path
from tempfile import TemporaryDirectory

from support.benchmarks.measuring import Plan, Row, python


def rows(plan: Plan, features: str) -> list[Row]:
    """The suite is recorded once, then all take turns. Raises CalledProcessError."""
    suite = ("-m", "pytest", features, "-q")
    plain, bare, slow, reported = [], [], [], []
    with TemporaryDirectory() as folder:
        calls = str(Path(folder) / "calls.jsonl")
        python(*suite, "-p", "support.benchmarks.bare", "--record-calls", calls)
        for number in range(plan.rounds):
            plain.append(python(*suite))
            bare.append(python("-m", "support.benchmarks.bare", calls))
            slow.append(python(*suite, "-p", "support.tests.without_speed_ups"))
            reported.append(python(*suite, "--alluredir", str(Path(folder) / str(number))))
    ratios = [one / other for one, other in zip(plain, bare, strict=True)]
    shares = [100 * (1 - one / other) for one, other in zip(plain, reported, strict=True)]
    work = "the whole suite, simulated, start to exit"
    return [
        Row(work, 1.3, "x", "a bare script that makes the same calls on moto", ratios),
        Row(work, 10.0, " s", "", plain),
        Row(f"{work}, all speed-ups left out", 20.0, " s", "", slow),
        Row("reporting, with --alluredir", 15.0, "%", "of the suite's wall time", shares),
    ]
