"""The claims of the workshop page, in its own words, in its order."""

from support.page.claims import Claim

DEVELOPER_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"

INTERNAL_TIME = (
    'AWS: "Each item has a last write timestamp held as a private system property"; that time decides, never an '
    f"attribute of the item ({DEVELOPER_GUIDE}/bp-global-table-design.html)"
)
NO_PENDING_COUNT = (
    "AWS: PendingReplicationCount belongs to version 2017.11.29 (Legacy); version 2019.11.21 (Current) "
    f'"does not publish this metric" ({DEVELOPER_GUIDE}/V2globaltables_versions.html)'
)
NO_PRECISION = (
    "AWS states nowhere how precise the internal timestamp is; it only says that the latest one wins "
    f"({DEVELOPER_GUIDE}/V2globaltables_HowItWorks.html)"
)
CONSOLE = "the console's own pages; the scenarios use the API behind them"
SCREENSHOT = "a picture of the console, made by hand"

USER_FOUND = "The global user is found in Ireland within 60 seconds"
USER_AT_ONCE = "If replication is immediate, the first query finds the user"
USER_LATER = "If replication is delayed, the query is tried again after 30 to 60 seconds"
USER_EXACT = "All attributes match exactly"
OTHER_SPELLING = "A query with another spelling of the sort key finds nothing"
PRODUCT_FOUND = "The product is found in N. Virginia within 60 seconds"
PRODUCT_EXACT = "The product is an exact copy from the EU"
BOTH_DIRECTIONS = "Both directions work at the same time"
IRELAND_WINS = "Ireland writes five seconds after Virginia, so Ireland wins"
VIRGINIA_WINS = "Virginia writes last, so Virginia wins"
ITEM_TIME = "The time inside the item does not decide"
UNSEEN = "<second> writes before the update from <first> has arrived, and wins"
SAME_MOMENT = "Of two writes at the same moment either may win, in both regions the same one"
CATEGORY_IN_EU = "The category query in Ireland finds the EU products"
CATEGORY_IN_US = "The category query in N. Virginia finds the same products"
STATUS = "The status query in <region> finds the orders of both regions"
FAST = "Replication from <source> to <destination> is usually faster than 2 seconds"
SIDE_BY_SIDE = "Both directions are timed side by side"
LOGIN_VISIBLE = "The recent login is visible where the user travels to"
STOCK_SEEN = "The EU shows the old or the new stock level, and then the new one"
LAST_PIECE = "Both regions sell the last piece"
RECORDED_SALES = "Both regions derive the same stock from the recorded sales"
OVERSOLD = "An oversold piece is noticed in both regions, and both name the same sale to be called off"
ORDER_FLOW = "The order goes from region to region, and fulfilment reads it from the nearest one"
LATER_CHANGE = "The later of the two is kept whole, and the other one has to be done again: <second> wins"
LATENCY = "The latency from <source> to <destination> can be read in <source>"
NOTHING_PENDING = "There is no PendingReplicationCount, and nothing is pending"
NO_ERRORS = "The SystemErrors of every operation are 0"
ACTIVE = "The table is active in both regions"
REPLICAS = "Each region lists the other as an active replica"
CONNECTED = "An item that is written in us-east-1 is readable in eu-west-1 within 30 seconds, and so is its deletion"

