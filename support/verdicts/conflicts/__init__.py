"""Which of several updates of one item won, and which rules the example excludes."""
