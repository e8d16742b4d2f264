"""What the checklist is asked, and what read-only probes of the regions answer.

They make no Scan, which AWS's least-privilege policies leave out, and what they read is not put into the history.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from support.page.workshop import Limits
from support.table.region import Region
from support.verdicts.errors import TargetTroubleError
from support.verdicts.health import Description
from support.verdicts.history import History, Image, Key, Write
from support.verdicts.images import same
from support.verdicts.versions import Versions, left_by

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Question:
    """What the checklist is asked about: this item, in this region, perhaps in an index under this value.

    `expected` are the images that it may have (empty: any item will do), `cached` is an answer from before (one image,
    or none given), `scanned` is whether a Scan was used (None: unknown), `waited` are the seconds since the item
    was written.
    """

    key: Key
    region: str
    index: str = ""
    value: str = ""
    expected: Sequence[Image | None] = ()
    cached: Sequence[Image | None] = ()
    scanned: bool | None = False
    waited: float | None = None

    def fits(self, image: Image | None) -> bool:
        """Whether an image is one of the expected ones, or any item where none is named."""
        return any(same(image, each) for each in self.expected) if self.expected else image is not None


@dataclass(frozen=True)
class Answers:
    """What the regions answered. `held` lacks those that did not: their trouble is in `silent`.

    `history` is that of a scenario (None: what was done is not known), `neighbours` are keys of the same partition,
    `indexed` is whether the index finds the item (None: not asked).
    """

    question: Question
    history: History | None
    described: Mapping[str, Description | None]
    held: Mapping[str, Image | None]
    silent: Mapping[str, str] = field(default_factory=dict)
    neighbours: Sequence[Key] = ()
    indexed: bool | None = None

    @property
    def asked(self) -> str:
        """The region in question."""
        return self.question.region

    @property
    def here(self) -> Image | None:
        """The image that the region in question holds; None: no item, or no answer."""
        return self.held.get(self.asked)

    @property
    def holders(self) -> list[str]:
        """The regions that have an item with this key."""
        return [name for name, image in self.held.items() if image is not None]

    @property
    def writes(self) -> list[Write]:
        """Those to the item, as far as they are known."""
        return self.history.writes(self.question.key) if self.history else []

    @property
    def ahead(self) -> list[str]:
        """The other regions that hold an expected image which the region in question does not hold."""
        question, here = self.question, self.here
        if self.asked not in self.held or (question.fits(here) and question.expected):
            return []
        others = {name: image for name, image in self.held.items() if name != self.asked}
        return [name for name, image in others.items() if question.fits(image) and not same(image, here)]

    @property
    def is_of_no_write(self) -> bool:
        """Whether the region in question holds an image that nothing known can have left."""
        return self.history is not None and self.here is not None and not Versions(self.writes).of(self.here)

    @property
    def index_is_behind(self) -> bool:
        """Whether the region holds the item as expected while its index does not agree with it."""
        belongs = (self.here or {}).get(f"{self.question.index}PK") == self.question.value
        return self.indexed is not None and not self.ahead and self.indexed != (belongs and not self.lacking)

    @property
    def lacking(self) -> list[str]:
        """The key attributes of the index that are missing from the item in the region in question."""
        index = self.question.index
        return [name for name in (f"{index}PK", f"{index}SK") if name not in (self.here or {})]

    @property
    def overdue(self) -> bool:
        """Whether more time has passed than the page allows for replication (2 minutes)."""
        return self.question.waited is not None and self.question.waited >= Limits.replication

    @property
    def rivals(self) -> tuple[Write, Write] | None:
        """The write whose image was expected, and the one whose image is there instead, unless that one came first."""
        if self.asked not in self.held or self.question.fits(self.here):
            return None
        lost = [each for each in self.writes if any(same(each.new_image, image) for image in self.question.expected)]
        won = left_by(self.writes, self.here)
        return (lost[-1], won[-1]) if lost and won and not won[-1].is_before(lost[-1]) else None


def gather(regions: Mapping[str, Region], question: Question, history: History | None) -> Answers:
    """Read from the regions everything that causes are judged by; a region without an answer is noted as silent."""
    silent: dict[str, str] = {}

    def ask(region: str, probe: Callable[[Region], Answer]) -> Iterator[Answer]:
        if region not in silent:
            try:
                yield probe(regions[region])
            except TargetTroubleError as error:
                silent[region] = str(error)

    described = {name: each for name in regions for each in ask(name, lambda region: region.describe())}
    there = [name for name, each in described.items() if each is not None]
    held = {name: image for name in there for image in ask(name, lambda region: region.unrecorded_get(question.key))}
    neighbours, indexed = list[Key](), None
    for name in there if not any(held.values()) else ():
        for items in ask(name, lambda region: region.items_of(question.key.pk)):
            neighbours += map(Key.of, items)
    if question.index and question.region in held:
        for pages in ask(question.region, lambda region: region.query_index(question.index, question.value)):
            indexed = question.key in [Key.of(entry) for page in pages for entry in page]
    return Answers(question, history, described, held, silent, neighbours, indexed)
