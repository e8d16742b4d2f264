@exercise_2
Feature: Exercise 2: write from the replica, read from the primary region
  A product is created in Ireland (eu-west-1) and queried in N. Virginia (us-east-1): replication works in both
  directions, and any region can be written to. The console's region selector, its clicks and its screenshots can't be
  tested through the API: each step names its region instead.

  Background:
    Given the product of the page:
      """json
      {
        "PK": "PRODUCT#eu-product-[unique-id]",
        "SK": "DETAILS",
        "GSI1PK": "CATEGORY#eu-electronics",
        "GSI1SK": "PRODUCT#eu-product-[unique-id]",
        "GSI2PK": "PRICE#200-500",
        "GSI2SK": "PRODUCT#eu-product-[unique-id]",
        "product_id": "eu-product-[unique-id]",
        "name": "European Smartphone",
        "description": "Created in EU region",
        "category": "eu-electronics",
        "price": 299,
        "stock": 50,
        "region_created": "eu-west-1",
        "created_timestamp": "2025-08-11T15:35:00Z",
        "test_type": "reverse_replication"
      }
      """

  Rule: What is created in eu-west-1 appears in us-east-1

    @claim:E2.1 @claim:E2.4 @claim:X.1
    Scenario: The product is found in N. Virginia within 60 seconds
      When the participant creates the product in eu-west-1 and notes the time
      Then a query in us-east-1 for PK "PRODUCT#eu-product-[unique-id]" and SK "DETAILS" finds the product within 60 seconds
      And the replication time is noted

    @claim:E2.2 @claim:E2.3
    Scenario: The product is an exact copy from the EU
      When the participant creates the product in eu-west-1 and notes the time
      And it has reached us-east-1 within 60 seconds
      Then all attributes of the product in us-east-1 match exactly
      And "region_created" of the product in us-east-1 still says "eu-west-1"
      And "created_timestamp" of the product is "2025-08-11T15:35:00Z" in both regions

  Rule: Replication is bi-directional

    @claim:E2.4 @claim:X.1
    Scenario: Both directions work at the same time
      Given the product of the US region:
        """json
        {
          "PK": "PRODUCT#us-product-[unique-id]",
          "SK": "DETAILS",
          "product_id": "us-product-[unique-id]",
          "name": "American Smartphone",
          "price": 349,
          "region_created": "us-east-1"
        }
        """
      When both products are created at the same time, each in its own region
      Then each product is found in the other region within 60 seconds
      And both regions hold exact copies of both products
