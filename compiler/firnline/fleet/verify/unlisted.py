"""Which buckets do policies cover that the lock does not have?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.questions import ListedBucket
from firnline.fleet.verify.kinds import BUCKET_UNLISTED
from firnline.language.model import Folder, Policy
from firnline.language.tag import Tags


class Tagged(NamedTuple):
    """A bucket that an account has, with those of its tags by which policies choose."""

    bucket: ListedBucket
    tags: Tags = ()


def unlisted(found: Iterable[Tagged], folder: Folder) -> Iterator[Diagnostic]:
    """`found` are all buckets of the accounts."""
    locked = _locked(folder)
    for tagged in sorted(found, key=lambda each: each.bucket.key):
        bucket, account = tagged.bucket, tagged.bucket.account
        policy = None if _place(bucket) in locked else _covering(tagged, folder)
        if policy is not None:
            yield BUCKET_UNLISTED.at(
                BucketPlace(bucket.name, account.id.value),
                f"policy `{visible(policy.name.value)}` covers `{visible(bucket.name)}` of"
                f" {visible(account.label.value)} in {bucket.region}, and the lock does not have"
                " it",
            )


def not_covered(found: Iterable[Tagged], folder: Folder) -> dict[str, int]:
    """How many buckets of each account no policy covers, by its id."""
    covered = {each.place for each in (folder.lock.buckets if folder.lock else ()) if each.covered}
    counts: Counter[str] = Counter()
    for each in found:
        is_covered = _place(each.bucket) in covered or _covering(each, folder) is not None
        counts[each.bucket.account.id.value] += not is_covered
    return dict(counts)


def decided_by_tags(listed: Iterable[ListedBucket], folder: Folder) -> list[ListedBucket]:
    """Those of which only tags say whether a policy covers them."""
    locked = _locked(folder)
    return [
        each
        for each in listed
        if _place(each) not in locked
        and _covering(Tagged(each), folder) is None
        and _covering(Tagged(each), folder, any_tags=True) is not None
    ]


def tag_keys(folder: Folder) -> frozenset[str]:
    """By which policies choose buckets."""
    return frozenset(
        tag.key.value
        for policy in folder.policies
        for entry in policy.applies_to
        for tag in entry.tags
    )


def _locked(folder: Folder) -> frozenset[tuple[str, str]]:
    return frozenset(each.place for each in (folder.lock.buckets if folder.lock else ()))


def _place(bucket: ListedBucket) -> tuple[str, str]:
    return bucket.account.id.value, bucket.name


def _covering(tagged: Tagged, folder: Folder, *, any_tags: bool = False) -> Policy | None:
    bucket, tags = tagged.bucket, None if any_tags else tagged.tags
    if not bucket.listed_region:
        return None
    place = bucket.account.label.value, bucket.name, bucket.region
    return next((each for each in folder.policies if each.covers(*place, tags)), None)
