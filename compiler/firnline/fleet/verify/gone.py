"""Which buckets does S3 refuse because they are no longer those of their account?

A request that names the expected owner is answered with 403, and not with 404, where another
account has the name by now (S3 User Guide, "Verifying bucket ownership with bucket owner
condition").
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from firnline.diagnostics.visible import visible
from firnline.fleet.questions import Failure, ListedBucket
from firnline.fleet.verify.differences import place_of
from firnline.fleet.verify.kinds import BUCKET_GONE
from firnline.fleet.verify.verified import State, VerifiedBucket
from firnline.language.fleet import Account


def not_theirs_any_more(
    buckets: Sequence[VerifiedBucket], listed: Collection[ListedBucket], whole: Collection[Account]
) -> tuple[VerifiedBucket, ...]:
    """`listed` are all buckets of the accounts that are `whole`; of others nothing follows."""
    ids = {each.id.value for each in whole}
    there = {(each.account.id.value, each.name) for each in listed}
    return tuple(_gone(each) if _is_gone(each, there, ids) else each for each in buckets)


def wholly_listed(
    accounts: Collection[Account], not_listed: Collection[Failure]
) -> tuple[Account, ...]:
    refused = {each.account.id.value for each in not_listed if each.bucket is None}
    return tuple(each for each in accounts if each.id.value not in refused)


def _is_gone(
    each: VerifiedBucket, there: Collection[tuple[str, str]], whole: Collection[str]
) -> bool:
    bucket, failure = each.expected.bucket, each.failure
    id = bucket.account.id.value
    is_refused = failure is not None and failure.bucket is not None and failure.why.denied
    return is_refused and each.live is None and id in whole and (id, bucket.name) not in there


def _gone(each: VerifiedBucket) -> VerifiedBucket:
    name, label = each.expected.bucket.name, each.expected.bucket.account.label.value
    found = BUCKET_GONE.at(
        place_of(each.expected),
        f"`{visible(name)}` is no bucket of {visible(label)} any more, and S3 refuses to let its"
        " rules be read: another account has the name",
    )
    return replace(each, state=State.DRIFTED, findings=(found,), failure=None)
