"""A pytest plugin that leaves all speed-ups of moto out: `-p support.tests.without_speed_ups`."""

from support.simulator.engines import moto_speed_ups


def pytest_configure() -> None:
    moto_speed_ups.NAMES = ()
