"""However the keys of a bucket are dealt to workers, their answers join to that of one machine."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain
from zlib import crc32

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.audit import missing_places
from firnline.reach.mark.classes import Classes
from firnline.reach.mark.in_parts import (
    ALIKE,
    FIRST,
    SEEN,
    SUMS,
    UNNEEDED,
    add_first,
    add_seen,
    answer,
    first_look,
    shares_of,
)
from firnline.reach.mark.known import Known
from firnline.reach.mark.rates import Rates
from firnline.reach.mark.report import Share
from firnline.reach.mark.totals import Totals
from firnline.reach.mark.unneeded_file import frame_of
from firnline.reach.reference_file import Covered
from firnline.reach.references import CheckpointRule, Reference, Strength
from tests.reach.mark.test_classes import _SAID, AGES, MADE, Stored, areas

_SEGMENTS = st.sampled_from(["m", "k", "l", "ab", "a-", "a.", "%2F", "e\u0301", "é", "", "1.pt"])
_STORED = st.lists(
    st.builds(
        Stored,
        st.lists(_SEGMENTS, min_size=1, max_size=4).map("/".join),
        st.sampled_from([1, 8, 20, 100]),
    ),
    max_size=12,
    unique_by=lambda each: each[0],
)
_RULE = CheckpointRule(
    Location("b", LocationKind.DIR, "m/ab"), ("*.pt",), 2, False, ("run ab", "policy lab")
)
_LIVE = Reference(Location("b", LocationKind.DIR, "m/ab"), Strength.LIVE, ("run ab",))
_RATES = Rates(
    [(StoredAs("STANDARD"), Volume(1, 2**40, 2**40))],
    {("STANDARD", None, False): (StoredAs("STANDARD"), Volume(1, 1, 1))},
    US_EAST_1,
)
SINCE = MADE - AGES.quiet


@settings(max_examples=25, deadline=None)
@given(_STORED, _SAID, st.booleans(), st.booleans(), st.integers(1, 4))
def test_parts_join_to_the_answer_of_one_machine(
    stored: list[Stored],
    said: list[Covered],
    with_policy: bool,
    with_rule: bool,
    workers: int,
) -> None:
    if with_rule:
        said = [*said, _RULE, _LIVE]
    known = Known()
    for each in said:
        known.add(each)
    parts: list[list[Stored]] = [[] for _ in range(workers)]
    for one in stored:
        parts[crc32(one.key.encode()) % workers].append(one)
    frames = [_objects(part) for part in parts]
    ours = Classes(known, "b", areas(with_policy), AGES, MADE)
    assert in_parts(ours, frames) == on_one(known, with_policy, _objects(stored))
    theirs = Classes(known, "b", areas(with_policy), AGES, MADE)
    theirs.of(_objects(stored))
    assert missing_places(known.of("b"), ours) == missing_places(known.of("b"), theirs)


def in_parts(classes: Classes, parts: list[pl.DataFrame]) -> tuple[list[object], list[Share]]:
    looks = [first_look(_sent(classes), part, SINCE) for part in parts]
    first = pl.concat([*chain.from_iterable(looks)], how="vertical")
    assert first.schema == pl.Schema(FIRST)
    once = first.group_by("what", "number", "name").agg(pl.max("moment"), pl.max("is_undated"))
    add_first(classes, once.iter_rows())
    found = pl.concat(
        chain.from_iterable(answer(_sent(classes), _RATES, "b", [part]) for part in parts)
    )
    seen = found.filter(what=SEEN).select("class", "objects").unique()
    add_seen(classes, seen.iter_rows())
    sums = found.filter(what=SUMS).group_by(ALIKE).agg(pl.sum("objects", "bytes", "usd_month"))
    return _in_order(found.filter(what=UNNEEDED)), _rounded(shares_of(sums.iter_rows()))


def on_one(
    known: Known, with_policy: bool, objects: pl.DataFrame
) -> tuple[list[object], list[Share]]:
    classes = Classes(known, "b", areas(with_policy), AGES, MADE)
    moment = pl.col("last_modified")
    classes.add_young(objects.filter(moment >= SINCE)["key"])
    if classes.checkpoints:
        classes.checkpoints.add(objects)
    totals = Totals("b", classes.named)
    found = _RATES.priced(classes.of(objects))
    totals.add(found)
    unneeded = frame_of("b", classes.named(found.filter(pl.col("class") != "active")))
    return _in_order(unneeded), _rounded(totals.shares)


def _sent(classes: Classes) -> Classes:
    """As it reaches a worker."""
    sent = pickle.loads(pickle.dumps(classes))
    assert isinstance(sent, Classes)
    return sent


def _objects(stored: Iterable[Stored]) -> pl.DataFrame:
    rows = [(each.key, "v", 1000, _modified(each), "STANDARD", None, False) for each in stored]
    return pl.DataFrame(
        rows,
        schema={
            "key": pl.String,
            "version_id": pl.String,
            "size": pl.Int64,
            "last_modified": pl.Datetime("us", "UTC"),
            "storage_class": pl.String,
            "access_tier": pl.String,
            "monitored": pl.Boolean,
        },
        orient="row",
    )


def _modified(stored: Stored) -> datetime:
    return MADE - timedelta(days=stored.age)


def _in_order(unneeded: pl.DataFrame) -> list[object]:
    return [row[:10] for row in unneeded.sort("key").iter_rows()]


def _rounded(shares: Iterable[Share]) -> list[Share]:
    return [
        each._replace(total=each.total._replace(usd_a_month=round(each.total.usd_a_month, 9)))
        for each in shares
    ]
