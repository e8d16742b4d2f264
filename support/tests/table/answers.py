"""A client whose answers are made by hand, and what AWS refuses with."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from support.clock import SimulatedClock
from support.page.workshop import TABLE_NAME
from support.table.calls import Caller
from support.tests.verdicts.histories import US

ITEM = {"PK": {"S": "a"}, "SK": {"S": "b"}}


class Answers:
    """A client whose calls come to these ends, one after the other; `asked` are the parameters of the calls."""

    def __init__(self, *ends: Exception | Mapping[str, Any], metered: bool = False) -> None:
        self.ends = list(ends)
        self.asked: list[dict[str, Any]] = []
        self.clock = SimulatedClock()
        self.caller = Caller(US, self, self.clock, {"TableName": TABLE_NAME}, metered=metered)
        self.batch_write_item = self.transact_write_items = self.execute_statement = self.get_item = self.put_item

    def put_item(self, **parameters: Any) -> Mapping[str, Any]:
        self.asked.append(parameters)
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        if isinstance(end, Exception):
            raise end
        return end


def refusal(code: str, status: int = 400, **more: Any) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}, **more}
    return ClientError(response, "PutItem")


def cancelled(*reasons: str) -> ClientError:
    return refusal("TransactionCanceledException", CancellationReasons=[{"Code": reason} for reason in reasons])
