"""Faults of writing: conditions, return values, and what a write does in its own region."""

from typing import Any

from support.simulator.faults.fault import fault
from support.simulator.faults.seams import Forward, Seams
from support.simulator.items import item_key
from support.simulator.messages import Request, Response

LOCAL = "facts 1.2: conditions are checked against what their own region holds"
REPLACED = "DynamoDB API: ALL_OLD is the item as it was before the write"
REFUSED = Response.error("ConditionalCheckFailedException", "The conditional request failed")


@fault(LOCAL, "scenario_2", "troubleshooting")
def ignores_conditions(seams: Seams) -> None:
    """Each write is done, whatever its condition says."""

    def answer(request: Request, forward: Forward) -> Response:
        return forward(_unconditional(request) if "ConditionExpression" in request.parameters else request)

    _updates(seams, answer)


@fault(LOCAL, "scenario_2", "scenario_3", "troubleshooting")
def conditions_are_checked_globally(seams: Seams) -> None:
    """A condition is checked against the latest version of any region."""

    def perform(request: Request, forward: Forward) -> Response:
        if "ConditionExpression" in request.parameters:
            seams.bring_up_to_date(request.region)
        return forward(request)

    seams.performing(perform)


@fault("DynamoDB API: a write that was refused is done nowhere", "scenario_2", "scenario_3")
def refused_writes_are_done_elsewhere(seams: Seams) -> None:
    """A write whose condition does not hold in its own region is done in the other one."""

    def answer(request: Request, forward: Forward) -> Response:
        response = forward(request)
        if response.code == "ConditionalCheckFailedException":
            other = seams.primary if request.region == seams.replica else seams.replica
            forward(_unconditional(request).to(other))
        return response

    _updates(seams, answer)


@fault("DynamoDB API: UpdateItem creates an item that is not there", "workload")
def updates_create_nothing(seams: Seams) -> None:
    """An update of an item that is not there is answered as if it had been done; nothing is written."""

    def answer(request: Request, forward: Forward) -> Response:
        key = item_key(("PK", "SK"), request.parameters["Key"])
        image = seams.engine.read(request.region, request.parameters["TableName"], key)
        return Response.of({}) if image is None else forward(request)

    _updates(seams, answer)


@fault("facts 2.4: with eventual consistency no write is refused for a conflict", "exercise_3", "scenario_2")
def conflicting_writes_are_refused(seams: Seams) -> None:
    """A write of an item of which a change is on its way is refused: what strong consistency across regions does."""
    message = "One or more items in the request are being modified by a request in another Region."
    refused = Response.error("ReplicatedWriteConflictException", message)

    def perform(request: Request, forward: Forward) -> Response:
        if request.operation not in ("UpdateItem", "DeleteItem"):
            return forward(request)
        table, key = request.parameters["TableName"], item_key(("PK", "SK"), request.parameters["Key"])
        owed = seams.replication.next_arrival(table, key, request.region)
        return forward(request) if owed is None else refused

    seams.performing(perform)


@fault(LOCAL, "scenario_2", "scenario_3", "troubleshooting")
def refuses_every_condition(seams: Seams) -> None:
    """No write with a condition is done, whatever it says."""
    _updates(
        seams, lambda request, forward: REFUSED if "ConditionExpression" in request.parameters else forward(request)
    )


@fault(LOCAL, "scenario_2", "troubleshooting")
def conditions_do_not_count_in_the_primary_region(seams: Seams) -> None:
    """A condition that does not hold is answered as if the write had been done; nothing is written."""

    def answer(request: Request, forward: Forward) -> Response:
        response = forward(request)
        if response.ok or request.region != seams.primary or "ConditionExpression" not in request.parameters:
            return response
        key = item_key(("PK", "SK"), request.parameters["Key"])
        return Response.of(
            {"Attributes": seams.engine.read(request.region, request.parameters["TableName"], key) or {}}
        )

    _updates(seams, answer)


