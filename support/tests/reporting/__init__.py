"""Tests of support/reporting."""
