"""What a run of the features loads, done once: libraries, plugins with rewritten assertions, the suite and its steps.

It is frozen for the garbage collector, which pytest calls at the end of a run.
"""

import gc
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO

import pytest

from support.tests.suite_runs import LEAN, ROOT

FIRST_USED_BY_A_SCENARIO = ("support.targets.simulated", "moto.cloudwatch.responses", "moto.dynamodb.responses")

with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
    pytest.main([*LEAN, "--collect-only", "-q", f"--rootdir={ROOT}", str(ROOT / "features")])
for name in FIRST_USED_BY_A_SCENARIO:
    import_module(name)
gc.freeze()
