@exercise_5
Feature: Exercise 5: replication timing analysis
  Timestamped items are created in one region and queried repeatedly in the other one until they appear. The start time
  is noted before each creation; the delay is the end time minus the start time. One process writes and looks, on one
  clock, so each delay is known to lie between the last look that missed and the first that hit.

  Background:
    Given the test item of the page:
      """json
      {
        "PK": "TEST#timing-[timestamp]",
        "SK": "REPLICATION",
        "created_at": "[exact-timestamp]",
        "source_region": "[source-region]",
        "test_purpose": "timing_analysis"
      }
      """

  Rule: Replication takes about a second

    @claim:E5.1 @claim:E5.2 @claim:E5.3 @claim:E5.4 @claim:E5.5 @claim:X.2 @claim:X.5
    Scenario Outline: Replication from <source> to <destination> is usually faster than 2 seconds
      When timestamped items are created in <source> and queried in <destination> until they appear, for 2 minutes at most
      Then every item has appeared
      And the fastest, slowest and average replication are documented, with p50, p95 and p99
      And replication is usually faster than 2 seconds

      Examples:
        | source    | destination |
        | us-east-1 | eu-west-1   |
        | eu-west-1 | us-east-1   |

    @claim:E5.1 @claim:E5.2 @claim:E5.3 @claim:E5.4 @claim:E5.5 @claim:X.2
    Scenario: Both directions are timed side by side
      When timestamped items are created in both regions and queried in the other one until they appear, for 2 minutes at most
      Then every item has appeared
      And the fastest, slowest and average replication are documented, with p50, p95 and p99
      And replication is usually faster than 2 seconds

  Rule: The measurement can be trusted

    @beyond_the_page @simulated_only @chosen_lag
    Scenario: Each delay is a bracket that holds the true delay
      Given replication from us-east-1 to eu-west-1 takes 2 seconds
      When timestamped items are created in us-east-1 and queried in eu-west-1 until they appear, for 2 minutes at most
      Then every item has appeared
      And each bracket holds 2 seconds, and is no wider than the pause between two looks

    @beyond_the_page @simulated_only @one_way_cut
    Scenario: An item that does not appear is counted as not arrived, and no average is claimed
      Given replication from us-east-1 to eu-west-1 is cut
      When timestamped items are created in us-east-1 and queried in eu-west-1 until they appear, for 3 seconds at most
      Then no item has appeared, and each is counted as longer than 3 seconds
      And the fastest, slowest and average replication are documented, with p50, p95 and p99
