"""What ends the making of a report."""


class ReportError(Exception):
    """No report can be made: one line with the cure."""
