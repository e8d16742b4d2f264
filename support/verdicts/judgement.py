"""What regions show of an item, judged against the writes to it, with three outcomes: not yet, wrong, done.

Not yet: a region shows a state that it may still show. Wrong: it shows something that no delay explains: an image that
no write left, a blend, or an older version after a newer one; no waiting helps. Done: every region shows the same
image, and it is one that may be the last. Whole images are compared, never mere presence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from support.verdicts.contradictions import Contradiction, Sight, contradictions, sight
from support.verdicts.errors import (
    DivergenceError,
    FailureError,
    NotArrivedError,
    RegionsDisagreeError,
    Suspect,
    WrongImageError,
    WrongVersionError,
)
from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import difference, differing, same
from support.verdicts.versions import Versions, final_writes, left_by
from support.verdicts.wording import blend_in_words, compared, names, shown_as


class State(StrEnum):
    """The three outcomes."""

    NOT_YET = "not yet"
    WRONG = "wrong"
    DONE = "done"


@dataclass(frozen=True)
class Judgement:
    """An outcome, the sentence that says why, and the error that it is if nothing changes any more."""

    state: State
    why: str
    error: type[DivergenceError] = DivergenceError


@dataclass
class Views:
    """What each region has shown of an item so far, in seconds of the scenario. Equal looks in a row are one."""

    looks: dict[str, list[Sight]] = field(default_factory=dict)

    def add(self, region: str, image: Image | None, asked: float, answered: float) -> None:
        looks = self.looks.setdefault(region, [])
        if looks and same(looks[-1].image, image):
            looks[-1] = replace(looks[-1], asked=(asked, -math.inf))
        else:
            looks.append(Sight(region, image, (asked, -math.inf), (answered, math.inf)))

    @property
    def shown(self) -> dict[str, Image | None]:
        """What each region shows now."""
        return {region: looks[-1].image for region, looks in self.looks.items()}


def judge(writes: Sequence[Write], views: Views) -> Judgement:
    """Judge what the regions have shown of an item against the writes to it, in order. Raises ValueError for none."""
    if not writes:
        raise ValueError("nothing was written to this item: there is nothing to wait for")
    versions = Versions(writes)
    for region in dict.fromkeys([*views.looks, *(write.region for write in writes)]):
        own = [sight(write) for write in writes if write.region == region and write.outcome is Outcome.ACKNOWLEDGED]
        for wrong in contradictions(versions, [*own, *views.looks.get(region, [])]):
            return _wrong(writes, wrong)
    last = final_writes(writes)
    first, *others = views.shown.values()
    regions = " and ".join(views.shown)
    if all(same(first, image) for image in others) and left_by(last, first):
        return Judgement(State.DONE, f"the same in {regions}, and nothing else is known to be later")
    behind = {region: image for region, image in views.shown.items() if not left_by(last, image)}
    reason = f"{' and '.join(behind)} still without the last write" if behind else f"{regions} differ"
    disagree = not behind or any(_keeps_own(writes, *each) for each in behind.items())
    error = RegionsDisagreeError if disagree else NotArrivedError
    return Judgement(State.NOT_YET, "; ".join(filter(None, (reason, doubt(writes)))), error)


def _keeps_own(writes: Sequence[Write], region: str, image: Image | None) -> bool:
    """Whether a region shows what was written there, and the last write, elsewhere, had not seen it."""
    own = any(write.region == region for write in left_by(writes, image))
    return own and not any(same(write.old_image, image) for write in final_writes(writes))


def doubt(writes: Sequence[Write]) -> str:
    """Which writes may have been done or not, in words; empty if there are none."""
    unknown = [write for write in writes if write.outcome is Outcome.UNKNOWN]
    return f"it is not known whether {names(unknown)} was done" if unknown else ""


def _wrong(writes: Sequence[Write], found: Contradiction) -> Judgement:
    """What no replication delay explains, in a sentence."""
    region, write, image = found.sight.region, found.sight.write, found.sight.image
    if found.floor:
        problem = f"{region} went back to an older version"
        if write:
            problem = f"{write.name} replaced an older version than {region} had"
        return Judgement(State.WRONG, f"{problem}: {compared(found.floor.newer, image)}", WrongVersionError)
    who = f"{region} shows"
    if write:
        who = f"{write.name}{'' if region in write.name else f' in {region}'} replaced"
    others = [each for each in writes if each is not write]
    return Judgement(State.WRONG, f"{who} {_unexplained(others or writes, image)}", WrongImageError)


def _unexplained(writes: Sequence[Write], image: Image | None) -> str:
    """An image that none of the writes explains, and how it differs from the one that is most like it."""
    if image is None:
        return "no item, though no write deleted it"
    like = min(
        reversed(writes), key=lambda write: (write.new_image is None, len(differing(write.new_image or {}, image)))
    )
    blend = blend_in_words(writes, image)
    return f"an image that no write left{f', {blend}' if blend else ''}: {compared(like, image)}"


def failure(error: type[FailureError], headline: str, writes: Sequence[Write], views: Views) -> FailureError:
    """A failure in lines, what each region shows and what was expected there, about a region that is behind, if any."""
    lines = [f"{writes[0].key}: {headline}"]
    finals = [write for write in final_writes(writes) if write.new_image_is_known]
    expected = " or ".join(f"what {each.name} left" for each in finals)
    behind = [region for region, image in views.shown.items() if not left_by(finals, image)]
    for region, looks in views.looks.items():
        image, since = looks[-1].image, looks[-1].answered[0]
        lines.append(f"  {region} shows {shown_as(writes, image)}, since {since:.1f} s of the scenario")
        if finals and region in behind:
            lines.append(f"    expected {expected}: {difference(finals[-1].new_image, image)}")
    return error("\n".join(lines), Suspect(*writes[0].key, behind[0] if behind else list(views.looks)[-1]))
