"""Histories written by hand, and a small model of healthy ones: what the verdicts are tested with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Literal

from hypothesis import strategies as st

from support.clock import PAGE_DAY
from support.verdicts.convergence.judgement import Judgement, Views, judge
from support.verdicts.history import Image, Key, Outcome, Write

US, EU, AP, SA = "us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"
KEY = Key("USER#global-user-ada", "ORDER#conflict-test")
_numbers = count(1)


def order(total_amount: int, **attributes: Any) -> dict[str, Any]:
    """An order with this amount, as the page's."""
    return {"PK": KEY.pk, "SK": KEY.sk, "status": "pending", "total_amount": Decimal(total_amount), **attributes}


def write(
    region: str, at: float, replaced: Image | None, left: Image | None, by: str = "", until: float | None = None,
    action: Literal["put", "update", "delete"] = "update", outcome: Outcome = Outcome.ACKNOWLEDGED, attempts: int = 1,
    repeated: bool = False,
) -> Write:  # fmt: skip
    """A write that was sent `at` and answered at the same moment, or later (`until`)."""
    day = PAGE_DAY + timedelta(seconds=at)
    answered = at if until is None else until
    who = f"partner {by}" if by else ""
    return Write(
        next(_numbers), region, KEY, action, who, at, answered, day, outcome, replaced, left, attempts, None, repeated
    )  # fmt: skip


def put(region: str, at: float, left: Image, replaced: Image | None = None, by: str = "") -> Write:
    """A put; of a new item, if nothing else is said."""
    return write(region, at, replaced, left, by, action="put")


def delete(region: str, at: float, replaced: Image | None, by: str = "") -> Write:
    """A delete."""
    return write(region, at, replaced, None, by, action="delete")


def unanswered(region: str, at: float, left: Image | None, by: str = "", action: Any = "put") -> Write:
    """A write that may have been done or not."""
    return write(region, at, None, left, by, action=action, outcome=Outcome.UNKNOWN)


def views(shown: Mapping[str, Sequence[tuple[float, Image | None]]]) -> Views:
    """What each region showed at which times."""
    all_views = Views()
    for region, looks in shown.items():
        for at, image in looks:
            all_views.add(region, image, at, at)
    return all_views


def judged(writes: Sequence[Write], shown: Mapping[str, Sequence[tuple[float, Image | None]]]) -> Judgement:
    """The judgement on a history."""
    return judge(writes, views(shown))


@dataclass(frozen=True)
class Plan:
    """A write of the model: where, how long after the one before, how long it takes, and what it changes."""

    region: str
    pause: float
    takes: float
    action: Literal["put", "update", "delete"]
    attribute: str
    value: int
    lags: tuple[float, ...]


@dataclass
class World:
    """Regions that behave as AWS documents: the version that is written last stays, whole, in every region."""

    regions: tuple[str, ...]
    writes: list[Write]
    looks: list[tuple[str, float, Image | None]]
    final: Image | None

    @property
    def end(self) -> float:
        """After everything."""
        return 1000.0


def healthy(regions: tuple[str, ...], base: Image | None, plans: Sequence[Plan], when: Sequence[float]) -> World:
    """Run the plans: a write is done in the middle of its time, arrives after its lags, and regions are looked at."""
    held: dict[str, tuple[float, str, Image | None]] = dict.fromkeys(regions, (-1.0, "", base))
    events: list[tuple[float, int, str, Any]] = [(at, 2, "look", None) for at in when]
    started = 0.0
    for plan in plans:
        started += plan.pause
        events.append((started + plan.takes / 2, 0, "write", (plan, started)))
    writes: list[Write] = []
    looks: list[tuple[str, float, Image | None]] = []
    number = count()
    queue = [(at, kind, next(number), name, what) for at, kind, name, what in events]
    while queue:
        queue.sort()
        at, _, _, name, what = queue.pop(0)
        if name == "look":
            looks += [(region, at, held[region][2]) for region in regions]
        elif name == "arrival":
            region, version = what
            held[region] = max(held[region], version, key=lambda each: each[:2])
        else:
            plan, invoked = what
            replaced = held[plan.region][2]
            left = _result(plan, replaced)
            version = (max(at, held[plan.region][0] + 1e-6), plan.region, left)
            held[plan.region] = version
            writes.append(
                write(plan.region, invoked, replaced, left, str(len(writes)), invoked + plan.takes, plan.action)
            )
            others = (region for region in regions if region != plan.region)
            arrivals = zip(others, plan.lags, strict=False)
            queue += [(at + lag, 1, next(number), "arrival", (region, version)) for region, lag in arrivals]
    finals = {region: image for region, (_, _, image) in held.items()}
    writes.sort(key=lambda each: (each.invoked, each.number))
    return World(regions, writes, looks, finals[regions[0]])


def _result(plan: Plan, replaced: Image | None) -> Image | None:
    if plan.action == "delete":
        return None
    kept = {} if plan.action == "put" or replaced is None else replaced
    return {"PK": KEY.pk, "SK": KEY.sk, **kept, plan.attribute: plan.value}


_lags = st.sampled_from([0.0, 0.1, 0.5, 0.9, 2.0, 8.0, 30.0])


@st.composite
def worlds(draw: st.DrawFn, fewest: int = 2, most: int = 3) -> World:
    """Healthy runs of a few writes in two to four regions, with few different values, so that images coincide too."""
    regions = (US, EU, AP, SA)[: draw(st.integers(2, 4))]
    plans = draw(
        st.lists(
            st.builds(
                Plan, st.sampled_from(regions), st.sampled_from([0.0, 0.1, 1.0, 5.0, 40.0]),
                st.sampled_from([0.0, 0.2, 3.0]), st.sampled_from(["put", "update", "update", "delete"]),
                st.sampled_from(["total_amount", "status"]), st.integers(1, 3),
                st.tuples(_lags, _lags, _lags),
            ),
            min_size=fewest, max_size=most,
        )
    )  # fmt: skip
    base = draw(st.sampled_from([None, {"PK": KEY.pk, "SK": KEY.sk, "total_amount": 1}]))
    when = draw(st.lists(st.sampled_from([each / 4 for each in range(240)]), max_size=8, unique=True))
    return healthy(regions, base, plans, sorted(when))
