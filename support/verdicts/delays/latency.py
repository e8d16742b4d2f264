"""Whether CloudWatch's ReplicationLatency can be that of replications which the suite has timed itself.

The two need not be equal: the metric does not know the client's way, its datapoint covers five minutes, and others may
write to a live table. But the suite's own replications are of the same kind, in the same direction, at about the same
time. So a metric whose fastest is more than `FACTOR` times slower than the suite's slowest, or whose slowest is more
than `FACTOR` times faster than the suite's fastest, is not the latency of this direction of this table.
"""

from collections.abc import Sequence

FACTOR = 10
"""An order of magnitude: other writers' delays differ by a factor of two or three (facts 8), units by a thousand."""

Bracket = tuple[float, float]
"""Seconds: a replication took longer than the first and at most the second."""


def contradiction(minimum: float, maximum: float, measured: Sequence[Bracket]) -> str:
    """Why a datapoint, in milliseconds, can't be of these replications; empty if it can.

    Raises ValueError when nothing was measured: then nothing contradicts anything.
    """
    if not measured:
        raise ValueError("without a measured replication a metric can't be compared")
    fastest, slowest = 1000 * min(low for low, _ in measured), 1000 * max(high for _, high in measured)
    shown = f"between {minimum:g} and {maximum:g} ms"
    if minimum > FACTOR * slowest:
        found = f"{shown}, and the suite's slowest replication took at most {slowest:.0f} ms"
        return f"{found}: {_likely(minimum, maximum, fastest, slowest)}"
    if maximum * FACTOR < fastest:
        found = f"{shown}, and the suite's fastest replication took more than {fastest:.0f} ms"
        return f"{found}: {_likely(minimum, maximum, fastest, slowest)}"
    return ""


def _likely(minimum: float, maximum: float, fastest: float, slowest: float) -> str:
    for factor, unit in ((1000, "seconds"), (1 / 1000, "microseconds")):
        if fastest / FACTOR <= factor * maximum and factor * minimum <= FACTOR * slowest:
            return f"the figures fit if they are {unit}, so the unit is likely wrong"
    return "likely the metric of another direction or another table, or no measurement at all"
