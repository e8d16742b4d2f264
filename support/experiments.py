"""The experiment of AWS's Fault Injection Service that pauses the replication of one table (facts 4), as data."""

ACTION = "aws:dynamodb:global-table-pause-replication"
"""Pauses replication to and from the region that it is started in."""

RESOURCE = "aws:dynamodb:global-table"

TAG = "global-tables-acceptance"
"""Of the table that may be paused, with its name for a value, and of the template that pauses it."""

RUN_TAG = "global-tables-run"
"""Of an experiment, with the run that has started it for a value."""

MINUTES = 30
"""After which an experiment ends that nothing else has ended: the five minutes until it has an effect at the latest,
the proof of it, ten minutes in which the features wait, and time to spare."""

LATEST_EFFECT = 300.0
""" "Tables may continue to be replicated for up to 5 minutes after action begins": seconds."""

AT_WORK = ("pending", "initiating", "running")
"""States of an experiment that pauses replication, or is about to."""
