"""Faults of the ways of writing: what PutItem does is right, and what another operation writes travels wrongly."""

from support.clock import MICROSECONDS
from support.simulator.faults.conditions import REFUSED
from support.simulator.faults.fault import fault
from support.simulator.faults.images import only_changed
from support.simulator.faults.seams import Departures, Forward, Seams, answers_to
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


OF_STATEMENTS = (f"deletes-of-{STATEMENT}", f"updates-of-{STATEMENT}")
AT_HOME = (BATCH, TRANSACTION, STATEMENT, f"deletes-of-{BATCH}", *OF_STATEMENTS)


@fault(Seams.losing, EACH_WRITE, "workload", cases=AT_HOME)
def stays_at_home(seams: Seams, what: str, link: Link, change: Change) -> bool:
    """What an operation writes does not replicate: a hook on PutItem and DeleteItem instead of the table's stream."""
    writes, _, operation = what.rpartition("-of-")
    written = "deletes" if change.image is None else "updates"
    return seams.request.operation == operation and writes in ("", written)


@fault(Seams.losing, EACH_ITEM, "workload", cases=(BATCH, TRANSACTION))
def first_travels_alone(seams: Seams, operation: str, link: Link, change: Change) -> bool:
    """Of what an operation writes only the first item replicates: one stream record is read for each request."""
    return seams.request.operation == operation and seams.count(seams.number, link) > 1


@fault(answers_to(BATCH), "BatchWriteItem deletes what it is asked to delete", "workload")
def batch_deletes_are_not_done(seams: Seams, request: Request, forward: Forward) -> Response:
    """The deletes of a batch are answered with success, and done nowhere."""
    asked = request.parameters["RequestItems"]
    puts = {table: [each for each in asked[table] if "PutRequest" in each] for table in asked}
    done = {table: requests for table, requests in puts.items() if requests}
    return forward(request.with_parameters(RequestItems=done)) if done else Response.of({"UnprocessedItems": {}})


@fault(Seams.stamping, LAST_WRITER, "workload")
def batches_are_stamped_in_the_past(seams: Seams, region: str, now: int) -> int:
    """What BatchWriteItem writes counts as ten seconds older than it is, and loses against what was written before."""
    return now - 10 * MICROSECONDS if seams.request.operation == BATCH else now


@fault(Seams.stamping, LAST_WRITER, "troubleshooting")
def conditional_writes_are_stamped_in_the_past(seams: Seams, region: str, now: int) -> int:
    """What is written on a condition counts as ten seconds older than it is: it loses against what was there."""
    return now - 10 * MICROSECONDS if b"ConditionExpression" in seams.request.body else now


@fault(Seams.departing, WHOLE, "workload")
def transactions_arrive_as_deltas(seams: Seams, link: Link, change: Change) -> Departures:
    """What a transaction writes arrives as the attributes that it has changed, and not as the whole item."""
    return [(0, only_changed(change) if seams.request.operation == TRANSACTION else change)]


@fault(answers_to(STATEMENT), "PartiQL reference: RETURNING ALL OLD * is the item before the statement", "workload")
def statements_return_the_new_image(seams: Seams, request: Request, forward: Forward) -> Response:
    """A PartiQL UPDATE is answered with the item as it is after it."""
    statement = request.parameters["Statement"]
    new = statement.replace("ALL OLD", "ALL NEW") if statement.startswith("UPDATE") else statement
    return forward(request.with_parameters(Statement=new))


@fault(answers_to(STATEMENT), "PartiQL reference: UPDATE changes an item that is there", "workload")
def statement_updates_are_refused(seams: Seams, request: Request, forward: Forward) -> Response:
    """A PartiQL UPDATE of an item that is there is refused as if there were none."""
    return REFUSED if request.parameters["Statement"].startswith("UPDATE") else forward(request)
