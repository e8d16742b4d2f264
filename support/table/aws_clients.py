"""Clients for whatever boto3 is configured for, and what to do about it when they get no answer."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as NoConnectionError

from support.table.redaction import redacted

Answer = TypeVar("Answer")

CURES = {
    "UnrecognizedClientException": "use credentials that AWS knows, and enable the region if it has to be",
    "InvalidClientTokenId": "use credentials that AWS knows, and enable the region if it has to be",
    "InvalidSignatureException": "check the secret key and the clock of this machine",
    "SignatureDoesNotMatch": "check the secret key and the clock of this machine",
    "ExpiredTokenException": "log in again: the credentials have expired",
    "ExpiredToken": "log in again: the credentials have expired",
    "TokenRefreshRequired": "log in again: the credentials have expired",
    "AccessDeniedException": "allow what python -m support.housekeeping --print-policy prints",
    "AccessDenied": "allow what python -m support.housekeeping --print-policy prints",
}
"""What to do about an error of AWS's."""

NO_TABLE = "ResourceNotFoundException"
NO_CREDENTIALS = "set AWS_PROFILE or run aws configure (for a simulator any access key will do)"
ENDPOINTS = "AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_CLOUDWATCH"
TELLTALES = ("boto3", "botocore", "urllib3")
"""Loggers that write signatures and tokens when somebody turns debugging on."""


class UnusableError(Exception):
    """The target can't be asked like this: one line with the cure."""


class Clients:
    """Makes clients of one profile. Raises UnusableError when boto3 has no use for its configuration."""

    def __init__(self, profile: str = "", connections: int = 10, attempts: int = 1) -> None:
        self._connections = connections
        self._attempts = attempts
        self._session = usable(lambda: boto3.session.Session(profile_name=profile or None), profile or "boto3")

    def client(self, service: str, region: str) -> Any:
        """A client for "dynamodb" or "cloudwatch". With one attempt it leaves trying again to whoever calls."""
        config = Config(
            connect_timeout=3,
            read_timeout=10,
            max_pool_connections=self._connections,
            retries={"mode": "standard", "total_max_attempts": self._attempts},
        )
        make = self._session.client
        return usable(lambda: make(service, region_name=region, config=config), region)  # type: ignore[call-overload]


def usable(ask: Callable[[], Answer], who: str) -> Answer:
    """What the call gives. Raises UnusableError, with the cure, for all that is wrong with a target or its settings."""
    try:
        return ask()
    except NoCredentialsError:
        raise UnusableError(f"boto3 finds no credentials; cure: {NO_CREDENTIALS}") from None
    except ProfileNotFound as error:
        raise UnusableError(f"{_one_line(error)}; cure: name one of aws configure list-profiles") from None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        message = redacted(error.response["Error"].get("Message", ""))
        cure = CURES.get(code, "see the error code")
        raise UnusableError(f"{who}: {code}: {message}; cure: {cure}") from None
    except (EndpointConnectionError, NoConnectionError, HTTPClientError) as error:
        cure = f"check the network, the region's name and {ENDPOINTS}"
        raise UnusableError(f"{who}: {_one_line(error)}; cure: {cure}") from None
    except BotoCoreError as error:
        cure = _cure_of_login(error) or f"check the credentials, the region and {ENDPOINTS}"
        raise UnusableError(f"{who}: {_one_line(error)}; cure: {cure}") from None
    except ValueError as error:
        raise UnusableError(f"{who}: {_one_line(error)}; cure: check the region's name and {ENDPOINTS}") from None
    except OSError as error:
        raise UnusableError(f"{who}: {_one_line(error)}; cure: check the variable that names it") from None


def described_table(client: Any, table: str, region: str) -> Mapping[str, Any] | None:
    """What DescribeTable tells of a table; None: the region has none of this name. Raises UnusableError as `usable`."""
    try:
        answer: Mapping[str, Any] = usable(lambda: client.describe_table(TableName=table), region)["Table"]
    except UnusableError as error:
        if NO_TABLE in str(error):
            return None
        raise
    return answer


def keep_secrets_out_of_logs() -> None:
    """Nobody's debugging shows requests: their headers carry signatures and tokens."""
    for name in TELLTALES:
        logging.getLogger(name).setLevel(logging.WARNING)


def _cure_of_login(error: BotoCoreError) -> str:
    login = "Token" in type(error).__name__ or "SSO" in type(error).__name__
    return "log in again, for instance with aws sso login" if login else ""


def _one_line(error: Exception) -> str:
    return redacted(" ".join(str(error).split()))
