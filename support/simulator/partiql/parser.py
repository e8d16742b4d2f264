"""The grammar of statements."""

from support.simulator.partiql.expressions import ExpressionParser
from support.simulator.partiql.syntax import Assignment, Condition, Path, Statement
from support.simulator.partiql.tokens import malformed


class Parser(ExpressionParser):
    """Reads one statement."""

    def statement(self) -> Statement:
        """The statement. Raises RefusedError when it is none, or one that the grammar does not have."""
        verbs = {"select": self._select, "insert": self._insert, "update": self._update, "delete": self._delete}
        verb = self.words.choose(*verbs)
        if verb is None:
            raise malformed(f"SELECT, INSERT, UPDATE or DELETE expected {self.words.where()}")
        statement = verbs[verb]()
        if self.words.next.text:
            raise malformed(f"the end expected {self.words.where()}")
        if self.parameters:
            raise malformed("Number of parameters in request and statement don't match")
        return statement

    def _select(self) -> Statement:
        columns = [] if self.words.skip("*") else self.listed(self.path)
        self.words.demand("from")
        table = self.name()
        index = self.name() if self.words.skip(".") else None
        return Statement("SELECT", table, index, columns=tuple(columns), where=self._where())

    def _insert(self) -> Statement:
        self.words.demand("into")
        table = self.name()
        self.words.demand("value")
        item = self.value()
        if "M" not in item:
            raise malformed("an item in braces expected after VALUE")
        return Statement("INSERT", table, item=item["M"])

    def _update(self) -> Statement:
        table = self.name()
        assignments: list[Assignment] = []
        removed: list[Path] = []
        while clause := self.words.choose("set", "remove"):
            if clause == "set":
                assignments += self.listed(self._assignment)
            else:
                removed += self.listed(self.path)
        if not assignments and not removed:
            raise malformed(f"SET or REMOVE expected {self.words.where()}")
        return Statement(
            "UPDATE", table, assignments=tuple(assignments), removed=tuple(removed),
            where=self._where(), returning=self._returning(),
        )  # fmt: skip

    def _delete(self) -> Statement:
        self.words.demand("from")
        return Statement("DELETE", self.name(), where=self._where(), returning=self._returning())

    def _where(self) -> Condition | None:
        return self.condition() if self.words.skip("where") else None

    def _returning(self) -> str | None:
        """The ReturnValues that a RETURNING asks for."""
        if not self.words.skip("returning"):
            return None
        whole = self.words.choose("all", "modified")
        image = self.words.choose("old", "new") if whole else None
        if image is None:
            raise malformed(f"ALL or MODIFIED, then OLD or NEW, expected {self.words.where()}")
        self.words.demand("*")
        return f"{'ALL' if whole == 'all' else 'UPDATED'}_{image.upper()}"

    def _assignment(self) -> Assignment:
        path = self.path()
        self.words.demand("=")
        if self.words.skip("list_append", "("):
            return Assignment(path, "list_append", self.pair(self.operand, self.operand))
        first = self.operand()
        if sign := self.words.choose("+", "-"):
            return Assignment(path, sign, (first, self.operand()))
        return Assignment(path, "=", (first,))
