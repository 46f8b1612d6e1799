"""Are versioning and Object Lock of a bucket those that its rules were proved for?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.verify.answer import Settings
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.kinds import SETTINGS_CHANGED
from firnline.s3.terms import ObjectLock, Versioning


def expected_settings(expected: ExpectedBucket) -> Settings:
    return Settings(expected.versioning, expected.object_lock)


def settings_changed(live: Settings, expected: ExpectedBucket) -> Diagnostic | None:
    said = expected_settings(expected)
    if live == said:
        return None
    return SETTINGS_CHANGED.at(
        BucketPlace(expected.bucket.name, expected.bucket.account.id.value),
        f"`{visible(expected.bucket.name)}` has {' and '.join(_changes(said, live))}",
        notes=_harm(said, live),
    )


def _changes(said: Settings, live: Settings) -> Iterator[str]:
    if live.versioning is not said.versioning:
        yield f"versioning {live.versioning.value}, and the lock says {said.versioning.value}"
    if live.object_lock is not said.object_lock:
        now, then = (ObjectLock.of(each.object_lock).value for each in (live, said))
        yield f"Object Lock {now}, and the lock says {then}"


def _harm(said: Settings, live: Settings) -> Iterator[str]:
    if said.versioning is Versioning.OFF and live.versioning is not Versioning.OFF:
        yield "what expires there only gets a delete marker now, and its bytes stay"
    if live.versioning is Versioning.SUSPENDED and said.versioning is Versioning.ENABLED:
        yield "what is overwritten there now is gone at once, without a noncurrent version"
    if live.object_lock and not said.object_lock:
        yield "versions under a lock are not deleted before it ends"
