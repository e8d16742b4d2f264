@troubleshooting
Feature: Troubleshooting 2: queries returning empty
  Each scenario makes one mistake of the page's list, and shows that the checklist names it as the cause, with its cure.

  Rule: The query has to ask the right region for the exact keys

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

    @claim:T2.1
    Scenario Outline: Correct PK/SK: a query for <pk> and <sk> is empty
      Given it has reached eu-west-1 within 2 minutes
      When the participant looks in eu-west-1 for PK "<pk>" and SK "<sk>"
      Then the checklist names "typos in keys" as the cause
      And the cure is "use PK USER#global-user-[your-name] and SK PROFILE: an exact match is required"

      Examples:
        | pk                           | sk       |
        | USER#global-user-[your-name] | Profile  |
        | USER#global_user-[your-name] | PROFILE  |
        | USER#global-user-[your-name] | PROFILE# |

    @claim:T2.2 @simulated_only @one_way_cut
    Scenario: Region correct: a region that replication does not reach does not have the change
      Given it has reached eu-west-1 within 2 minutes
      And replication from us-east-1 to eu-west-1 is cut
      When the user is changed in us-east-1
      And 3 minutes later the participant looks in eu-west-1 for the last change of the user
      Then the checklist names "another version in the queried region" as the cause
      And the cure is "query us-east-1"

  Rule: An index shows only items that include its keys

    @claim:T2.3
    Scenario: GSI populated: a user without GSI1SK is not in GSI1
      Given the global user of the page was created in us-east-1:
        """json
        {
          "PK": "USER#global-user-[your-name]",
          "SK": "PROFILE",
          "GSI1PK": "USER#[your-name]@global.com",
          "user_id": "global-user-[your-name]",
          "email": "[your-name]@global.com"
        }
        """
      And it has reached eu-west-1 within 2 minutes
      When the participant looks for the user by a query of GSI1 in eu-west-1 for "USER#[your-name]@global.com"
      Then the checklist names "GSI not populated" as the cause
      And the cure is "include GSI1PK and GSI1SK in the item"
      And once the item includes GSI1PK and GSI1SK, the query finds the user within 2 minutes

  Rule: Query, do not Scan

    @claim:T2.4 @simulated_only @no_scan
    Scenario: Query type: a page of a Scan is empty, though the region has the user
      A Scan reads the table in pages and filters each page after reading it. AWS's least-privilege policies leave
      Scan out, so a live run does not do it.

      Given a product of the page:
        """json
        { "PK": "PRODUCT#eu-product-[unique-id]", "SK": "DETAILS", "GSI1PK": "CATEGORY#eu-electronics" }
        """
      And these products were created:
        | unique-id | region    |
        | phone     | eu-west-1 |
        | tablet    | eu-west-1 |
      And the global user of the page was created in us-east-1:
        """json
        { "PK": "USER#global-user-[your-name]", "SK": "PROFILE", "name": "[Your Name] Global" }
        """
      And it has reached eu-west-1 within 2 minutes
      When the participant looks for the user by a Scan of the first 2 items in eu-west-1
      Then the checklist names "Scan instead of Query" as the cause
      And the cure is "use a Query with the exact PK and SK"
