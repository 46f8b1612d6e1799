"""What is stored → what gates ask of the first run of each review item."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from firnline.inventory.radius.radius import OnBucket, Radius
from firnline.rules.diff.items import Comparison, digest_of
from firnline.rules.gates.gate import FirstRun


def first_runs(found: Comparison, radius: Radius | None) -> Mapping[str, FirstRun]:
    """By the digest of the item, and by those that it has on each of its buckets alone; not where
    nothing is known of a bucket. The part that goes is judged at its worst: as much as may be
    deleted, of as little as may be stored.
    """
    if radius is None:
        return {}
    runs = {}
    for number, item in enumerate(found.items):
        on = [radius.on.get((number, key)) for key in item.buckets]
        known = [_first_run(each) if each is not None else None for each in on]
        for key, each in zip(item.buckets, known, strict=True):
            if each is not None:
                runs[digest_of(item.change, (key,))] = each
        told = [each for each in known if each is not None]
        if len(told) == len(item.buckets):
            runs[item.digest] = reduce(FirstRun.plus, told)
    return runs


def _first_run(on: OnBucket) -> FirstRun:
    deleted = on.deleted.bytes
    return FirstRun(
        deleted.at_least, deleted.at_most, on.scope.bytes.at_least, on.stored.objects.at_most
    )
