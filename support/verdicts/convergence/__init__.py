"""Whether regions show the same item, or the same entries of an index, for good."""