EXERCISE_1 = (
    Claim("E1.1", "Exercise 1, step 1", 'Check region: Top-right should show "N. Virginia"', untestable=CONSOLE),
    Claim("E1.2", "Exercise 1, step 2", "Take screenshot: Of the created item", untestable=SCREENSHOT),
    Claim("E1.3", "Exercise 1, step 3", "Region selector: Click dropdown (top-right)", untestable=CONSOLE),
    Claim("E1.4", "Exercise 1, step 4", "Search for your user", (USER_FOUND,)),
    Claim("E1.5", "Exercise 1, step 5", "If immediate: Item appears right away", (USER_AT_ONCE,)),
    Claim("E1.6", "Exercise 1, step 5", "If delayed: Wait 30-60 seconds and try again", (USER_FOUND, USER_LATER)),
    Claim("E1.7", "Exercise 1, step 5", "Replication time: Note how long it took", (USER_FOUND,)),
    Claim("E1.8", "Exercise 1, step 5", "All attributes: Should match exactly", (USER_EXACT,)),
    Claim("E1.9", "Exercise 1, step 5", 'region_created: Should still show "us-east-1"', (USER_EXACT,)),
    Claim("E1.10", "Exercise 1, step 5", "Timestamps: Should be identical", (USER_EXACT,)),
)
EXERCISE_2 = (
    Claim("E2.1", "Exercise 2, step 3", "Product appears: In US region", (PRODUCT_FOUND,)),
    Claim("E2.2", "Exercise 2, step 3", 'region_created: Still shows "eu-west-1"', (PRODUCT_EXACT,)),
    Claim("E2.3", "Exercise 2, step 3", "All data intact: Exact copy from EU", (PRODUCT_EXACT,)),
    Claim(
        "E2.4",
        "Exercise 2, step 3",
        "This demonstrates bi-directional replication - you can write to any region!",
        (USER_FOUND, PRODUCT_FOUND, BOTH_DIRECTIONS),
    ),
)
EXERCISE_3 = (
    Claim("E3.1", "Exercise 3, step 1", "Wait 2 minutes for replication to complete.", (IRELAND_WINS,)),
    Claim("E3.2", "Exercise 3, step 2", "Both execute: Within 10 seconds of each other", (IRELAND_WINS,)),
    Claim("E3.3", "Exercise 3, step 3", "After 2-3 minutes: Check both regions: Query the same order", (IRELAND_WINS,)),
    Claim(
        "E3.4",
        "Exercise 3, step 3",
        "Understand why: Later timestamp wins",
        (ITEM_TIME,),
        contradicted=INTERNAL_TIME,
    ),
    Claim("E3.5", "Exercise 3, step 3", "Expected outcome: EU update wins", (IRELAND_WINS,)),
    Claim(
        "E3.6",
        "Exercise 3, step 3",
        "EU update wins because timestamp 15:40:05 > 15:40:00",
        (ITEM_TIME,),
        contradicted=INTERNAL_TIME,
    ),
)
EXERCISE_4 = (
    Claim("E4.1", "Exercise 4, step 1", "Test GSI queries work across regions", (CATEGORY_IN_EU, CATEGORY_IN_US)),
    Claim("E4.2", "Exercise 4, step 1", "Expected: Shows products created in EU region", (CATEGORY_IN_EU,)),
    Claim("E4.3", "Exercise 4, step 2", "Expected: Shows orders from both regions with pending status", (STATUS,)),
)
EXERCISE_5 = (
    Claim("E5.1", "Exercise 5, step 1", "Calculate delay: End time - start time", (FAST, SIDE_BY_SIDE)),
    Claim("E5.2", "Exercise 5, step 2", "Fastest replication: ___ seconds", (FAST, SIDE_BY_SIDE)),
    Claim("E5.3", "Exercise 5, step 2", "Slowest replication: ___ seconds", (FAST, SIDE_BY_SIDE)),
    Claim("E5.4", "Exercise 5, step 2", "Average time: ___ seconds", (FAST, SIDE_BY_SIDE)),
    Claim("E5.5", "Exercise 5, step 2", "Consistency: Usually < 2 seconds", (FAST, SIDE_BY_SIDE)),
)
REAL_WORLD = (
    Claim("S1.1", "Scenario 1", "Verify: Recent login time visible", (LOGIN_VISIBLE,)),
    Claim("S2.1", "Scenario 2", "Stock level: Eventually consistent", (STOCK_SEEN,)),
    Claim(
        "S2.2",
        "Scenario 2",
        "Business logic: Handle temporary inconsistency",
        (LAST_PIECE, RECORDED_SALES, OVERSOLD),
    ),
    Claim("S3.1", "Scenario 3", "Status updated: EU region", (ORDER_FLOW,)),
    Claim("S3.2", "Scenario 3", "Fulfillment: Reads from nearest region", (ORDER_FLOW,)),
)
MONITORING = (
    Claim("M.1", "Performance monitoring", "Monitor: CloudWatch metrics", (LATENCY, NO_ERRORS)),
    Claim("M.2", "Performance monitoring", "Watch: Replication latency", (LATENCY,)),
    Claim(
        "M.3",
        "Performance monitoring",
        "Observe: Pending replication count",
        (NOTHING_PENDING,),
        contradicted=NO_PENDING_COUNT,
    ),
    Claim("M.4", "Performance monitoring", "Track: Error rates (should be 0)", (NO_ERRORS,)),
)
NOT_WORKING = "Replication not working"
EMPTY = "Queries returning empty"
UNEXPECTED = "Conflict resolution unexpected"
TROUBLESHOOTING = (
    Claim(
        "T1.1",
        NOT_WORKING,
        "Wrong region: Double-check region selection",
        ("Wrong region: a region without a replica does not have the user",),
    ),
    Claim(
        "T1.2",
        NOT_WORKING,
        "Typos in keys: Exact match required for queries",
        ("Typos in keys: <pk> and <sk> find nothing, because an exact match is required", OTHER_SPELLING),
    ),
    Claim(
        "T1.3",
        NOT_WORKING,
        "Browser cache: Refresh page",
        ("Stale view: an answer that was kept is not what the region holds now",),
    ),
    Claim("T1.4", NOT_WORKING, "Wait longer: Up to 2 minutes possible", ("Wait longer: up to 2 minutes are possible",)),
    Claim(
        "T2.1",
        EMPTY,
        "Correct PK/SK: Exact string match",
        ("Correct PK/SK: a query for <pk> and <sk> is empty", OTHER_SPELLING),
    ),
    Claim(
        "T2.2",
        EMPTY,
        "Region correct: Item exists in queried region",
        ("Region correct: a region that replication does not reach does not have the change",),
    ),
    Claim(
        "T2.3",
        EMPTY,
        "GSI populated: GSI keys included in item",
        ("GSI populated: a user without GSI1SK is not in GSI1",),
    ),
    Claim(
        "T2.4",
        EMPTY,
        "Query type: Using Query, not Scan",
        ("Query type: a page of a Scan is empty, though the region has the user",),
    ),
    Claim(
        "T3.1",
        UNEXPECTED,
        "Timestamp precision: Millisecond level",
        ("Of two writes a millisecond apart one wins, in both regions the same one", SAME_MOMENT),
        undocumented=NO_PRECISION,
    ),
    Claim(
        "T3.2",
        UNEXPECTED,
        "Clock synchronization: AWS handles timing",
        ("A partner whose clock is an hour fast does not win for that",),
    ),
    Claim("T3.3", UNEXPECTED, "Application design: Plan for overwrites", ("A lost update is noticed", RECORDED_SALES)),
    Claim("W.1", "Warning", "check the Global Tables health status in the console", (ACTIVE, REPLICAS)),
    Claim("W.2", "Warning", "verify network connectivity", (CONNECTED,)),
)
SUMMARY = (
    Claim(
        "X.1",
        "Exercise summary",
        "Cross-region replication in both directions",
        (USER_FOUND, PRODUCT_FOUND, BOTH_DIRECTIONS),
    ),
    Claim("X.2", "Exercise summary", "Eventual consistency timing", (FAST, SIDE_BY_SIDE, STOCK_SEEN)),
    Claim(
        "X.3",
        "Exercise summary",
        "Conflict resolution with Last Writer Wins",
        (IRELAND_WINS, VIRGINIA_WINS, ITEM_TIME, UNSEEN),
    ),
    Claim("X.4", "Exercise summary", "Query patterns working across regions", (CATEGORY_IN_EU, CATEGORY_IN_US, STATUS)),
    Claim(
        "X.5",
        "Exercise summary",
        "Real-world scenarios and timing analysis",
        (LOGIN_VISIBLE, STOCK_SEEN, ORDER_FLOW, FAST),
    ),
)

CLAIMS = (
    *EXERCISE_1,
    *EXERCISE_2,
    *EXERCISE_3,
    *EXERCISE_4,
    *EXERCISE_5,
    *REAL_WORLD,
    *MONITORING,
    *TROUBLESHOOTING,
    *SUMMARY,
)
"""All claims, in the order of the page."""
