"""Which buckets do the accounts have, and what is true of those that are ours? Reads AWS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from firnline.fleet.accounts import Clients, NoAccess, requesting
from firnline.fleet.live import read_live_json, read_object_lock, read_tags, read_versioning
from firnline.fleet.ownership import is_ours
from firnline.fleet.questions import (
    LIST_BUCKETS,
    LOCATE_BUCKET,
    READ_LIFECYCLE,
    READ_OBJECT_LOCK,
    READ_TAGS,
    READ_VERSIONING,
    Failure,
    ListedBucket,
    access_of,
    ask,
)
from firnline.fleet.regions import surest
from firnline.fleet.threads import in_threads
from firnline.language.fleet import Account
from firnline.language.tag import Tags
from firnline.rules.lower import placeholder_id
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class FoundBucket:
    """A bucket of ours, and its live configuration verbatim."""

    bucket: ListedBucket
    covered: bool
    versioning: Versioning
    object_lock: bool
    live: Json | None
    tags: Tags = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """With `failures` the rest is useless. `unread` could not be read and need not be: no policy
    covers them, and they are released, in a region that is not listed, or not known to be ours.
    `others` are not ours; `elsewhere` are in regions that the fleet file does not list for their
    account.
    """

    found: tuple[FoundBucket, ...]
    others: int
    elsewhere: tuple[ListedBucket, ...]
    unread: tuple[Failure, ...]
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class ByTags:
    """Both take account label, bucket name and region: `keys` are those of the tags by which it is
    decided whether policies cover the bucket, and `covers` is with its tags.
    """

    keys: Callable[[str, str, str], frozenset[str]]
    covers: Callable[[str, str, str, Tags], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What makes a bucket ours; `covers` takes account label, bucket name and region, whatever its
    tags are.

    `locked` are the buckets of the old lock, by account id and name; those `released` need not be
    readable.
    """

    namespace: str
    covers: Callable[[str, str, str], bool]
    locked: frozenset[tuple[str, str]] = frozenset()
    released: frozenset[tuple[str, str]] = frozenset()
    by_tags: ByTags | None = None

    def includes(self, bucket: ListedBucket) -> bool:
        """A region that was removed from the fleet file may still have buckets with our rules."""
        return bucket.listed_region or _locked_as(bucket) in self.locked

    def needs(self, bucket: ListedBucket) -> bool:
        """Whether not being able to read the bucket is a failure."""
        expected = self.locked - self.released
        return self.covered(bucket) or _locked_as(bucket) in expected

    def covered(self, bucket: ListedBucket, tags: Tags | None = None) -> bool:
        """Whether a policy covers it, in a listed region; with its tags, where they are known."""
        place = bucket.account.label.value, bucket.name, bucket.region
        if self.by_tags and tags is not None:
            return bucket.listed_region and self.by_tags.covers(*place, tags)
        return bucket.listed_region and self.covers(*place)

    def tag_keys(self, bucket: ListedBucket) -> frozenset[str]:
        place = bucket.account.label.value, bucket.name, bucket.region
        is_asked = self.by_tags and bucket.listed_region
        return self.by_tags.keys(*place) if self.by_tags and is_asked else frozenset()

    def recognises(self, live: Json | None) -> bool:
        rules = live["Rules"] if live else []
        ids = {rule.get("ID", "") for rule in rules} - {placeholder_id(self.namespace)}
        return any(is_ours(rule_id, self.namespace) for rule_id in ids)


Report = Callable[[Account, int, int], None]
"""Called for each account that answers: how many of how many buckets are read."""


