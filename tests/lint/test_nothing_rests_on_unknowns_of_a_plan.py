"""Every finding about a Terraform plan holds whatever is known only after it is applied."""

from __future__ import annotations

import copy
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lint.sources.terraform_files import (
    FRAMEWORK,
    LIFECYCLE,
    SDK,
    change,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    resource,
    rule,
)
from tests.lint.test_nothing_rests_on_unknowns import at, below, put

Path = tuple[Any, ...]
ADDRESS: Final = f"{LIFECYCLE}.logs"
DAYS = st.sampled_from([0, 1, 5, 20, 40, 100, 130, 400])
CLASSES = st.sampled_from(["STANDARD_IA", "GLACIER", "DEEP_ARCHIVE"])
PREFIXES = st.sampled_from(["", "a/", "a/b/", "b/", "/c/", "runs/*/x"])
DATES = st.sampled_from(["2100-01-01T00:00:00Z", "2101-01-01T00:00:00Z"])
SIZES = st.sampled_from([None, 1, 1000, 500_000, 2_000_000])
TAGS = st.dictionaries(st.sampled_from("kl"), st.sampled_from("vw"), min_size=1, max_size=2)
TAG = st.fixed_dictionaries({"key": st.sampled_from("kl"), "value": st.sampled_from("vw")})
MOVE = st.fixed_dictionaries({"date": st.none(), "days": DAYS, "storage_class": CLASSES})
OLD_MOVE = st.fixed_dictionaries(
    {
        "newer_noncurrent_versions": st.sampled_from([None, None, 2]),
        "noncurrent_days": DAYS,
        "storage_class": CLASSES,
    }
)
OLD_END = st.fixed_dictionaries(
    {"newer_noncurrent_versions": st.sampled_from([None, 1, 3]), "noncurrent_days": DAYS}
)
ABORT = st.fixed_dictionaries({"days_after_initiation": DAYS})
AND = st.fixed_dictionaries(
    {
        "prefix": PREFIXES,
        "tags": st.one_of(st.none(), TAGS),
        "object_size_greater_than": SIZES,
        "object_size_less_than": SIZES,
    }
)
ENDS = st.one_of(
    DAYS.map(lambda days: expiration(days=days)),
    DATES.map(lambda date: expiration(date=date)),
    st.just(expiration(expired_object_delete_marker=True)),
)
FILTERS = st.one_of(
    PREFIXES.map(lambda prefix: filter_block(prefix=prefix)),
    TAG.map(lambda tag: filter_block(tag=[tag])),
    SIZES.map(lambda size: filter_block(object_size_less_than=size)),
    AND.map(lambda both: filter_block(**{"and": [both]})),
    st.just([]),
)


def several(block: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(block, max_size=most)


BLOCKS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "filter": FILTERS,
    "expiration": st.one_of(st.just([]), ENDS),
    "transition": several(MOVE, 3),
    "noncurrent_version_expiration": several(OLD_END, 1),
    "noncurrent_version_transition": several(OLD_MOVE),
    "abort_incomplete_multipart_upload": several(ABORT, 1),
}
RULE = st.fixed_dictionaries(
    {"status": st.sampled_from(["Enabled", "Enabled", "Disabled"])},
    optional=BLOCKS,
).map(lambda members: rule(**members))
INSTEAD: Final[dict[str, st.SearchStrategy[Any]]] = {
    **BLOCKS,
    "status": st.sampled_from(["Enabled", "Disabled"]),
    "prefix": PREFIXES,
    "key": st.sampled_from("klm"),
    "value": st.sampled_from("vwx"),
    "tags": st.one_of(st.none(), TAGS),
    "storage_class": CLASSES,
    "days": DAYS,
    "date": DATES,
    "noncurrent_days": DAYS,
    "days_after_initiation": DAYS,
    "newer_noncurrent_versions": st.sampled_from([None, 1, 3]),
    "object_size_greater_than": SIZES,
    "object_size_less_than": SIZES,
    "expired_object_delete_marker": st.booleans(),
    **dict.fromkeys("kl", st.sampled_from("vwx")),
}
"""What a value may turn out to be."""
FREE: Final = frozenset({"newer_noncurrent_versions", *BLOCKS})
"""What may be set too where it is not; nobody sets days beside a date, or a prefix beside a tag:
the provider refuses that when it plans.
"""


@st.composite
def left_open(draw: st.DrawFn) -> tuple[Any, Any, list[Any]]:
    """The rules without what is not known, what that is, and two ways that they may turn out."""
    one: Any = draw(st.lists(RULE, min_size=1, max_size=3))
    for number, each in enumerate(one):
        each["id"] = f"rule-{number}"
    other, known = copy.deepcopy(one), copy.deepcopy(one)
    unknown: Any = _nothing_in(one)
    places = [
        path
        for path, name in below(one)
        if name in INSTEAD and (name in FREE or "and" in path or at(one, path) is not None)
    ]
    chosen: list[Path] = []
    for path in draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        if any(path[: len(each)] == each or each[: len(path)] == path for each in chosen):
            continue
        chosen.append(path)
        put(other, path, draw(INSTEAD[path[-1]]))
        put(unknown, path, True)
        del at(known, path[:-1])[path[-1]]
    return known, unknown, [one, other]


def _nothing_in(value: Any) -> Any:
    """As `after_unknown` has it where everything is known."""
    if isinstance(value, list):
        return [_nothing_in(each) for each in value]
    if isinstance(value, dict):
        inside = {name: _nothing_in(each) for name, each in value.items()}
        return {name: each for name, each in inside.items() if each is not False}
    return False


def found(
    rules: Any, unknown: Any, *, schema_version: int, versioned: bool
) -> set[tuple[str, str | None]]:
    """Which findings, and of which rule."""
    versioning = resource(
        "aws_s3_bucket_versioning.logs",
        0,
        bucket="lake",
        versioning_configuration=[{"status": "Enabled", "mfa_delete": ""}],
    )
    document = plan(
        lifecycle(*rules, schema_version=schema_version, bucket="lake"),
        *([versioning] if versioned else []),
        resource_changes=[change(ADDRESS, "create", after_unknown={"rule": unknown})],
    )
    return {
        (each.kind.code, each.about)
        for each in found_in_file(document)
        if each.kind.code != "FL246"
        and not any("which it is, is not known" in n for n in each.notes)
    }


@pytest.mark.parametrize("schema_version", [SDK, FRAMEWORK])
@settings(max_examples=50)
@given(left_open(), st.booleans())
def test_no_finding_about_a_plan_depends_on_what_is_not_known(
    schema_version: int, opened: tuple[Any, Any, list[Any]], versioned: bool
) -> None:
    known, unknown, fillings = opened
    certain = found(known, unknown, schema_version=schema_version, versioned=versioned)
    for each in fillings:
        filled = found(each, [], schema_version=schema_version, versioned=versioned)
        assert certain - filled == set()
