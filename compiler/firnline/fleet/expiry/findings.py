"""What S3 tells of a bucket's objects → FL743, where that is not what the rules say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import ObjectPlace
from firnline.diagnostics.visible import visible
from firnline.fleet.expiry.kinds import EXPIRES_ON_ANOTHER_DAY
from firnline.fleet.expiry.verdicts import BucketVerdict, Compared
from firnline.s3.simulate.expiry_date import DayVerdict

_LISTED: Final = 5


def findings(verdict: BucketVerdict) -> tuple[Diagnostic, ...]:
    """One error for all objects that disagree, one warning for those on the day of the rules
    before.
    """
    found = []
    if others := _soonest_first(verdict.of(DayVerdict.DISAGREES)):
        found.append(_disagreement(verdict, others, Severity.ERROR, ""))
    if earlier := _soonest_first(verdict.of(DayVerdict.NOT_YET)):
        still = "the day of the rules before the last write: S3 has not taken the new ones yet"
        found.append(_disagreement(verdict, earlier, Severity.WARNING, still))
    return tuple(found)


def _disagreement(
    verdict: BucketVerdict, objects: Sequence[Compared], severity: Severity, remark: str
) -> Diagnostic:
    bucket, first = verdict.written.bucket, objects[0]
    read = len(verdict.compared)
    return EXPIRES_ON_ANOTHER_DAY.at(
        ObjectPlace(bucket.name, first.item.key, account_id=bucket.account.id.value),
        f"S3 says {day_in_words(first.told)}, the rules say {_days(first)}",
        notes=[
            *([remark] if remark else []),
            f"it has {how_many(first.item.size, 'byte')} and was last modified"
            f" {first.item.created:%Y-%m-%d %H:%M:%S} UTC",
            _rule(first),
            f"of {how_many(read, 'object')} of the bucket that S3 was questioned about,"
            f" {len(objects):,} {'is' if len(objects) == 1 else 'are'} like this",
            *_others(objects[1:]),
        ],
        severity=severity,
    )


def _others(objects: Sequence[Compared]) -> Iterator[str]:
    for each in objects[:_LISTED]:
        yield (
            f"`{visible(each.item.key)}`: {day_in_words(each.told)} by S3,"
            f" {_days(each)} by the rules"
        )


def _rule(found: Compared) -> str:
    if found.expected.rule is None:
        return "no rule expires it"
    return f"`{visible(found.expected.rule)}` sets the day that the rules say"


def _days(found: Compared) -> str:
    """Ours first, where facts leave more than one open."""
    ours, possible = found.expected.day, found.expected.possible
    others = sorted((each for each in possible if each != ours), key=_order)
    return " or ".join(day_in_words(each) for each in (ours, *others))


def day_in_words(day: date | None) -> str:
    return "no day" if day is None else f"{day:%Y-%m-%d}"


def _soonest_first(found: Sequence[Compared]) -> list[Compared]:
    """Objects that S3 deletes sooner than the rules say, then the others."""
    return sorted(found, key=lambda each: (_days_later(each), each.item.key))


def _days_later(found: Compared) -> int:
    return (_order(found.told) - _order(found.expected.day)).days


def _order(day: date | None) -> date:
    return date.max if day is None else day
