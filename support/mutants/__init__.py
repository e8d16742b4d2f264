"""Mutants: wrong global tables, each of which the features have to notice."""
