"""Rules survive the way through Pulumi: as arguments, as recorded inputs, and back."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.runtime import rpc

from firnline.s3.model import (
    Filter,
    MinimumSize,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.terms import Days, StorageClass
from firnline.targets.pulumi_aws.arguments import to_arguments
from firnline.targets.pulumi_aws.recorded import has_written, recorded_rules
from tests.targets.pulumi_aws.rules import rules

days = st.integers(1, 2_147_483_647).map(Days)
dates = st.dates()
classes = st.sampled_from(["STANDARD_IA", "GLACIER_IR", "DEEP_ARCHIVE"]).map(StorageClass)
bounds = st.none() | st.integers(1, 10**12)
names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=9)
filters = st.builds(
    Filter,
    prefix=st.just("") | names,
    tags=st.dictionaries(names, names, max_size=2).map(lambda tags: tuple(sorted(tags.items()))),
    larger_than=st.none() | st.integers(0, 10**12),
    smaller_than=bounds,
)
ends = st.fixed_dictionaries({"expires": days | dates}) | st.fixed_dictionaries(
    {"removes_sole_markers": st.booleans()}
)


@st.composite
def any_rule(draw: st.DrawFn) -> Rule:
    return Rule(
        id=draw(names),
        filter=draw(filters),
        enabled=draw(st.booleans()),
        transitions=tuple(draw(st.lists(st.builds(Transition, days | dates, classes), max_size=2))),
        noncurrent_transitions=tuple(
            draw(st.lists(st.builds(NoncurrentTransition, days, classes, bounds), max_size=2))
        ),
        noncurrent_expires=draw(st.none() | st.builds(NoncurrentExpiration, days, bounds)),
        aborts_uploads_after=draw(st.none() | days),
        **draw(ends),
    )


def as_recorded(rules: RuleSet) -> dict[str, Any]:
    """What the SDK would send for these arguments, with numbers as the engine hands them back."""
    inputs = {
        "rules": to_arguments(rules),
        "transition_default_minimum_object_size": rules.minimum_size.value,
    }
    translate = {"transition_default_minimum_object_size": "transitionDefaultMinimumObjectSize"}

    async def serialized() -> dict[str, Any]:
        pulumi.runtime.settings.reset_options()
        struct = await rpc.serialize_properties(
            inputs, {}, input_transformer=lambda name: translate.get(name, name)
        )
        read: dict[str, Any] = json_format.MessageToDict(struct)
        return read

    return asyncio.run(serialized())


@settings(max_examples=60, deadline=None)
@given(st.lists(any_rule(), max_size=3), st.sampled_from(MinimumSize))
def test_what_is_recorded_is_what_was_said(said: list[Rule], size: MinimumSize) -> None:
    ordered = tuple(sorted(said, key=lambda rule: rule.id))
    assert recorded_rules(as_recorded(RuleSet(tuple(said), size))) == RuleSet(ordered, size)


def test_arguments_are_sorted_by_id_and_spelt_in_camel_case_with_full_dates() -> None:
    said = rules(
        "{ID: b, Status: Enabled, Filter: {Prefix: ''}, AbortIncompleteMultipartUpload:"
        " {DaysAfterInitiation: 7}}",
        "{ID: a, Status: Enabled, Filter: {And: {Prefix: x/, ObjectSizeGreaterThan: 0}},"
        " Expiration: {Date: '2027-03-31'}}",
    )
    assert as_recorded(said)["rules"] == [
        {
            "id": "a",
            "status": "Enabled",
            "filter": {"and": {"prefix": "x/", "objectSizeGreaterThan": 0}},
            "expiration": {"date": "2027-03-31T00:00:00Z"},
        },
        {
            "id": "b",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
        },
    ]


@pytest.mark.parametrize(
    ("recorded", "s3"),
    [
        (
            {"expiration": {"days": 7.0, "expiredObjectDeleteMarker": False}, "prefix": ""},
            "{Expiration: {Days: 7}}",
        ),
        (
            {"expiration": {"days": 0.0, "expiredObjectDeleteMarker": True}},
            "{Expiration: {ExpiredObjectDeleteMarker: true}}",
        ),
        ({"expiration": {"days": 0.0, "expiredObjectDeleteMarker": False}}, "{}"),
        (
            {"transitions": [{"days": 0.0, "date": None, "storageClass": "GLACIER"}]},
            "{Transitions: [{Days: 0, StorageClass: GLACIER}]}",
        ),
        (
            {"transitions": [{"storageClass": "GLACIER"}]},
            "{Transitions: [{Days: 0, StorageClass: GLACIER}]}",
        ),
        ({"prefix": "old/", "filter": None}, "{Prefix: old/}"),
        (
            {
                "filter": {
                    "and": {
                        "objectSizeGreaterThan": 0.0,
                        "objectSizeLessThan": 0.0,
                        "prefix": "a/",
                        "tags": {"k": "v"},
                    }
                }
            },
            "{Filter: {And: {ObjectSizeGreaterThan: 0, Prefix: a/, Tags: [{Key: k, Value: v}]}}}",
        ),
    ],
)
def test_zeros_that_the_provider_reads_back_mean_unset(recorded: dict[str, Any], s3: str) -> None:
    found = recorded_rules({"rules": [{"id": "a", "status": "Enabled", **recorded}]})
    assert found == rules("{ID: a, Status: Enabled, " + s3.removeprefix("{"))


def test_a_state_says_which_rules_were_written() -> None:
    urn = (
        "urn:pulumi:prod::lab::firnline:s3:Retention$aws:s3/bucketLifecycleConfiguration:"
        "BucketLifecycleConfiguration::lab"
    )
    week = RuleSet((Rule("firnline/lab/tmp", Filter("tmp/"), expires=Days(7)),))
    rule = {"id": "x", "status": "Enabled", "filter": {"prefix": "tmp/"}, "expiration": {"days": 7}}
    state: dict[str, Any] = {urn: {"outputs": {"rules": [rule]}}}
    assert has_written(state, "lab", week)
    assert not has_written(state, "other", week)
    assert not has_written(state, "lab", RuleSet(()))
    assert not has_written({urn: {"outputs": {"rules": "secret"}}}, "lab", week)
