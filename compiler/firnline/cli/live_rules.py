"""What `firnline show` found on the buckets of the lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firnline.diagnostics.visible import visible
from firnline.fleet.look import LiveBucket
from firnline.fleet.questions import Failure, ListedBucket
from firnline.language.lock import LockedBucket


@dataclass(frozen=True, slots=True)
class KnownBucket:
    """A bucket of the lock, and where to read it."""

    bucket: ListedBucket
    locked: LockedBucket


@dataclass(frozen=True, slots=True)
class LiveRules:
    """`wanted` are the requested buckets, in the order of the output; rules under `namespace` are
    ours.
    """

    namespace: str
    wanted: Sequence[KnownBucket]
    answers: Mapping[ListedBucket, LiveBucket | Failure]


def why(failure: Failure) -> str:
    if failure.bucket_is_gone:
        return "it does not exist any more; run `firnline resolve`"
    return visible(failure.why.in_words)
