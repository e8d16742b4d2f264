"""What the engine puts in the place of moto's own parts, so that it stays fast and small however much is in it."""
