"""Tests of support/housekeeping."""
