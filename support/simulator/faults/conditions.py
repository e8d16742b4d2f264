"""Faults of writing: conditions, return values, and what a write does in its own region."""

from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams, answers_to, changed, results_of
from support.simulator.items import item_key
from support.simulator.messages import Request, Response

LOCAL = "facts 1.2: conditions are checked against what their own region holds"
REPLACED = "DynamoDB API: ALL_OLD is the item as it was before the write"
NO_CONFLICT = "facts 2.4: with eventual consistency no write is refused for a conflict"
PLACE = "facts 1.2: a write is done in the region that it was sent to"
REFUSED = Response.error("ConditionalCheckFailedException", "The conditional request failed")
UPDATES = answers_to("UpdateItem")


@fault(UPDATES, LOCAL, "scenario_2", "troubleshooting")
def ignores_conditions(seams: Seams, request: Request, forward: Forward) -> Response:
    """Each write is done, whatever its condition says."""
    return forward(_unconditional(request) if "ConditionExpression" in request.parameters else request)


@fault(Seams.seeing_all, LOCAL, "scenario_2", "scenario_3", "troubleshooting")
def conditions_are_checked_globally(seams: Seams, request: Request) -> bool:
    """A condition is checked against the latest version of any region."""
    return "ConditionExpression" in request.parameters


@fault(UPDATES, "DynamoDB API: a write that was refused is done nowhere", "scenario_2", "scenario_3")
def refused_writes_are_done_elsewhere(seams: Seams, request: Request, forward: Forward) -> Response:
    """A write whose condition does not hold in its own region is done in the other one."""
    response = forward(request)
    if response.code == "ConditionalCheckFailedException":
        other = seams.primary if request.region == seams.replica else seams.replica
        forward(_unconditional(request).to(other))
    return response


@fault(UPDATES, "DynamoDB API: UpdateItem creates an item that is not there", "workload")
def updates_create_nothing(seams: Seams, request: Request, forward: Forward) -> Response:
    """An update of an item that is not there is answered as if it had been done; nothing is written."""
    return Response.of({}) if seams.item(request) is None else forward(request)


@fault(Seams.performing, NO_CONFLICT, "exercise_3", "scenario_2")
def conflicting_writes_are_refused(seams: Seams, request: Request, forward: Forward) -> Response:
    """A write of an item of which a change is on its way is refused: what strong consistency across regions does."""
    if request.operation in ("UpdateItem", "DeleteItem"):
        key = item_key(("PK", "SK"), request.parameters["Key"])
        if seams.replication.next_arrival(request.parameters["TableName"], key, request.region) is not None:
            message = "One or more items in the request are being modified by a request in another Region."
            return Response.error("ReplicatedWriteConflictException", message)
    return forward(request)


@fault(UPDATES, LOCAL, "scenario_2", "scenario_3", "troubleshooting")
def refuses_every_condition(seams: Seams, request: Request, forward: Forward) -> Response:
    """No write with a condition is done, whatever it says."""
    return REFUSED if "ConditionExpression" in request.parameters else forward(request)


@fault(UPDATES, LOCAL, "scenario_2", "troubleshooting")
def conditions_do_not_count_in_the_primary_region(seams: Seams, request: Request, forward: Forward) -> Response:
    """A condition that does not hold is answered as if the write had been done; nothing is written."""
    response = forward(request)
    refused = response.code == REFUSED.code and request.region == seams.primary
    return _as_if_done(seams, request) if refused else response


@fault(UPDATES, REPLACED, "exercise_3", "scenario_3")
def old_attributes_are_those_after_the_write(seams: Seams, request: Request, forward: Forward) -> Response:
    """ALL_OLD gives the image after the write."""
    old = request.parameters.get("ReturnValues") == "ALL_OLD"
    return forward(request.with_parameters(ReturnValues="ALL_NEW") if old else request)


@fault(results_of("UpdateItem"), REPLACED, "exercise_3", "scenario_3")
def old_attributes_are_left_out(seams: Seams, request: Request, result: dict[str, Any]) -> dict[str, Any]:
    """ALL_OLD gives nothing, as if there had been no item."""
    return {}


@fault(UPDATES, "DynamoDB API: an update leaves the other attributes alone", "exercise_3", "scenario_1", "scenario_3")
def updates_replace_the_item(seams: Seams, request: Request, forward: Forward) -> Response:
    """An update leaves nothing but its key and what it sets."""
    before = seams.item(request)
    response = forward(request)
    if response.ok:
        image = {**request.parameters["Key"], **changed(seams.item(request), before)}
        put = request.to(request.region, "PutItem")
        forward(put.with_only(TableName=request.parameters["TableName"], Item=image))
    return response


@fault(UPDATES, "DynamoDB API: a sale takes one piece off", "scenario_2")
def updates_are_done_twice(seams: Seams, request: Request, forward: Forward) -> Response:
    """An update that counts is done twice, as after a lost answer."""
    if "-" in request.parameters.get("UpdateExpression", ""):
        forward(request)
    return forward(request)


@fault(answers_to("DeleteItem"), "DynamoDB API: a delete that was answered is done", "exercise_3", "health", "workload")
def deletes_are_not_done(seams: Seams, request: Request, forward: Forward) -> Response:
    """A delete is answered as if it had been done; the item stays."""
    return _as_if_done(seams, request)


@fault(UPDATES, "DynamoDB API: a write that was answered is done", "scenario_1", "workload")
def every_fifth_update_is_not_done(seams: Seams, request: Request, forward: Forward) -> Response:
    """An update is answered as if it had been done; the item stays as it was."""
    return forward(request) if seams.count() % 5 else _as_if_done(seams, request)


@fault(answers_to("PutItem", "UpdateItem", "DeleteItem"), PLACE, "exercise_2", "exercise_3", "scenario_1")
def writes_go_to_the_primary_region(seams: Seams, request: Request, forward: Forward) -> Response:
    """The replica's region passes writes on to the primary one, as active-passive replication does."""
    return forward(request.to(seams.primary))


def _as_if_done(seams: Seams, request: Request) -> Response:
    image = seams.item(request)
    return Response.of({"Attributes": image} if image else {})


def _unconditional(request: Request) -> Request:
    """The request with a condition that always holds, made of the same names and values."""
    condition = request.parameters["ConditionExpression"]
    return request.with_parameters(ConditionExpression=f"({condition}) OR NOT ({condition})")
