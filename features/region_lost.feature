@region_lost @beyond_the_page
Feature: A region is cut off from the other one
  Beyond the page: what every owner of a global table asks. How much do we lose, how long must we wait, which
  acknowledged writes are gone? AWS acknowledges a write before it has replicated it, and tells no one which of two
  conflicting writes it has dropped; the report of these scenarios does. Its figures are those of one run on one table,
  and no promise of AWS.
  On AWS the Fault Injection Service pauses replication, both ways at once, for the scenarios that need it: a live run
  does that with --experiments only.

  Background:
    Given a pending order of the page:
      """json
      {
        "PK": "USER#global-user-[your-name]",
        "SK": "ORDER#[unique-id]",
        "GSI1PK": "ORDER#[unique-id]",
        "GSI1SK": "DETAILS",
        "GSI2PK": "STATUS#pending",
        "GSI2SK": "ORDER#[unique-id]",
        "status": "pending"
      }
      """

  Rule: What a region has acknowledged while it is cut off is missing in the other one until replication goes on

    @experiment
    Scenario: Virginia is given up with writes that Ireland does not have
      Given these orders were created:
        | unique-id | region    |
        | known     | us-east-1 |
      And both regions hold all of them within 2 minutes
      And replication between the regions is cut
      When orders are written:
        | order  | region    | at       | status    |
        | first  | us-east-1 | 15:40:00 | pending   |
        | second | us-east-1 | 15:40:10 | pending   |
        | known  | us-east-1 | 15:40:20 | paid      |
        | known  | eu-west-1 | 15:40:30 | cancelled |
      Then eu-west-1 lacks 3 of the writes that us-east-1 has acknowledged
      When replication between the regions heals
      Then within 3 minutes this has become of what was missing:
        | order  | outcome                |
        | first  | arrived                |
        | second | arrived                |
        | known  | overtaken in eu-west-1 |

    @experiment
    Scenario: A reader that falls back gets what had arrived, and its own write again after the healing
      Given these orders were created:
        | unique-id | region    |
        | mine      | us-east-1 |
      And both regions hold all of them within 2 minutes
      And replication between the regions is cut
      When orders are written:
        | order | region    | at       | status |
        | mine  | us-east-1 | 15:40:00 | paid   |
      Then for 10 seconds each read of the order mine in eu-west-1 shows what had arrived, whole
      When replication between the regions heals
      Then the order mine is "paid" in eu-west-1 within 3 minutes

  Rule: Regions that took writes of the same orders catch up, and of each order the last write stays

    @experiment
    Scenario: The acknowledged writes that were overwritten are named
      Given these orders were created:
        | unique-id | region    |
        | one       | us-east-1 |
        | two       | eu-west-1 |
        | three     | us-east-1 |
      And both regions hold all of them within 2 minutes
      And replication between the regions is cut
      When orders are written:
        | order | region    | at       | status    |
        | one   | us-east-1 | 15:40:00 | paid      |
        | one   | us-east-1 | 15:40:01 | packed    |
        | two   | eu-west-1 | 15:40:02 | paid      |
        | one   | eu-west-1 | 15:40:04 | cancelled |
        | two   | us-east-1 | 15:40:06 | cancelled |
        | three | us-east-1 | 15:40:08 | paid      |
        | three | us-east-1 | 15:40:10 | shipped   |
        | four  | eu-west-1 | 15:40:12 | pending   |
      And replication between the regions heals
      Then both regions have caught up within 3 minutes
      And these acknowledged writes are gone:
        | order | written in | overwritten in |
        | one   | us-east-1  | eu-west-1      |
        | one   | us-east-1  | eu-west-1      |
        | two   | eu-west-1  | us-east-1      |

    @experiment
    Scenario: What is written right after the healing arrives, too
      Given these orders were created:
        | unique-id | region    |
        | one       | us-east-1 |
      And both regions hold all of them within 2 minutes
      And replication between the regions is cut
      When orders are written:
        | order | region    | at       | status |
        | one   | us-east-1 | 15:40:00 | paid   |
      And replication between the regions heals
      And orders are written:
        | order | region    | at       | status  |
        | one   | us-east-1 | 15:40:01 | shipped |
        | two   | eu-west-1 | 15:40:02 | pending |
      Then both regions have caught up within 3 minutes

  Rule: Before a planned switch AWS advises to stop writing and to wait ten times the recent delay

    Scenario: After that wait the other region lacks nothing
      While replication is cut no wait helps: what is missing then is missing until it heals. AWS means the longest
      ReplicationLatency of late; here it is the slowest delay that was just measured from outside.

      Given the delay of 5 orders from us-east-1 to eu-west-1 was measured
      When 10 orders are created in us-east-1, and ten times the slowest of these delays pass
      Then eu-west-1 lacks none of the writes that us-east-1 has acknowledged
