"""Everything beneath the steps, in rooms: a room imports from rooms below it only (see pyproject.toml)."""
