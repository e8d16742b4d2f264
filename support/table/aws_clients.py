"""Clients for whatever boto3 is configured for, which take only whole answers, and the cures of errors."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic
from typing import Any
from zlib import crc32

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.parsers import create_parser
from urllib3.exceptions import HTTPError

from support.table.redaction import redacted
from support.verdicts.errors import ServiceError, TargetTroubleError

CLOCK = "check the secret key and the clock of this machine"
LOG_IN = "log in again, for instance with aws sso login: the credentials are not valid any more"
KNOWN_CREDENTIALS = "use credentials that AWS knows, and enable the region if it has to be"
ALLOW = "allow what python -m support.housekeeping --print-policy prints"
ENDPOINTS = "AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_CLOUDWATCH"
REACH = f"check the network, the region's name and {ENDPOINTS}"
BETWEEN = f"something between this machine and AWS answers (a proxy, a login page): check the network and {ENDPOINTS}"

CURES = {
    "UnrecognizedClientException": KNOWN_CREDENTIALS,
    "InvalidClientTokenId": KNOWN_CREDENTIALS,
    "InvalidSignatureException": CLOCK,
    "SignatureDoesNotMatch": CLOCK,
    "RequestTimeTooSkewed": "set the clock of this machine",
    "ExpiredTokenException": LOG_IN,
    "ExpiredToken": LOG_IN,
    "TokenRefreshRequired": LOG_IN,
    "AccessDeniedException": ALLOW,
    "AccessDenied": ALLOW,
    "NoCredentialsError": "set AWS_PROFILE or run aws configure (for a simulator any access key will do)",
    "ProfileNotFound": "name one of aws configure list-profiles",
    "SSLError": "if the certificate is your own, name its authority in AWS_CA_BUNDLE",
    "BrokenAnswerError": BETWEEN,
}
"""What to do about an error, by AWS's code or the name of botocore's exception."""

ALWAYS_THERE: Mapping[str, tuple[str, ...]] = {
    "BatchWriteItem": ("UnprocessedItems",),
    "DescribeTable": ("Table", "TableArn", "TableStatus", "KeySchema", "AttributeDefinitions"),
    "DescribeTimeToLive": ("TimeToLiveDescription", "TimeToLiveStatus"),
    "GetMetricStatistics": ("Datapoints",),
    "ListMetrics": ("Metrics",),
    "Query": ("Items",),
}
"""A member that every answer to the operation has, and those that are always in it."""

FORMS = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool}
"""What JSON has for the types of a service's description; numbers and times may be written in several ways."""

LONGEST_ANSWER = 4.0
"""Seconds in which the body of an answer has to be there."""

LONGEST_MESSAGE = 300
"""Characters of an error's message that are shown: a page of HTML says no more in its other thousands."""


class BrokenAnswerError(HTTPClientError):
    """What came back is no answer of the service's: the same as a connection that broke."""

    fmt = "{error}"


