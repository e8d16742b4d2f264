"""Tests of support/page."""