@fault(REPLACED, "exercise_3", "scenario_3")
def old_attributes_are_those_after_the_write(seams: Seams) -> None:
    """ALL_OLD gives the image after the write."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.parameters.get("ReturnValues") != "ALL_OLD":
            return forward(request)
        return forward(request.with_parameters(ReturnValues="ALL_NEW"))

    _updates(seams, answer)


@fault(REPLACED, "exercise_3", "scenario_3")
def old_attributes_are_left_out(seams: Seams) -> None:
    """ALL_OLD gives nothing, as if there had been no item."""
    seams.results("UpdateItem", lambda request, result: {})


@fault("DynamoDB API: an update leaves the other attributes alone", "exercise_3", "scenario_1", "scenario_3")
def updates_replace_the_item(seams: Seams) -> None:
    """An update leaves nothing but its key and what it sets."""

    def answer(request: Request, forward: Forward) -> Response:
        parameters = request.parameters
        key = item_key(("PK", "SK"), parameters["Key"])
        before = seams.engine.read(request.region, parameters["TableName"], key) or {}
        response = forward(request)
        after = seams.engine.read(request.region, parameters["TableName"], key) or {}
        changed = {name: value for name, value in after.items() if before.get(name) != value}
        if response.ok:
            forward(_put(request, {**parameters["Key"], **changed}))
        return response

    _updates(seams, answer)


@fault("DynamoDB API: a sale takes one piece off", "scenario_2")
def updates_are_done_twice(seams: Seams) -> None:
    """An update that counts is done twice, as after a lost answer."""

    def answer(request: Request, forward: Forward) -> Response:
        if "-" in request.parameters.get("UpdateExpression", ""):
            forward(request)
        return forward(request)

    _updates(seams, answer)


@fault("DynamoDB API: a delete that was answered is done", "exercise_3", "health", "workload")
def deletes_are_not_done(seams: Seams) -> None:
    """A delete is answered as if it had been done; the item stays."""

    def answer(request: Request, forward: Forward) -> Response:
        if request.operation != "DeleteItem":
            return forward(request)
        key = item_key(("PK", "SK"), request.parameters["Key"])
        image = seams.engine.read(request.region, request.parameters["TableName"], key)
        return Response.of({"Attributes": image} if image else {})

    seams.answering(answer)


@fault("DynamoDB API: a write that was answered is done", "scenario_1", "workload")
def every_fifth_update_is_not_done(seams: Seams) -> None:
    """An update is answered as if it had been done; the item stays as it was."""
    asked = 0

    def answer(request: Request, forward: Forward) -> Response:
        nonlocal asked
        asked += 1
        if asked % 5:
            return forward(request)
        key = item_key(("PK", "SK"), request.parameters["Key"])
        image = seams.engine.read(request.region, request.parameters["TableName"], key)
        return Response.of({"Attributes": image} if image else {})

    _updates(seams, answer)


@fault("facts 1.2: a write is done in the region that it was sent to", "exercise_2", "exercise_3", "scenario_1")
def writes_go_to_the_primary_region(seams: Seams) -> None:
    """The replica's region passes writes on to the primary one, as active-passive replication does."""

    def answer(request: Request, forward: Forward) -> Response:
        writes = request.operation in ("PutItem", "UpdateItem", "DeleteItem")
        return forward(request.to(seams.primary) if writes else request)

    seams.answering(answer)


def _updates(seams: Seams, answer: Any) -> None:
    seams.answering(
        lambda request, forward: answer(request, forward) if request.operation == "UpdateItem" else forward(request)
    )


def _unconditional(request: Request) -> Request:
    """The update without its condition, and without the names and values that only this has used."""
    parameters = {name: each for name, each in request.parameters.items() if name != "ConditionExpression"}
    used = parameters["UpdateExpression"].replace("=", " ").replace(",", " ").split()
    for part in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        parameters[part] = {name: each for name, each in parameters[part].items() if name in used}
    return request.with_only(**parameters)


def _put(request: Request, image: dict[str, Any]) -> Request:
    put = request.to(request.region, "PutItem")
    return put.with_only(TableName=request.parameters["TableName"], Item=image)
