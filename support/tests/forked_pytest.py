"""`pytest` in a process of its own that need not load anything again: it is forked from one that has loaded it.

The run shares nothing else: its environment is the one that is given, and a folder with a suite of its own is run with
that one. What has to be there before anything is loaded (an environment that libraries read then, the interpreter's
options), and what ends a process from outside (signals), is tested with an interpreter of its own instead.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

SUITE = Path(__file__).resolve().parents[1]


def run_pytest(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float = 300
) -> CompletedProcess[str]:
    """Run `python -m pytest` with these arguments in a folder to its end."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.tests.preloaded"])
    with TemporaryDirectory() as place:
        printed = [Path(place, name) for name in ("stdout", "stderr")]
        process = context.Process(target=_run, args=(arguments, folder, dict(environment), printed))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(list(arguments), timeout)
        return CompletedProcess(arguments, process.exitcode, *(path.read_text() for path in printed))


def _run(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], printed: Sequence[Path]) -> None:
    for descriptor, path in enumerate(printed, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    _forget_another_suite(folder / "support")
    sys.path[:0] = [str(folder), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv = ["pytest", *arguments]

    import pytest

    sys.exit(pytest.console_main())


def _forget_another_suite(support: Path) -> None:
    """Let a folder with a suite of its own load that; one with no suite has no conftest and no steps of this one."""
    if support.resolve() == SUITE:
        return
    others = ("conftest", "steps", "support") if support.exists() else ("conftest", "steps")
    for name in [each for each in sys.modules if each.partition(".")[0] in others]:
        del sys.modules[name]
