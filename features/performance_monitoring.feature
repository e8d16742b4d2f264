@monitoring
Feature: Performance monitoring
  CloudWatch shows how long replication takes: ReplicationLatency, in milliseconds, for each table and receiving region,
  in the region that the change comes from. The page also asks for the pending replication count: version 2019.11.21 of
  global tables does not publish it, so it is shown instead that nothing is pending. The console's graphs are not shown.

  Rule: ReplicationLatency is published for each direction

    @claim:M.1 @claim:M.2
    Scenario Outline: The latency from <source> to <destination> can be read in <source>
      Given 5 items were written in <source> and have reached <destination> within 2 minutes
      When CloudWatch in <source> is asked for the ReplicationLatency towards <destination>
      Then average, minimum and maximum are there within 10 minutes, in milliseconds
      And none of them is 0, which would mean that replication has stalled
      And they are within an order of magnitude of what the suite measured itself

      Examples:
        | source    | destination |
        | us-east-1 | eu-west-1   |
        | eu-west-1 | us-east-1   |

    @beyond_the_page @simulated_only @chosen_lag
    Scenario: The latency is as long as replication takes
      Given replication from us-east-1 to eu-west-1 takes 20 seconds
      And 5 items were written in us-east-1 and have reached eu-west-1 within 2 minutes
      When CloudWatch in us-east-1 is asked for the ReplicationLatency towards eu-west-1
      Then average, minimum and maximum are there within 10 minutes, in milliseconds
      And the minimum is 20 seconds, within a second

    @beyond_the_page
    Scenario: No datapoint means "not available", never 0
      When CloudWatch in us-east-1 is asked for the ReplicationLatency of a table that is never written to
      Then it says "not available"

  Rule: Nothing is left over

    @claim:M.3
    Scenario: There is no PendingReplicationCount, and nothing is pending
      Given 5 items were written in us-east-1 and have reached eu-west-1 within 2 minutes
      Then CloudWatch has no PendingReplicationCount of the table in any region
      And both regions hold all of the items, and nothing is pending

  Rule: There are no errors

    @claim:M.1 @claim:M.4
    Scenario: The SystemErrors of every operation are 0
      Given 5 items were written in us-east-1 and have reached eu-west-1 within 2 minutes
      And 5 items were written in eu-west-1 and have reached us-east-1 within 2 minutes
      And both regions hold all of the items, and nothing is pending
      Then after 2 minutes, or within 4 minutes, CloudWatch has counted PutItem, GetItem and Query in both regions
      And the SystemErrors of these operations are 0
