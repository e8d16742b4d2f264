"""Pieces of HTML that look right in either theme, and in black and white: they have no colours of their own."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

CELL = "border:1px solid currentColor;padding:4px 10px;text-align:left;vertical-align:top"
YES, NO, OPEN = "\N{HEAVY CHECK MARK}", "\N{HEAVY BALLOT X}", "?"
"""Signs, because colours alone tell a colour-blind reader nothing."""


def text(words: object) -> str:
    """Words as they are, whatever they contain."""
    return escape(str(words))


def strong(words: object) -> str:
    """Words to be read first."""
    return f'<b style="font-weight:700">{text(words)}</b>'


def heading(words: str) -> str:
    """The heading of a part of a description."""
    return f'<p style="margin:18px 0 4px;font-size:17px;font-weight:700">{text(words)}</p>'


def headline(words: str) -> str:
    """The sentence that a reader should take away."""
    return f'<p style="margin:4px 0;font-size:20px;font-weight:700">{text(words)}</p>'


def paragraph(html: str) -> str:
    """A paragraph of ready-made HTML."""
    return f'<p style="margin:4px 0">{html}</p>'


def box(html: str) -> str:
    """What a reader must not miss: framed, so that it shows in black and white."""
    return f'<div style="border:2px solid currentColor;border-radius:6px;padding:8px 12px;margin:8px 0">{html}</div>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of ready-made HTML cells; the first cell of each row is its name."""
    top = "".join(f'<th style="{CELL};font-weight:700">{cell}</th>' for cell in head)
    body = "".join(
        "<tr>" + "".join(_cell(cell, "th" if number == 0 else "td") for number, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    style = "border-collapse:collapse;margin:6px 0"
    return f'<table style="{style}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'


def picture(svg: str, alternative: str) -> str:
    """A drawing on a white ground of its own: it cannot know the theme."""
    data = b64encode(svg.encode()).decode()
    style = "box-sizing:border-box;max-width:100%;background:#fff;border:1px solid #888;border-radius:6px"
    return f'<img alt="{escape(alternative)}" style="{style}" src="data:image/svg+xml;base64,{data}">'


def _cell(html: str, kind: str) -> str:
    return f'<{kind} style="{CELL}">{html}</{kind}>'
