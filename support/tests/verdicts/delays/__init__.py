"""Tests of support.verdicts.delays."""
