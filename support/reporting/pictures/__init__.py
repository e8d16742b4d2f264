"""Pictures drawn from records: the replication timeline and the timing plot."""
