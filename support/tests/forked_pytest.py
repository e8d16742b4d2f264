"""`pytest` in a process of its own that need not load libraries again: it is forked from one that has loaded them.

The run shares nothing else: the suite is loaded anew from the run's folder, and its environment is the one that is
given. What has to be there before libraries are loaded (an environment that they read then, the interpreter's options),
and what ends a process from outside (signals), is tested with an interpreter of its own instead.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory


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
    for name in [each for each in sys.modules if each.partition(".")[0] == "support"]:
        del sys.modules[name]
    sys.path[:0] = [str(folder), *filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))]
    sys.argv = ["pytest", *arguments]

    import pytest

    sys.exit(pytest.console_main())
