"""What S3 did between two inventories → FL745 for what was too early, FL746 for what it did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace, ObjectPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.expiry.acted import Acts
from firnline.fleet.expiry.expected_day import StoredFacts, expected_day
from firnline.fleet.expiry.findings import day_in_words
from firnline.fleet.expiry.kinds import ACTED_BEFORE_ITS_DAY, NOT_ACTED_YET
from firnline.inventory.facts.told_days import Became, Changed, Due

_LISTED: Final = 5


def canary_findings(acts: Acts, due: Sequence[Due]) -> tuple[Diagnostic, ...]:
    """`due` is what the later inventory has still."""
    return (*_early(acts), *_late(acts, due))


def _early(acts: Acts) -> Iterator[Diagnostic]:
    if not acts.early:
        return
    bucket = acts.written.bucket
    early, between = acts.examples, acts.between
    counts = ((acts.early.get(became, 0), said) for became, said in _SAID.items())
    total = ", ".join(f"{count:,} {said}" for count, said in counts if count)
    yield ACTED_BEFORE_ITS_DAY.at(
        ObjectPlace(bucket.name, early[0].item.key, account_id=bucket.account.id.value),
        f"{_in_words(early[0])}, and the rules say {_day(acts, early[0])}",
        notes=[
            f"between the inventories of {between.since:%Y-%m-%d %H:%M} and"
            f" {between.until:%Y-%m-%d %H:%M} UTC: {total} before any rule says so, and"
            f" {acts.as_said:,} as the rules say",
            *(f"`{visible(each.item.key)}`: {_in_words(each)}" for each in early[1:]),
            *(
                ["an inventory does not tell who deleted an object: it may have been somebody else"]
                if acts.by_others is None
                else []
            ),
        ],
    )


_SAID: Final = {
    Became.GONE: "deleted",
    Became.HIDDEN: "hidden by a delete marker",
    Became.MOVED: "moved",
}


def _in_words(change: Changed) -> str:
    match change.became:
        case Became.MOVED:
            return f"it was moved from {change.item.storage_class} to {change.now_in}"
        case Became.GONE | Became.HIDDEN:
            return f"it was {_SAID[change.became]}"
        case _:
            assert_never(change.became)


def _day(acts: Acts, change: Changed) -> str:
    if change.became is Became.MOVED:
        return "nothing of that by then"
    facts = StoredFacts(change.item, knows_tags=False)
    expected = expected_day(acts.written.rules, acts.written.state, facts)
    return "that it is kept" if expected.day is None else day_in_words(expected.day)


def _late(acts: Acts, due: Sequence[Due]) -> Iterator[Diagnostic]:
    if not due:
        return
    bucket, objects = acts.written.bucket, sum(each.objects for each in due)
    yield NOT_ACTED_YET.at(
        BucketPlace(bucket.name, bucket.account.id.value),
        f"{how_many(objects, 'object')} should have expired by"
        f" {acts.between.until:%Y-%m-%d}, and {'is' if objects == 1 else 'are'} still there",
        notes=[
            f"{how_many(each.objects, 'object')}, such as `{visible(each.key)}`, since"
            f" {day_in_words(each.since)} at the earliest, by `{visible(each.rule or '')}`"
            for each in due[:_LISTED]
        ],
    )
