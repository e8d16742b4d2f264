"""Tests of the simulator: engines."""