class Clients:
    """Makes clients of one profile. Raises TargetTroubleError when boto3 has no use for its configuration."""

    def __init__(self, profile: str = "", connections: int = 10) -> None:
        self._connections = connections
        try:
            self._session = boto3.session.Session(profile_name=profile or None)
        except (BotoCoreError, ValueError, OSError) as error:
            raise TargetTroubleError(f"{profile or 'boto3'}: {service_error(error)}") from None

    def client(self, service: str, region: str) -> Any:
        """A client for "dynamodb" or "cloudwatch", which leaves trying again to its caller."""
        # A stopped run ends within ten seconds: a request that is under way may take no longer.
        config = Config(
            connect_timeout=3,
            read_timeout=4,
            max_pool_connections=self._connections,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        try:
            client = self._session.client(service, region_name=region, config=config)  # type: ignore[call-overload]
        except (BotoCoreError, ValueError, OSError) as error:
            raise TargetTroubleError(f"{region}: {service_error(error)}") from None
        client.meta.events.register("before-parse", demand_whole)
        client._endpoint.http_session = InTime(client._endpoint.http_session)
        return client


@dataclass(frozen=True)
class InTime:
    """botocore's session, which gives up an answer that comes in drips: its own timeout is for each of them."""

    session: Any

    def close(self) -> None:
        self.session.close()

    def send(self, request: Any) -> Any:
        """The whole answer. Raises HTTPClientError, as botocore does, when it does not come in time."""
        request.stream_output = True
        response, parts = self.session.send(request), []
        read_some = getattr(response.raw, "read1", response.raw.read)  # urllib3 1 has no read1
        ends = monotonic() + LONGEST_ANSWER
        try:
            while part := read_some():
                parts.append(part)
                if monotonic() > ends:
                    raise TimeoutError(f"it did not end within {LONGEST_ANSWER:g} s")
            response.raw.read()  # what is missing, if any, is an error; else the connection is free again
        except (HTTPError, OSError) as error:
            response.raw.close()
            raise BrokenAnswerError(error=f"the answer broke off: {error}") from error
        response._content = b"".join(parts)
        return response


def demand_whole(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    """Raise BrokenAnswerError unless this is a whole answer to the operation, or an error in the service's own form.

    botocore takes a body that was cut off, or is empty or a page of HTML, for an answer without members.
    """
    name, shape, service = operation_model.name, operation_model.output_shape, operation_model.service_model
    body, status = response_dict["body"], response_dict["status_code"]
    try:
        _demand_all_bytes(body, response_dict["headers"])
        parsed = create_parser(service.resolved_protocol).parse(dict(response_dict), shape)
        if service.resolved_protocol == "json" and status < HTTPStatus.MULTIPLE_CHOICES:
            _demand_form(json.loads(body), shape)
        member, *inner = ALWAYS_THERE.get(name, ("ResponseMetadata",))
        lacking = [each for each in inner if each not in parsed.get(member, {})]
        code = str(parsed.get("Error", {}).get("Code", "")).strip()
    except BrokenAnswerError:
        raise
    except Exception as error:  # parsers fail in as many ways as there are bodies
        raise BrokenAnswerError(error=f"HTTP {status}, and not in the form of {service.service_name}") from error
    if status >= HTTPStatus.MULTIPLE_CHOICES:
        if code in ("", str(status)) and status != HTTPStatus.NOT_IMPLEMENTED:
            raise BrokenAnswerError(error=f"HTTP {status} without an error code of {service.service_name}")
    elif member not in parsed or lacking:
        raise BrokenAnswerError(error=f"an answer to {name} without {' and '.join(lacking) or member}")


def _demand_form(values: Any, shape: Any) -> None:
    """Raise BrokenAnswerError unless JSON has the types of a shape, and some of its members if it has any."""
    fits = isinstance(values, FORMS.get(shape.type_name, object))
    if not fits:
        raise BrokenAnswerError(error=f"{shape.name} in an answer is no {shape.type_name}")
    if shape.type_name == "structure":
        known = {name: member for name, member in shape.members.items() if values.get(name) is not None}
        if values and not known:
            raise BrokenAnswerError(error=f"what came back is no {shape.name}")
        for name, member in known.items():
            _demand_form(values[name], member)
    elif shape.type_name in ("list", "map"):
        for each in values if shape.type_name == "list" else values.values():
            _demand_form(each, shape.member if shape.type_name == "list" else shape.value)


def _demand_all_bytes(body: bytes, headers: Mapping[str, str]) -> None:
    if "Content-Encoding" in headers:  # length and checksum are those of the encoded bytes, which are gone by now
        return
    if int(headers.get("Content-Length", len(body))) != len(body):
        raise BrokenAnswerError(error=f"only {len(body)} of {headers['Content-Length']} bytes arrived")
    if int(headers.get("x-amz-crc32", crc32(body))) != crc32(body):
        raise BrokenAnswerError(error="an answer does not have the checksum that was sent with it")


def service_error(error: Exception) -> ServiceError:
    """The error as a code, one line without secrets, and what to do about it."""
    if isinstance(error, ClientError):
        code, message = str(error.response["Error"]["Code"]), str(error.response["Error"].get("Message", ""))
    else:
        code, message = type(error).__name__, str(error)
    line = redacted(" ".join(message.split()))
    shown = line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}..."
    return ServiceError(code, shown, CURES.get(code) or _cure_of_kind(error))


def _cure_of_kind(error: Exception) -> str:
    if isinstance(error, ClientError):
        return ""
    if not isinstance(error, BotoCoreError):
        return "check the variable that names it" if isinstance(error, OSError) else REACH
    name = type(error).__name__
    return LOG_IN if "Token" in name or "SSO" in name else REACH


def keep_secrets_out_of_logs() -> None:
    """Debugging shows no requests: their headers carry signatures and tokens."""
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
