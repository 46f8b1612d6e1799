"""Days, scopes and reasons of a schedule in words, alike in text, CSV and HTML."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.language.model import Promise
from firnline.rules.diff.where import MOST_SHOWN
from firnline.rules.diff.where import in_words as where_in_words
from firnline.s3.law.classes import READING, Reading
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.phrases import from_size, newest_excepted
from firnline.s3.terms import Clock
from firnline.targets.schedule.model import Access, Kept, KnownBy, Row, TierOnTheWay, Unbounded

_USUAL_FLOORS = (0, 1, SMALL_OBJECT)


def scope_in_words(row: Row, most: int | None = MOST_SHOWN) -> str:
    return "; and ".join(where_in_words(each, most) for each in row.where)


def kept_in_words(kept: Kept) -> str:
    """`30 to 31 days`, `at least 30 days`, `no minimum`, or `for ever`."""
    if kept.least is None:
        return "for ever"
    if kept.least == 0 and kept.most is None:
        return "no minimum"
    if kept.most is None:
        return f"at least {how_many(kept.least, 'day')}"
    if kept.most == 0:
        return "not at all"
    if kept.least == kept.most:
        return how_many(kept.most, "day")
    return f"{kept.least:,} to {how_many(kept.most, 'day')}"


def reason_in_words(kept: Kept) -> str:
    """Why there is no maximum, and on which date a rule of others ends it."""
    dated = ""
    if kept.from_date is not None:
        dated = f"a rule of others deletes all of it on {kept.from_date}, and from then on at once"
    if kept.unbounded is None or kept.unbounded is Unbounded.ON_DATE:
        return dated
    rules = f" (rules alone: {how_many(kept.by_rules, 'day')})" if kept.by_rules else ""
    return "; ".join(filter(None, (unbounded_in_words(kept.unbounded) + rules, dated)))


def unbounded_in_words(unbounded: Unbounded) -> str:
    match unbounded:
        case Unbounded.HOLD:
            return "a hold suspends the deletion"
        case Unbounded.REGISTRIES:
            return "no rule deletes it: firnline gc may, what no registry needs"
        case Unbounded.ON_DATE:
            return "a rule of others deletes it on a date"
        case Unbounded.NO_RULE:
            return "no rule deletes it"
        case Unbounded.OLD_VERSIONS_STAY:
            return "no rule deletes old versions"
        case Unbounded.NEWEST_STAY:
            return "the newest old versions stay"
        case Unbounded.OBJECT_LOCK:
            return "Object Lock may keep versions"
        case Unbounded.SUCCESSOR_DELETED:
            return "AWS does not document how a version ages whose successor is gone"
        case _:
            assert_never(unbounded)


def access_of(storage_class: str) -> Access:
    restored = READING[storage_class] in (Reading.RESTORE, Reading.SLOW_RESTORE)
    return Access.HOURS if restored else Access.MILLISECONDS


def tier_in_words(tier: TierOnTheWay) -> str:
    """`GLACIER after 60 days (hours)`"""
    what = "" if tier.clock is Clock.OBJECTS else "old versions "
    floor = "" if tier.from_bytes in _USUAL_FLOORS else f", {from_size(tier.from_bytes)}"
    newest = newest_excepted(tier.newest)
    access = access_of(tier.storage_class).value
    when = (
        f"from {tier.after} on"
        if isinstance(tier.after, date)
        else f"after {how_many(tier.after, 'day')}"
    )
    return f"{what}{tier.storage_class} {when}{newest}{floor} (read in {access})"


def uploads_in_words(days: int) -> str:
    return f"incomplete ones are gone within {how_many(days, 'day')}"


def promised_in_words(promise: Promise) -> str:
    """`kept at least 30d, gone within 400d`"""
    said = (
        ("kept at least", promise.keep_at_least),
        ("old versions at least", promise.old_versions_at_least),
        ("gone within", promise.gone_within),
    )
    return ", ".join(f"{what} {visible(str(each.value))}" for what, each in said if each)


def known_in_words(known_by: KnownBy) -> str:
    """Empty where the lock knows them."""
    match known_by:
        case KnownBy.LOCK:
            return ""
        case KnownBy.POLICIES:
            return "by the policies alone: no fleet lock knows these buckets"
        case _:
            assert_never(known_by)
