"""What an inventory tells of a bucket's objects → FL744, where that is not what the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.expiry.findings import day_in_words
from firnline.fleet.expiry.kinds import INVENTORY_TELLS_ANOTHER_DAY
from firnline.fleet.questions import ListedBucket
from firnline.inventory.facts.told_days import Alike, ToldDays
from firnline.s3.simulate.expiry_date import DayVerdict

_LISTED: Final = 5
_TOO_OLD: Final = (
    "if the rules were written after that, these are days of the rules before: `firnline verify"
    " --written-at` leaves such an inventory out"
)


def inventory_findings(bucket: ListedBucket, told: ToldDays) -> tuple[Diagnostic, ...]:
    """As of single objects: an error, and a warning about those on the day of the rules before."""
    return (
        *_found(
            bucket, told, DayVerdict.DISAGREES, Severity.ERROR, "another day than the rules say"
        ),
        *_found(bucket, told, DayVerdict.NOT_YET, Severity.WARNING, "the day of the rules before"),
    )


def _found(
    bucket: ListedBucket, told: ToldDays, kind: DayVerdict, severity: Severity, said: str
) -> Iterator[Diagnostic]:
    alike = sorted(told.of(kind), key=lambda each: (-each.objects, each.key))
    if not alike:
        return
    count = told.count(kind)
    have = "has" if count == 1 else "have"
    yield INVENTORY_TELLS_ANOTHER_DAY.at(
        BucketPlace(bucket.name, bucket.account.id.value),
        f"{count:,} of {how_many(told.count(*DayVerdict), 'object')} {have} {said}",
        notes=[
            *(_in_words(each) for each in alike[:_LISTED]),
            f"by the inventory {visible(told.called)}, of {told.made:%Y-%m-%d %H:%M} UTC",
            *([] if told.written_at else [_TOO_OLD]),
        ],
        severity=severity,
    )


def _in_words(alike: Alike) -> str:
    more = f" and {alike.objects - 1:,} more" if alike.objects > 1 else ""
    rule = f"`{visible(alike.rule)}`" if alike.rule else "no rule expires it"
    return (
        f"`{visible(alike.key)}`{more}: {day_in_words(alike.told)} by the inventory,"
        f" {day_in_words(alike.expected)} by the rules ({rule})"
    )
