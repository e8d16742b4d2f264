"""Waiting until regions agree on an item, with three outcomes: not yet, wrong, done.

Not yet: a region shows a state that it may still show. Wrong: it shows something that no delay explains: an image that
nobody wrote, a blend, or an older version after a newer one; no waiting helps. Done: every region shows the same image,
and it is one that may be the last. Whole images are compared, never mere presence.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from support.clock import Task
from support.polling import PollPolicy
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import difference, same
from support.verdicts.write_order import comes_before, final_writes, may_have_left, replaced_is_known


class State(StrEnum):
    """The three outcomes."""

    NOT_YET = "not yet"
    WRONG = "wrong"
    DONE = "done"


@dataclass(frozen=True)
class Look:
    """An image that a region showed, in one look or in several in a row.

    `since` is when the first of them was answered, `until` when the last one was asked for (seconds on the scenario's
    clock).
    """

    image: Image | None
    since: float
    until: float


@dataclass(frozen=True)
class Judgement:
    """An outcome, and the sentence that says why."""

    state: State
    why: str


class DivergenceError(AssertionError):
    """The regions show something that they must not, or did not agree in time."""


@dataclass
class Views:
    """What each region has shown of an item so far. Equal looks in a row are one."""

    looks: dict[str, list[Look]] = field(default_factory=dict)

    def add(self, region: str, image: Image | None, asked: float, answered: float) -> None:
        """Put down what a region shows now."""
        looks = self.looks.setdefault(region, [])
        if looks and same(looks[-1].image, image):
            looks[-1] = Look(image, looks[-1].since, asked)
        else:
            looks.append(Look(image, answered, asked))

    def last(self, region: str) -> Look:
        """The latest look at a region."""
        return self.looks[region][-1]


@dataclass(frozen=True)
class Agreement:
    """All regions show the same: the image, the seconds waited for it, and what they showed before."""

    image: Image | None
    waited: float
    views: Views

    def arrival(self, region: str) -> tuple[float | None, float]:
        """When a region was last seen without the image (None: never), and first with it."""
        looks = self.views.looks[region]
        return (looks[-2].until if len(looks) > 1 else None), looks[-1].since


def judge(writes: Sequence[Write], views: Views) -> Judgement:
    """Judge what the regions have shown of an item against the writes to it, in order. Raises ValueError for none."""
    if not writes:
        raise ValueError("nothing was written to this item: there is nothing to wait for")
    for problem in _problems(writes, views):
        return Judgement(State.WRONG, problem)
    shown = [views.last(region).image for region in views.looks]
    allowed = [write.left for write in final_writes(writes) if write.left_is_known]
    if all(image == shown[0] for image in shown) and shown[0] in allowed:
        return Judgement(State.DONE, f"the same in {' and '.join(views.looks)}, and nothing else is known to be later")
    behind = [region for region in views.looks if views.last(region).image not in allowed]
    reason = f"{' and '.join(behind)} still without the last write" if behind else "the regions differ"
    return Judgement(State.NOT_YET, "; ".join(filter(None, (reason, _doubt(writes)))))


def until_converged(
    writes: Callable[[], Sequence[Write]],
    look: Callable[[str], Image | None],
    regions: Sequence[str],
    policy: PollPolicy,
    explain: Callable[[str], str] = lambda _: "",
) -> Task[Agreement]:
    """A task: look at the regions until they agree.

    `writes` are those to the item, `look` reads it from a region, `explain` says why a
    region may be behind: what is still on its way, and what the checklist finds.
    Raises DivergenceError at once when something is wrong, and when they do not agree in time;
    InconclusiveError then when they agree on what may come from an update of which nobody knows what it left.
    """
    views = Views()
    poll = policy.start()
    while True:
        for region in regions:
            asked = policy.elapsed()
            views.add(region, look(region), asked, policy.elapsed())
        judgement = judge(writes(), views)
        waited = poll.waited
        if judgement.state is State.DONE:
            return Agreement(views.last(regions[0]).image, waited, views)
        if judgement.state is State.WRONG:
            raise DivergenceError(_story(f"wrong: {judgement.why}", writes(), views, explain))
        if waited >= policy.within:
            story = _story(f"not yet after {waited:.1f} s: {judgement.why}", writes(), views, explain)
            raise InconclusiveError(story) if _nobody_knows(writes(), views) else DivergenceError(story)
        yield poll.pause(_awaited(writes(), views))


def _awaited(writes: Sequence[Write], views: Views) -> str:
    shown = [f"{region} shows {_shown(writes, views.last(region).image)}" for region in views.looks]
    return f"{writes[0].key}: {', '.join(shown)}"


def _doubt(writes: Sequence[Write]) -> str:
    unknown = [write.name for write in writes if write.outcome is Outcome.UNKNOWN]
    return f"nobody knows whether {' and '.join(unknown)} was done" if unknown else ""


def _nobody_knows(writes: Sequence[Write], views: Views) -> bool:
    """Whether the regions agree on what may be the last version, if a write without an answer was done, or was not."""
    first, *others = (views.last(region).image for region in views.looks)
    certain = any(write.outcome is Outcome.ACKNOWLEDGED for write in writes)
    last: list[Version] = [*final_writes(writes), *([] if certain else [None])]
    return any(each in last for each in _versions(writes, first)) and all(same(first, image) for image in others)


Version = Write | None
"""What may have left an image; None: it was there before all the writes."""


def _problems(writes: Sequence[Write], views: Views) -> Iterator[str]:
    """All that no delay explains."""
    for write in writes:
        if write.outcome is Outcome.ACKNOWLEDGED and not _versions(writes, write.replaced):
            others = [other for other in writes if other is not write]
            yield f"{write.name} replaced {_stranger(others or writes, write.replaced)}"
    for region, looks in views.looks.items():
        for look in looks:
            if not _versions(writes, look.image):
                yield f"{region} shows {_stranger(writes, look.image)}"
        yield from _steps_back(writes, region, looks)


def _versions(writes: Sequence[Write], image: Image | None) -> list[Version]:
    """All that may have left an image."""
    first = [write for write in writes if not any(other.is_before(write) for other in writes)]
    before = any(not replaced_is_known(write, writes) or same(image, write.replaced) for write in first)
    return [*([None] if before else []), *(write for write in writes if may_have_left(write, image, writes))]


def _steps_back(writes: Sequence[Write], region: str, looks: Sequence[Look]) -> Iterator[str]:
    """Each time when a region had something older than before: in what it showed, or in what a write there replaced.

    `reached` are from when on it surely had one of which versions.
    """
    own = [write for write in writes if write.region == region and write.outcome is Outcome.ACKNOWLEDGED]
    reached: list[tuple[float, list[Version]]] = [(write.answered, [write]) for write in own]
    shows = f"{region} went back to an older version"
    seen = [(look.until, look.since, look.image, shows) for look in looks]
    seen += [
        (write.invoked, write.answered, write.replaced, f"{write.name} replaced an older version than {region} had")
        for write in own
    ]
    for asked, answered, image, problem in sorted(seen, key=lambda each: each[0]):
        floors = [versions for at, versions in reached if at < asked]
        versions = _versions(writes, image)
        possible = [each for each in versions if not any(_is_older(each, floor, writes) for floor in floors)]
        if possible:
            reached.append((answered, possible))
        elif versions:
            newer = next(floor[0] for floor in floors if _is_older(versions[-1], floor, writes))
            yield f"{problem}: {_against(newer, image)}"


def _is_older(version: Version, than: Sequence[Version], writes: Sequence[Write]) -> bool:
    """Whether a version comes before others, whichever of them it was."""
    return all(each is not None and (version is None or comes_before(version, each, writes)) for each in than)


def _stranger(writes: Sequence[Write], image: Image | None) -> str:
    """An image that none of the writes explains, and how it differs from the one that is most like it."""
    if image is None:
        return "no item, though nobody has deleted it"
    like = min(reversed(writes), key=lambda write: (write.left is None, difference(write.left, image).count(";")))
    return f"an image that nobody wrote: {_against(like, image)}"


def _against(version: Version, image: Image | None) -> str:
    return f"compared with what {version.name} left, {difference(version.left, image)}" if version else ""


def _shown(writes: Sequence[Write], image: Image | None) -> str:
    left = next((f"what {each.name} left" for each in writes if each.left_is_known and each.left == image), "")
    before = any(image == each.replaced for each in writes if each.outcome is Outcome.ACKNOWLEDGED)
    return "no item" if image is None else left or ("the item as it was before" if before else "another image")


def _story(headline: str, writes: Sequence[Write], views: Views, explain: Callable[[str], str]) -> str:
    lines = [f"{writes[0].key}: {headline}"]
    finals = [write for write in final_writes(writes) if write.left_is_known]
    for region in views.looks:
        last = views.last(region)
        lines.append(f"  {region} shows {_shown(writes, last.image)}, since {last.since:.1f} s of the scenario")
        if finals and all(last.image != each.left for each in finals):
            expected = " or ".join(f"what {each.name} left" for each in finals)
            lines.append(f"    expected {expected}: {difference(finals[-1].left, last.image)}")
    behind = [region for region in views.looks if all(views.last(region).image != each.left for each in finals)]
    explanation = explain(next(iter(behind), list(views.looks)[-1]))
    return "\n".join([*lines, *([f"  {explanation}"] if explanation else [])])
