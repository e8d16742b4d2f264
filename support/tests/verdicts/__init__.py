"""Tests of support/verdicts."""
