@troubleshooting
Feature: Troubleshooting 1: replication not working
  Each scenario makes one mistake of the page's list, and shows that the checklist names it as the cause, with its cure.

  Background:
    Given the global user of the page was created in us-east-1:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "PROFILE",
        "GSI1PK": "USER#[your-name]@global.com",
        "GSI1SK": "PROFILE",
        "user_id": "global-user-[your-name]",
        "name": "[Your Name] Global",
        "email": "[your-name]@global.com",
        "region_created": "us-east-1"
      }
      """
    And it has reached eu-west-1 within 2 minutes

  Rule: Look in the right place, for the right item

    @claim:T1.1
    Scenario: Wrong region: a region without a replica does not have the user
      When the participant looks for the user in ap-southeast-2
      Then the checklist names "wrong region" as the cause
      And the cure is "look in us-east-1 or eu-west-1"

    @claim:T1.2
    Scenario Outline: Typos in keys: <pk> and <sk> find nothing, because an exact match is required
      When the participant looks in eu-west-1 for PK "<pk>" and SK "<sk>"
      Then the checklist names "typos in keys" as the cause
      And the cure is "use PK USER#global-user-[your-name] and SK PROFILE: an exact match is required"

      Examples:
        | pk                           | sk      |
        | USER#global-user-[your-name] | profile |
        | user#global-user-[your-name] | PROFILE |
        | USER#globaluser-[your-name]  | PROFILE |

    @claim:T1.3
    Scenario: Stale view: an answer that was kept is not what the region holds now
      On the page it is the browser's cache; for a program it is an answer that it goes on to use.

      Given the participant has kept the answer that eu-west-1 gave
      And the user is changed in us-east-1
      And it has reached eu-west-1 within 2 minutes
      When the participant looks at the kept answer of eu-west-1 again
      Then the checklist names "stale view" as the cause
      And the cure is "refresh the page"

  Rule: Wait long enough

    @claim:T1.4 @simulated_only @chosen_lag
    Scenario: Wait longer: up to 2 minutes are possible
      Given replication from us-east-1 to eu-west-1 takes 100 seconds
      When the user is changed in us-east-1
      And 60 seconds later the participant looks in eu-west-1 for the last change of the user
      Then the checklist names "wait longer" as the cause
      And the cure is "wait up to 2 minutes"
      And the user reaches eu-west-1 within 60 seconds
