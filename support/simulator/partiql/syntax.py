"""The grammar: statements as data. Values are attribute values of DynamoDB's JSON already."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from support.simulator.partiql.tokens import Words, malformed

Value = dict[str, Any]
"""An attribute value: {"S": "a"}."""

Path = tuple[str | int, ...]
"""Names of attributes, and places in lists: ("address", "lines", 0)."""

COMPARISONS = ("=", "<>", "!=", "<", "<=", ">", ">=")
FUNCTIONS = ("begins_with", "contains", "attribute_type")


@dataclass(frozen=True)
class Call:
    """size(path) as an operand."""

    path: Path


Operand = Path | Call | Value


@dataclass(frozen=True)
class Condition:
    """An operator and what it is applied to; for AND, OR and NOT these are conditions."""

    operator: str
    operands: tuple[Any, ...]

    def conjuncts(self) -> "Iterator[Condition]":
        """The conditions that all have to hold."""
        if self.operator == "AND":
            for each in self.operands:
                yield from each.conjuncts()
        else:
            yield self

    def attributes(self) -> set[str | int]:
        """The attributes of the item that it speaks of."""
        found: set[str | int] = set()
        for each in self.operands:
            if isinstance(each, Condition):
                found |= each.attributes()
            elif isinstance(each, Call):
                found.add(each.path[0])
            elif isinstance(each, tuple):
                found.add(each[0])
        return found


@dataclass(frozen=True)
class Assignment:
    """SET path = operand, or one that adds (+), subtracts (-) or appends to a list ("list_append")."""

    path: Path
    operator: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True)
class Statement:
    """A statement: its verb, its table (and index), and the parts that the verb has."""

    verb: str
    table: str
    index: str | None = None
    columns: tuple[Path, ...] = ()
    item: Value = field(default_factory=dict)
    assignments: tuple[Assignment, ...] = ()
    removed: tuple[Path, ...] = ()
    where: Condition | None = None
    returning: str | None = None


class Parser:
    """Reads one statement, with its parameters in the place of the question marks."""

    def __init__(self, statement: str, parameters: list[Value]) -> None:
        self._words = Words(statement)
        self._parameters = list(parameters)

    def statement(self) -> Statement:
        """The statement. Raises RefusedError when it is none, or one that the grammar does not have."""
        words = self._words
        verbs = {"select": self._select, "insert": self._insert, "update": self._update, "delete": self._delete}
        verb = verbs.get(words.next.text.lower() if words.next.kind == "word" else "")
        if verb is None:
            raise malformed(f"SELECT, INSERT, UPDATE or DELETE expected {words.where()}")
        words.take()
        statement = verb()
        if words.next.text:
            raise malformed(f"the end expected {words.where()}")
        if self._parameters:
            raise malformed("Number of parameters in request and statement don't match")
        return statement

    def _select(self) -> Statement:
        columns: list[Path] = []
        if not self._words.skip("*"):
            columns = self._listed(self._path)
        self._words.demand("from")
        table = self._name()
        index = self._name() if self._words.skip(".") else None
        return Statement("SELECT", table, index, columns=tuple(columns), where=self._where())

    def _insert(self) -> Statement:
        self._words.demand("into")
        table = self._name()
        self._words.demand("value")
        item = self._value()
        if "M" not in item:
            raise malformed("an item in braces expected after VALUE")
        return Statement("INSERT", table, item=item["M"])

    def _update(self) -> Statement:
        table = self._name()
        assignments: list[Assignment] = []
        removed: list[Path] = []
        while self._words.comes("set") or self._words.comes("remove"):
            if self._words.skip("set"):
                assignments += self._listed(self._assignment)
            else:
                self._words.demand("remove")
                removed += self._listed(self._path)
        if not assignments and not removed:
            raise malformed(f"SET or REMOVE expected {self._words.where()}")
        where = self._where()
        changes = (tuple(assignments), tuple(removed))
        return Statement("UPDATE", table, None, (), {}, *changes, where, self._returning())

    def _delete(self) -> Statement:
        self._words.demand("from")
        table = self._name()
        where = self._where()
        return Statement("DELETE", table, where=where, returning=self._returning())

    def _returning(self) -> str | None:
        if not self._words.skip("returning"):
            return None
        whole = "ALL" if self._words.skip("all") else "UPDATED"
        if whole == "UPDATED":
            self._words.demand("modified")
        image = "OLD" if self._words.skip("old") else "NEW"
        if image == "NEW":
            self._words.demand("new")
        self._words.demand("*")
        return f"{whole}_{image}"

    def _assignment(self) -> Assignment:
        path = self._path()
        self._words.demand("=")
        if self._words.skip("list_append", "("):
            first = self._operand()
            self._words.demand(",")
            second = self._operand()
            self._words.demand(")")
            return Assignment(path, "list_append", (first, second))
        first = self._operand()
        for sign in ("+", "-"):
            if self._words.skip(sign):
                return Assignment(path, sign, (first, self._operand()))
        return Assignment(path, "=", (first,))

    def _where(self) -> Condition | None:
        return self._any() if self._words.skip("where") else None

    def _any(self) -> Condition:
        return self._joined("OR", self._all)

    def _all(self) -> Condition:
        return self._joined("AND", self._negation)

    def _joined(self, word: str, part: Any) -> Condition:
        parts = [part()]
        while self._words.skip(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Condition(word, tuple(parts))

    def _negation(self) -> Condition:
        if self._words.skip("not"):
            return Condition("NOT", (self._negation(),))
        if self._words.skip("("):
            inner = self._any()
            self._words.demand(")")
            return inner
        for function in FUNCTIONS:
            if self._words.skip(function, "("):
                path = self._path()
                self._words.demand(",")
                value = self._value()
                self._words.demand(")")
                return Condition(function, (path, value))
        return self._comparison()

    def _comparison(self) -> Condition:
        words, left = self._words, self._operand()
        for sign in COMPARISONS:
            if words.skip(sign):
                right = self._operand()
                turned = sign in ("=", "<>", "!=") and isinstance(left, dict)
                return Condition("<>" if sign == "!=" else sign, (right, left) if turned else (left, right))
        if words.skip("between"):
            low = self._operand()
            words.demand("and")
            return Condition("BETWEEN", (left, low, self._operand()))
        if words.skip("in"):
            closing = "]" if words.skip("[") else ")"
            if closing == ")":
                words.demand("(")
            values = self._listed(self._value)
            words.demand(closing)
            return Condition("IN", (left, *values))
        words.demand("is")
        negated = words.skip("not")
        if not words.skip("missing"):
            words.demand("null")
            null = Condition("attribute_type", (left, {"S": "NULL"}))
            return Condition("NOT", (null,)) if negated else null
        return Condition("attribute_exists" if negated else "attribute_not_exists", (left,))

    def _operand(self) -> Operand:
        if self._words.skip("size", "("):
            path = self._path()
            self._words.demand(")")
            return Call(path)
        literal = self._words.next.kind in ("string", "number") or self._words.next.text in ("?", "[", "{", "-", "<<")
        if literal or any(self._words.comes(word) for word in ("true", "false", "null")):
            return self._value()
        return self._path()

    def _path(self) -> Path:
        path: list[str | int] = [self._name()]
        while True:
            if self._words.skip("."):
                path.append(self._name())
            elif self._words.comes("["):
                self._words.take()
                place = self._words.take()
                if not (place.kind == "number" and place.text.isdigit()):
                    raise malformed("a place in a list, as in [0], expected")
                path.append(int(place.text))
                self._words.demand("]")
            else:
                return tuple(path)

    def _name(self) -> str:
        token = self._words.next
        if token.kind not in ("word", "quoted"):
            raise malformed(f"a name expected {self._words.where()}")
        self._words.take()
        return token.text if token.kind == "word" else token.text[1:-1].replace('""', '"')

    def _value(self) -> Value:
        words = self._words
        for word, value in (("true", {"BOOL": True}), ("false", {"BOOL": False}), ("null", {"NULL": True})):
            if words.skip(word):
                return dict(value)
        where, sign = words.where(), "-" if words.skip("-") else ""
        token = words.take()
        if token.kind == "number":
            return {"N": sign + token.text}
        if token.kind == "string":
            return {"S": token.text[1:-1].replace("''", "'")}
        if token.text == "?" and self._parameters:
            return self._parameters.pop(0)
        if token.text == "?":
            raise malformed("Number of parameters in request and statement don't match")
        if token.text == "[":
            return {"L": self._until("]", self._value)}
        if token.text == "{":
            return {"M": dict(self._until("}", self._member))}
        if token.text == "<<":
            return self._set()
        raise malformed(f"a value expected {where}")

    def _member(self) -> tuple[str, Value]:
        token = self._words.take()
        if token.kind not in ("string", "quoted"):
            raise malformed("a name in quotes expected in braces")
        self._words.demand(":")
        return token.text[1:-1], self._value()

    def _set(self) -> Value:
        values = self._until(">>", self._value)
        kinds = {kind for value in values for kind in value}
        if len(kinds) != 1 or not kinds <= {"S", "N", "B"}:
            raise malformed("a set of values of one type, strings or numbers, expected")
        (kind,) = kinds
        return {f"{kind}S": [value[kind] for value in values]}

    def _until(self, closing: str, part: Any) -> list[Any]:
        if self._words.skip(closing):
            return []
        parts = self._listed(part)
        self._words.demand(closing)
        return parts

    def _listed(self, part: Any) -> list[Any]:
        parts = [part()]
        while self._words.skip(","):
            parts.append(part())
        return parts
