"""What all commands have in common: where they can write, and how they end."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

from support.options import OptionError


def demand_output(option: str, path: Path, *, folder: bool = False) -> None:
    """Raise OptionError, with the cure, unless a file (or files in a folder) can be written; it need not exist yet."""
    try:
        if path.exists() and not folder:
            with path.open("a"):
                return
        start = path.absolute() if folder else path.absolute().parent
        there = next(each for each in (start, *start.parents) if each.exists())
        with TemporaryDirectory(dir=there):
            pass
    except OSError as error:
        what = "folder" if folder else "file"
        raise OptionError(f"{option} {path}: {error.strerror}; use a {what} that can be written to") from None


def demand_clone(folder: Path) -> None:
    """Raise OptionError unless the folder is the project's root: what pip installs has features, but can't run them."""
    if not (folder / "pyproject.toml").is_file():
        raise OptionError(f"there is no pyproject.toml in {folder}; do this in a clone of the project")


def run_command(main: Callable[[], int]) -> NoReturn:
    """Run what `python -m` has started, and end: without a word where the reader of the output has seen enough, with
    one line and exit code 2 where an option or a file can't be used.
    """
    try:
        try:
            code = main()
        finally:
            print(end="", flush=True)  # help too, after which argparse exits
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)  # Python flushes both once more
        code = 141  # what a shell calls the end by SIGPIPE
    except (OptionError, OSError) as error:
        if isinstance(error, OSError) and error.filename is None:
            raise
        print(f"{Path(sys.argv[0]).parent.name}: {error}", file=sys.stderr)
        code = 2
    sys.exit(code)
