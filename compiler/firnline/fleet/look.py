"""What is live on these buckets of the lock? Reads AWS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from firnline.fleet.accounts import Clients, NoAccess
from firnline.fleet.live import read_live, read_versioning
from firnline.fleet.questions import (
    READ_LIFECYCLE,
    READ_VERSIONING,
    Failure,
    ListedBucket,
    access_of,
    ask,
)
from firnline.fleet.threads import in_threads
from firnline.language.fleet import Account
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class LiveBucket:
    """`rules` is None where the bucket has no lifecycle configuration."""

    bucket: ListedBucket
    rules: RuleSet | None
    versioning: Versioning


def look(buckets: Sequence[ListedBucket]) -> dict[ListedBucket, LiveBucket | Failure]:
    """One answer for each bucket, in their order; one failure for a whole account."""
    clients = Clients()
    shut = unreachable(clients, buckets)
    reachable = [bucket for bucket in buckets if bucket.account not in shut]
    answers = dict(in_threads(partial(_look, clients), reachable))
    return {bucket: shut.get(bucket.account) or answers[bucket] for bucket in buckets}


def unreachable(clients: Clients, buckets: Sequence[ListedBucket]) -> dict[Account, Failure]:
    """The accounts of these buckets of which there are no clients."""
    first = {bucket.account: bucket for bucket in reversed(buckets)}
    return {
        bucket.account: failure
        for bucket, failure in in_threads(partial(_try_account, clients), list(first.values()))
        if failure
    }


def _try_account(clients: Clients, bucket: ListedBucket) -> Failure | None:
    try:
        clients.s3(access_of(bucket.account, bucket.region))
    except NoAccess as why:
        return Failure(bucket.account, None, why)
    return None


def _look(clients: Clients, bucket: ListedBucket) -> LiveBucket | Failure:
    rules = ask(clients, bucket, READ_LIFECYCLE, read_live)
    if isinstance(rules, Failure):
        return rules
    versioning = ask(clients, bucket, READ_VERSIONING, read_versioning)
    if isinstance(versioning, Failure):
        return versioning
    return LiveBucket(bucket, rules, versioning)
