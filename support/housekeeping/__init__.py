"""What a live run owns: its keys, the guard of its clients, the journal, the removal, the sweep, the policy."""
