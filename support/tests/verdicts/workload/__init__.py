"""Tests of support.verdicts.workload."""
