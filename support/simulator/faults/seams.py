"""Where a simulated table can be broken: between the parts that it is made of, and at its request router.

Each seam takes a function that stands in for one step of the simulator, or for what that step decides. Without faults a
simulator knows nothing of its seams.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from support.clock import MICROSECONDS, Clock
from support.simulator.engines.engine import Engine
from support.simulator.faults.fault import Fault
from support.simulator.items import ItemKey, WireImage, item_key
from support.simulator.messages import Request, Response
from support.simulator.names import tables_of
from support.simulator.replication.links import Link
from support.simulator.replication.metrics import Datapoint
from support.simulator.replication.replication import Replication
from support.simulator.replication.versions import Change, Version
from support.simulator.request_router import RequestRouter

Departures = Iterable[tuple[float, Change]]
"""Changes to be sent, each with the seconds that it travels longer than the link's lag."""

Forward = Callable[[Request], Response]

NEVER = Version(-(10**18), "")
"""Held by a region that has never had the item: no region's version, and earlier than all."""


@dataclass(frozen=True)
class Arrival:
    """A change that arrives in a region, and what the region holds of the item: the version, and the image (`here`)."""

    region: str
    change: Change
    held: Version
    here: WireImage | None

    @property
    def is_conflict(self) -> bool:
        return self.held not in (NEVER, self.change.replaces) and self.held.region != self.change.version.region


@dataclass
class Seams:
    """The seams of one simulator, broken by one fault; `primary` and `replica` are its first regions.

    `memory` is the fault's own. `stand_ins` are, for each broken step, its part, its name, and the function that is
    called in its place with the original step and its arguments. `request` is the client's that is answered, within
    which its changes are stamped and sent; `number` is how many there have been.
    """

    engine: Engine
    replication: Replication
    router: RequestRouter
    regions: Sequence[str]
    clock: Clock
    seed: str
    fault: Fault

    def __post_init__(self) -> None:
        self.primary, self.replica = (*self.regions, *self.regions)[:2]
        self.random = Random(f"{self.seed}/{self.fault.name}")
        self.memory: dict[Any, Any] = {}
        self.stand_ins: list[tuple[object, str, Callable[..., Any]]] = []
        self.request: Request
        self.number = 0
        self._counted: Counter[object] = Counter()
        self.answering(self._note)
        self.fault.inject(self)

    def now(self) -> float:
        return self.replication.now() / MICROSECONDS

    def count(self, *what: object) -> int:
        """How often this has been counted, this time included."""
        self._counted[what] += 1
        return self._counted[what]

    def arrival(self, region: str, change: Change) -> Arrival:
        held = self.replication.versions[region].held(change.table, change.key)
        here = self.engine.read(region, change.table, change.key)
        return Arrival(region, change, held or NEVER, here)

    def item(self, request: Request, keys: WireImage | None = None) -> WireImage | None:
        """What the region of a request holds of the item that it names, or of the one with these keys."""
        key = item_key(("PK", "SK"), keys or request.parameters["Key"])
        return self.engine.read(request.region, request.parameters["TableName"], key)

    def failed(self, request: Request) -> None:
        """Let CloudWatch count a request as answered with status 500."""
        for table in sorted(set(tables_of(request))):
            self.replication.metrics.failed(request.region, table, request.operation, self.replication.now())

    def together(self, inject: Callable[[], None]) -> None:
        """For a fault that breaks several seams, one after the other, in `inject`."""
        inject()

    def departing(self, send: Callable[[Link, Change], Departures]) -> None:
        """Let `send` say what a link sends instead of a change."""

        def depart(link: Link, original: Callable[[Change, int], None], change: Change, now: int) -> None:
            for seconds, departed in send(link, change):
                original(departed, now + round(seconds * MICROSECONDS))

        for link in self.replication.links():
            self._instead(link, "send", partial(depart, link))

    def losing(self, loses: Callable[[Link, Change], bool]) -> None:
        """Let `loses` say whether a change gets lost when a link should send it."""
        self.departing(lambda link, change: [] if loses(link, change) else [(0, change)])

    def delaying(self, seconds: Callable[[Link, Change], float]) -> None:
        """Let `seconds` say how much longer than the link's lag a change travels."""
        self.departing(lambda link, change: [(seconds(link, change), change)])

    def arriving(self, receive: Callable[[Arrival], Change | None]) -> None:
        """Let `receive` say what arrives in a region instead of a change; None: nothing."""

        def arrive(original: Callable[[str, Change], None], region: str, change: Change) -> None:
            if arrived := receive(self.arrival(region, change)):
                original(region, arrived)

        self._instead(self.replication, "receive", arrive)

    def images(self, rewrite: Callable[[Arrival, WireImage], WireImage | None]) -> None:
        """Let `rewrite` say which image arrives instead of another one, None: a delete; deletes arrive as they are."""

        def receive(arrival: Arrival) -> Change:
            change = arrival.change
            return replace(change, image=rewrite(arrival, change.image)) if change.image else change

        self.arriving(receive)

    def accepting(self, accepts: Callable[[Arrival, bool], bool]) -> None:
        """Let `accepts` say whether a region applies a change, from what it holds and the right answer."""

        def decide(region: str, original: Callable[[Change], bool], change: Change) -> bool:
            return accepts(self.arrival(region, change), original(change))

        for region, versions in self.replication.versions.items():
            self._instead(versions, "accepts", partial(decide, region))

    def conflicts(self, accepts: Callable[[Arrival, bool], bool]) -> None:
        """The same for conflicts only."""
        self.accepting(lambda arrival, accepted: accepts(arrival, accepted) if arrival.is_conflict else accepted)

    def stamping(self, stamp: Callable[[str, int], int]) -> None:
        """Let `stamp` say at which time a client's write to a region counts instead of now, in microseconds."""

        def stamps(
            original: Callable[..., Version], table: str, key: ItemKey, now: int, region: str, *more: Any
        ) -> Version:
            return original(table, key, stamp(region, now), region, *more)

        for versions in self.replication.versions.values():
            self._instead(versions, "stamp", stamps)

    def healing(self, keeps: Callable[[Link, int, Change], bool]) -> None:
        """Let `keeps` say whether a change is still pending on a link that heals, from its number in arrival order."""

        def heal(original: Callable[[str, str], None], source: str, destination: str) -> None:
            link = self.replication.link(source, destination)
            for number, (due, change) in enumerate([link.take() for _ in range(len(link))]):
                if keeps(link, number, change):
                    link.put_back(due, change)
            original(source, destination)

        self._instead(self.replication, "heal", heal)

    def cutting(self, is_cut: Callable[[Link, bool], bool]) -> None:
        """Let `is_cut` say whether a link delivers nothing, from what is so."""
        self._instead(self.replication, "is_cut", lambda original, link: is_cut(link, original(link)))

    def answering(self, answer: Callable[[Request, Forward], Response]) -> None:
        """Let `answer` answer all requests of clients."""
        self._instead(self.router, "answer", lambda original, request: answer(request, original))

    def performing(self, perform: Callable[[Request, Forward], Response]) -> None:
        """Let `perform` do what a region does with a request: nothing else happens meanwhile, and no time passes."""
        self._instead(self.router, "perform", lambda original, request: perform(request, original))

    def seeing_all(self, sees: Callable[[Request], bool]) -> None:
        """Let a region have what is on its way to it, over cut links too, before those requests that `sees` names."""

        def perform(request: Request, forward: Forward) -> Response:
            for link in self.replication.links() if sees(request) else []:
                for change in link.pending if link.destination == request.region else []:
                    self.replication.receive(request.region, change)
            return forward(request)

        self.performing(perform)

    def publishing(self, publish: Callable[[Iterable[Datapoint]], Iterable[Datapoint]]) -> None:
        """Let `publish` say what CloudWatch gets instead of these datapoints."""
        self._instead(self.replication.metrics, "take_published", lambda original, now: publish(original(now)))

    def _note(self, request: Request, forward: Forward) -> Response:
        self.request, self.number = request, self.number + 1
        return forward(request)

    def _instead(self, part: object, step: str, stand_in: Callable[..., Any]) -> None:
        self.stand_ins.append((part, step, stand_in))


