from decimal import Decimal

import pytest

from support.page.workshop import TABLE, Limits, Participant

ADA = Participant("ada")


def test_the_blanks_of_the_page_are_filled_in() -> None:
    text = "USER#[your-name], [Your Name] Global, PRODUCT#eu-product-[unique-id] of [your-name]"
    assert ADA.fill(text, unique_id="x1") == "USER#ada, Ada Global, PRODUCT#eu-product-x1 of ada"


def test_two_participants_have_different_keys() -> None:
    assert ADA.fill("[your-name]") != Participant("grace").fill("[your-name]")


def test_a_json_text_becomes_an_item_with_exact_numbers() -> None:
    item = ADA.item('{"PK": "USER#[your-name]", "price": 299, "rate": 0.1, "conflict_test": true, "tags": ["a"]}')
    assert item == {"PK": "USER#ada", "price": 299, "rate": Decimal("0.1"), "conflict_test": True, "tags": ["a"]}
    assert isinstance(item["rate"], Decimal)


def test_a_text_that_is_not_json_is_an_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        ADA.item('{"PK": }')


def test_the_table_is_that_of_the_workshop_s_template() -> None:
    assert TABLE["TableName"] == "demo-ecommerce-freetier"
    assert [key["AttributeName"] for key in TABLE["KeySchema"]] == ["PK", "SK"]
    assert {index["Projection"]["ProjectionType"] for index in TABLE["GlobalSecondaryIndexes"]} == {"KEYS_ONLY"}
    assert TABLE["ProvisionedThroughput"] == {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}


def test_the_limits_are_those_that_the_page_names() -> None:
    assert (Limits().replication, Limits().usual_delay) == (120, 2)
