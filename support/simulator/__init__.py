"""A simulator of DynamoDB global tables, usable without the rest of this project."""

from support.simulator.faults import SWITCHES, Fault
from support.simulator.replication.links import Lag
from support.simulator.replication.measured_lags import MeasuredLags, MeasuredLagsError
from support.simulator.simulator import Simulator

__all__ = ["SWITCHES", "Fault", "Lag", "MeasuredLags", "MeasuredLagsError", "Simulator"]
