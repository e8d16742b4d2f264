"""Tests of support.verdicts.health."""
