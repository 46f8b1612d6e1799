"""What `simulate` says of a listing is what then happens to the bucket that was listed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline import testing
from firnline.fleet.live import read_versioning
from firnline.inventory.listing import read_answer
from firnline.s3.read_shape import read_configuration
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.listing import ItemHistory, simulate_listing
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction
from firnline.s3.terms import Versioning
from firnline.testing import seed
from firnline.testing.bucket_contents import contents_of
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.moto_process import find_bucket
from tests.testing.random_histories import BUCKET, Act, User, histories
from tests.testing.random_worlds import MINIMUMS, NOW, some_rules
from tests.testing.test_clock_agrees import ACCOUNT, comparable

Begun = tuple[Versioning, list[Act]]

BEGUN = st.sampled_from(Versioning).flatmap(
    lambda versioning: st.tuples(st.just(versioning), histories(versioning is not Versioning.OFF))
)


@contextmanager
def lived_in(begun: Begun, rules: list[dict[str, Any]], minimum: str) -> Iterator[tuple[Any, Any]]:
    """The emulated AWS, and S3 of an account with a bucket that has the rules and this history."""
    versioning, acts = begun
    with testing.serve(started=NOW, judge=testing.accept_all) as aws:
        s3: Any = aws.client("s3", account=ACCOUNT)
        seed.create_bucket(ACCOUNT, BUCKET, "us-east-1", NOW, versioning)
        s3.put_bucket_lifecycle_configuration(
            Bucket=BUCKET,
            LifecycleConfiguration={"Rules": rules},
            TransitionDefaultMinimumObjectSize=minimum,
        )
        user = User(aws, s3)
        for act in acts:
            user.act(act)
        yield aws, s3


def batch_of(s3: Any) -> Batch:
    live = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
    return Batch(read_configuration(live), BucketState(read_versioning(s3, BUCKET)))


@settings(max_examples=60)
@given(BEGUN, some_rules(), st.sampled_from(MINIMUMS), st.sampled_from((1, 2, 10, 100, 400)))
def test_the_simulation_of_a_listing_is_what_then_happens(
    begun: Begun, rules: list[dict[str, Any]], minimum: str, days: int
) -> None:
    with lived_in(begun, rules, minimum) as (aws, s3):
        ids, listing = listed(s3)
        until = aws.now + timedelta(days=days)
        stories = list(simulate_listing(batch_of(s3), listing, aws.now, until))
        assert comparable(aws.advance(days=days).events) == foretold(stories, ids)
        assert len(listed(s3)[0]) == sum(
            not story.steps or story.steps[-1].left is not None for story in stories
        )


def listed(s3: Any) -> tuple[list[str], Any]:
    """The IDs of what a bucket holds, and the same as `simulate` reads it; with the tags, which a
    listing of S3 lacks."""
    bucket = find_bucket(BUCKET)
    assert bucket is not None
    contents = contents_of(bucket, LifecycleStore(), NOW)
    tags = {(e.item.key, e.id): dict(e.item.tags) for versions in contents.keys for e in versions}
    versions = s3.list_object_versions(Bucket=BUCKET)
    uploads = s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
    data, markers = versions.get("Versions", []), versions.get("DeleteMarkers", [])
    for one in data:
        one["Tags"] = tags[one["Key"], one["VersionId"]]
    found = read_answer(
        {"Versions": data, "DeleteMarkers": markers, "Uploads": uploads}, "a listing"
    )
    assert found.problems == ()
    ids = [each["VersionId"] for each in (*data, *markers)]
    return [*ids, *(each["UploadId"] for each in uploads)], found.items


def foretold(stories: list[ItemHistory], ids: list[str]) -> list[tuple[Any, ...]]:
    """As `comparable` has it: what is replaced by a null marker is not something done to it."""
    found: list[tuple[Any, ...]] = []
    for place, item, steps in stories:
        made = "null" if item.null_version else f"marker of {item.created}"
        id = ids[place] if place is not None else made
        current = item.current and item.kind is not ItemKind.DELETE_MARKER
        for at, taken, _left in steps:
            if taken.action is LifecycleAction.DELETE_MARKER and not current:
                continue
            current = current and taken.action is not LifecycleAction.DELETE_MARKER
            rules = tuple(sorted({rule.id for rule in taken.rules if rule.id}))
            moved = taken.storage_class or ""
            found.append((at, item.key, id, taken.action.value, moved, rules))
    return sorted(found)
