"""A field of an evaluation case is asked for where it may decide, and nowhere else."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline.s3.conformance.evaluation import read_question
from firnline.s3.conformance.fields import Fields, NotACase
from firnline.s3.conformance.run import run_cases
from firnline.s3.simulate.action_due import action_due

AT = "2026-06-01T00:00:00Z"
VALUES: dict[str, list[Any]] = {
    "created": ["2026-01-01T00:00:00Z", "2026-05-25T00:00:00Z", "2026-07-01T00:00:00Z"],
    "size": [0, 1_000, 200_000],
    "noncurrent_since": ["2026-01-02T00:00:00Z", "2026-05-26T00:00:00Z"],
    "newer_noncurrent_versions": [0, 1, 5],
    "noncurrent_version_count": [0, 2],
}
GIVEN: dict[str, list[Any]] = {"key": ["a/x", "b"], "tags": [{"t": "x"}], **VALUES}
OTHERS: dict[str, list[Any]] = {
    "storage_class": ["STANDARD", "GLACIER"],
    "object_lock": [None, {"mode": "GOVERNANCE", "retain_until": "2027-01-01T00:00:00Z"}],
}
ACTIONS: dict[str, list[Any]] = {
    "Expiration": [{"Days": 30}, {"ExpiredObjectDeleteMarker": True}],
    "Transitions": [[{"Days": 10, "StorageClass": "GLACIER"}]],
    "NoncurrentVersionExpiration": [
        {"NoncurrentDays": 9},
        {"NoncurrentDays": 9, "NewerNoncurrentVersions": 2},
    ],
    "NoncurrentVersionTransitions": [
        [{"NoncurrentDays": 7, "StorageClass": "GLACIER"}],
        [{"NoncurrentDays": 7, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 1}],
    ],
    "AbortIncompleteMultipartUpload": [{"DaysAfterInitiation": 7}],
}
FILTERS: list[dict[str, Any]] = [
    {},
    {"Prefix": "a/"},
    {"Tag": {"Key": "t", "Value": "x"}},
    {"ObjectSizeGreaterThan": 500},
    {"And": {"Prefix": "a/", "ObjectSizeLessThan": 1_001}},
]
KINDS: list[dict[str, Any]] = [
    {},
    {"is_delete_marker": True, "storage_class": None},
    {"type": "multipart_upload"},
]


def choice(values: list[Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


RULES: st.SearchStrategy[dict[str, Any]] = st.builds(
    lambda status, filter, actions: {"Status": status, "Filter": filter, **actions},
    st.sampled_from(["Enabled", "Enabled", "Enabled", "Disabled"]),
    st.sampled_from(FILTERS),
    st.fixed_dictionaries({}, optional={name: choice(each) for name, each in ACTIONS.items()}),
)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Of any kind, with any of the fields left out."""
    given = st.fixed_dictionaries(
        {},
        optional={name: choice(each) for name, each in GIVEN.items()},
    )
    item = draw(given) | draw(st.sampled_from(KINDS)) | {"is_latest": draw(st.booleans())}
    return {
        "id": "random",
        "rules": draw(st.lists(RULES, max_size=3)),
        "bucket": {
            "versioning": draw(st.sampled_from(["Off", "Enabled", "Suspended"])),
            "mfa_delete": draw(st.sampled_from([False, False, False, True])),
        },
        "object": item,
        "at": AT,
        "expected": {"action": "none"},
    }


def answer(case: dict[str, Any]) -> tuple[object, ...]:
    found = action_due(*read_question(Fields(case)))
    return found.action, found.storage_class, found.due


def with_fields(case: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    return case | {"object": case["object"] | fields}


def possible(fields: dict[str, Any]) -> bool:
    """A version cannot have been replaced before it was created."""
    since = fields.get("noncurrent_since")
    return since is None or fields["created"] <= since


@settings(max_examples=200, deadline=None)
@given(cases())
def test_a_field_that_decides_nothing_about_such_an_item_is_never_asked_for(
    case: dict[str, Any],
) -> None:
    try:
        before = answer(case)
    except NotACase as problem:
        asked = str(problem).removeprefix("lacks `object.").removesuffix("`")
        event(f"asked for {asked}")
        assert any(decides(asked, case | {"rules": [rule]}) for rule in case["rules"])
        return
    event("answered")
    absent = [name for name in VALUES if name not in case["object"]]
    for values in product(*(VALUES[name] for name in absent)):
        fields = case["object"] | dict(zip(absent, values, strict=True))
        if case["object"]["is_latest"] or possible({"created": "", **fields}):
            assert answer(with_fields(case, fields)) == before


def decides(asked: str, case: dict[str, Any]) -> bool:
    """Whether two items that differ in that field alone are treated differently."""
    choices: dict[str, list[Any]] = {**VALUES, **OTHERS, "key": ["a/x", "b"]}
    rest = {name: each for name, each in choices.items() if name != asked}
    for name in ("key", "tags"):
        rest |= {name: [case["object"][name]]} if name in case["object"] else {}
    return any(
        len({answer(with_fields(case, fields | {asked: one})) for one in choices[asked]}) > 1
        for fields in (dict(zip(rest, values, strict=True)) for values in product(*rest.values()))
    )


@pytest.mark.parametrize("latest", [True, False, None])
def test_an_upload_goes_by_its_prefix_alone(latest: bool | None) -> None:
    rules = [
        {"Status": "Enabled", "Filter": {"Prefix": "a/"}, **{name: each[-1]}}
        for name, each in ACTIONS.items()
    ]
    upload = {"key": "a/x", "type": "multipart_upload", "created": "2026-01-01T12:00:00Z"}
    case = {
        "id": "upload",
        "rules": rules,
        "bucket": {"versioning": "Enabled"},
        "object": upload | {"is_latest": latest, "object_lock": {"mode": "GOVERNANCE"}},
        "at": AT,
        "expected": {"action": "abort_upload", "due": "2026-01-09T00:00:00Z"},
    }
    (outcome,) = run_cases([case])
    assert outcome.agrees, outcome.text
