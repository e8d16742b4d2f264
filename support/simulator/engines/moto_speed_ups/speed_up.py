"""What a speed-up of moto is: another way to the same answer."""

from collections.abc import Callable
from typing import Any

from support.simulator.messages import Request, Response

Usual = Callable[[], Response]
"""Gives the answer in the way that is without the speed-up."""

SpeedUp = Callable[[Any, Request, Usual], Response]
"""The answer to a request; the first argument is moto's backend of the region."""
