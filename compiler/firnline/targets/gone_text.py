"""What an undo of rules does not bring back, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much
from firnline.inventory.savings.entry import Change
from firnline.inventory.savings.gone import Gone, Listed, NotBack, Runs, gone, runs
from firnline.rules.diff.changes import Change as DiffChange
from firnline.rules.diff.items import BucketNotAnalysed, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.diff.words import subject
from firnline.s3.compare.same import without_unknown_classes
from firnline.s3.compare.story import Step
from firnline.s3.phrases import when_in_words
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Clock, Versioning

_FINAL: Final = "no rule moves them back"


def already_gone(change: Change, now: datetime, listed: Listed | None = None) -> tuple[str, ...]:
    """What S3 has had the time to do by the rules after the change, and not by those before it: of
    what an inventory from before lists, or else by age.
    """
    since = runs(change, now)
    if not since.count:
        return (f"S3 has not run since the change at {change.at:%Y-%m-%d %H:%M}Z: nothing is gone",)
    if listed is None:
        lines = [f"{_runs(since)}:", *_ages(change, since)]
    else:
        of_then = f"of what was listed on {listed.made:%Y-%m-%d}"
        lines = [f"{_runs(since)}; {of_then}:", *_counted(gone(change, listed.groups, now))]
    if len(lines) == 1:
        lines.append("nothing is gone that the earlier rules would have kept")
    return tuple(lines)


def _runs(since: Runs) -> str:
    first, last = f"{since.first:%Y-%m-%d}", f"{since.last:%Y-%m-%d}"
    days = f"on {first}" if first == last else f"from {first} to {last}"
    return f"S3 has run {how_many(since.count, 'time')} since, {days}"


def _counted(counted: Mapping[Gone, Volume]) -> Iterator[str]:
    for each, volume in counted.items():
        amount = how_much(volume.objects, volume.bytes, _WHAT[each.kind])
        yield f"{amount}: {_fate(each)}, by `{visible(each.rule)}`"


_WHAT: Final = {
    ItemKind.OBJECT_VERSION: "object",
    ItemKind.DELETE_MARKER: "delete marker",
    ItemKind.MULTIPART_UPLOAD: "upload",
}


def _fate(each: Gone) -> str:
    match each.loss:
        case NotBack.DELETED:
            return "deleted for good"
        case NotBack.HIDDEN:
            return "hidden by delete markers, and still there as noncurrent versions"
        case NotBack.MOVED:
            return f"moved into {visible(each.into or '')}, and {_FINAL}"
        case _:
            assert_never(each.loss)


def _ages(change: Change, since: Runs) -> Iterator[str]:
    before, after = (
        BucketConfig(without_unknown_classes(rules), change.versioning)
        for rules in (change.before, change.after)
    )
    try:
        items = compare({change.bucket: before}, {change.bucket: after}).items
    except BucketNotAnalysed:
        yield "what is gone is not known: too many combinations of tags and sizes"
        return
    for item in items:
        yield from _of_item(item.change, change.versioning, since)


def _of_item(change: DiffChange, versioning: Versioning, since: Runs) -> Iterator[str]:
    for step in change.new.ends:
        old = [each for each in change.old.ends if each.newest <= step.newest]
        if _has_come(step, since) and not any(_is_no_later(each, step) for each in old):
            yield f"{subject(change)}{_aged(change, step)}: {_ended(change, versioning)}"
    for step in change.new.moves:
        if _has_come(step, since) and step not in change.old.moves:
            into = visible(step.into)
            yield f"{subject(change)}{_aged(change, step)}: moved into {into}, and {_FINAL}"


def _has_come(step: Step, since: Runs) -> bool:
    return isinstance(step.when, int) or step.when <= since.last.date()


def _is_no_later(one: Step, other: Step) -> bool:
    if isinstance(one.when, int) and isinstance(other.when, int):
        return one.when <= other.when
    return one.when == other.when


def _aged(change: DiffChange, step: Step) -> str:
    if not isinstance(step.when, int):
        return ""  # on a date S3 takes whatever is there
    age = when_in_words(step.when)
    is_old = change.clock is Clock.NONCURRENT_VERSIONS
    spared = f", but for the newest {step.newest}" if step.newest else ""
    return f", {f'noncurrent for {age} or longer' if is_old else f'{age} old or older'}{spared}"


def _ended(change: DiffChange, versioning: Versioning) -> str:
    match change.clock:
        case Clock.MULTIPART_UPLOADS:
            return "aborted"
        case Clock.DELETE_MARKERS:
            return "removed, which frees no bytes"
        case Clock.NONCURRENT_VERSIONS:
            return "deleted for good"
        case Clock.OBJECTS if versioning is Versioning.OFF:
            return "deleted for good"
        case Clock.OBJECTS:
            freed = change.freed_alike
            later = freed[1] if freed else None
            until = "" if later is None else f" for {how_many(later, 'day')} from then on"
            return f"hidden by delete markers, and still there as noncurrent versions{until}"
        case _:
            assert_never(change.clock)
