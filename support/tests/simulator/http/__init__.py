"""Tests of the simulator: http."""
