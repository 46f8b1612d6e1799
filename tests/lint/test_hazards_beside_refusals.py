"""All that is wrong in a rule is found in one run: its hazards too, where S3 refuses it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json

WHOLE: Json = {"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 30}}
GLACIER: Json = {"Days": 60, "StorageClass": "GLACIER"}
REFUSED: dict[str, tuple[Json, str]] = {
    "it ends before its transition": ({"Transitions": [GLACIER]}, "FL233"),
    "its transition has no class": ({"Transitions": [{"Days": 3}]}, "FL231"),
    "a class that is none": ({"Transitions": [{"Days": 3, "StorageClass": "ICE"}]}, "FL231"),
    "a marker beside days": (
        {"Expiration": {"Days": 30, "ExpiredObjectDeleteMarker": True}},
        "FL226",
    ),
    "uploads end at once": (
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 0}},
        "FL229",
    ),
    "its status is in lower case": ({"Status": "enabled"}, "FL221"),
    "a date that is no midnight": ({"Expiration": {"Date": "2023-02-18T01:00:00"}}, "FL230"),
    "a prefix of its own": (
        {
            "Filter": None,
            "Prefix": "",
            "NoncurrentVersionTransitions": [
                {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2, "StorageClass": "GLACIER_IR"}
            ],
        },
        "FL234",
    ),
}
NOT_CLEAR: dict[str, Json] = {
    "no filter": {"Filter": None},
    "a filter that is no object": {"Filter": "a/"},
    "a date that is none": {"Expiration": {"Date": "soon"}},
    "a status that is a word of another language": {"Status": "aktiv"},
}


def codes(*rules: Json) -> list[str]:
    shapes = [{name: each[name] for name in each if each[name] is not None} for each in rules]
    content = json.dumps({"Rules": shapes}, indent=1).encode()
    return sorted(each.kind.code for each in check_lifecycle_file(content, "rules.json"))


@pytest.mark.parametrize(("members", "refusal"), REFUSED.values(), ids=REFUSED)
def test_what_everything_loses_is_found_beside_the_refusal(members: Json, refusal: str) -> None:
    assert codes({**WHOLE, **members}) == sorted([refusal, "FL240", "FL310"])


@pytest.mark.parametrize("members", NOT_CLEAR.values(), ids=NOT_CLEAR)
def test_nothing_else_is_said_where_the_refusal_leaves_open_what_is_meant(members: Json) -> None:
    found = codes({**WHOLE, **members})
    assert found
    assert not {"FL240", "FL310"} & set(found)


def test_an_end_that_s3_refuses_is_no_end_that_is_missing() -> None:
    """Whether old versions would stay depends on what is refused."""
    old: dict[str, Any] = {"NoncurrentVersionExpiration": {"NoncurrentDays": 0}}
    assert codes({**WHOLE, **old}) == ["FL229", "FL240"]


def test_a_transition_that_never_happens_is_told_once() -> None:
    """After the expiration, no transition has an effect: that is the refusal."""
    prefix = {"Filter": {"Prefix": "a/"}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}}
    assert codes({**WHOLE, **prefix, "Transitions": [GLACIER]}) == ["FL233"]
