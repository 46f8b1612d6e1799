"""Policies and lock → what each bucket of the fleet must answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from firnline.fleet.questions import ListedBucket
from firnline.language.fleet import Fleet
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Bucket
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.terms import Versioning
from firnline.s3.terraform_provider import as_sent


@dataclass(frozen=True, slots=True)
class ExpectedBucket:
    """`rules` are as the provider sends them, with the rules of others that are kept; `going` are
    those that policies replace. `before` is what an earlier revision of the policies says, which
    may still be live; None where no revision is named.
    """

    bucket: ListedBucket
    rules: RuleSet
    namespace: str
    versioning: Versioning
    object_lock: bool = False
    going: tuple[Rule, ...] = ()
    before: RuleSet | None = None


def expected_buckets(
    compiled: Iterable[BucketRules],
    fleet: Fleet,
    before: Iterable[BucketRules] | None = None,
    wanted: Callable[[ListedBucket], bool] = lambda _: True,
) -> tuple[ExpectedBucket, ...]:
    """Those of the lock, by their keys. Buckets that were released and keep their rules are no
    longer anybody's. `before` are those of an earlier revision; None where none is named.
    """
    earlier = {each.bucket.key: as_sent(each.rules) for each in before or ()}
    found = _in_the_lock(compiled, fleet)
    return tuple(
        ExpectedBucket(
            bucket=listed,
            rules=as_sent(each.rules),
            namespace=fleet.namespace.value,
            versioning=each.bucket.versioning or Versioning.OFF,
            object_lock=each.bucket.object_lock,
            going=each.going,
            before=None if before is None else earlier.get(listed.key, _of_others(each.bucket)),
        )
        for listed, each in found
        if wanted(listed)
    )


def _of_others(bucket: Bucket) -> RuleSet:
    """What a bucket has that no deployment has reached yet."""
    rules = tuple(each.rule for each in bucket.foreign if each.rule is not None)
    return RuleSet(rules, bucket.minimum_size or MinimumSize.ALL_128K)


def _in_the_lock(
    compiled: Iterable[BucketRules], fleet: Fleet
) -> Iterator[tuple[ListedBucket, BucketRules]]:
    for each in compiled:
        bucket = each.bucket
        account = fleet.account(bucket.account)
        if bucket.locked and account is not None and bucket.region is not None:
            yield ListedBucket(account, bucket.name, bucket.region), each
