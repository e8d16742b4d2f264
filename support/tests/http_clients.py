"""boto3 clients of a port on loopback."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config


def http_client(url: str, region: str, service: str = "dynamodb", attempts: int = 1, **options: Any) -> Any:
    """A client of what is served at a URL. With one attempt it shows each error; with many it gets an answer."""
    config = Config(retries={"mode": "standard", "total_max_attempts": attempts}, **options)
    return _session().client(service, region_name=region, endpoint_url=url, config=config)  # type: ignore[call-overload]


@cache
def _session() -> boto3.session.Session:
    # One for all clients: to read the descriptions of the services takes botocore a tenth of a second.
    return boto3.session.Session("simulated", "simulated")
