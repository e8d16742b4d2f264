"""Business rules of the page's real-world scenarios: a stock that is sold from in several regions, an order on its way.

A stock that regions count down loses a sale whenever two of them sell before they have heard of each other, because
the last writer wins. Sales with keys of their own are all kept, so that every region derives the same stock from them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from support.verdicts.history import Image, Key


def becoming(status: str) -> dict[str, Any]:
    """What changes in an order that gets a status, which is part of an index's key."""
    return {"status": status, "GSI2PK": f"STATUS#{status}"}


PAYMENT = {**becoming("paid"), "paid_amount": 100}


def sale_item(product: Key, region: str, now: datetime) -> dict[str, Any]:
    """A sale of one piece. Its key has the time and the region, so that no two regions write the same item."""
    moment = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"PK": product.pk, "SK": f"SALE#{moment}#{region}", "sold_at": moment, "region": region, "pieces": 1}


def stock_left(product: Mapping[str, Any], sales: Sequence[Image]) -> int:
    """The pieces that are left; fewer than none when too many were sold."""
    return int(product["stock"] - sum(sale["pieces"] for sale in sales))


def sale_to_call_off(product: Mapping[str, Any], sales: Sequence[Image]) -> Image | None:
    """The sale that a customer has to be told cannot be delivered: the last one by its key; None if all can be."""
    return max(sales, key=lambda sale: str(sale["SK"])) if stock_left(product, sales) < 0 else None
