"""Tests of support.verdicts.convergence."""
