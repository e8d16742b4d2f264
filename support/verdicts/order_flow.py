"""The states of an order on its way, and whether what a reader saw of them ever went back."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

STATES = ("created", "paid", "shipping", "shipped")
PAYMENT: dict[str, Any] = {"status": "paid", "GSI2PK": "STATUS#paid", "paid_amount": 100}


def first_step_back(states: Sequence[str]) -> str | None:
    """The first later state that was followed by an earlier one, in words. Raises ValueError for an unknown state."""
    for earlier, later in pairwise(states):
        if STATES.index(later) < STATES.index(earlier):
            return f"{earlier} and then {later}"
    return None
