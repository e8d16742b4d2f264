@scenario_2
Feature: Scenario 2: inventory management
  A sale takes one piece off the stock, on condition that there is one. The condition is checked in the region of the
  sale, against what that region holds: two regions can sell the last piece twice. Business logic has to handle that.
  Each sale notes its region in the product, so that one sees which of two sales has stayed.

  Background:
    Given the product of the page is in both regions:
      """json
      {
        "PK": "PRODUCT#eu-product-[unique-id]",
        "SK": "DETAILS",
        "product_id": "eu-product-[unique-id]",
        "name": "European Smartphone",
        "price": 299,
        "stock": 50,
        "region_created": "eu-west-1"
      }
      """

  Rule: A sale lowers the stock in every region

    @claim:S2.1 @claim:X.2 @claim:X.5
    Scenario: The EU shows the old or the new stock level, and then the new one
      When a piece is sold in us-east-1
      Then every read in eu-west-1 shows a stock of 50 or 49, and 49 within 2 minutes

    @beyond_the_page
    Scenario: The stock never falls below zero in the region of the sale
      Given only 1 piece is left
      When a piece is sold in us-east-1
      Then another sale in us-east-1 is refused
      And both regions hold a stock of 0 within 2 minutes

  Rule: A stock that two regions count down oversells, and loses a sale

    @claim:S2.2
    Scenario: Both regions sell the last piece
      Given only 1 piece is left
      When a piece is sold in both regions at the same time
      Then both sales succeed, each in its own region
      And both regions hold a stock of 0 within 2 minutes
      And one of the two sales has stayed, whole
      And the other one has left no trace in the stock

    @beyond_the_page
    Scenario: Of two sales at the same time one is lost even when there is plenty
      When a piece is sold in both regions at the same time
      Then both sales succeed, each in its own region
      And both regions hold a stock of 49 within 2 minutes
      And one of the two sales has stayed, whole
      And the other one has left no trace in the stock

  Rule: A sale that is recorded as an item of its own is never lost

    @claim:S2.2 @claim:T3.3
    Scenario: Both regions derive the same stock from the recorded sales
      When a sale is recorded as an item of its own in both regions at the same time
      Then both regions find 2 sales within 2 minutes
      And both regions derive a stock of 48

    @claim:S2.2
    Scenario: An oversold piece is noticed in both regions, and both name the same sale to be called off
      Given only 1 piece is left
      When a sale is recorded as an item of its own in both regions at the same time
      Then both regions find 2 sales within 2 minutes
      And both regions derive a stock of -1
      And both regions name the same sale to be called off
