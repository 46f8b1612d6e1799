"""A reference is reported where S3 would delete or archive an object under it, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.position import BucketPlace
from firnline.pipeline import compile_files
from firnline.reach.doomed.threats import Threats
from firnline.reach.location import Location, LocationKind
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.threats import Loss, Threat, of_program, of_rules
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, StoredItem
from tests.rules.strategies import PREFIXES, crossing_policies, policies

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = (1, 65_536, 131_072, 2**20 + 1, 2**21, 2**30)
TAGS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (("t", "x"),),
    (("t", "y"),),
    (("u", "x"),),
    (("t", "x"), ("u", "x")),
)
KEYS = sorted(
    {
        start + end
        for start in (*PREFIXES, "a", "a/b", "b", "c")
        for end in ("", "/x", "x", "\U0010ffff")
        if start + end
    }
)
locations = st.builds(
    Location,
    st.just("lab-data"),
    st.sampled_from(LocationKind),
    st.sampled_from(["", "a", "a/", "a/b", "a/b/c", "a/bc", "b", "b/x", "c", "a/b/\U0010ffff"]),
)


def program_of(policy: dict[str, Any]) -> BucketRules:
    compilation = compile_files({"p.yaml": json.dumps(policy).encode()}, with_remedies=False)
    event("compiles" if not compilation.failed else "is refused")
    assume(not compilation.failed)
    (bucket,) = compilation.buckets
    return bucket


def lost(bucket: BucketRules, location: Location) -> Iterator[tuple[Loss, int]]:
    """What S3 does to objects under the location that are as old as a day, one by one."""
    versioning = bucket.bucket.versioning
    assert versioning is not None
    state = BucketState(versioning)
    for key, tags, size in product(filter(location.covers, KEYS), TAGS, SIZES):
        for each in history(bucket.rules, state, StoredItem(key, MIDNIGHT, size, tags=tags)):
            days = (each.at - MIDNIGHT).days
            if each.item is None or not each.item.current:
                yield Loss.DELETED, days
                break
            if each.item.storage_class in ("GLACIER", "DEEP_ARCHIVE"):
                yield Loss.ARCHIVED, days


def reported(bucket: BucketRules, location: Location) -> set[tuple[Loss, int]]:
    """By the policy, and by its rules alone."""
    assert bucket.program is not None
    by_policy = days(Threats(of_program(bucket.program)).of(location))
    place = BucketPlace(bucket.bucket.name)
    assert days(Threats(of_rules(bucket.rules, place)).of(location)) == by_policy
    return by_policy


def days(threats: Iterable[Threat]) -> set[tuple[Loss, int]]:
    found = list(threats)
    assert len(set(found)) == len(found)
    assert not any(isinstance(each.after, date) for each in found)
    return {(each.loss, int(each.after)) for each in found if not isinstance(each.after, date)}


@settings(max_examples=60, deadline=None)
@given(policies() | crossing_policies(), st.lists(locations, min_size=1, max_size=4, unique=True))
def test_what_is_under_a_reference_is_lost_on_the_days_that_are_reported_and_no_others(
    policy: dict[str, Any], under: list[Location]
) -> None:
    bucket = program_of(policy)
    for location in under:
        assert reported(bucket, location) == set(lost(bucket, location)), location
