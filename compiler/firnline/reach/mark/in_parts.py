"""A bucket whose keys are read by many workers: what each finds, as rows, and how it is joined.

Nothing is judged before all keys were looked at: what is young, and which checkpoints are newest,
is first found in all parts. The same row from several workers counts once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import polars as pl

from firnline.reach.mark.batch_kernel import INTERVAL, PREFIX_INTERVAL
from firnline.reach.mark.classes import Classes
from firnline.reach.mark.rates import USD, Rates
from firnline.reach.mark.report import ObjectClass, Share, Total
from firnline.reach.mark.seen import Seen
from firnline.reach.mark.totals import Totals
from firnline.reach.mark.unneeded_file import frame_of
from firnline.reach.references import OrphanReason, Strength

FIRST: Final[Mapping[str, Any]] = {
    "what": pl.String,
    "number": pl.Int64,
    "name": pl.String,
    "moment": pl.Datetime("us", "UTC"),
    "is_undated": pl.Boolean,
}
"""The columns of the first look. Those with the same what, number and name are one: with the newest
moment, and undated where one of them is.
"""
_FOLDERS, _PREFIXES, _AROUND, _CHECKPOINT = "folders", "prefixes", "around", "checkpoint"

UNNEEDED, SUMS, SEEN = "unneeded", "sums", "seen"
"""Of the answer: objects that nothing needs; sums of what is alike; the intervals in which keys
were seen, their numbers in place of a number of objects.
"""
ANSWER: Final[Mapping[str, Any]] = {
    "bucket": pl.String,
    "key": pl.String,
    "version_id": pl.String,
    "bytes": pl.Int64,
    "last_modified": pl.Datetime("us", "UTC"),
    "class": pl.String,
    "strength": pl.String,
    "reason": pl.String,
    "owner": pl.String,
    "experiment": pl.String,
    "usd_month": pl.Float64,
    "objects": pl.Int64,
    "what": pl.String,
}
"""The columns of the file of all that nothing needs, and two more."""

ALIKE: Final = ("class", "strength", "reason", "owner", "experiment")
_UNSIGNED: Final = 2**64 - 1
_CLASSES: Final = tuple(ObjectClass)
_STRENGTHS: Final = tuple(str(each) for each in Strength)
_REASONS: Final = tuple(each.value for each in (*OrphanReason, ObjectClass.UNCLASSIFIED))


def first_look(classes: Classes, objects: pl.DataFrame, since: datetime) -> Iterator[pl.DataFrame]:
    """At some keys with last_modified; all of those that are no older than `since` are among those
    of some worker.
    """
    moment = pl.col("last_modified")
    young = objects.filter(moment.is_null() | (moment >= since))["key"].sort()
    marks = classes.kernel.marks(young)
    yield _filled(pl.DataFrame({"number": marks[INTERVAL].unique()}), _FOLDERS, FIRST)
    yield _filled(pl.DataFrame({"number": marks[PREFIX_INTERVAL].unique()}), _PREFIXES, FIRST)
    for digests in classes.folders_above(young):
        yield _filled(pl.DataFrame({"number": digests.reinterpret(signed=True)}), _AROUND, FIRST)
    if classes.checkpoints:
        newest = classes.checkpoints.newest_of(objects).rename(
            {"rule": "number", "checkpoint": "name", "last_modified": "moment"}
        )
        yield _filled(newest, _CHECKPOINT, FIRST)


def add_first(classes: Classes, rows: Iterable[tuple[Any, ...]]) -> None:
    """What the first look found in all parts, each once, as it comes."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for what, number, name, newest, is_undated in rows:
        if what == _CHECKPOINT:
            assert classes.checkpoints
            classes.checkpoints.add_newest([(number, name, newest, is_undated)])
        elif what == _AROUND:
            classes.young_folders.add(number & _UNSIGNED)
        else:
            numbers[what].append(number)
    classes.young.add_numbers(numbers[_FOLDERS], numbers[_PREFIXES])


def answer(
    classes: Classes, rates: Rates, bucket: str, objects: Iterable[pl.DataFrame]
) -> Iterator[pl.DataFrame]:
    """What nothing needs among some keys, batch by batch, then their sums, as `ANSWER`."""
    classes.seen = Seen(classes.kernel)
    totals = Totals(bucket, classes.named)
    for each in objects:
        found = rates.priced(classes.of(each))
        totals.add(found)
        unneeded = classes.named(found.filter(pl.col("class") != ObjectClass.ACTIVE.value))
        rows = frame_of(bucket, unneeded).with_columns(pl.lit(1).alias("objects"))
        yield _filled(rows, UNNEEDED, ANSWER)
    yield _filled(_sums(totals.shares), SUMS, ANSWER)
    for called, numbers in zip((_FOLDERS, _PREFIXES), classes.seen.numbers(), strict=True):
        rows = pl.DataFrame({"objects": numbers}).with_columns(pl.lit(called).alias("class"))
        yield _filled(rows, SEEN, ANSWER)


def add_seen(classes: Classes, rows: Iterable[tuple[str, int]]) -> None:
    """The class and the number of rows of `SEEN`, each once."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for called, number in rows:
        numbers[called].append(number)
    classes.seen.add_numbers(numbers[_FOLDERS], numbers[_PREFIXES])


def shares_of(rows: Iterable[tuple[Any, ...]]) -> tuple[Share, ...]:
    """Of sums by `ALIKE`, with objects, bytes and dollars: as on one machine, the most bytes
    first.
    """
    shares = [
        Share(ObjectClass(is_), strength, reason, owner, experiment, Total(*total))
        for is_, strength, reason, owner, experiment, *total in rows
    ]
    return tuple(sorted(shares, key=_by_bytes))


def _by_bytes(share: Share) -> tuple[Any, ...]:
    strength = -1 if share.strength is None else _STRENGTHS.index(share.strength)
    reason = -1 if share.reason is None else _REASONS.index(share.reason)
    names = ((each is not None, each or "") for each in (share.owner, share.experiment))
    return (-share.total.bytes, _CLASSES.index(share.is_), strength, reason, *names)


def _sums(shares: Iterable[Share]) -> pl.DataFrame:
    columns = [*ALIKE, "objects", "bytes", USD]
    rows = [(str(share.is_), *share[1:-1], *share.total) for share in shares]
    return pl.DataFrame(rows, {name: ANSWER[name] for name in columns}, orient="row")


def _filled(rows: pl.DataFrame, what: str, schema: Mapping[str, Any]) -> pl.DataFrame:
    """All columns, null where nothing is said; the one without which nothing is meant is `what`."""
    there = [pl.col(name) if name in rows.columns else pl.lit(None).alias(name) for name in schema]
    kinds: dict[Any, Any] = {**schema}
    return rows.select(there).with_columns(pl.lit(what).alias("what")).cast(kinds)
