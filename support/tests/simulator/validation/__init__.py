"""Tests of the simulator: validation."""
