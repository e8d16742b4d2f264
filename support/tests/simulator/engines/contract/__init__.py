"""Tests of the simulator: contract."""
