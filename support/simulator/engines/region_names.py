"""Regions in the ARNs of an engine that names them otherwise.

DynamoDB Local calls every region "ddblocal". Clients see the region that they asked, and may ask with what they saw.
Items are left alone, whatever is written in them.
"""

import re
from collections.abc import Mapping
from typing import Any

from support.simulator.messages import Request, Response

REGION_OF_ARN = re.compile(r"(?<=:dynamodb:)[\w-]+(?=:)")
ANSWERS_WITH_ARNS = (
    "CreateTable",
    "DescribeTable",
    "UpdateTable",
    "DeleteTable",
    "ListStreams",
    "DescribeStream",
    "GetShardIterator",
    "GetRecords",
)
HOLDS_ARN = re.compile(r"\w*Arn|(Next)?ShardIterator")
PARAMETERS = ("StreamArn", "ExclusiveStartStreamArn", "ShardIterator", "ResourceArn", "TableName")


class RegionNames:
    """How the engine calls each region, as far as it has said so."""

    def __init__(self) -> None:
        self._of_engine: dict[str, str] = {}

    def inward(self, request: Request) -> Request:
        """The request as the engine understands it."""
        name = self._of_engine.get(request.region)
        values = {each: request.parameters[each] for each in PARAMETERS if each in request.parameters} if name else {}
        renamed = {
            each: _renamed(value, str(name)) for each, value in values.items() if ":dynamodb:" in str(value)
        }  # fmt: skip
        return request.with_parameters(**{**request.parameters, **renamed}) if renamed else request

    def outward(self, request: Request, response: Response) -> Response:
        """The answer as AWS would word it."""
        if request.operation not in ANSWERS_WITH_ARNS or not response.ok:
            return response
        return Response.of(self._with_region(response.result, request.region))

    def _with_region(self, value: Any, region: str) -> Any:
        if isinstance(value, list):
            return [self._with_region(each, region) for each in value]
        if not isinstance(value, Mapping):
            return value
        # The content of a stream's record is an item's.
        return {
            name: region if name == "awsRegion" else each if name == "dynamodb" else self._field(name, each, region)
            for name, each in value.items()
        }

    def _field(self, name: str, value: Any, region: str) -> Any:
        if not isinstance(value, str) or not HOLDS_ARN.fullmatch(name):
            return self._with_region(value, region)
        named = REGION_OF_ARN.search(value)
        if named and named[0] != region:
            self._of_engine[region] = named[0]
        return _renamed(value, region)


def _renamed(value: str, region: str) -> str:
    return REGION_OF_ARN.sub(region, value)
