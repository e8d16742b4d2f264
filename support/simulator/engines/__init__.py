"""Engines: the regional DynamoDB tables beneath the simulator, which know nothing of each other."""

import os
from importlib import import_module

from support.simulator.isolated_session import hidden

# moto is one of them. While it is loaded it reads variables of its own, and raises where one is no number.
NUMBERS = ("INITIAL_NO_AUTH_ACTION_COUNT", "S3_UPLOAD_PART_MIN_SIZE")

with hidden([*NUMBERS, *(name for name in os.environ if name.startswith("MOTO_"))]):
    import_module("moto.settings")
