"""Where a simulated table can be broken: between the parts that it is made of, and at its request router.

Each seam takes a function that stands in for one step of the simulator, and may call the step that it stands in for.
Without faults a simulator knows nothing of its seams.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from support.clock import MICROSECONDS, Clock
from support.simulator.engines.engine import Engine
from support.simulator.items import ItemKey, WireImage
from support.simulator.messages import Request, Response
from support.simulator.replication.links import Link
from support.simulator.replication.metrics import Datapoint
from support.simulator.replication.replication import Replication
from support.simulator.replication.versions import Change, Version, Versions
from support.simulator.request_router import RequestRouter

Departures = Iterable[tuple[float, Change]]
"""Changes to be sent, each with the seconds that it travels longer than the link's lag."""

Forward = Callable[[Request], Response]

StandIn = Callable[[Any], Any]
"""Makes of a step the one that stands in for it."""


class Seams:
    """The seams of one simulator, for one fault; `primary` and `replica` are its first regions.

    `stand_ins` are the parts and the names of their steps, with what makes of a step the one that stands in for it.
    """

    def __init__(
        self,
        engine: Engine,
        replication: Replication,
        router: RequestRouter,
        regions: Sequence[str],
        clock: Clock,
        seed: str,
    ) -> None:
        self.engine = engine
        self.replication = replication
        self.clock = clock
        self.regions = regions
        self.primary, self.replica = (*regions, *regions)[:2]
        self.stand_ins: list[tuple[object, str, StandIn]] = []
        self._router = router
        self._seed = seed
        self._operation = ""
        self._requests = 0
        self.answering(self._note)

    def random(self, name: str) -> Random:
        return Random(f"{self._seed}/{name}")

    def now(self) -> float:
        return self.replication.now() / MICROSECONDS

    def departing(self, send: Callable[[Link, Change], Departures]) -> None:
        """Let `send` say what a link sends instead of a change."""

        def stand_in(link: Link) -> StandIn:
            def sends(original: Callable[[Change, int], None]) -> Callable[[Change, int], None]:
                def depart(change: Change, now: int) -> None:
                    for seconds, departed in send(link, change):
                        original(departed, now + round(seconds * MICROSECONDS))

                return depart

            return sends

        for link in self.replication.links():
            self._stand_in(link, "send", stand_in(link))

    def departing_of(self, operation: str, send: Callable[[Link, Change, int], Departures]) -> None:
        """The same for changes that an operation of clients has made; the others leave as they are.

        `send` gets the place that a change has among those of its request, from 0 on.
        """
        given: Counter[tuple[int, Link]] = Counter()

        def send_those(link: Link, change: Change) -> Departures:
            if not self.answers(operation):
                return [(0, change)]
            place = given[self._requests, link]
            given[self._requests, link] += 1
            return send(link, change, place)

        self.departing(send_those)

    def answers(self, operation: str) -> bool:
        """Whether a client's request for this operation is answered: within that its changes are stamped and sent."""
        return self._operation == operation

    def arriving(self, receive: Callable[[str, Change], Change | None]) -> None:
        """Let `receive` say what arrives in a region instead of a change; None: nothing."""

        def stand_in(original: Callable[[str, Change], None]) -> Callable[[str, Change], None]:
            def arrive(region: str, change: Change) -> None:
                arrived = receive(region, change)
                if arrived is not None:
                    original(region, arrived)

            return arrive

        self._stand_in(self.replication, "receive", stand_in)

    def images(self, rewrite: Callable[[str, WireImage], WireImage]) -> None:
        """Let `rewrite` say which image arrives in a region instead of another one; deletes arrive as they are."""
        self.arriving(
            lambda region, change: replace(change, image=rewrite(region, change.image)) if change.image else change
        )

    def accepting(self, accepts: Callable[[str, Change, Version | None, bool], bool]) -> None:
        """Let `accepts` say whether a region applies a change, from the version that it holds and the right answer."""

        def stand_in(region: str, versions: Versions) -> StandIn:
            return lambda original: (
                lambda change: accepts(region, change, versions.held(change.table, change.key), original(change))
            )

        for region, versions in self.replication.versions.items():
            self._stand_in(versions, "accepts", stand_in(region, versions))

    def conflicts(self, accepts: Callable[[str, Change, WireImage | None, bool], bool]) -> None:
        """The same for conflicts only, and from the image that the region holds."""

        def decide(region: str, change: Change, held: Version | None, accepted: bool) -> bool:
            if not change.conflicts_with(held):
                return accepted
            return accepts(region, change, self.image(region, change), accepted)

        self.accepting(decide)

    def stamping(self, clock: Callable[[str, int], int]) -> None:
        """Let `clock` say which time a write in a region gets instead of the right one, in microseconds."""

        def stand_in(original: Callable[..., Version]) -> Callable[..., Version]:
            return lambda table, key, now, region, *more: original(table, key, clock(region, now), region, *more)

        for versions in self.replication.versions.values():
            self._stand_in(versions, "stamp", stand_in)

    def written(self, note: Callable[[str, str, ItemKey], object]) -> None:
        """Let `note` know of each write of a client: its region, table and key."""

        def stand_in(region: str) -> StandIn:
            def stamps(original: Callable[..., Version]) -> Callable[..., Version]:
                def stamp(table: str, key: ItemKey, *more: Any) -> Version:
                    note(region, table, key)
                    return original(table, key, *more)

                return stamp

            return stamps

        for region, versions in self.replication.versions.items():
            self._stand_in(versions, "stamp", stand_in(region))

    def healing(self, heal: Callable[[Link, Callable[[], None]], None]) -> None:
        """Let `heal` do what happens when a link heals."""

        def stand_in(original: Callable[[str, str], None]) -> Callable[[str, str], None]:
            return lambda source, destination: heal(
                self.replication.link(source, destination), lambda: original(source, destination)
            )

        self._stand_in(self.replication, "heal", stand_in)

    def cutting(self, is_cut: Callable[[Link, bool], bool]) -> None:
        """Let `is_cut` say whether a link delivers nothing, from what is so."""
        self._stand_in(self.replication, "is_cut", lambda original: lambda link: is_cut(link, original(link)))

    def performing(self, perform: Callable[[Request, Forward], Response]) -> None:
        """Let `perform` do what a region does with a request: nothing else happens meanwhile, and no time passes."""
        self._stand_in(self._router, "perform", lambda original: lambda request: perform(request, original))

    def answering(self, answer: Callable[[Request, Forward], Response]) -> None:
        """Let `answer` answer all requests of clients."""
        self._stand_in(self._router, "answer", lambda original: lambda request: answer(request, original))

    def results(self, operation: str, change: Callable[[Request, dict[str, Any]], dict[str, Any]]) -> None:
        """Let `change` say what a client gets instead of the result of an operation that was done."""

        def answer(request: Request, forward: Forward) -> Response:
            response = forward(request)
            if request.operation != operation or not response.ok:
                return response
            return Response.of(change(request, response.result))

        self.answering(answer)

    def publishing(self, publish: Callable[[Datapoint], Iterable[Datapoint]]) -> None:
        """Let `publish` say what CloudWatch gets instead of a datapoint."""
        self._stand_in(
            self.replication.metrics,
            "take_published",
            lambda original: lambda now: [each for datapoint in original(now) for each in publish(datapoint)],
        )

    def having_published(self, *datapoints: Datapoint) -> None:
        """Let CloudWatch have datapoints that nothing in this simulator has caused."""
        left = list(datapoints)

        def stand_in(original: Callable[[int], Iterable[Datapoint]]) -> Callable[[int], Iterable[Datapoint]]:
            return lambda now: [*original(now), *(left.pop() for _ in datapoints if left)]

        self._stand_in(self.replication.metrics, "take_published", stand_in)

    def _note(self, request: Request, forward: Forward) -> Response:
        self._operation, self._requests = request.operation, self._requests + 1
        return forward(request)

    def image(self, region: str, change: Change) -> WireImage | None:
        """What a region holds of the item that a change is about."""
        return self.engine.read(region, change.table, change.key)

    def bring_up_to_date(self, region: str) -> None:
        """Let a region have at once all that is on its way to it, over links that are cut, too."""
        for link in self.replication.links():
            for change in link.owed if link.destination == region else []:
                self.replication.receive(region, change)

    def _stand_in(self, part: object, step: str, stand_in: StandIn) -> None:
        self.stand_ins.append((part, step, stand_in))
