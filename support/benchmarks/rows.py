"""The table of figures: what was measured, what it may be at most, and whether that holds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("work", "bound", "measured", "", "how")


@dataclass(frozen=True)
class Row:
    """One figure and its bound, both in `unit`; `against` says what it is a multiple or a share of."""

    work: str
    against: str
    at_most: float
    unit: str
    measured: float
    how: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure, as it is printed, keeps to the bound; one that could not be measured does not."""
        return round(self.measured, 2) <= self.at_most

    def cells(self) -> tuple[str, ...]:
        """What the table shows, in the order of its head."""
        bound = f"at most {self.at_most:g}{self.unit} {self.against}".rstrip()
        measured = "not measured" if math.isnan(self.measured) else f"{self.measured:.2f}{self.unit}"
        return self.work, bound, measured, "holds" if self.holds else "does not hold", self.how


def unmeasured(work: str, reason: str) -> Row:
    """The row of work that could not be measured."""
    return Row(work, "", math.nan, "", math.nan, reason)


def table(rows: Sequence[Row]) -> str:
    """The rows under their head, as a Markdown table whose columns line up."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    texts = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines]
    return "\n".join([texts[0], "| " + " | ".join("-" * width for width in widths) + " |", *texts[1:]])


def exit_code(rows: Sequence[Row]) -> int:
    """0 if every bound holds, else 1."""
    return 0 if all(row.holds for row in rows) else 1
