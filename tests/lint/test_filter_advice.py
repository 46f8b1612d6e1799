"""Of a prefix, tag or size that S3 does not accept, the help says what to write."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.lint.check import check_lifecycle_file

LARGEST = 1000 * 1024**4


@pytest.mark.parametrize(
    ("filter", "help"),
    [
        ({"Prefix": "a" * 1025}, "write a shorter prefix"),
        ({"Tag": {"Key": "", "Value": "v"}}, "write a key of 1 to 128 UTF-16 units"),
        ({"Tag": {"Key": "k", "Value": "v" * 257}}, "write a value of at most 256 UTF-16 units"),
        ({"Tag": {"Key": "k"}}, "write both"),
        (
            {"And": {"Tags": [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]}},
            "write each tag key once",
        ),
        ({"ObjectSizeGreaterThan": -1}, f"write a number of bytes from 0 to {LARGEST}"),
        ({"ObjectSizeLessThan": LARGEST + 1}, f"write a number of bytes from 1 to {LARGEST}"),
        (
            {"And": {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 5}},
            "let `ObjectSizeLessThan` be greater than `ObjectSizeGreaterThan`",
        ),
    ],
)
def test_the_help_is_about_the_value_that_is_wrong(filter: dict[str, Any], help: str) -> None:
    rule = {"Status": "Enabled", "Filter": filter, "Expiration": {"Days": 1}}
    found = check_lifecycle_file(json.dumps({"Rules": [rule]}).encode(), "rules.json")
    assert [each.help for each in found if each.kind.code == "FL224"] == [help]
