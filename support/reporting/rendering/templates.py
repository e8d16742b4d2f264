"""The templates of this room: `render` fills one in. Values are escaped, unless they are rendered templates."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from support.page.workshop import REGION
from support.verdicts.delays import seconds

YES, NO, OPEN = "\N{HEAVY CHECK MARK}", "\N{HEAVY BALLOT X}", "?"
"""Signs, because a colour alone tells a colour-blind reader nothing."""

A_REGION = re.compile(rf"\b{REGION}\b")


def render(name: str, /, **values: Any) -> Markup:
    """The template of this name with these values. A value that is missing raises jinja2.UndefinedError."""
    return Markup(_environment().get_template(name).render(values))


def time_of_day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%H:%M:%S.%f}"[:-3] + " UTC"


def sentence(words: str) -> str:
    """The words with a capital at the beginning, the rest as it is."""
    return words[:1].upper() + words[1:]


def regions(words: object) -> Markup:
    """The words as HTML in which no name of a region is broken at its hyphens."""
    return Markup(A_REGION.sub(r'<span style="white-space:nowrap">\g<0></span>', str(escape(words))))


def cell(text: str) -> str:
    """Text that stays in its cell of Markdown, and means no markup: a placeholder of an outline looks like a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {each.__name__: each for each in (seconds, time_of_day, sentence, regions, cell)}
    environment.globals |= {"YES": YES, "NO": NO, "OPEN": OPEN}
    return environment
