"""`firnline diff --by-tag KEY`: what is deleted, by the values of a tag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

from firnline.cli.failed import CommandFailed
from firnline.cli.known_buckets import KnownBucket
from firnline.diagnostics.visible import visible
from firnline.inventory.radius.reached import TagApart
from firnline.s3.model import Filter, Rule, RuleSet

_MOST_VALUES: Final = 20


@runtime_checkable
class TellsTags(Protocol):
    """What is stored in a bucket, where tags are told or may be."""

    def tag_values(self, key: str, most: int, /) -> Sequence[str]:
        """Those of most bytes. Raises `CommandFailed`."""


def tell_apart(key: str, buckets: Sequence[KnownBucket]) -> dict[str, TagApart]:
    """By the key of the bucket; what its contents are told apart by. Raises `CommandFailed`."""
    found: dict[str, TagApart] = {}
    for bucket in buckets:
        values: dict[str, None] = {}
        for each in bucket.stored:
            if not isinstance(each, TellsTags):
                raise CommandFailed(f"{visible(each.path)} tells no tags: --by-tag needs them")
            values |= dict.fromkeys(each.tag_values(key, _MOST_VALUES))
        rules = (Rule(f"{key}={value}", Filter("", ((key, value),))) for value in values)
        bucket.told_apart = RuleSet(tuple(rules))
        found[bucket.key] = TagApart(key, frozenset(values))
    return found
