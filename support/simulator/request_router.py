"""All requests come through this router, in this process or over HTTP: here time passes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import RLock

from support.clock import Clock
from support.simulator.control_plane import ControlPlane
from support.simulator.engines.engine import Engine
from support.simulator.experiments import Experiments
from support.simulator.messages import CLOUDWATCH, DYNAMODB, RefusedError, Request, Response
from support.simulator.names import as_asked, tables_of, with_names
from support.simulator.replicas import Replicas
from support.simulator.replication.failures import describe
from support.simulator.replication.metrics import put_metric_data
from support.simulator.replication.replication import Replication
from support.simulator.validation import Tokens, answer_of_legacy, check_supported


class NoAnswerError(Exception):
    """The connection breaks before an answer comes; clients in process and the server show this in their own ways.

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
        experiments: Experiments,
        regions: Sequence[str],
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._replication = replication
        self._replicas = replicas
        self._control_plane = control_plane
        self._experiments = experiments
        self._regions = regions
        self._tokens = Tokens(clock)
        self._lock = RLock()

    def answer(self, request: Request) -> Response:
        """What the region answers to the request; a fault that keeps the answer back raises NoAnswerError."""
        with self._lock:
            self.let_time_pass()
            try:
                return self._answer(request)
            except RefusedError as refused:
                return refused.response()
            except Exception as error:
                return self._failed(request, error)

    def let_time_pass(self) -> None:
        with self._lock:
            self._replication.deliver_due()
            self._replicas.do_due()
            self._experiments.do_due()

    @contextmanager
    def between_requests(self) -> Iterator[None]:
        with self._lock:
            self.let_time_pass()
            yield

    def failures(self) -> list[str]:
        with self.between_requests():
            return self._replication.failures.all()

    def _answer(self, asked: Request) -> Response:
        if asked.region not in self._regions:
            message = f"the simulator does not serve {asked.region}: use {' or '.join(self._regions)}"
            raise RefusedError(message, "UnrecognizedClientException")
        metrics, now = self._replication.metrics, self._replication.now
        if asked.service == CLOUDWATCH:
            for datapoint in metrics.take_published(now()):  # What is due is there when it is asked for.
                self._engine.send(put_metric_data(datapoint))
            return self.perform(asked)
        request = with_names(asked)
        if response := self._tokens.answered(request):
            return response
        response = as_asked(asked, self.perform(request))
        for region, table in self._replicas.places():
            self._replication.take_writes(region, table, self._replicas.members(table))
        if request.service == DYNAMODB and response.ok:
            for table in sorted(set(tables_of(request))):
                metrics.succeeded(request.region, table, request.operation, now())
        self._tokens.remember(request, response)
        return response

    def perform(self, request: Request) -> Response:
        """What the region itself does with a request."""
        if request.service != DYNAMODB:
            return self._engine.send(request)
        self._control_plane.check_status(request, set(tables_of(request)))
        check_supported(request)
        response = answer_of_legacy(request) or self._control_plane.answer(request)
        return response or self._engine.send(request)

    def _failed(self, request: Request, error: Exception) -> Response:
        """What should not happen: it ends this request alone, which is named without the items that it may have."""
        tables = ", ".join(sorted(set(tables_of(request)))) or "no table"
        operation = request.operation or "a request"
        text = f"{self._engine.name} failed at {operation} ({tables}, {request.region}): {describe(error)}"
        return Response.error("InternalServerError", text, status=500)
