"""Who wrote the lifecycle of buckets, for people: a table of writes, and what they meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from firnline.cli.writers_answer import Writers, WrittenBucket
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.text import to_text as diagnostics_text
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.fleet.writers.conflict import letter
from firnline.fleet.writers.history import Turn
from firnline.fleet.writers.words import in_words
from firnline.s3.model import RuleSet
from firnline.targets.aligned import aligned_whole
from firnline.targets.words import Line, describe, notes
from firnline.targets.words import to_text as words

_MOST: Final = 20
_INDENT: Final = "  "
_NOT_TOLD: Final = "?"
_NO_RULE: Final = "no rule"
_SAME_WORDS: Final = "in nothing that these words say: `--out json` has the rules"
_NO_CONFLICT: Final = "no conflict: no rules changed back and forth three times"


def to_text(found: Writers, *, colour: bool, columns: int) -> str:
    blocks = ["\n".join(_bucket(each, found, columns)) for each in found.buckets]
    conflicts = diagnostics_text(found.conflicts, colour=colour, columns=columns, whole=True)
    if not blocks:
        blocks = [f"no write of the lifecycle of any bucket in {found.source}{_since(found)}"]
    closing = conflicts.rstrip("\n") or _NO_CONFLICT
    return "\n\n".join([*blocks, closing]) + "\n"


def _bucket(bucket: WrittenBucket, found: Writers, columns: int) -> Iterator[str]:
    place = [bucket.label or "", bucket.account_id, bucket.region]
    yield "  ".join([visible(bucket.name), *filter(None, place)])
    turns = bucket.history.turns
    if not turns:
        yield from _wrapped(f"no write of its lifecycle in {found.source}{_since(found)}", columns)
        return
    count = how_many(len(turns), "write")
    yield from _wrapped(
        f"{count} of its lifecycle, by {found.source}{_since(found)}, in UTC:", columns
    )
    shown = turns[-_MOST:]
    if left := len(turns) - len(shown):
        yield f"{_INDENT}({how_many(left, 'earlier write')} not shown: `--out json` has all)"
    rows = _rows(bucket, turns)[-_MOST:]
    yield from (_INDENT + row for row in aligned_whole(rows, columns - len(_INDENT)))
    yield from _live(bucket, columns)
    explained = _explained(bucket, shown)
    if len(explained) > 1 or (explained and len(found.buckets) == 1):
        yield from _meanings(bucket, explained, columns)


def _live(bucket: WrittenBucket, columns: int) -> Iterator[str]:
    if bucket.live is None:
        return
    if bucket.live.meaning is not None:
        yield f"{_INDENT}live now: {letter(bucket.live.meaning)}"
        return
    shown = f"`firnline show {bucket.name}` tells them"
    unknown = (
        f"live now: rules that none of these writes had: {shown}; the newest events may be late"
    )
    yield from _wrapped(unknown, columns)


def _since(found: Writers) -> str:
    return f" since {found.since:%Y-%m-%d}" if found.since else ""


def _rows(bucket: WrittenBucket, turns: Sequence[Turn]) -> list[list[str]]:
    before = [None, *(turn.meaning for turn, _ in pairwise(turns))]
    return [
        [
            f"{turn.write.at:%Y-%m-%d %H:%M:%S}",
            _change(previous, turn.meaning),
            in_words(turn.write.writer, bucket.account_id) + _removed(turn),
        ]
        for previous, turn in zip(before, turns, strict=True)
    ]


def _change(before: int | None, after: int | None) -> str:
    if after is None:
        return _NOT_TOLD
    if before is None:
        return letter(after)
    return f"{letter(after)} again" if before == after else f"{letter(before)} → {letter(after)}"


def _removed(turn: Turn) -> str:
    if turn.write.removes:
        return ", by removing the configuration"
    return ": its rules are not in the event" if turn.meaning is None else ""


def _explained(bucket: WrittenBucket, shown: Sequence[Turn]) -> list[int]:
    """Those in conflict, and the newest: at most five."""
    named = {number for each in bucket.history.conflicts[:1] for number in each.meanings}
    for turn in reversed(shown):
        if turn.meaning is not None and len(named) < 5:
            named.add(turn.meaning)
    return sorted(named)


def _meanings(bucket: WrittenBucket, numbers: Sequence[int], columns: int) -> Iterator[str]:
    """The first in whole, of the others what is different in them."""
    first = numbers[0]
    like = bucket.history.meanings[first]
    for number in numbers:
        rules = bucket.history.meanings[number]
        yield ""
        if not any(rule.enabled for rule in rules.rules):
            yield f"{_INDENT}{letter(number)}: no rules: nothing is moved or deleted"
        elif number == first:
            yield f"{_INDENT}{letter(number)}:"
            yield words(describe(rules, bucket.versioning), columns, _INDENT * 2)
            yield from _notes(notes(rules, bucket.versioning), columns)
        else:
            yield f"{_INDENT}{letter(number)}, where it differs from {letter(first)}:"
            yield from _different(rules, like, bucket, columns)


def _different(rules: RuleSet, like: RuleSet, bucket: WrittenBucket, columns: int) -> Iterator[str]:
    ours, theirs = (describe(each, bucket.versioning) for each in (rules, like))
    lines = [*_only(ours, theirs), *_gone(theirs, ours)]
    if lines:
        yield words(lines, columns, _INDENT * 2)
    there = notes(like, bucket.versioning)
    noted = [each for each in notes(rules, bucket.versioning) if each not in there]
    yield from _notes(noted if noted or lines else [_SAME_WORDS], columns)


def _only(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    there = {(each.filter, each.says) for each in others}
    return [each for each in lines if (each.filter, each.says) not in there]


def _gone(lines: Sequence[Line], now: Sequence[Line]) -> list[Line]:
    kept = {each.filter for each in now}
    return [replace(each, says=(_NO_RULE,)) for each in lines if each.filter not in kept]


def _notes(texts: Iterable[str], columns: int) -> Iterator[str]:
    for text in texts:
        yield from _wrapped(text, columns, _INDENT * 2)


def _wrapped(text: str, columns: int, indent: str = _INDENT) -> Iterator[str]:
    yield from wrapped(indent + text, columns, hanging=2)
