"""Faults of the ways of writing: what PutItem does is right, and what another operation writes travels wrongly."""

from dataclasses import replace

from support.clock import MICROSECONDS
from support.simulator.faults.fault import CASE, fault
from support.simulator.faults.seams import Departures, Forward, Seams
from support.simulator.messages import Request, Response
from support.simulator.replication.links import Link
from support.simulator.replication.versions import Change

BATCH = "BatchWriteItem"
TRANSACTION = "TransactWriteItems"
STATEMENT = "ExecuteStatement"

EACH_WRITE = "facts 1.4: every write replicates, whatever operation made it"
EACH_ITEM = "facts 1.2b: items replicate individually, each of them"
LAST_WRITER = "facts 1.1: the version that was written last wins, whatever operation wrote it"
WHOLE = "facts 1.1b: whole images replace each other, whatever operation made them"


@fault(EACH_WRITE, "workload", takes=CASE, cases=(BATCH, TRANSACTION, STATEMENT))
def stays_at_home(seams: Seams, operation: str) -> None:
    """What an operation writes does not replicate: a hook on PutItem and DeleteItem instead of the table's stream."""
    seams.departing_of(operation, lambda link, change, place: [])


@fault(EACH_WRITE, "workload", takes=CASE, cases=(BATCH, STATEMENT))
def deletes_stay_at_home(seams: Seams, operation: str) -> None:
    """What an operation puts or updates replicates, what it deletes does not."""
    seams.departing_of(operation, lambda link, change, place: [(0, change)] if change.image else [])


@fault(EACH_WRITE, "workload", takes=CASE, cases=(STATEMENT,))
def updates_stay_at_home(seams: Seams, operation: str) -> None:
    """What an operation deletes replicates, what it updates does not."""
    seams.departing_of(operation, lambda link, change, place: [] if change.image else [(0, change)])


@fault(EACH_ITEM, "workload", takes=CASE, cases=(BATCH, TRANSACTION))
def first_travels_alone(seams: Seams, operation: str) -> None:
    """Of what an operation writes only the first item replicates: one stream record is read for each request."""
    seams.departing_of(operation, lambda link, change, place: [(0, change)] if place == 0 else [])


@fault("BatchWriteItem deletes what it is asked to delete", "workload")
def batch_deletes_are_not_done(seams: Seams) -> None:
    """The deletes of a batch are answered with success, and done nowhere."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation != BATCH:
            return forward(request)
        asked = request.parameters["RequestItems"]
        puts = {table: [each for each in asked[table] if "PutRequest" in each] for table in asked}
        done = {table: requests for table, requests in puts.items() if requests}
        nothing = Response.of({"UnprocessedItems": {}})
        return forward(request.with_parameters(RequestItems=done)) if done else nothing

    seams.answering(answer)


@fault(LAST_WRITER, "workload")
def batches_are_stamped_in_the_past(seams: Seams) -> None:
    """What BatchWriteItem writes counts as ten seconds older than it is, and loses against what was written before."""
    seams.stamping(lambda region, now: now - 10 * MICROSECONDS if seams.answers(BATCH) else now)


@fault(WHOLE, "workload")
def transactions_arrive_as_deltas(seams: Seams) -> None:
    """What a transaction writes arrives as the attributes that it has changed, and not as the whole item."""

    def send(_: Link, change: Change, place: int) -> Departures:
        before = change.replaced or {}
        changed = {name: value for name, value in (change.image or {}).items() if before.get(name) != value}
        whole = {name: value for name, value in (change.image or {}).items() if name in ("PK", "SK")}
        return [(0, replace(change, image={**whole, **changed}) if change.image else change)]

    seams.departing_of(TRANSACTION, send)


@fault("PartiQL reference: RETURNING ALL OLD * is the item before the statement", "workload")
def statements_return_the_new_image(seams: Seams) -> None:
    """A PartiQL UPDATE is answered with the item as it is after it."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation != STATEMENT:
            return forward(request)
        update = request.parameters["Statement"].startswith("UPDATE")
        statement = request.parameters["Statement"].replace("ALL OLD", "ALL NEW" if update else "ALL OLD")
        return forward(request.with_parameters(Statement=statement))

    seams.answering(answer)


@fault("PartiQL reference: UPDATE changes an item that is there", "workload")
def statement_updates_are_refused(seams: Seams) -> None:
    """A PartiQL UPDATE of an item that is there is refused as if there were none."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation == STATEMENT and request.parameters["Statement"].startswith("UPDATE"):
            return Response.error("ConditionalCheckFailedException", "The conditional request failed")
        return forward(request)

    seams.answering(answer)
