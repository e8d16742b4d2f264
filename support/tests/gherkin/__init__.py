"""Tests of support/gherkin."""