def scan(accounts: Sequence[Account], wanted: Wanted, report: Report) -> Scan:
    """Tries every account and every bucket, whatever fails, so that all failures are reported at
    once.

    `report` is called in the caller's thread.
    """
    clients = Clients()
    listed: list[ListedBucket] = []
    failures: list[Failure] = []
    for account, answer in in_threads(partial(list_buckets, clients), accounts):
        if isinstance(answer, Failure):
            failures.append(answer)
            continue
        listed += answer
        report(account, 0, sum(map(wanted.includes, answer)))
    readings = list(_read_all(clients, list(filter(wanted.includes, listed)), wanted, report))
    answering = {each.bucket.account.id.value for each in readings if not each.failures}
    unread: list[Failure] = []
    for reading in readings:
        spared = not wanted.needs(reading.bucket) and (
            reading.bucket.account.id.value in answering
            and all(failure.why.denied for failure in reading.failures)
        )
        spared = spared or not reading.bucket.listed_region
        (unread if spared else failures).extend(reading.failures)
    return Scan(
        found=tuple(sorted((each.found for each in readings if each.found), key=_place_found)),
        others=sum(each.found is None and not each.failures for each in readings),
        elsewhere=tuple(each for each in listed if not each.listed_region),
        unread=tuple(sorted(unread, key=_place)),
        failures=tuple(sorted(failures, key=_place)),
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """`found` is None where the bucket is not ours, or where something failed."""

    bucket: ListedBucket
    found: FoundBucket | None = None
    failures: tuple[Failure, ...] = ()


def _locked_as(bucket: ListedBucket) -> tuple[str, str]:
    return bucket.account.id.value, bucket.name


def list_buckets(clients: Clients, account: Account) -> tuple[ListedBucket, ...] | Failure:
    """All of the account, in whatever region."""
    try:
        access = access_of(account, surest(account.regions))
        client = clients.s3(access)
        with requesting(access.account_id, LIST_BUCKETS, access.role_arn, region=access.region):
            # S3 returns regions only to a request with a parameter (S3 API, ListBuckets).
            pages = client.get_paginator("list_buckets").paginate(
                PaginationConfig={"PageSize": _PAGE}
            )
            buckets = [bucket for page in pages for bucket in page.get("Buckets", [])]
        return tuple(
            ListedBucket(
                account,
                bucket["Name"],
                bucket.get("BucketRegion") or _region(client, account, bucket["Name"]),
            )
            for bucket in buckets
        )
    except NoAccess as why:
        return Failure(account, None, why)


def _region(client: S3Client, account: Account, bucket: str) -> str:
    """S3 returns a bucket's region even when access is denied (S3 API, HeadBucket)."""
    from botocore.exceptions import ClientError

    with requesting(account.id.value, LOCATE_BUCKET):
        try:
            return client.head_bucket(Bucket=bucket)["BucketRegion"]
        except ClientError as error:
            headers = error.response["ResponseMetadata"]["HTTPHeaders"]
            if "x-amz-bucket-region" not in headers:
                raise
            return str(headers["x-amz-bucket-region"])


def _read_all(
    clients: Clients, buckets: Sequence[ListedBucket], wanted: Wanted, report: Report
) -> Iterator[_Reading]:
    total = Counter(bucket.account.id.value for bucket in buckets)
    done: Counter[str] = Counter()
    for bucket, reading in in_threads(partial(_read, clients, wanted), buckets):
        account_id = bucket.account.id.value
        done[account_id] += 1
        report(bucket.account, done[account_id], total[account_id])
        yield reading


def _read(clients: Clients, wanted: Wanted, bucket: ListedBucket) -> _Reading:
    live = ask(clients, bucket, READ_LIFECYCLE, read_live_json)
    keys = wanted.tag_keys(bucket)
    tags = ask(clients, bucket, READ_TAGS, partial(read_tags, keys=keys)) if keys else ()
    covered = wanted.covered(bucket, None if isinstance(tags, Failure) else tags)
    if not covered:
        if isinstance(live, Failure):
            return _failed(bucket, live)
        if not wanted.recognises(live):
            return _Reading(bucket)
    versioning = ask(clients, bucket, READ_VERSIONING, read_versioning)
    object_lock = ask(clients, bucket, READ_OBJECT_LOCK, read_object_lock)
    if (
        isinstance(live, Failure)
        or isinstance(versioning, Failure)
        or isinstance(object_lock, Failure)
        or isinstance(tags, Failure)
    ):
        return _failed(bucket, live, tags, versioning, object_lock)
    return _Reading(bucket, FoundBucket(bucket, covered, versioning, object_lock, live, tags))


def _failed(bucket: ListedBucket, *answers: object) -> _Reading:
    failures = tuple(answer for answer in answers if isinstance(answer, Failure))
    # Deleted since it was listed: there is nothing to read, and nothing to protect.
    if any(failure.bucket_is_gone for failure in failures):
        return _Reading(bucket)
    return _Reading(bucket, failures=failures)


def _place(failure: Failure) -> tuple[str, str, str]:
    return failure.account.id.value, failure.bucket or "", failure.why.permission


def _place_found(found: FoundBucket) -> tuple[str, str]:
    return found.bucket.account.id.value, found.bucket.name
