"""Tests depend on nothing that the user has configured: what they start inherits a clean environment."""

import os
import re
from collections.abc import Iterator

import pytest

CONFIGURATION = re.compile(r"(AWS|MOTO|GLOBAL_TABLES)_.*|.*_(PROXY|CA_BUNDLE)", re.IGNORECASE)
OF_THE_TESTS = ("AWS_CLI",)
NO_FILES = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)


@pytest.fixture(scope="session", autouse=True)
def nothing_configured() -> Iterator[None]:
    """Take options, endpoints, profiles and proxies out of the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if CONFIGURATION.fullmatch(each) and each not in OF_THE_TESTS]:
            patch.delenv(name)
        for name, value in {**NO_FILES, "AWS_EC2_METADATA_DISABLED": "true"}.items():
            patch.setenv(name, value)
        yield
