"""Tests of support/table."""
