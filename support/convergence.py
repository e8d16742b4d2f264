"""Waiting until regions agree on an item, with three outcomes: not yet, wrong, done.

Not yet: a region shows a state that it may still show. Wrong: it shows something that no delay explains: an image that
nobody wrote, a blend, or an older version after a newer one; no waiting helps. Done: every region shows the same image,
and it is one that may be the last. Whole images are compared, never mere presence.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from support.clock import Task
from support.history import Image, Outcome, Write
from support.images import difference

PATIENCE = 0.05
"""The share of the time waited so far that the next pause may take: nobody needs to look every 0.1 s for minutes."""


class State(StrEnum):
    """The three outcomes."""

    NOT_YET = "not yet"
    WRONG = "wrong"
    DONE = "done"


@dataclass(frozen=True)
class Look:
    """What a region showed from one time until another (seconds on the scenario's clock)."""

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

    def add(self, region: str, image: Image | None, at: float) -> None:
        """Put down what a region shows now."""
        looks = self.looks.setdefault(region, [])
        if looks and looks[-1].image == image:
            looks[-1] = Look(image, looks[-1].since, at)
        else:
            looks.append(Look(image, at, at))

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


def final_writes(writes: Sequence[Write]) -> list[Write]:
    """The writes that may be the last one: no acknowledged write is known to come after them."""
    certain = [write for write in writes if write.outcome is Outcome.ACKNOWLEDGED]
    return [write for write in writes if not any(comes_before(write, other) for other in certain)]


def comes_before(write: Write, other: Write) -> bool:
    """Whether a write is known to come before another: it was answered before that one was sent, or seen by it."""
    return write.is_before(other) or (has_seen(other, write) and not other.is_before(write))


def has_seen(write: Write, other: Write) -> bool:
    """Whether a write replaced the very image that another one had left. No item at all tells nothing."""
    known = write.outcome is Outcome.ACKNOWLEDGED and other.left is not None and write is not other
    return known and write.replaced == other.left and other.invoked <= write.invoked


def judge(writes: Sequence[Write], views: Views) -> Judgement:
    """Judge what the regions have shown of an item against the writes to it (at least one, in order)."""
    for region, looks in views.looks.items():
        problem = _problem(writes, region, looks)
        if problem:
            return Judgement(State.WRONG, problem)
    shown = [views.last(region).image for region in views.looks]
    allowed = [write.left for write in final_writes(writes)]
    if all(image == shown[0] for image in shown) and shown[0] in allowed:
        return Judgement(State.DONE, f"{', '.join(views.looks)} hold the same, and it was written last")
    behind = [region for region in views.looks if views.last(region).image not in allowed]
    reason = f"{' and '.join(behind)} still without the last write" if behind else "the regions differ"
    return Judgement(State.NOT_YET, reason)


def until_converged(
    writes: Callable[[], Sequence[Write]],
    look: Callable[[str], Image | None],
    regions: Sequence[str],
    elapsed: Callable[[], float],
    within: float,
    every: float,
    owed: Callable[[], str] = str,
) -> Task[Agreement]:
    """Look at the regions until they agree; a task that pauses `every` seconds between looks, longer after a while.

    `writes` are those to the item, `look` reads it from a region, `owed` says what is still on its way.
    Raises DivergenceError at once when something is wrong, and after `within` seconds when they do not agree.
    """
    views = Views()
    started = elapsed()
    while True:
        for region in regions:
            views.add(region, look(region), elapsed())
        judgement = judge(writes(), views)
        waited = elapsed() - started
        if judgement.state is State.DONE:
            return Agreement(views.last(regions[0]).image, waited, views)
        if judgement.state is State.WRONG:
            raise DivergenceError(_story(f"wrong: {judgement.why}", writes(), views, owed()))
        if waited >= within:
            raise DivergenceError(_story(f"not yet after {waited:.1f} s: {judgement.why}", writes(), views, owed()))
        yield min(max(every, waited * PATIENCE), within - waited)


def _problem(writes: Sequence[Write], region: str, looks: Sequence[Look]) -> str:
    known = _images_by_writes(writes)
    own = [write for write in writes if write.region == region and write.outcome is Outcome.ACKNOWLEDGED]
    for write in own:
        if not _explains(known, write.replaced):
            return f"{write.name} replaced an image that nobody wrote: {_nearest(writes, write.replaced)}"
    for number, look in enumerate(looks):
        if not _explains(known, look.image):
            if any(write.outcome is Outcome.UNKNOWN for write in writes):
                continue
            return f"{region} shows an image that nobody wrote: {_nearest(writes, look.image)}"
        newer = [write.left for write in own if write.answered < look.since]
        newer += [earlier.image for earlier in looks[:number]]
        for image in newer:
            if _is_older(known, look.image, image):
                return f"{region} went back to an older version: {difference(image, look.image)}"
    return ""


def _images_by_writes(writes: Sequence[Write]) -> list[tuple[Image | None, list[Write]]]:
    """Each image that may be seen, with the writes that left it; the image before all writes has none."""
    images: list[tuple[Image | None, list[Write]]] = [(writes[0].replaced, [])]
    for write in writes:
        for image, by in images:
            if image == write.left:
                by.append(write)
                break
        else:
            images.append((write.left, [write]))
    return images


def _explains(known: Sequence[tuple[Image | None, list[Write]]], image: Image | None) -> bool:
    return any(image == each for each, _ in known)


def _is_older(known: Sequence[tuple[Image | None, list[Write]]], image: Image | None, than: Image | None) -> bool:
    if image == than:
        return False
    older = next((by for each, by in known if each == image), [])
    newer = next((by for each, by in known if each == than), [])
    # An empty `older` is the image before all writes: whatever was written comes after it.
    return bool(newer) and all(comes_before(a, b) for a in older for b in newer)


def _nearest(writes: Sequence[Write], image: Image | None) -> str:
    described = [(difference(write.left, image), write) for write in writes if write.left is not None]
    if image is None or not described:
        return difference(writes[-1].left, image)
    text, write = min(described, key=lambda pair: pair[0].count(";"))
    return f"compared with {write.name}, {text}"


def _story(headline: str, writes: Sequence[Write], views: Views, owed: str) -> str:
    lines = [f"{writes[0].key}: {headline}"]
    finals = final_writes(writes)
    for region in views.looks:
        last = views.last(region)
        shown = next((f"what {each.name} left" for each in writes if each.left == last.image), "")
        shown = shown or ("no item" if last.image is None else "another image")
        lines.append(f"  {region} shows {shown}, since {last.since:.1f} s of the scenario")
        if all(last.image != each.left for each in finals):
            lines.append(f"    expected what {finals[-1].name} left: {difference(finals[-1].left, last.image)}")
    if owed:
        lines.append(f"  {owed}")
    return "\n".join(lines)
