"""A botocore session that reads nothing of the user's: no environment variable, profile, configuration file or model.

A simulated region is the same on every machine. boto3's own session would take endpoints, dualstack and FIPS hosts,
retries and more from wherever the user has configured them, and refuse to work at all with a profile that is missing.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

from botocore.loaders import Loader
from botocore.session import Session

FILES = ("config_file", "credentials_file")
SECTIONS = ("s3", "proxies_config")
"""Of a configuration file. What they say is read from variables too, whatever variables a session is given."""

KEYS_OF_TLS = "SSLKEYLOGFILE"
"""botocore opens this file as soon as a client is made, whether or not it will ever encrypt anything."""


def isolated_session() -> Session:
    session = Session(
        {
            name: (None, None, os.devnull if name in FILES else default, conversion)
            for name, (_, _, default, conversion) in Session.SESSION_VARIABLES.items()
        }
    )
    for name in SECTIONS:
        session.get_component("config_store").set_config_variable(name, {})
    session.register_component("data_loader", _descriptions())
    return session


@cache
def _descriptions() -> Loader:
    # Service descriptions too are botocore's own; by default it prefers those in ~/.aws/models. One loader for all
    # sessions: each would look through the folders of four hundred services for the few that it wants.
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


@cache
def known_regions() -> frozenset[str]:
    """The names of all regions, of all partitions, in which AWS offers DynamoDB, as botocore knows them."""
    session = isolated_session()
    partitions = session.get_available_partitions()
    return frozenset(
        region for each in partitions for region in session.get_available_regions("dynamodb", partition_name=each)
    )


@contextmanager
def hidden(names: Iterable[str]) -> Iterator[None]:
    taken = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(taken)
