"""Tests of support.verdicts.conflicts."""
