"""Which buckets do policies cover that the lock does not have?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.questions import ListedBucket
from firnline.fleet.verify.kinds import BUCKET_UNLISTED
from firnline.language.model import Folder, Policy


def unlisted(listed: Iterable[ListedBucket], folder: Folder) -> Iterator[Diagnostic]:
    """`listed` are all buckets of the accounts."""
    known = {each.place for each in (folder.lock.buckets if folder.lock else ())}
    for bucket in sorted(listed, key=lambda each: each.key):
        account = bucket.account
        if not bucket.listed_region or (account.id.value, bucket.name) in known:
            continue
        covering = [each for each in folder.policies if _covers(each, bucket)]
        if covering:
            policy, label = covering[0].name.value, account.label.value
            yield BUCKET_UNLISTED.at(
                BucketPlace(bucket.name, account.id.value),
                f"policy `{visible(policy)}` covers `{visible(bucket.name)}` of {visible(label)} in"
                f" {bucket.region}, and the lock does not have it",
            )


def not_covered(listed: Iterable[ListedBucket], folder: Folder) -> dict[str, int]:
    """How many buckets of each account no policy covers, by its id."""
    found: dict[str, int] = {}
    for bucket in listed:
        account = bucket.account.id.value
        covered = any(_covers(policy, bucket) for policy in folder.policies)
        found[account] = found.get(account, 0) + (not covered)
    return found


def _covers(policy: Policy, bucket: ListedBucket) -> bool:
    """Without tags: which buckets have those that a policy names, `resolve` finds out."""
    return policy.covers(bucket.account.label.value, bucket.name, bucket.region, ())
