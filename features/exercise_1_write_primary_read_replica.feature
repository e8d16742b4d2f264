@exercise_1
Feature: Exercise 1: write to the primary region, read from the replica
  A global user is created in N. Virginia (us-east-1). A moment later the same user, unchanged, is read in
  Ireland (eu-west-1). The page's clicks and screenshots are not shown: the steps use the API behind the console.

  Background:
    Given the global user of the page:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "PROFILE",
        "GSI1PK": "USER#[your-name]@global.com",
        "GSI1SK": "PROFILE",
        "user_id": "global-user-[your-name]",
        "name": "[Your Name] Global",
        "email": "[your-name]@global.com",
        "region_created": "us-east-1",
        "created_timestamp": "2025-08-11T15:30:00Z",
        "test_type": "global_replication",
        "workshop_session": "module3"
      }
      """

  Rule: What is created in us-east-1 appears in eu-west-1

    @claim:E1.4 @claim:E1.6 @claim:E1.7 @claim:E2.4 @claim:X.1
    Scenario: The global user is found in Ireland within 60 seconds
      When the participant creates the user in us-east-1 and notes the time
      Then a query in eu-west-1 for PK "USER#global-user-[your-name]" and SK "PROFILE" finds the user within 60 seconds
      And the replication time is noted

    @claim:E1.5 @simulated_only @chosen_lag
    Scenario: If replication is immediate, the first query finds the user
      Given replication from us-east-1 to eu-west-1 takes 0 seconds
      When the participant creates the user in us-east-1 and notes the time
      Then a query in eu-west-1 for PK "USER#global-user-[your-name]" and SK "PROFILE" finds the user at once

    @claim:E1.6 @simulated_only @chosen_lag
    Scenario: If replication is delayed, the query is tried again after 30 to 60 seconds
      Given replication from us-east-1 to eu-west-1 takes 45 seconds
      When the participant creates the user in us-east-1 and notes the time
      Then a query in eu-west-1 for PK "USER#global-user-[your-name]" and SK "PROFILE" finds nothing yet
      And after 30 seconds a query in eu-west-1 for PK "USER#global-user-[your-name]" and SK "PROFILE" finds nothing yet
      And a query in eu-west-1 for PK "USER#global-user-[your-name]" and SK "PROFILE" finds the user within 30 seconds
      And the replication time is noted

  Rule: The copy is exact

    @claim:E1.8 @claim:E1.9 @claim:E1.10
    Scenario: All attributes match exactly
      When the participant creates the user in us-east-1 and notes the time
      And it has reached eu-west-1 within 60 seconds
      Then all attributes of the user in eu-west-1 match exactly
      And "region_created" of the user in eu-west-1 still says "us-east-1"
      And "created_timestamp" of the user is "2025-08-11T15:30:00Z" in both regions

  Rule: Only the exact keys find it

    @claim:T1.2 @claim:T2.1
    Scenario: A query with another spelling of the sort key finds nothing
      When the participant creates the user in us-east-1 and notes the time
      And it has reached eu-west-1 within 60 seconds
      Then a query in eu-west-1 for PK "USER#global-user-[your-name]" and SK "profile" finds nothing
