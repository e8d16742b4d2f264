"""Tests of support/simulator."""
