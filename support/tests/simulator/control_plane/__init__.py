"""Tests of the simulator: control_plane."""
