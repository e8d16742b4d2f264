"""What the workshop page should say instead of what AWS contradicts or does not document, also as a patch."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from support.page.claims import Outcomes, ScenarioOutcome, State
from support.page.page_map import page_map

MARKUP = "*`_"
"""What stands around the page's words in its Markdown, and stays when they are corrected."""


@dataclass(frozen=True)
class Suggestion:
    """What the page should say instead of a claim that AWS contradicts or does not document."""

    claim: str
    state: State
    section: str
    says: str
    instead: str
    source: str

    def lines(self) -> list[str]:
        source = [f"    source: {self.source}"] if self.source else []
        return [f'{self.claim}  {self.section}: "{self.says}" ({self.state})', f'    write: "{self.instead}"', *source]


def suggestions(outcomes: Iterable[ScenarioOutcome] = ()) -> list[Suggestion]:
    """What to write instead, in the page's order: of claims that AWS contradicts or does not document."""
    ended = Outcomes(tuple(outcomes))
    return [
        Suggestion(claim.id, state, claim.section, claim.says, claim.instead, claim.source)
        for claim in page_map().claims
        if (state := ended.state(claim)) in (State.CONTRADICTED, State.UNDOCUMENTED)
        or (state is State.FAILS and claim.instead)
    ]


def patch(path: Path, text: str, suggestions: Iterable[Suggestion]) -> str:
    """A unified diff of the file, which `git apply` takes, with what each suggestion says; what is not there stays.

    Empty if there is nothing to do. Lines end as they do in the file.
    """
    name = path.resolve().relative_to(Path.cwd()).as_posix() if path.resolve().is_relative_to(Path.cwd()) else path.name
    before = after = text.splitlines(keepends=True)
    for each in suggestions:
        after = [_corrected(line, each.says, each.instead) for line in after]
    lines = unified_diff(before, after, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def not_there(text: str, suggestions: Iterable[Suggestion]) -> list[str]:
    """The claims that a page says neither as the suite knows them nor as was suggested."""
    plain = re.sub(f"[{MARKUP}]", "", text)
    known = ((each.claim, re.sub(f"[{MARKUP}]", "", each.instead), each.says) for each in suggestions)
    return [claim for claim, *words in known if not any(each in plain for each in words)]


def _corrected(line: str, says: str, instead: str) -> str:
    places = [place for place, letter in enumerate(line) if letter not in MARKUP]
    begin = "".join(line[place] for place in places).find(says)
    if begin < 0:
        return line
    same = next((place for place, pair in enumerate(zip(says, instead, strict=False)) if len(set(pair)) > 1), len(says))
    same = says.rfind(" ", 0, same) + 1
    start, end = places[begin + same], places[begin + len(says) - 1] + 1
    if len(re.findall(r"\*+|`+", line[start:end])) % 2:  # what a mark begins before the last word ends after it
        end += len(line[end:]) - len(line[end:].lstrip(MARKUP))
    return line[:start] + instead[same:] + line[end:]
