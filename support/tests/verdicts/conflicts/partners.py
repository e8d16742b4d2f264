"""The updates of the partners of exercise 3, as the page tells them, and the verdict on them."""

from support.tests.verdicts.histories import EU, US, order, write
from support.verdicts.conflicts.verdict import Verdict, decide
from support.verdicts.history import Image, Write

BASE = order(100)
A = write(US, 600, BASE, order(150), "A")
B_LATER = write(EU, 605, order(150), order(200), "B")
B_SOON = write(EU, 600.1, BASE, order(200), "B")
B_AT_ONCE = write(EU, 600, BASE, order(200), "B")


def verdict(writes: list[Write], final: Image | None) -> Verdict:
    return decide(writes, {US: final, EU: final})
