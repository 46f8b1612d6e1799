"""Who wrote what is live on a bucket, and when, by CloudTrail's events?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from firnline.fleet.verify.answer import rules_of
from firnline.fleet.verify.kinds import (
    FOREIGN_RULES_CHANGED,
    RULES_DIFFER,
    RULES_MISSING,
    SHORT_EXPIRY,
)
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.fleet.writers.conflict import moment_in_words
from firnline.fleet.writers.events import LifecycleWrite
from firnline.fleet.writers.history import history
from firnline.fleet.writers.words import in_words
from firnline.s3.compare.difference import facts

_ABOUT_RULES: Final = (SHORT_EXPIRY, RULES_DIFFER, RULES_MISSING, FOREIGN_RULES_CHANGED)


def with_writer(bucket: VerifiedBucket, writes: Iterable[LifecycleWrite]) -> VerifiedBucket:
    """With a note in each finding about its rules. `writes` are those of this bucket."""
    if not bucket.findings or not bucket.exists:
        return bucket
    note = who_wrote(bucket, writes)
    findings = (
        replace(each, notes=(note, *each.notes)) if each.kind in _ABOUT_RULES else each
        for each in bucket.findings
    )
    return replace(bucket, findings=tuple(findings), written=note)


def who_wrote(bucket: VerifiedBucket, writes: Iterable[LifecycleWrite]) -> str:
    expected = bucket.expected
    told = facts(expected.versioning, object_lock=expected.object_lock)
    turns = history(writes, told)
    if not turns.turns:
        return "CloudTrail has no write of its lifecycle"
    account = expected.bucket.account.id.value
    assert bucket.live is not None
    meaning = turns.meaning_of(rules_of(bucket.live), told)
    of_live = [turn for turn in turns.turns if turn.meaning == meaning]
    if meaning is None or not of_live:
        newest = turns.turns[-1].write
        return (
            "no write that CloudTrail tells left these rules; the newest is by"
            f" {in_words(newest.writer, account)} at {moment_in_words(newest.at)}"
        )
    write = of_live[-1].write
    return f"written by {in_words(write.writer, account)} at {moment_in_words(write.at)}"
