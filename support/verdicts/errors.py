"""What a service answered with instead of a result, and what ends a step that has no verdict."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServiceError:
    """An error of a service, or of the way to it: `code` is AWS's, or the name of botocore's exception."""

    code: str
    message: str
    cure: str = ""

    def __str__(self) -> str:
        told = f"{self.code}: {self.message}" if self.message else self.code
        return f"{told}; cure: {self.cure}" if self.cure else told


@dataclass(frozen=True)
class Suspect:
    """What a failure is about, for who catches it to ask why: an item in a region, or in an index under a value."""

    pk: str
    sk: str
    region: str
    index: str = ""
    value: str = ""


class FailureError(Exception):
    """What ends a scenario after looks at the table: a verdict against it, or that there is none."""

    def __init__(self, message: str, suspect: Suspect | None = None) -> None:
        super().__init__(message)
        self.suspect = suspect


class NoVerdictError(Exception):
    """What ends a scenario without a verdict, and says why in words."""


class InconclusiveError(FailureError, NoVerdictError):
    """The run did not show what the scenario is about: neither passed nor failed, and so not a pass."""


class NoConflictError(InconclusiveError):
    """Two writes that should not see each other did: the first one had arrived before the second was written."""


class TargetTroubleError(NoVerdictError):
    """The target did not do what it was asked: no verdict on replication. `code` is the ServiceError's, if any."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class TargetDownError(TargetTroubleError):
    """The target does not answer any more, or not to these credentials: no further request makes sense."""


class UnknownOutcomeError(TargetTroubleError):
    """A write was not answered: it may have been done or not."""


WORTH_ANOTHER_TRY = (InconclusiveError, NoConflictError, UnknownOutcomeError)
"""After these a live run may try a scenario again: they are no verdict, and may not come a second time."""


class VerdictError(FailureError, AssertionError):
    """A verdict against the table, in words; `kind` says what was seen, by default of any AssertionError of a step."""

    kind = "not as documented"


class DivergenceError(VerdictError):
    """Regions, or a region and its index, show what they must not, or did not agree in time."""


class RegionsDisagreeError(DivergenceError):
    """Each of two regions goes on showing another one of the updates that contended."""

    kind = "regions disagree"


class NotArrivedError(DivergenceError):
    """A change was not seen in time in a region to which it should be replicated."""

    kind = "did not arrive"


class ArrivedLateError(VerdictError):
    """A change was seen, and later than it should be."""

    kind = "arrived late"


class IndexDiffersError(DivergenceError):
    """A query of an index does not find what its table holds."""

    kind = "index differs from its table"


class WrongVersionError(DivergenceError):
    """A version was kept or shown that a later one should have replaced."""

    kind = "wrong version kept"


class WrongImageError(DivergenceError):
    """An item is not as any write left it."""

    kind = "item differs from what was written"


class MetricError(VerdictError):
    """CloudWatch tells something else than what happened."""

    kind = "metric does not fit"


KINDS: tuple[type[VerdictError], ...] = (
    RegionsDisagreeError, NotArrivedError, ArrivedLateError, IndexDiffersError, WrongVersionError, WrongImageError,
    MetricError, VerdictError,
)  # fmt: skip
"""All kinds of verdicts against a table."""


class AnswerError(VerdictError):
    """A region answered an operation that it has done with something that can't be true: a verdict on the table."""


class ConditionFailedError(VerdictError):
    """A write's condition did not hold in its region: where that is not expected, a verdict on the table."""
