"""What a world answers to a call that it refuses."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.simulator.messages import dynamodb_request
from support.tests.simulator.simulated_world import AP, EU, NAME, US, World

CREATE_EU, CREATE_AP = ({"Create": {"RegionName": region}} for region in (EU, AP))


def refusal(world: World, operation: str, region: str = US, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        getattr(world[region], operation)(**parameters)
    error = refused.value.response["Error"]
    assert "\n" not in error["Message"]
    return error["Code"], error["Message"]


def update(world: World, region: str = US, **parameters: Any) -> tuple[str, str]:
    """The same for an UpdateTable as any SDK may send it: this one checks nothing before."""
    asked = dynamodb_request(region, "UpdateTable", {"TableName": NAME, **parameters})
    refused = world.simulator.router.answer(asked)
    assert not refused.ok
    return refused.code, refused.message
