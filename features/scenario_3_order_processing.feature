@scenario_3
Feature: Scenario 3: order processing
  An order is created in the EU, paid in the US and updated in the EU; fulfilment reads it from the nearest region.

  Background:
    Given this order of the participant:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "ORDER#[unique-id]",
        "GSI1PK": "ORDER#[unique-id]",
        "GSI1SK": "DETAILS",
        "GSI2PK": "STATUS#created",
        "GSI2SK": "ORDER#[unique-id]",
        "order_id": "[unique-id]",
        "status": "created",
        "total_amount": 100
      }
      """

  Rule: Each step builds on the one before, in whatever region it was done

    @claim:S3.1 @claim:S3.2 @claim:X.5
    Scenario: The order goes from region to region, and fulfilment reads it from the nearest one
      When the customer creates the order in eu-west-1
      And it is paid in us-east-1 as soon as it has arrived there, within 2 minutes
      And it becomes "shipped" in eu-west-1 as soon as the payment is known there, within 2 minutes
      Then fulfilment reads that the order is paid, and its status "shipped", from eu-west-1 and from us-east-1 within 2 minutes
      And no region showed a later state followed by an earlier one

    @beyond_the_page @simulated_only @chosen_lag
    Scenario: A payment that comes before the order is refused, and succeeds after it has arrived
      Given replication from eu-west-1 to us-east-1 takes 30 seconds
      When the customer creates the order in eu-west-1
      Then a payment in us-east-1 is refused, because its condition does not hold there yet
      And the payment succeeds once the order has arrived, within 2 minutes
      And fulfilment reads that the order is paid, and its status "paid", from eu-west-1 and from us-east-1 within 2 minutes

  Rule: A payment and a status update that had not seen each other are a conflict

    @beyond_the_page
    Scenario Outline: The later of the two is kept whole, and the other one has to be done again: <second> wins
      Given the order is in both regions
      When the partners change the order:
        | by       | region   | at         | status   | paid_amount |
        | payment  | <first>  | 15:40:00.0 |          | 100         |
        | shipping | <second> | 15:40:00.1 | shipping |             |
      Then neither partner had seen the other's change
      And both regions hold the same order within 2 minutes
      And the update of shipping has won, because it was written last
      And the order is not paid in any region, until the payment is made again in <first>

      Examples:
        | first     | second    |
        | us-east-1 | eu-west-1 |
        | eu-west-1 | us-east-1 |
