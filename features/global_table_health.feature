@health
Feature: Global table health
  The page warns: "check the Global Tables health status in the console and verify network connectivity". The console
  shows what DescribeTable tells; connectivity is shown by an item that travels.

  Rule: The table is a healthy global table

    @claim:W.1
    Scenario: The table is active in both regions
      When the table is described in both regions
      Then its status is ACTIVE in both regions

    @claim:W.1
    Scenario: Each region lists the other as an active replica
      When the table is described in both regions
      Then each region lists the other one as a replica that is ACTIVE

    @beyond_the_page
    Scenario: Both replicas are built alike
      When the table is described in both regions
      Then these settings are equal in both regions:
        | setting                    |
        | KeySchema                  |
        | AttributeDefinitions       |
        | GlobalSecondaryIndexes     |
        | BillingMode                |
        | TimeToLive                 |

    @beyond_the_page
    Scenario: Both regions have a stream, which replication reads
      When the table is described in both regions
      Then both regions have a stream, whatever it shows of an item

  Rule: The regions reach each other

    @claim:W.2
    Scenario: An item that is written in us-east-1 is readable in eu-west-1 within 30 seconds, and so is its deletion
      When a connectivity item is written in us-east-1
      Then it is readable in eu-west-1 within 30 seconds
      When the connectivity item is deleted in us-east-1
      Then no region holds the item within 30 seconds
