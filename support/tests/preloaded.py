"""What a run of the features loads of libraries, but for plugins of pytest, which a run has to load by itself.

It is frozen for the garbage collector, which pytest calls at the end of a run.
"""

import gc
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO

import pytest

LIBRARIES = (
    "allure_commons.logger",
    "boto3.dynamodb.transform",
    "botocore.httpsession",
    "botocore.paginate",
    "botocore.signers",
    "botocore.waiter",
    "cbor2",
    "gherkin.parser",
    "jinja2",
    "mako.exceptions",
    "mako.lookup",
    "markdown_it",
    "moto.cloudwatch.responses",
    "moto.dynamodb.responses",
    "sortedcontainers",
)
for library in LIBRARIES:
    import_module(library)
with redirect_stdout(StringIO()):  # loads the plugins of pytest's own
    pytest.main(["--disable-plugin-autoload", "-p", "no:cacheprovider", "--rootdir=/", "-c", "/dev/null", "--version"])
gc.freeze()
