"""What a world answers to a request that it refuses, and whether anything was written."""

from typing import Any

from support.simulator.messages import dynamodb_request
from support.tests.simulator.simulated_world import EU, NAME, US, World


def refusal(world: World, operation: str, **parameters: Any) -> tuple[str, str]:
    """The code and the message of the refusal of a request, as it is sent and without a check of boto3's."""
    response = world.simulator.router.answer(dynamodb_request(US, operation, parameters))
    assert response.status == 400, response.body
    message = response.result["message"]
    assert "\n" not in message
    return response.result["__type"].rpartition("#")[2], message


def nothing_was_written(world: World) -> bool:
    world.settle()
    return all(world[region].scan(TableName=NAME)["Count"] == 0 for region in (US, EU))
