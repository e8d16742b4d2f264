"""The layer between the request router and the tables: names instead of ARNs, and a refusal for what can't be."""

from collections.abc import Mapping, Sequence
from typing import Any

from support.simulator.engines.engine import Engine
from support.simulator.messages import CLOUDWATCH, DYNAMODB, STREAMS, Request, dynamodb_request
from support.simulator.validation.item_checks import ItemChecks
from support.simulator.validation.names import NOT_FOUND, TABLE_ARN, check_arns, check_table_name, with_names
from support.simulator.validation.operations import check_supported
from support.simulator.validation.refused import RefusedError, invalid
from support.simulator.validation.schemas import Schemas
from support.simulator.validation.shapes import check_shape

TAGS = ("TagResource", "UntagResource", "ListTagsOfResource")


class Validation:
    """Checks requests before anything is done."""

    def __init__(self, engine: Engine, regions: Sequence[str]) -> None:
        self._engine = engine
        self._regions = regions
        self.schemas = Schemas(engine)
        self._item_checks = ItemChecks(self.schemas)

    def check_region(self, request: Request) -> None:
        """Raise RefusedError for a region that is not served."""
        if request.region not in self._regions:
            message = f"the simulator does not serve {request.region}: use {' or '.join(self._regions)}"
            raise RefusedError(message, "UnrecognizedClientException")

    def named(self, request: Request) -> Request:
        """The request with names for ARNs, its shape checked. Raises RefusedError."""
        if request.service == CLOUDWATCH:
            return request
        request = with_names(request)
        check_shape(request.service, request.operation, request.parameters)
        check_arns(request)
        check_table_name(request.parameters.get("TableName"))
        return request

    def check(self, request: Request) -> None:
        """Raise RefusedError for a request that the service or the simulator would not do."""
        if request.service == DYNAMODB:
            check_supported(request)
            if request.operation in TAGS:
                self._check_resource(request)
            self._item_checks.check(request)
        elif request.service == STREAMS:
            self._check_stream(request)

    def _check_resource(self, request: Request) -> None:
        arn = request.parameters["ResourceArn"]
        found = TABLE_ARN.fullmatch(arn)
        if found is None:
            raise invalid(f"Invalid resource arn provided, only table is accepted. Provided resource arn: {arn}")
        if self._table(request.region, found["name"]).get("TableArn") != arn:
            raise RefusedError(f"Requested resource not found: ResourcArn: {arn} not found", NOT_FOUND)

    def _table(self, region: str, name: str) -> Mapping[str, Any]:
        described = self._engine.send(dynamodb_request(region, "DescribeTable", {"TableName": name}))
        table: Mapping[str, Any] = described.result.get("Table", {})
        return table

    def _check_stream(self, request: Request) -> None:
        arn = request.parameters.get("StreamArn")
        if arn is None:
            return
        found = TABLE_ARN.match(arn)
        table = self._table(request.region, found["name"]) if found else {}
        if table.get("LatestStreamArn") != arn or "StreamSpecification" not in table:
            raise RefusedError(f"Requested resource not found: Stream: {arn} not found", NOT_FOUND)
