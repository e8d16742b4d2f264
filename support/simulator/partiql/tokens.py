"""The words of a PartiQL statement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from support.simulator.validation.refused import RefusedError

TOKEN = re.compile(
    r"""\s*(?:
    (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*")
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
  | (?P<word>[A-Za-z_][\w]*)
  | (?P<sign><<|>>|<>|!=|<=|>=|[=<>()\[\]{},.:?*+\-])
)""",
    re.VERBOSE,
)
SUPPORTED = (
    "the simulator knows SELECT, INSERT, UPDATE and DELETE of one table with =, <>, <, <=, >, >=, BETWEEN, IN, IS,"
    " AND, OR, NOT, begins_with, contains, attribute_type and size"
)


@dataclass(frozen=True)
class Token:
    """A word, and what kind of one: string, quoted, number, word or sign."""

    kind: str
    text: str


def malformed(problem: str) -> RefusedError:
    """A statement that can't be read; AWS's beginning of the message."""
    return RefusedError(f"Statement wasn't well formed, can't be processed: {problem}; {SUPPORTED}")


def tokens_of(statement: str) -> list[Token]:
    """All words. Raises RefusedError for a character that begins none."""
    found, place = [], 0
    text = statement.strip().removesuffix(";").rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise malformed(f"unexpected {text[place:].lstrip()[0]!r}")
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind]))
        place = match.end()
    return found


class Words:
    """A statement, read word by word."""

    def __init__(self, statement: str) -> None:
        self._tokens: Sequence[Token] = tokens_of(statement)
        self._place = 0

    @property
    def next(self) -> Token:
        """The next word; an empty sign at the end."""
        return self._tokens[self._place] if self._place < len(self._tokens) else Token("sign", "")

    def take(self) -> Token:
        """The next word, which is then behind."""
        token = self.next
        self._place += 1
        return token

    def comes(self, *texts: str) -> bool:
        """Whether these words (in any case of letters) or signs come next."""
        coming = self._tokens[self._place : self._place + len(texts)]
        plain = [token.text.lower() for token in coming if token.kind in ("word", "sign")]
        return plain == [text.lower() for text in texts]

    def skip(self, *texts: str) -> bool:
        """Go past these words if they come next; whether they did."""
        found = self.comes(*texts)
        self._place += len(texts) if found else 0
        return found

    def choose(self, *texts: str) -> str | None:
        """Go past the one of these words that comes next, and tell which; None: none of them comes."""
        return next((text for text in texts if self.skip(text)), None)

    def demand(self, *texts: str) -> None:
        """Go past these words. Raises RefusedError when others come."""
        if not self.skip(*texts):
            raise malformed(f"{' '.join(texts)} expected {self.where()}")

    def where(self) -> str:
        """Where the reading has come to, for a message; the values of a statement are left out."""
        if not self.next.text:
            return "at the end"
        shown = "a value" if self.next.kind in ("string", "number") else repr(self.next.text)
        return f"before {shown}"
