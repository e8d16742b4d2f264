@troubleshooting
Feature: Troubleshooting 3: conflict resolution unexpected
  A partner does not find the own update again. The checklist says why, and what to do about it.

  Background:
    Given the order of the page was created in us-east-1:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "ORDER#conflict-test",
        "GSI1PK": "ORDER#conflict-test",
        "GSI1SK": "DETAILS",
        "order_id": "conflict-test",
        "user_id": "global-user-[your-name]",
        "status": "pending",
        "total_amount": 100,
        "version": 1
      }
      """
    And it has reached eu-west-1 within 2 minutes

  Rule: Timestamp precision
    The page says "millisecond level". AWS documents no precision at all: what holds is that the regions agree.

    @claim:T3.1
    Scenario: Of two writes a millisecond apart one wins, in both regions the same one
      When the partners change the order:
        | partner | region    | at           | total_amount |
        | A       | us-east-1 | 15:40:00.000 | 150          |
        | B       | eu-west-1 | 15:40:00.001 | 200          |
      Then both regions hold the same order within 3 minutes
      And one of the two updates has won, whole
      When the partner whose update is gone looks for it
      Then the checklist names "overwritten by a later write" as the cause
      And the checklist says that "timestamp precision" cannot be known
      And the page's claim "Millisecond level" is marked as unverified, because AWS documents no precision

    @beyond_the_page @simulated_only @chosen_time
    Scenario: In the simulated table the later of two writes a millisecond apart wins
      When the partners change the order:
        | partner | region    | at           | total_amount |
        | A       | us-east-1 | 15:40:00.001 | 150          |
        | B       | eu-west-1 | 15:40:00.000 | 200          |
      Then both regions hold the same order within 3 minutes
      And the update of partner A has won, because it was written last
      And the page's claim "Millisecond level" is marked as unverified, because the simulated table is not AWS's

  Rule: Clock synchronization: AWS handles timing

    @claim:T3.2
    Scenario: A partner whose clock is an hour fast does not win for that
      When the partners change the order:
        | partner | region    | at       | total_amount | update_timestamp     |
        | A       | us-east-1 | 15:40:00 | 150          | 2025-08-11T16:40:00Z |
        | B       | eu-west-1 | 15:40:05 | 200          | 2025-08-11T15:40:05Z |
      Then both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
      When partner A looks for its own update in us-east-1
      Then the checklist names "clock synchronization" and "overwritten by a later write" as the causes
      And the cure is "AWS handles timing"

  Rule: Application design: plan for overwrites

    @claim:T3.3
    Scenario: A lost update is noticed
      When the partners change the order:
        | partner | region    | at         | total_amount | status  |
        | A       | us-east-1 | 15:40:00.0 | 150          |         |
        | B       | eu-west-1 | 15:40:00.1 |              | shipped |
      Then neither partner had seen the other's change
      And both regions hold the same order within 3 minutes
      When partner A looks for its own update in us-east-1
      Then the checklist names "overwritten by a later write" as the cause
      And the cure is "plan for overwrites"

    @beyond_the_page
    Scenario: In one region a condition on the version refuses to overwrite
      When the partners change the order:
        | partner | region    | at       | if_version | version | total_amount |
        | A       | us-east-1 | 15:40:00 | 1          | 2       | 150          |
      Then another change in us-east-1 on condition that the version is 1 is refused

    @beyond_the_page
    Scenario: In two regions a condition on the version does not protect
      When the partners change the order:
        | partner | region    | at         | if_version | version | total_amount |
        | A       | us-east-1 | 15:40:00.0 | 1          | 2       | 150          |
        | B       | eu-west-1 | 15:40:00.1 | 1          | 2       | 200          |
      Then both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
      When partner A looks for its own update in us-east-1
      Then the checklist names "overwritten by a later write" as the cause

    @beyond_the_page
    Scenario: A change with a condition counts from when it was written, like any other
      When the partners change the order:
        | partner | region    | at         | if_version | version | total_amount |
        | A       | us-east-1 | 15:40:00.0 |            |         | 150          |
        | B       | eu-west-1 | 15:40:00.1 | 1          | 2       | 200          |
      Then neither partner had seen the other's change
      And both regions hold the same order within 3 minutes
      And the update of partner B has won, because it was written last
