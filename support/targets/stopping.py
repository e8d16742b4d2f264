"""Pytest plugin: SIGTERM, which CI systems send, and SIGHUP end a run as Ctrl-C does, in the workers of xdist too.

The first signal interrupts the scenario at work: fixtures are torn down, and a live run removes its items. One that
comes in the removal ends it. The third has the effect that it has on any process. A target that is down ends a run,
too.
"""

import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

import pytest

from support.clock import WallClock
from support.targets.run import is_worker
from support.verdicts.errors import TargetDownError

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
SAME_MOMENT = 0.5
"""Seconds in which several signals count as one: a terminal that is closed sends more than one SIGHUP."""


class Stop:
    """What signals have asked of this process.

    `requested` is the name of the first one, `urgent` tells of a second. They raise KeyboardInterrupt where that does
    no harm: not while a result is written or a fixture is torn down.
    """

    def __init__(self, worker: bool, terminal: int) -> None:
        self.requested = ""
        self.urgent = False
        self._worker = worker
        self._terminal = terminal
        self._clock = WallClock()
        self._last = 0.0
        self._raises = True
        self._removing = False
        self._workers: list[int] = []

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Receive signals as long as the block lasts. SIGHUP stays ignored if it was: nohup asks for that."""
        before = {each: signal.getsignal(each) for each in ENDING if current_thread() is main_thread()}
        heard = [each for each, handler in before.items() if each.name != "SIGHUP" or handler is not signal.SIG_IGN]
        for each in heard:
            signal.signal(each, self._receive)
        try:
            yield
        finally:
            for each in heard:
                signal.signal(each, before[each] or signal.SIG_DFL)

    def add_worker(self, process: int) -> None:
        """Pass signals on to this process."""
        self._workers.append(process)

    def demand_none(self) -> None:
        """Raise KeyboardInterrupt if a signal has come."""
        if self.requested:
            raise KeyboardInterrupt(self.requested)

    @contextmanager
    def raising(self, *, at_once: bool) -> Iterator[None]:
        """Let a first signal have its effect at once, or when the block has ended."""
        raised, self._raises = self._raises, at_once
        try:
            if at_once:
                self.demand_none()
            yield
        finally:
            self._raises = raised
        self.demand_none()

    def finish(self) -> None:
        """Raise no more for a first signal: the run is at its end."""
        self._raises = False

    @contextmanager
    def removing(self) -> Iterator[None]:
        """Let a signal raise KeyboardInterrupt in this block; a second one also if it came before."""
        self._removing = True
        try:
            if self.urgent:
                raise KeyboardInterrupt(self.requested)
            yield
        finally:
            self._removing = False

    def _receive(self, number: int, _: FrameType | None) -> None:
        now = self._clock.elapsed()
        if self.requested and (self._worker or now - self._last < SAME_MOMENT):
            return
        self._last = now
        if not self.requested and not self._removing:
            self.requested = signal.Signals(number).name
            self._acknowledge(f"{self.requested}: the run ends; a second signal ends it without removing anything")
            self._pass_on(signal.SIGTERM)
            if self._raises:
                self.demand_none()
        elif not self.urgent:
            self.requested, self.urgent = signal.Signals(number).name, True
            self._acknowledge(f"{self.requested}: the removal is ended")
            self._pass_on(getattr(signal, "SIGKILL", signal.SIGTERM))
            if self._removing:
                raise KeyboardInterrupt(self.requested)
        else:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def _acknowledge(self, line: str) -> None:
        """Say so at once, past pytest's capturing, which may be at work just now."""
        if not self._worker:
            os.write(self._terminal, f"\n{line}\n".encode())

    def _pass_on(self, number: int) -> None:
        for process in self._workers:
            with suppress(ProcessLookupError):
                os.kill(process, number)


stop_key = pytest.StashKey[Stop]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Receive signals during the whole run, from before preflight."""
    terminal = os.dup(2)  # pytest captures nothing yet
    stop = config.stash[stop_key] = Stop(is_worker(config), terminal)
    try:
        with stop.listening():
            return (yield)
    except KeyboardInterrupt:
        print(f"interrupted by {stop.requested} before anything was run")
        return pytest.ExitCode.INTERRUPTED
    finally:
        os.close(terminal)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Remember the process of a worker. Where execnet hides it the worker ends 5 seconds after its connection."""
    process = getattr(getattr(node.gateway, "_io", None), "popen", None)
    if process is not None:
        node.config.stash[stop_key].add_worker(process.pid)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, Any, Any]:
    """Interrupt nothing between the last test and the end of the session: the removal of the items would be lost."""
    stop = session.config.stash[stop_key]
    try:
        result = yield
        stop.finish()
        stop.demand_none()
        return result
    except KeyboardInterrupt as interrupt:
        # In words, and not as a place in Python. A worker's end is told by the process that started it.
        if not stop.requested or is_worker(session.config):
            raise
        raise session.Interrupted(f"by {stop.requested}; not all scenarios were run") from interrupt


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Interrupt a test in its setup and its call only."""
    with item.config.stash[stop_key].raising(at_once=False):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Interrupt what a test waits for; begin none, and no further attempt at one, when the run is to end."""
    with item.config.stash[stop_key].raising(at_once=True):
        return (yield)


pytest_runtest_call = pytest_runtest_setup


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Begin no further test when the target is down."""
    if call.excinfo and call.excinfo.errisinstance(TargetDownError):
        item.session.shouldstop = str(call.excinfo.value)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, Any, Any]:
    """Tear down, remove and report undisturbed by a first signal."""
    session.config.stash[stop_key].finish()
    return (yield)
