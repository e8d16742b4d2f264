"""Tests of support/targets/live_run."""
