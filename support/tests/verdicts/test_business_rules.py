"""The business rules of the real-world scenarios."""

from datetime import UTC, datetime

import pytest

from support.verdicts.business_rules import first_step_back, sale_item, sale_to_call_off, stock_left
from support.verdicts.history import Key

MOMENT = datetime(2025, 8, 11, 15, 31, tzinfo=UTC)
PRODUCT = Key("PRODUCT#eu-product-ada", "DETAILS")
SALES = [{"SK": f"SALE#2025-08-11T15:31:00.000000Z#{region}", "pieces": 1} for region in ("us-east-1", "eu-west-1")]


def test_a_sale_has_a_key_with_its_time_and_its_region() -> None:
    assert sale_item(PRODUCT, "us-east-1", MOMENT) == {
        "PK": "PRODUCT#eu-product-ada",
        "SK": "SALE#2025-08-11T15:31:00.000000Z#us-east-1",
        "sold_at": "2025-08-11T15:31:00.000000Z",
        "region": "us-east-1",
        "pieces": 1,
    }


@pytest.mark.parametrize(("stock", "left"), [(50, 48), (2, 0), (1, -1)])
def test_the_stock_is_what_there_was_less_all_sales(stock: int, left: int) -> None:
    assert stock_left({"stock": stock}, SALES) == left


def test_of_too_many_sales_the_last_by_its_key_is_called_off_in_whatever_order_they_are_found() -> None:
    assert sale_to_call_off({"stock": 1}, SALES) == SALES[0]
    assert sale_to_call_off({"stock": 1}, SALES[::-1]) == SALES[0]
    assert sale_to_call_off({"stock": 2}, SALES) is None


def test_an_order_that_goes_back_is_named_with_both_states() -> None:
    assert first_step_back(["created", "paid", "paid", "shipping", "shipped"]) is None
    assert first_step_back(["created", "shipped", "paid", "created"]) == "shipped and then paid"
    with pytest.raises(ValueError, match="not in tuple"):
        first_step_back(["created", "lost"])
