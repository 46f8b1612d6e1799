"""Does any object below a retention's prefixes carry the tags that it names?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise, Way, WriteName
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.seen import Entry, Seen, sum_of
from firnline.language.said import Said
from firnline.language.tag import Tag

TAG_UNSEEN = Kind(
    code="FL316",
    name="tag-unseen",
    severity=Severity.WARNING,
    title="no object carries a tag that a retention names",
    why=(
        "S3 compares keys and values of tags letter by letter: `Stage` is another key than `stage`"
        " (S3 User Guide, categorizing your objects using tags). It is reported where facts tell"
        " tags, as S3 Metadata and `firnline inventory list --tags` do, and S3 Inventory never."
    ),
    help="write the tag as objects carry it, or remove it",
    wrong=(
        "retain: {runs: {prefix: runs/, tags: {stage: scratch}, delete_after: 90d},"
        " rest: {prefix: '', delete_after: never}}"
    ),
    right=(
        "retain: {runs: {prefix: runs/, tags: {Stage: scratch}, delete_after: 90d},"
        " rest: {prefix: '', delete_after: never}}"
    ),
)
_SHOWN = 3


def check(seen: Seen) -> Iterator[Diagnostic]:
    for entries in _by_retention(seen):
        below = sum_of(entry.below for entry in entries)
        if not below.sure.objects:
            continue
        for tag, value in _each(entries[0].retention.tags):
            pair = tag.key.value, value.value
            if sum_of(entry.tagged(pair) for entry in entries).is_none:
                yield _unseen(entries, tag, value)


def _each(tags: Sequence[Tag]) -> Iterator[tuple[Tag, Said[str]]]:
    return ((tag, value) for tag in tags for value in tag.values)


def _by_retention(seen: Seen) -> Iterator[Sequence[Entry]]:
    found: dict[Span, list[Entry]] = defaultdict(list)
    for entry in seen.entries().values():
        found[entry.retention.span].append(entry)
    yield from found.values()


def _unseen(entries: Sequence[Entry], tag: Tag, value: Said[str]) -> Diagnostic:
    pair = tag.key.value, value.value
    near = _near(entries, pair)
    also = [
        f"{objects:,} {'carry' if objects > 1 else 'carries'} {_called(*each)}"
        for each, objects in near
    ]
    where = " and ".join(f"`{visible(entry.prefix)}`" for entry in entries[:_SHOWN])
    below = f"below {where}" if entries[0].prefix else "there"
    more = f"; {', '.join(also)}" if also else ""
    guilty, remedy = _remedy(tag, value, [each for each, _ in near])
    return TAG_UNSEEN.at(guilty, f"no object {below} carries {_called(*pair)}{more}", remedy=remedy)


def _near(entries: Sequence[Entry], pair: tuple[str, str]) -> list[tuple[tuple[str, str], int]]:
    """Tags that differ in capitals alone, those of most objects first."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        for bucket in entry.buckets:
            for each, objects in bucket.population.spellings(entry.prefix, (pair,)).items():
                found[each] += objects
    found.pop(pair, None)
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))[:_SHOWN]


def _remedy(tag: Tag, value: Said[str], near: Sequence[tuple[str, str]]) -> tuple[Span, Way]:
    """With the smallest text that is wrong."""
    if not near:
        return tag.key.span, Advise("correct it, or write it when objects are put there")
    key, other = near[0]
    if key == tag.key.value:
        return value.span, WriteName(other, is_guess=len(near) > 1)
    if other == value.value:
        return tag.key.span, WriteName(key, is_guess=len(near) > 1)
    return tag.key.span, Advise(f"write it as objects carry it: {_called(key, other)}")


def _called(key: str, value: str) -> str:
    return f"`{visible(key)}={visible(value)}`"
