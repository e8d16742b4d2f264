"""Checkers: pure functions over the history of a scenario. No I/O, no clients, no test framework."""
