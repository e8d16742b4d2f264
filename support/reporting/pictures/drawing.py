"""What all pictures share: matplotlib without a screen, drawn to SVG that is the same for the same data."""

import io
from importlib.util import find_spec
from typing import Any

from support.reporting.error import ReportError

SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "global tables", "font.size": 9, "hatch.linewidth": 0.6}
"""Text stays text, which is small, and looks like the rest of the page."""

CURE = "pip install '.[report]'"


def demand_matplotlib() -> None:
    """Raise ReportError if there is nothing to draw with."""
    if find_spec("matplotlib") is None:
        raise ReportError(f"the pictures need matplotlib, and it is not installed; cure: {CURE}")


def new_figure(width: float, height: float) -> Any:
    """An empty figure, in inches. Matplotlib is imported here, because it takes a while and a run does not need it."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams.update(SETTINGS)
    return Figure(figsize=(width, height))


def leave_margins(figure: Any, left: float, bottom: float, top: float, right: float = 0.2) -> None:
    """Keep room around the axes for their labels and the legend, in inches: matplotlib's own layouts take ten times
    as long as all the rest.
    """
    width, height = figure.get_size_inches()
    figure.subplots_adjust(left / width, bottom / height, 1 - right / width, 1 - top / height)


def svg_of(figure: Any) -> str:
    """The figure as SVG, from the root element on."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawn = buffer.getvalue()
    return drawn[drawn.index("<svg") :]
