"""Tests of support/benchmarks."""
