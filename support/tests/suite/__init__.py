"""Tests of the suite as a whole: what it says of wrong tables and wrong input."""
