"""Tests of support/targets."""
