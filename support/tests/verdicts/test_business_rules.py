"""The business rules of the real-world scenarios."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support.verdicts.business_rules import becoming, sale_item, sale_to_call_off, stock_left
from support.verdicts.history import Key


def sale(region: str) -> dict[str, Any]:
    return sale_item(Key("PRODUCT#eu-product-ada", "DETAILS"), region, datetime(2025, 8, 11, 15, 31, tzinfo=UTC))


def test_a_sale_has_a_key_of_its_moment_and_region_and_an_order_that_of_its_status() -> None:
    moment = "2025-08-11T15:31:00.000000Z"
    key = {"PK": "PRODUCT#eu-product-ada", "SK": f"SALE#{moment}#eu-west-1"}
    assert sale("eu-west-1") == {**key, "sold_at": moment, "region": "eu-west-1", "pieces": 1}
    assert becoming("paid") == {"status": "paid", "GSI2PK": "STATUS#paid"}


@pytest.mark.parametrize(("stock", "left"), [(50, 48), (2, 0), (1, -1)])
def test_of_too_many_sales_the_last_by_its_key_is_called_off(stock: int, left: int) -> None:
    first, last = sale("eu-west-1"), sale("us-east-1")
    for sales in ([first, last], [last, first]):
        assert stock_left({"stock": stock}, sales) == left
        assert sale_to_call_off({"stock": stock}, sales) == (last if left < 0 else None)
