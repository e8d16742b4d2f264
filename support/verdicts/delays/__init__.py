"""Replication delays: those that the suite measures, and those that CloudWatch reports."""
