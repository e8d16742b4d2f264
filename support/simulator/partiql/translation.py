"""A statement as the request of another operation that does the same."""

from collections.abc import Iterable
from typing import Any

from support.simulator.partiql.syntax import Assignment, Call, Condition, Path, Statement, Value
from support.simulator.partiql.tokens import malformed
from support.simulator.validation.refused import RefusedError
from support.simulator.validation.schemas import TableSchema

NO_WHOLE_KEY = "Where clause does not contain a mandatory equality on all key attributes"
SORT_CONDITIONS = ("=", "<", "<=", ">", ">=", "BETWEEN", "begins_with")


class Expressions:
    """Expressions of DynamoDB's API, with the names and values that they refer to."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: list[Value] = []

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that explain the expressions."""
        names = {placeholder: name for name, placeholder in self._names.items()}
        values = {f":v{number}": value for number, value in enumerate(self._values)}
        found: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        return {**found, "ExpressionAttributeValues": values} if values else found

    def condition(self, condition: Condition) -> str:
        """A condition, filter or key condition."""
        operator, operands = condition.operator, condition.operands
        if operator in ("AND", "OR"):
            return f"({f' {operator} '.join(map(self.condition, operands))})"
        if operator == "NOT":
            return f"(NOT {self.condition(operands[0])})"
        parts = [self.operand(each) for each in operands]
        if operator == "BETWEEN":
            return f"{parts[0]} BETWEEN {parts[1]} AND {parts[2]}"
        if operator == "IN":
            return f"{parts[0]} IN ({', '.join(parts[1:])})"
        if len(parts) == 2 and not operator[0].isalpha():
            return f"{parts[0]} {operator} {parts[1]}"
        return f"{operator}({', '.join(parts)})"

    def all(self, conditions: Iterable[Condition]) -> str:
        """Conditions that all have to hold."""
        return " AND ".join(map(self.condition, conditions))

    def operand(self, operand: Path | Call | Value) -> str:
        """A path, a value or a function's result."""
        if isinstance(operand, Call):
            return f"size({self.path(operand.path)})"
        if isinstance(operand, tuple):
            return self.path(operand)
        self._values.append(operand)
        return f":v{len(self._values) - 1}"

    def path(self, path: Path) -> str:
        """A path to an attribute."""
        parts = [
            "" if isinstance(step, int) else self._names.setdefault(step, f"#n{len(self._names)}") for step in path
        ]
        texts = [f"[{step}]" if isinstance(step, int) else f".{part}" for step, part in zip(path, parts, strict=True)]
        return "".join(texts).removeprefix(".")

    def assignment(self, assignment: Assignment) -> str:
        """One change of SET."""
        target, parts = self.path(assignment.path), [self.operand(each) for each in assignment.operands]
        if assignment.operator == "=":
            return f"{target} = {parts[0]}"
        if assignment.operator == "list_append":
            return f"{target} = list_append({', '.join(parts)})"
        return f"{target} = {parts[0]} {assignment.operator} {parts[1]}"


def write_of(statement: Statement, schema: TableSchema) -> tuple[str, dict[str, Any]]:
    """What a statement that writes is in TransactWriteItems: "Put", "Update" or "Delete", and its parameters."""
    expressions = Expressions()
    table = {"TableName": statement.table}
    exists = (schema.keys[0],)
    if statement.verb == "INSERT":
        new = expressions.condition(Condition("attribute_not_exists", (exists,)))
        return "Put", {**table, "Item": statement.item, "ConditionExpression": new, **expressions.parameters}
    key, rest = whole_key(statement, schema)
    if statement.verb == "DELETE":
        condition = {"ConditionExpression": expressions.all(rest)} if rest else {}
        return "Delete", {**table, "Key": key, **condition, **expressions.parameters}
    changes = []
    if statement.assignments:
        changes.append("SET " + ", ".join(map(expressions.assignment, statement.assignments)))
    if statement.removed:
        changes.append("REMOVE " + ", ".join(map(expressions.path, statement.removed)))
    found = [Condition("attribute_exists", (exists,)), *rest]
    update = {"UpdateExpression": " ".join(changes), "ConditionExpression": expressions.all(found)}
    return "Update", {**table, "Key": key, **update, **expressions.parameters}


def get_of(statement: Statement, schema: TableSchema) -> dict[str, Any]:
    """The Get of one item that a SELECT asks for by its whole key. Raises RefusedError for any other SELECT."""
    key, rest = whole_key(statement, schema)
    if rest or statement.index:
        raise RefusedError(f"{NO_WHOLE_KEY}, and nothing else: use ExecuteStatement")
    return {"TableName": statement.table, "Key": key}


def read_of(statement: Statement, schema: TableSchema) -> tuple[str, dict[str, Any]]:
    """The Query that a SELECT is where it gives a partition key, else the Scan."""
    expressions = Expressions()
    names = {"TableName": statement.table, **({"IndexName": statement.index} if statement.index else {})}
    if statement.index and statement.index not in schema.indexes:
        raise RefusedError("The table does not have the specified index")
    keys = schema.indexes[statement.index] if statement.index else schema.keys
    conjuncts = list(statement.where.conjuncts()) if statement.where else []
    by_key = [each for each in conjuncts if _is_equality(each, keys[0])][:1]
    if by_key and len(keys) > 1:
        by_key += [each for each in conjuncts if _is_of_sort_key(each, keys[1])][:1]
    rest = [each for each in conjuncts if each not in by_key]
    if not by_key or any(each.attributes() & set(keys) for each in rest):
        by_key, rest = [], conjuncts
    asked = {"KeyConditionExpression": expressions.all(by_key)} if by_key else {}
    if rest:
        asked["FilterExpression"] = expressions.all(rest)
    if statement.columns:
        asked["ProjectionExpression"] = ", ".join(expressions.path(path) for path in dict.fromkeys(statement.columns))
    return ("Query" if by_key else "Scan"), {**names, **asked, **expressions.parameters}


def shown(statement: Statement, item: dict[str, Value]) -> dict[str, Value]:
    """An item as a SELECT shows it: a path under its last name."""
    if not statement.columns:
        return item
    found: dict[str, Value] = {}
    for path in statement.columns:
        value: Value | None = {"M": item}
        for step in path:
            if isinstance(step, int):
                raise malformed("an element of a list can't be selected: select the list")
            value = value.get("M", {}).get(step) if value else None
        if value is not None:
            found[str(path[-1])] = value
    return found


def whole_key(statement: Statement, schema: TableSchema) -> tuple[dict[str, Value], list[Condition]]:
    """The key that a statement's WHERE gives, and the conditions beside it. Raises RefusedError for less than a key."""
    conjuncts = list(statement.where.conjuncts()) if statement.where else []
    key: dict[str, Value] = {}
    for name in schema.keys:
        given = [each for each in conjuncts if _is_equality(each, name)]
        if len(given) != 1:
            raise RefusedError(NO_WHOLE_KEY)
        key[name] = given[0].operands[1]
        conjuncts.remove(given[0])
    return key, conjuncts


def _is_equality(condition: Condition, name: str) -> bool:
    operands = condition.operands
    return condition.operator == "=" and operands[0] == (name,) and isinstance(operands[1], dict)


def _is_of_sort_key(condition: Condition, name: str) -> bool:
    first, *values = condition.operands
    return condition.operator in SORT_CONDITIONS and first == (name,) and all(isinstance(each, dict) for each in values)
