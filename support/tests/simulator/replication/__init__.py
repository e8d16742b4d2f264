"""Tests of the simulator: replication."""
