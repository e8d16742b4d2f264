"""Tests of the mutants: the catalogue, the runs, and what they prove."""
