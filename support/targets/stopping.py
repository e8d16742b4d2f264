"""Pytest plugin: SIGTERM, which CI systems send, and SIGHUP end a run as Ctrl-C does, in the workers of xdist too.

The first signal interrupts the scenario at work: fixtures are torn down, and a live run removes its items. One that
comes in the removal ends it. The third has the effect that it has on any process. A target that is down ends a run,
too.
"""

import os
import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from subprocess import Popen
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
FIRST, SECOND, NONE = 1, 2, 3
"""Which signal interrupts what is at work."""


class Stop:
    """What signals have asked of this process: how many came, and the name of the last one.

    They raise KeyboardInterrupt where that does no harm: not while a result is written or a fixture is torn down.
    """

    def __init__(self, worker: bool, terminal: int) -> None:
        self.requested = ""
        self._signals = 0
        self._interrupting = FIRST
        self._worker = worker
        self._terminal = terminal
        self._clock = WallClock()
        self._last = 0.0
        self.workers: list[Popen[bytes]] = []
        """Signals are passed on to these."""

    def demand_none(self) -> None:
        """Raise KeyboardInterrupt if a signal has come."""
        if self.requested:
            raise KeyboardInterrupt(self.requested)

    @contextmanager
    def interrupted_by(self, number: int) -> Iterator[None]:
        """Let this signal, the first or the second, raise KeyboardInterrupt in this block, also if it came before."""
        before, self._interrupting = self._interrupting, number
        try:
            if self._signals >= number:
                self.demand_none()
            yield
        finally:
            self._interrupting = before

    def finish(self) -> None:
        """Raise no more for a first signal: the run is at its end."""
        self._interrupting = NONE

    def receive(self, number: int, _: FrameType | None) -> None:
        now = self._clock.elapsed()
        if self._signals and (self._worker or now - self._last < SAME_MOMENT):
            return
        self._last = now
        self._signals += 1
        if self._interrupting == SECOND:  # There is nothing else to end any more.
            self._signals = max(self._signals, SECOND)
        if self._signals > SECOND:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        self.requested = signal.Signals(number).name
        if self._signals == FIRST:
            self._answer("the run ends; a second signal ends it without removing anything", signal.SIGTERM)
        else:
            self._answer("the removal is ended", getattr(signal, "SIGKILL", signal.SIGTERM))
        if self._signals == self._interrupting:
            self.demand_none()

    def _answer(self, words: str, number: int) -> None:
        """Say so at once, past pytest's capturing, which may be at work just now; and let the workers know."""
        if not self._worker:
            os.write(self._terminal, f"\n{self.requested}: {words}\n".encode())
        for process in self.workers:
            process.send_signal(number)


stop_key = pytest.StashKey[Stop]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Receive signals during the whole run, from before preflight."""
    terminal = os.dup(2)  # pytest captures nothing yet
    stop = config.stash[stop_key] = Stop(is_worker(config), terminal)
    before = {each: signal.getsignal(each) for each in ENDING if current_thread() is main_thread()}
    if before.get(getattr(signal, "SIGHUP", None)) is signal.SIG_IGN:
        del before[signal.SIGHUP]  # nohup asks for that
    for each in before:
        signal.signal(each, stop.receive)
    try:
        return (yield)
    except KeyboardInterrupt:
        print(f"interrupted by {stop.requested} before anything was run")
        return pytest.ExitCode.INTERRUPTED
    finally:
        for each, handler in before.items():
            signal.signal(each, handler or signal.SIG_DFL)
        os.close(terminal)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Remember the process of a worker. Where execnet hides it the worker ends 5 seconds after its connection."""
    process = getattr(getattr(node.gateway, "_io", None), "popen", None)
    if process is not None:
        node.config.stash[stop_key].workers.append(process)


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
    stop = item.config.stash[stop_key]
    with stop.interrupted_by(NONE):
        result = yield
    stop.demand_none()
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Interrupt what a test waits for; begin none, and no further attempt at one, when the run is to end."""
    with item.config.stash[stop_key].interrupted_by(FIRST):
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
