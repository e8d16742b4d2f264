"""The workshop page as data: its table, its items, its limits, and what it claims."""
