"""Tests of support/page/drift."""
