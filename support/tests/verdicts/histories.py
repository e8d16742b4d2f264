"""Histories written by hand: what the verdicts are tested with."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any, Literal

from support.clock import PAGE_DAY
from support.verdicts.history import Image, Key, Outcome, Write
from support.verdicts.judgement import Views

US, EU, AP, SA = "us-east-1", "eu-west-1", "ap-southeast-2", "sa-east-1"
KEY = Key("USER#global-user-ada", "ORDER#conflict-test")
_numbers = count(1)


def order(total_amount: int, **attributes: Any) -> dict[str, Any]:
    """An order with this amount, as the page's."""
    return {"PK": KEY.pk, "SK": KEY.sk, "status": "pending", "total_amount": Decimal(total_amount), **attributes}


def write(
    region: str, at: float, old_image: Image | None, new_image: Image | None, by: str = "", until: float | None = None,
    action: Literal["put", "update", "delete"] = "update", outcome: Outcome = Outcome.ACKNOWLEDGED, attempts: int = 1,
    repeated: bool = False,
) -> Write:  # fmt: skip
    """A write that was sent `at` and answered at the same moment, or later (`until`)."""
    day = PAGE_DAY + timedelta(seconds=at)
    answered = at if until is None else until
    who = f"partner {by}" if by else ""
    return Write(
        next(_numbers), region, KEY, action, who, at, answered, day, outcome, old_image, new_image, attempts, None,
        repeated,
    )  # fmt: skip


def put(region: str, at: float, new_image: Image, old_image: Image | None = None, by: str = "") -> Write:
    """A put; of a new item, if nothing else is said."""
    return write(region, at, old_image, new_image, by, action="put")


def delete(region: str, at: float, old_image: Image | None, by: str = "") -> Write:
    """A delete."""
    return write(region, at, old_image, None, by, action="delete")


def unanswered(region: str, at: float, new_image: Image | None, by: str = "", action: Any = "put") -> Write:
    """A write that may have been done or not."""
    return write(region, at, None, new_image, by, action=action, outcome=Outcome.UNKNOWN)


def views(shown: Mapping[str, Sequence[tuple[float, Image | None]]]) -> Views:
    """What each region showed at which times."""
    all_views = Views()
    for region, looks in shown.items():
        for at, image in looks:
            all_views.add(region, image, at, at)
    return all_views
