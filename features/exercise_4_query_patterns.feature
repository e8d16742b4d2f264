@exercise_4
Feature: Exercise 4: query patterns across regions
  Each region keeps its own indexes. A query of an index finds what was written in any region, and gives keys only,
  because that is what the workshop's table projects. Switching the console's region is naming another region here.

  Rule: A query of GSI1 in eu-west-1 shows the products that were created in the EU region

    Background:
      Given a product of the page:
        """json
        {
          "PK": "PRODUCT#eu-product-[unique-id]",
          "SK": "DETAILS",
          "GSI1PK": "CATEGORY#eu-electronics",
          "GSI1SK": "PRODUCT#eu-product-[unique-id]",
          "GSI2PK": "PRICE#200-500",
          "GSI2SK": "PRODUCT#eu-product-[unique-id]",
          "product_id": "eu-product-[unique-id]",
          "name": "European Smartphone",
          "category": "eu-electronics",
          "price": 299,
          "stock": 50,
          "region_created": "eu-west-1"
        }
        """
      And these products were created:
        | unique-id | region    |
        | phone     | eu-west-1 |
        | tablet    | eu-west-1 |

    @claim:E4.1 @claim:E4.2 @claim:X.4
    Scenario: The category query in Ireland finds the EU products
      Then a query of GSI1 in eu-west-1 for "CATEGORY#eu-electronics" finds the products phone and tablet within 2 minutes
      And it gives the keys of the table and of GSI1 only

    @claim:E4.1 @claim:X.4
    Scenario: The category query in N. Virginia finds the same products
      Then a query of GSI1 in us-east-1 for "CATEGORY#eu-electronics" finds the products phone and tablet within 2 minutes
      And it gives the keys of the table and of GSI1 only

  Rule: A query of GSI2 in us-east-1 shows the pending orders from both regions

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
          "order_id": "[unique-id]",
          "user_id": "global-user-[your-name]",
          "status": "pending",
          "total_amount": 100
        }
        """

    @claim:E4.3 @claim:X.4
    Scenario Outline: The status query in <region> finds the orders of both regions
      Given these orders were created:
        | unique-id | region    |
        | virginia  | us-east-1 |
        | dublin    | eu-west-1 |
      Then a query of GSI2 in <region> for "STATUS#pending" finds the orders virginia and dublin within 2 minutes
      And it gives the keys of the table and of GSI2 only

      Examples:
        | region    |
        | us-east-1 |
        | eu-west-1 |

    @beyond_the_page
    Scenario Outline: An order that leaves pending in <first> leaves the index in <second>
      Given these orders were created:
        | unique-id | region    |
        | virginia  | us-east-1 |
        | dublin    | eu-west-1 |
      And both regions hold all of them within 2 minutes
      And a query of GSI2 in <second> for "STATUS#pending" finds the orders virginia and dublin within 2 minutes
      When the order dublin becomes "shipped" in <first>
      Then a query of GSI2 in <second> for "STATUS#pending" finds the order virginia within 2 minutes
      And a query of GSI2 in <second> for "STATUS#shipped" finds the order dublin within 2 minutes

      Examples:
        | first     | second    |
        | eu-west-1 | us-east-1 |
        | us-east-1 | eu-west-1 |

    @beyond_the_page
    Scenario Outline: Of two statuses in conflict both regions' indexes list the winner's only: <second> wins
      Given these orders were created:
        | unique-id | region    |
        | dublin    | eu-west-1 |
      And both regions hold all of them within 2 minutes
      When the partners change the order dublin:
        | partner | region   | at         | status    |
        | A       | <first>  | 15:40:00.0 | shipped   |
        | B       | <second> | 15:40:00.1 | cancelled |
      Then neither partner had seen the other's change
      And both regions hold all of them within 3 minutes
      And a query of GSI2 in us-east-1 for "STATUS#cancelled" finds the order dublin within 3 minutes
      And a query of GSI2 in eu-west-1 for "STATUS#cancelled" finds the order dublin within 3 minutes
      And no query of GSI2 for "STATUS#shipped" or "STATUS#pending" finds an order within 3 minutes

      Examples:
        | first     | second    |
        | us-east-1 | eu-west-1 |
        | eu-west-1 | us-east-1 |

    @beyond_the_page
    Scenario Outline: An order that is deleted in <region> leaves the indexes of both regions
      Given these orders were created:
        | unique-id | region    |
        | dublin    | eu-west-1 |
      And both regions hold all of them within 2 minutes
      And a query of GSI2 in us-east-1 for "STATUS#pending" finds all of them within 2 minutes
      When the order dublin is deleted in <region>
      Then no query of GSI2 for "STATUS#pending" or "STATUS#shipped" finds an order within 2 minutes

      Examples:
        | region    |
        | us-east-1 |
        | eu-west-1 |

    @beyond_the_page @simulated_only @index_at_once
    Scenario: While replication is cut, an index query shows what its own region has
      Given these orders were created:
        | unique-id | region    |
        | dublin    | eu-west-1 |
      And both regions hold all of them within 2 minutes
      And replication between the regions is cut
      When the order dublin becomes "shipped" in us-east-1
      Then a query of GSI2 in us-east-1 for "STATUS#shipped" now finds the order dublin
      And a query of GSI2 in eu-west-1 for "STATUS#pending" now finds the order dublin
      When replication between the regions heals
      Then a query of GSI2 in eu-west-1 for "STATUS#shipped" finds the order dublin within 3 minutes

    @beyond_the_page
    Scenario: Orders with one and the same sort key of the index come in pages, each order once
      Given 12 orders with the GSI2SK "ORDER#of-the-day" were created in eu-west-1
      And a query of GSI2 in us-east-1 for "STATUS#pending" finds all of them within 2 minutes
      When the participant reads GSI2 in us-east-1 for "STATUS#pending" in pages of 5
      Then there are 3 pages at least, and none has more than 5 entries
      And each order is on one page, once

    @beyond_the_page
    Scenario: Many pending orders come in pages, each order once
      Given 25 orders were created in eu-west-1
      And a query of GSI2 in us-east-1 for "STATUS#pending" finds all of them within 2 minutes
      When the participant reads GSI2 in us-east-1 for "STATUS#pending" in pages of 10
      Then there are 3 pages at least, and none has more than 10 entries
      And each order is on one page, once
