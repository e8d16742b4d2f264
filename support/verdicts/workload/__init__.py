"""The checker of a random workload, and what it reports."""
