"""What a run shows in the terminal: findings, claims, and what it is waiting for."""
