"""A broader rule that cuts a narrower one short: the help says what it can match less by."""

from __future__ import annotations

import json

import pytest

from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json

TAG: Json = {"Key": "keep", "Value": "yes"}


@pytest.mark.parametrize(
    ("filter", "help"),
    [
        ({"Prefix": "a/b/"}, "narrow the prefix of the shorter-lived rule"),
        ({"And": {"Prefix": "a/b/", "Tags": [TAG]}}, "narrow the prefix of the shorter-lived rule"),
        (
            {"And": {"Prefix": "a/", "Tags": [TAG]}},
            "tag the short-lived objects when they are written, and filter the shorter-lived rule"
            " by that (`firnline explain FL308`)",
        ),
        (
            {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 1000}},
            "limit the shorter-lived rule to the other sizes",
        ),
    ],
)
def test_the_help_fits_the_filter(filter: Json, help: str) -> None:
    rules = [
        {"ID": "all", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 30}},
        {"ID": "keep", "Status": "Enabled", "Filter": filter, "Expiration": {"Days": 300}},
    ]
    found = check_lifecycle_file(json.dumps({"Rules": rules}).encode(), "rules.json")
    (cut,) = [each for each in found if each.kind.code == "FL301"]
    assert cut.help == f"{help}, or give it a later expiration"
