@workload @beyond_the_page
Feature: Random load on a few hot items
  Beyond the page: its scenarios write an item once or twice, by PutItem, UpdateItem or DeleteItem. Here items are also
  written by batches, transactions and PartiQL statements, and several clients in each region put, update, delete and
  read the same few items at random. The history of all they did is checked against the rules of global tables.
  The same --seed gives the same load; how long, how much and on how many items is chosen with --load-minutes,
  --load-clients, --load-pace and --load-items.

  Scenario: What is written replicates, in whatever way it is written
    When items are created in each region, overwritten in the other one, and then written in each of these ways:
      | operation          | items                    |
      | PutItem            | put                      |
      | UpdateItem         | updated                  |
      | DeleteItem         | deleted                  |
      | BatchWriteItem     | put and deleted          |
      | TransactWriteItems | put, updated and deleted |
      | ExecuteStatement   | updated and deleted      |
    And the regions are given 3 minutes at most to agree on all items
    Then every read has shown an item as a write left it, whole
    And each region has shown its own writes
    And what was deleted has stayed deleted, unless it was written again
    And both regions hold the same last version of each item

  Scenario: An item that is created again right after its delete is there in both regions
    When items are created, deleted and created again in each region
    And the regions are given 3 minutes at most to agree on all items
    Then every read has shown an item as a write left it, whole
    And both regions hold the same last version of each item

  @simulated_only @not_documented
  Scenario: A delete that comes before its item has arrived deletes nothing
    When items are created in each region, and deleted in the other one before they have arrived there
    And the regions are given 3 minutes at most to agree on all items
    Then each region has shown its own writes
    And both regions hold the same last version of each item

  Scenario: The rules hold while both regions write the same items
    When several clients in each region put, update, delete and read a few hot items at random
    And the regions are given 3 minutes at most to agree on all items
    Then every read has shown an item as a write left it, whole
    And no region has shown an older version after a newer one
    And each region has shown its own writes
    And what was deleted has stayed deleted, unless it was written again
    And both regions hold the same last version of each item

  @simulated_only @one_way_cut
  Scenario: The rules hold while links between the regions are cut and heal
    When several clients in each region change and read a few hot items at random while links are cut and heal
    And the regions are given 3 minutes at most to agree on all items
    Then every read has shown an item as a write left it, whole
    And no region has shown an older version after a newer one
    And each region has shown its own writes
    And what was deleted has stayed deleted, unless it was written again
    And both regions hold the same last version of each item
