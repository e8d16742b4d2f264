"""All requests come through this router, in this process or over HTTP: here time passes and faults happen."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from threading import RLock

from support.clock import Clock
from support.simulator.control_plane import ControlPlane
from support.simulator.engines.engine import Engine
from support.simulator.faults import Faults
from support.simulator.messages import CLOUDWATCH, DYNAMODB, Request, Response
from support.simulator.partiql.statements import PartiQL
from support.simulator.replicas import Replicas
from support.simulator.replication.failures import describe
from support.simulator.replication.metrics import put_metric_data
from support.simulator.replication.replication import Replication
from support.simulator.validation.names import as_asked, tables_of
from support.simulator.validation.operations import answer_of_legacy
from support.simulator.validation.refused import RefusedError
from support.simulator.validation.tokens import Tokens
from support.simulator.validation.validation import Validation

INDEX_READS = ("Query", "Scan")
CHANGES_SCHEMAS = ("CreateTable", "UpdateTable", "DeleteTable", "ImportTable", "Restore")


class NoAnswerError(Exception):
    """The connection breaks before an answer comes; whoever carries requests shows this in its own way.

    `done` tells whether the request was done all the same, which a client never learns.
    """

    def __init__(self, done: bool) -> None:
        super().__init__("the request was done, and its answer is lost" if done else "the request was not done")
        self.done = done


class RequestRouter:
    """Answers requests to any region."""

    def __init__(
        self,
        engine: Engine,
        replication: Replication,
        replicas: Replicas,
        control_plane: ControlPlane,
        validation: Validation,
        clock: Clock,
        seed: str,
        faults: Faults,
    ) -> None:
        self._engine = engine
        self._replication = replication
        self._replicas = replicas
        self._control_plane = control_plane
        self._validation = validation
        self._partiql = PartiQL(validation.schemas, self._perform)
        self._tokens = Tokens(clock)
        self._clock = clock
        self._faults = faults
        self._random = Random(f"{seed}/door")
        self._breaks = Random(f"{seed}/door/breaks")
        self._lock = RLock()

    def answer(self, request: Request) -> Response:
        """What the region answers to the request. Raises NoAnswerError when a fault keeps the answer back."""
        self._clock.wait(self._faults.amount("slow-answers"))
        with self._lock:
            self.let_time_pass()
            try:
                return self._answer(request)
            except RefusedError as refused:
                return refused.response()
            except NoAnswerError:
                raise
            except Exception as error:
                return _unexpected(request, error)

    def let_time_pass(self) -> None:
        """Do what has become due since the last request."""
        with self._lock:
            self._replication.deliver_due()
            self._replicas.do_due()

    @contextmanager
    def between_requests(self) -> Iterator[None]:
        """Keep requests waiting while something is changed, which holds from now on and not for what was due."""
        with self._lock:
            self.let_time_pass()
            yield

    def failures(self) -> list[str]:
        """What could not be done for some table, in one line each."""
        with self.between_requests():
            return self._replication.failures.all()

    def _answer(self, asked: Request) -> Response:
        self._validation.check_region(asked)
        request = self._validation.named(asked)
        if request.service != DYNAMODB:
            return self._done(request)
        if self._breaks.random() < self._faults.amount("connection-resets"):
            raise NoAnswerError(done=False)
        response = self._refusal(request) or self._tokens.answered(request)
        if response:
            return response
        response = as_asked(asked, self._done(request))
        if response.status < 300:
            for table in sorted(set(tables_of(request))):
                self._replication.metrics.succeeded(request.region, table, request.operation, self._replication.now())
        self._tokens.remember(request, response)
        if self._breaks.random() < self._faults.amount("lost-answers"):
            raise NoAnswerError(done=True)
        return response

    def _done(self, request: Request) -> Response:
        if request.service == CLOUDWATCH:
            self._publish()
        response = self._perform(request)
        # All regions: an engine may tell late of a write that was made elsewhere.
        for region, table in self._replicas.places():
            self._replication.take_writes(region, table, self._replicas.members(table))
        return response

    def _perform(self, request: Request) -> Response:
        if request.service == CLOUDWATCH:
            return self._engine.send(request)
        self._check_tables(request)
        self._validation.check(request)
        response = answer_of_legacy(request) or self._partiql.answer(request) or self._control_plane.answer(request)
        if response is None:
            response = self._answer_of_region(request)
        if request.operation.startswith(CHANGES_SCHEMAS):
            self._validation.schemas.forget()
        return response

    def _check_tables(self, request: Request) -> None:
        tables = set(tables_of(request))
        self._control_plane.check_status(request, tables)
        for table in tables:
            reason = self._replication.failures.of(table)
            if reason and request.operation != "DeleteTable":
                message = (
                    f"{reason}: it is tried again with each request; delete the table, or start the simulator anew"
                )
                raise RefusedError(message, "InternalServerError")

    def _publish(self) -> None:
        """Put what is due into CloudWatch just before somebody looks."""
        for datapoint in self._replication.metrics.take_published(self._replication.now()):
            self._engine.send(put_metric_data(datapoint))

    def _refusal(self, request: Request) -> Response | None:
        if self._random.random() < self._faults.amount("throttling"):
            message = "The level of configured provisioned throughput for the table was exceeded."
            return Response.error("ProvisionedThroughputExceededException", message)
        if self._random.random() < self._faults.amount("errors"):
            for table in sorted(set(tables_of(request))):
                self._replication.metrics.failed(request.region, table, request.operation, self._replication.now())
            return Response.error("InternalServerError", "Internal server error", status=500)
        return None

    def _answer_of_region(self, request: Request) -> Response:
        if self._faults.value("index-not-updated") != request.region or request.operation not in INDEX_READS:
            return self._engine.send(request)
        if "IndexName" not in request.parameters:
            return self._engine.send(request)
        with self._replication.arrivals.stale_indexes.shown(request.region, request.parameters["TableName"]):
            return self._engine.send(request)


def _unexpected(request: Request, error: Exception) -> Response:
    """What should not happen: the request is named, without the items that it may have."""
    tables = ", ".join(sorted(set(tables_of(request)))) or "no table"
    text = f"the simulator failed at {request.operation or 'a request'} ({tables}, {request.region}): {describe(error)}"
    return Response.error("InternalServerError", text, status=500)
