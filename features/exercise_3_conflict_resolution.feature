@exercise_3
Feature: Exercise 3: conflict resolution
  Two partners change the same order in two regions, within ten seconds of each other. The version that was written
  last is kept in every region, whole; nothing of the other one is merged into it.
  The page explains the outcome with the update_timestamp inside the item. AWS documents another rule: the service's
  own write time decides. Both name the same winner in the page's example, so other scenarios set them against each
  other: there the update that is written last carries the earlier update_timestamp.
  Screenshots are left to the reader; two people are not needed, as both partners are played side by side.

  Background:
    Given the order of the page was created in us-east-1:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "ORDER#conflict-test",
        "GSI1PK": "ORDER#conflict-test",
        "GSI1SK": "DETAILS",
        "GSI2PK": "STATUS#pending",
        "GSI2SK": "ORDER#conflict-test",
        "order_id": "conflict-test",
        "user_id": "global-user-[your-name]",
        "status": "pending",
        "total_amount": 100,
        "last_updated_region": "us-east-1",
        "conflict_test": true
      }
      """
    And it has reached eu-west-1 within 2 minutes

  Rule: The update that was written last wins in every region

    @claim:E3.1 @claim:E3.2 @claim:E3.3 @claim:E3.5 @claim:X.3
    Scenario: Ireland writes five seconds after Virginia, so Ireland wins
      When the partners change the order:
        | partner | region    | at       | total_amount | last_updated_region | update_timestamp     |
        | A       | us-east-1 | 15:40:00 | 150          | us-east-1           | 2025-08-11T15:40:00Z |
        | B       | eu-west-1 | 15:40:05 | 200          | eu-west-1           | 2025-08-11T15:40:05Z |
      Then both partners have written within 10 seconds of each other
      And both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last

    @claim:X.3
    Scenario: Virginia writes last, so Virginia wins
      When the partners change the order:
        | partner | region    | at       | total_amount | last_updated_region | update_timestamp     |
        | B       | eu-west-1 | 15:40:00 | 200          | eu-west-1           | 2025-08-11T15:40:00Z |
        | A       | us-east-1 | 15:40:05 | 150          | us-east-1           | 2025-08-11T15:40:05Z |
      Then both regions hold the same order within 3 minutes
      And the update of partner A has won, because it was written last

    @claim:E3.4 @claim:E3.6 @claim:X.3
    Scenario: The time inside the item does not decide
      When the partners change the order:
        | partner | region    | at       | total_amount | last_updated_region | update_timestamp     |
        | A       | us-east-1 | 15:40:00 | 150          | us-east-1           | 2025-08-11T15:40:05Z |
        | B       | eu-west-1 | 15:40:05 | 120          | eu-west-1           | 2025-08-11T15:40:00Z |
      Then both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
      And this excludes that the later update_timestamp in the item wins
      And this excludes that the larger total_amount wins

  Rule: Of two updates that had not seen each other the later one is kept, whole

    @claim:X.3
    Scenario Outline: <second> writes before the update from <first> has arrived, and wins
      When the partners change the order:
        | partner | region   | at         | total_amount | last_updated_region | update_timestamp     |
        | A       | <first>  | 15:40:00.0 | 150          | <first>             | 2025-08-11T15:40:05Z |
        | B       | <second> | 15:40:00.1 | 120          | <second>            | 2025-08-11T15:40:00Z |
      Then neither partner had seen the other's change
      And both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
      And this excludes that the later update_timestamp in the item wins
      And this excludes that the larger total_amount wins

      Examples:
        | first     | second    |
        | us-east-1 | eu-west-1 |
        | eu-west-1 | us-east-1 |

    @claim:T3.1
    Scenario: Of two writes at the same moment either may win, in both regions the same one
      When the partners change the order:
        | partner | region    | at       | total_amount | last_updated_region | update_timestamp     |
        | A       | us-east-1 | 15:40:00 | 150          | us-east-1           | 2025-08-11T15:40:00Z |
        | B       | eu-west-1 | 15:40:00 | 200          | eu-west-1           | 2025-08-11T15:40:00Z |
      Then neither partner had seen the other's change
      And both regions hold the same order within 3 minutes
      And one of the two updates has won, whole

    @claim:X.3
    Scenario Outline: Updates of different attributes are not merged: <second> wins
      When the partners change the order:
        | partner | region   | at         | total_amount | status  |
        | A       | <first>  | 15:40:00.0 | 150          |         |
        | B       | <second> | 15:40:00.1 |              | shipped |
      Then neither partner had seen the other's change
      And both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
      And this excludes that attributes are merged

      Examples:
        | first     | second    |
        | us-east-1 | eu-west-1 |
        | eu-west-1 | us-east-1 |

  Rule: A delete is a write like any other

    @beyond_the_page
    Scenario: A delete that is written last removes the order everywhere
      When the partners change the order:
        | partner | region    | at         | action | total_amount |
        | A       | us-east-1 | 15:40:00.0 | update | 150          |
        | B       | eu-west-1 | 15:40:00.1 | delete |              |
      Then neither partner had seen the other's change
      And no region holds the order within 3 minutes
      And the delete of partner B has won, because it was written last

    @beyond_the_page
    Scenario: An update that is written last brings the order back everywhere
      When the partners change the order:
        | partner | region    | at         | action | total_amount |
        | A       | us-east-1 | 15:40:00.0 | delete |              |
        | B       | eu-west-1 | 15:40:00.1 | update | 200          |
      Then neither partner had seen the other's change
      And both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last

  Rule: Regions that were cut off from each other agree once they are connected again

    @beyond_the_page @experiment
    Scenario Outline: <second> writes while replication is cut, and wins when it heals
      Given replication between the regions is cut
      When the partners change the order:
        | partner | region   | at       | total_amount | last_updated_region | update_timestamp     |
        | A       | <first>  | 15:40:00 | 150          | <first>             | 2025-08-11T15:40:05Z |
        | B       | <second> | 15:40:05 | 120          | <second>            | 2025-08-11T15:40:00Z |
      Then 10 minutes later each region still holds its own partner's change
      When replication between the regions heals
      Then both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
      And this excludes that the later update_timestamp in the item wins

      Examples:
        | first     | second    |
        | us-east-1 | eu-west-1 |
        | eu-west-1 | us-east-1 |

    @beyond_the_page @simulated_only @long_cut
    Scenario: What was deleted does not come back after a cut of many hours
      Given replication between the regions is cut
      When the partners change the order:
        | partner | region    | at       | action | total_amount |
        | A       | us-east-1 | 15:40:30 | update | 150          |
        | B       | eu-west-1 | 16:35:00 | delete |              |
      Then 19 hours later each region still holds its own partner's change
      When replication between the regions heals
      Then no region holds the order within 3 minutes
      And the delete of partner B has won, because it was written last

    @beyond_the_page @experiment
    Scenario: An update that was held up does not bring back an order that was deleted after it
      Given replication between the regions is cut
      When the partners change the order:
        | partner | region    | at       | action | total_amount |
        | A       | us-east-1 | 15:40:00 | update | 150          |
        | B       | eu-west-1 | 15:40:05 | delete |              |
      Then 10 minutes later each region still holds its own partner's change
      When replication between the regions heals
      Then no region holds the order within 3 minutes
      And the delete of partner B has won, because it was written last
