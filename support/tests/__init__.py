"""Tests of everything in support."""
