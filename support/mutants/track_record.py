"""The track record: public reports of trouble with replicated tables, and the scenario that notices each of them."""

import tomllib
from pathlib import Path
from typing import Any

REPORTS = Path(__file__).with_name("track_record.toml")
TABLE = Path(__file__).with_name("TRACK_RECORD.md")


def reports() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(REPORTS.read_text(encoding="utf-8"))["report"]
    return found


def table() -> str:
    """The reports in Markdown, for a reader; made by `python -m support.mutants --track-record`, never by hand."""
    lines = [
        "# What this suite would have noticed",
        "",
        f"{len(reports())} public reports of real trouble with replicated tables. Made from `track_record.toml` by"
        " `python -m support.mutants --track-record`; all were read on 2026-11-28.",
        "",
        "| What happened | The wrong rule | Scenario that notices | See it red: `pytest features/ --fault` |",
        "| --- | --- | --- | --- |",
        *map(_row, reports()),
    ]
    return "\n".join(lines) + "\n"


def _row(report: dict[str, Any]) -> str:
    happened = f"{report['happened']} ([{report['title']}]({report['address']}))"
    cells = (happened, report["rule"], report["scenario"], f"`{report['fault']}`")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|').replace('<', '&lt;') for cell in cells)} |"
