"""The grammar of conditions, paths and values."""

from collections.abc import Callable
from typing import TypeVar

from support.simulator.partiql.syntax import Call, Condition, Operand, Path, Value
from support.simulator.partiql.tokens import Words, malformed

COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")
EQUALITIES = ("=", "<>")
FUNCTIONS = ("begins_with", "contains", "attribute_type")
CONSTANTS = {"true": ("BOOL", True), "false": ("BOOL", False), "null": ("NULL", True)}
Part = TypeVar("Part")


class ExpressionParser:
    """Reads the expressions of one statement, with its parameters in the place of the question marks.

    What it reads is behind it afterwards. Raises RefusedError for anything else.
    """

    def __init__(self, statement: str, parameters: list[Value]) -> None:
        self.words = Words(statement)
        self.parameters = list(parameters)

    def condition(self) -> Condition:
        """Conditions joined by OR, and by AND, which binds more tightly."""
        return self._joined("OR", lambda: self._joined("AND", self._negation))

    def operand(self) -> Operand:
        """What is compared: size(path), a value or a path."""
        if self.words.skip("size", "("):
            return Call(self._closed(self.path))
        literal = self.words.next.kind in ("string", "number") or self.words.next.text in ("?", "[", "{", "-", "<<")
        if literal or any(map(self.words.comes, CONSTANTS)):
            return self.value()
        return self.path()

    def path(self) -> Path:
        """Names with dots, and places in brackets."""
        path: list[str | int] = [self.name()]
        while sign := self.words.choose(".", "["):
            if sign == ".":
                path.append(self.name())
                continue
            place = self.words.take()
            if not (place.kind == "number" and place.text.isdigit()):
                raise malformed("a place in a list, as in [0], expected")
            path.append(int(place.text))
            self.words.demand("]")
        return tuple(path)

    def name(self) -> str:
        """A word, or anything in double quotes."""
        token = self.words.next
        if token.kind not in ("word", "quoted"):
            raise malformed(f"a name expected {self.words.where()}")
        self.words.take()
        return token.text if token.kind == "word" else token.text[1:-1].replace('""', '"')

    def value(self) -> Value:
        """A literal, or the next parameter."""
        if constant := self.words.choose(*CONSTANTS):
            return dict([CONSTANTS[constant]])
        where, sign = self.words.where(), self.words.choose("-") or ""
        token = self.words.take()
        if token.kind == "number":
            return {"N": sign + token.text}
        if sign:
            raise malformed(f"a value expected {where}")
        if token.kind == "string":
            return {"S": token.text[1:-1].replace("''", "'")}
        if token.text == "?":
            if not self.parameters:
                raise malformed("Number of parameters in request and statement don't match")
            return self.parameters.pop(0)
        if token.text == "[":
            return {"L": self._until("]", self.value)}
        if token.text == "{":
            return {"M": dict(self._until("}", self._member))}
        if token.text == "<<":
            return _set(self._until(">>", self.value))
        raise malformed(f"a value expected {where}")

    def listed(self, part: Callable[[], Part]) -> list[Part]:
        """Parts separated by commas, at least one."""
        parts = [part()]
        while self.words.skip(","):
            parts.append(part())
        return parts

    def pair(self, first: Callable[[], Part], second: Callable[[], Operand]) -> tuple[Part, Operand]:
        """Two parts with a comma between them and a parenthesis after them: the arguments of a function."""
        one = first()
        self.words.demand(",")
        return one, self._closed(second)

    def _closed(self, part: Callable[[], Part]) -> Part:
        found = part()
        self.words.demand(")")
        return found

    def _joined(self, word: str, part: Callable[[], Condition]) -> Condition:
        parts = [part()]
        while self.words.skip(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Condition(word, tuple(parts))

    def _negation(self) -> Condition:
        if self.words.skip("not"):
            return Condition("NOT", (self._negation(),))
        if self.words.skip("("):
            return self._closed(self.condition)
        for function in FUNCTIONS:
            if self.words.skip(function, "("):
                return Condition(function, self.pair(self.path, self.value))
        return self._comparison()

    def _comparison(self) -> Condition:
        words, left = self.words, self.operand()
        if sign := words.choose(*COMPARISONS):
            sign, right = sign.replace("!=", "<>"), self.operand()
            turned = sign in EQUALITIES and isinstance(left, dict)
            return Condition(sign, (right, left) if turned else (left, right))
        if words.skip("between"):
            low = self.operand()
            words.demand("and")
            return Condition("BETWEEN", (left, low, self.operand()))
        if words.skip("in"):
            closing = "]" if words.skip("[") else ")"
            if closing == ")":
                words.demand("(")
            values = self.listed(self.value)
            words.demand(closing)
            return Condition("IN", (left, *values))
        words.demand("is")
        negated = words.skip("not")
        if words.skip("missing"):
            return Condition("attribute_exists" if negated else "attribute_not_exists", (left,))
        words.demand("null")
        null = Condition("attribute_type", (left, {"S": "NULL"}))
        return Condition("NOT", (null,)) if negated else null

    def _member(self) -> tuple[str, Value]:
        token = self.words.take()
        if token.kind not in ("string", "quoted"):
            raise malformed("a name in quotes expected in braces")
        self.words.demand(":")
        return token.text[1:-1], self.value()

    def _until(self, closing: str, part: Callable[[], Part]) -> list[Part]:
        if self.words.skip(closing):
            return []
        parts = self.listed(part)
        self.words.demand(closing)
        return parts


def _set(values: list[Value]) -> Value:
    kinds = {kind for value in values for kind in value}
    if len(kinds) != 1 or not kinds <= {"S", "N", "B"}:
        raise malformed("a set of values of one type, strings or numbers, expected")
    (kind,) = kinds
    return {f"{kind}S": [value[kind] for value in values]}