@dataclass
class InjectedFaults:
    """The faults of one simulator: a later one stands in for what the earlier ones have made of a step.

    `seams_of` injects a fault into seams of its own; a change is made `between_requests`, after what was due.
    """

    seams_of: Callable[[Fault], Seams]
    between_requests: Callable[[], AbstractContextManager[None]]
    _injected: dict[str, Seams] = field(default_factory=dict)

    def inject(self, fault: Fault) -> None:
        """Inject a fault; one of the same name is taken back before."""
        self._change(fault.name, {fault.name: self.seams_of(fault)})

    def take_back(self, name: str) -> None:
        """Take a fault back; nothing happens when there is none of this name."""
        self._change(name, {})

    def __iter__(self) -> Iterator[Fault]:
        return iter([each.fault for each in self._injected.values()])

    def _change(self, name: str, injected: dict[str, Seams]) -> None:
        with self.between_requests():
            for part, step, _ in self._stand_ins():
                vars(part).pop(step, None)
            self._injected = {other: seams for other, seams in self._injected.items() if other != name} | injected
            for part, step, stand_in in self._stand_ins():
                setattr(part, step, partial(stand_in, getattr(part, step)))

    def _stand_ins(self) -> list[tuple[object, str, Callable[..., Any]]]:
        return [each for seams in self._injected.values() for each in seams.stand_ins]


def answers_to(*operations: str) -> Callable[[Seams, Callable[[Request, Forward], Response]], None]:
    """The seam of requests of clients for these operations."""
    return lambda seams, answer: seams.answering(
        lambda request, forward: answer(request, forward) if request.operation in operations else forward(request)
    )


Results = Callable[[Request, dict[str, Any]], dict[str, Any]]


def results_of(operation: str) -> Callable[[Seams, Results], None]:
    """The seam of what comes of requests of clients for this operation that succeed."""

    def seam(seams: Seams, change: Results) -> None:
        def answer(request: Request, forward: Forward) -> Response:
            response = forward(request)
            return Response.of(change(request, response.result)) if response.ok else response

        answers_to(operation)(seams, answer)

    return seam


def changed(image: WireImage | None, before: WireImage | None) -> WireImage:
    """The attributes that a write has changed."""
    return {name: value for name, value in (image or {}).items() if (before or {}).get(name) != value}
