"""Tests of support/checklist."""
