"""Some objects of a bucket, as they are listed: few requests, whatever the bucket holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from firnline.fleet.accounts import requesting
from firnline.fleet.expiry.candidates import prefixes_to_list, uncovered
from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.fleet.questions import LOCATE_BUCKET
from firnline.s3.simulate.stored import StoredItem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LIST_OBJECTS: Final = LOCATE_BUCKET
_ELSEWHERE: Final = 3
"""Lists of prefixes that no rule is about: nothing should expire there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one bucket: how many objects S3 is questioned about, how many lists are requested to find
    them, and of how many keys each.
    """

    heads: int = 20
    lists: int = 12
    keys: int = 50


USUAL_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Sampled:
    items: tuple[StoredItem, ...]
    lists: int


def sampled(client: S3Client, written: WrittenRules, limits: Limits) -> Sampled:
    """Objects below the prefixes of the rules, and some elsewhere. Their tags are not known.
    Raises `NoAccess`.
    """
    bucket = written.bucket.name
    found: list[StoredItem] = []
    with requesting(written.bucket.account.id.value, LIST_OBJECTS):
        top = client.list_objects_v2(Bucket=bucket, Delimiter="/", MaxKeys=limits.keys)
        found += _items(top.get("Contents", ()))
        of_rules = prefixes_to_list(written)
        below = [each.get("Prefix", "") for each in top.get("CommonPrefixes", ())]
        elsewhere = uncovered(below, of_rules)[:_ELSEWHERE]
        prefixes = [*of_rules[: limits.lists - 1 - len(elsewhere)], *elsewhere]
        for prefix in prefixes:
            page = client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=limits.keys)
            found += _items(page.get("Contents", ()))
    return Sampled(tuple(found), 1 + len(prefixes))


def list_one(client: S3Client, written: WrittenRules) -> None:
    """Raises `NoAccess` where more is refused than single objects: unlike that to a HEAD, the
    answer to a list has a body that says why.
    """
    with requesting(written.bucket.account.id.value, LIST_OBJECTS):
        client.list_objects_v2(Bucket=written.bucket.name, MaxKeys=1)


def _items(contents: Iterable[Mapping[str, Any]]) -> Iterator[StoredItem]:
    for each in contents:
        yield StoredItem(
            each["Key"],
            each["LastModified"],
            each["Size"],
            each.get("StorageClass", "STANDARD"),
        )
