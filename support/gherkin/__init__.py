"""Feature files: their collection and the lint of the specification."""
