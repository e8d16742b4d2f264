"""Account ids and access keys reach no message."""

import pytest

from support.table.redaction import redacted


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("arn:aws:iam::123456789012:user/ada", "arn:aws:iam::<redacted>:user/ada"),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/demo", "arn:aws:dynamodb:us-east-1:<redacted>:table/demo"),
        ("with ASIAIOSFODNN7EXAMPLE at 1234567890123", "with <redacted> at 1234567890123"),
        ("key AKIAIOSFODNN7EXAMPLE is wrong", "key <redacted> is wrong"),
        ('"Account": "123456789012"', '"Account": "<redacted>"'),
        ('"stop": 1795614297521', '"stop": 1795614297521'),
        ("0084648f-49b0-4bd8-8697-368230859030", "0084648f-49b0-4bd8-8697-368230859030"),
    ],
)
def test_accounts_and_keys_are_masked_and_nothing_else(text: str, clean: str) -> None:
    assert redacted(text) == clean
