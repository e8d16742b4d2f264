"""Step definitions, by subject."""
