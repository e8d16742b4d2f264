"""The body of an HTTP request, in the forms that SDKs send it: with a length, in chunks, compressed."""

import zlib
from email.message import Message
from gzip import BadGzipFile, decompress
from io import BufferedIOBase

LONGEST = 32 * 1024 * 1024
"""More than any request of DynamoDB has: a BatchWriteItem may have 16 MB."""


class BodyError(ValueError):
    """A body that can't be read: one line. What else is in the connection is not to be trusted."""


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The body as it was before it was sent. Raises BodyError."""
    chunked = "chunked" in headers.get("Transfer-Encoding", "").lower()
    body = _chunks(stream) if chunked else _exactly(stream, _length(headers.get("Content-Length", "0"), 10))
    coding = headers.get("Content-Encoding", "").replace("aws-chunked", "").strip(", ").lower()
    if coding in ("", "identity"):
        return body
    if coding != "gzip":
        raise BodyError(f"the body is encoded as {coding}: send it as it is, or as gzip")
    try:
        return decompress(body)
    except (BadGzipFile, EOFError, zlib.error):
        raise BodyError("the body is not the gzip that Content-Encoding says") from None


def _chunks(stream: BufferedIOBase) -> bytes:
    body = bytearray()
    while size := _length(stream.readline(100).decode("latin-1").partition(";")[0].strip(), 16):
        body += _exactly(stream, size)
        stream.readline(100)
        _length(str(len(body)), 10)
    while stream.readline(10_000) not in (b"\r\n", b"\n", b""):
        pass
    return bytes(body)


def _length(text: str, base: int) -> int:
    try:
        length = int(text, base)
    except ValueError:
        length = -1
    if not 0 <= length <= LONGEST:
        raise BodyError(f"the length of the body is {text!r}: send 0 to {LONGEST} bytes, and say how many")
    return length


def _exactly(stream: BufferedIOBase, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise BodyError(f"the body ended after {len(body)} of {length} bytes")
    return body
