"""What ends a step that has no verdict, and what a caller may expect of a conditional write."""


class InconclusiveError(Exception):
    """The run did not show what the scenario is about: neither passed nor failed, and so not a pass."""


class NoConflictError(InconclusiveError):
    """Two writes that should not see each other did: the first one had arrived before the second was written."""


class TargetTroubleError(Exception):
    """The target did not do what it was asked: trouble with the environment, no verdict on replication."""


class UnknownOutcomeError(TargetTroubleError):
    """A call was not answered: it may have been done or not."""


class AnswerError(AssertionError):
    """A region answered an operation that it has done with something that can't be true: a verdict on the table."""


class ConditionFailedError(AssertionError):
    """A write was refused because its condition did not hold in the region that it was sent to.

    Where a caller does not expect it, the region does not hold what it should: a verdict on the table.
    """
