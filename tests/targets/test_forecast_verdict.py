"""The verdict of a forecast reads well, whatever it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from firnline.inventory.forecast.change import Changed, change
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.undecided import Contents, Undecided
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.s3.model import Filter, Rule, RuleSet, Transition
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days, StorageClass
from firnline.targets.forecast_verdict import verdict

NOW = datetime(2026, 4, 1, tzinfo=UTC)
KIB, MIB, GIB = 2**10, 2**20, 2**30
NOTHING = RuleSet(())
DELETES = RuleSet((Rule("tmp", Filter("tmp/"), expires=Days(10)),))


def moves(into: str, days: int = 10) -> RuleSet:
    step = Transition(Days(days), StorageClass(into))
    return RuleSet((Rule("tmp", Filter("tmp/"), transitions=(step,)),))


def stored(size: int, name: str = "tmp/x", storage_class: str = "STANDARD") -> tuple[Stored, ...]:
    """A million objects."""
    since = NOW - timedelta(days=30)
    item = StoredItem(name, since, size, storage_class)
    return (Stored(item, Volume(10**6, 10**6 * size, 10**6 * size), since),)


def told(
    before: RuleSet, after: RuleSet, contents: Contents | tuple[Stored, ...], months: int = 12
) -> str:
    there = contents if isinstance(contents, Contents) else Contents([contents])
    old, new = (Batch(rules, BucketState()) for rules in (before, after))
    return verdict(change([Changed(old, new, there)], starts(NOW, months), US_EAST_1))


@pytest.mark.parametrize(
    ("before", "after", "contents", "says"),
    [
        (
            NOTHING,
            moves("DEEP_ARCHIVE"),
            stored(150 * KIB),
            "once, the change pays $50.00 for transitions in the first run; in month 12 it saves"
            " $2.94; it never pays back within 12 months: by then it has cost $14.69 more",
        ),
        (
            NOTHING,
            moves("DEEP_ARCHIVE"),
            stored(MIB),
            "once, the change pays $50.00 for transitions in the first run; in month 12 it saves"
            " $21.29; it has paid back in month 3, and saves $205.46 within 12 months",
        ),
        (
            NOTHING,
            DELETES,
            stored(MIB),
            "in month 12 the change saves $22.46; it saves from the first month on: $269.53 within"
            " 12 months",
        ),
        (
            NOTHING,
            DELETES,
            stored(MIB, storage_class="GLACIER_IR"),
            "once, the change pays $7.81 for early deletion in the first month; in month 12 it"
            " saves $3.91; it has paid back in month 2, and saves $39.06 within 12 months",
        ),
        (DELETES, DELETES, stored(MIB), "in month 12 the change costs the same"),
        (
            DELETES,
            NOTHING,
            stored(MIB),
            "in month 12 the change costs $22.46 more; it never pays back within 12 months: by then"
            " it has cost $269.53 more",
        ),
        (
            NOTHING,
            DELETES,
            Contents([], [Undecided((stored(MIB), stored(MIB, "kept/x")))]),
            "in month 12 the change saves $0.00 to $22.46",
        ),
        (
            NOTHING,
            moves("DEEP_ARCHIVE"),
            Contents([stored(150 * KIB)], [Undecided((stored(MIB), stored(MIB, "kept/x")))]),
            "once, the change pays $50.00 to $100.00 for transitions in the first run; in month 12"
            " it saves $2.94 to $24.23; it may have paid back in month 5, or not within 12 months",
        ),
    ],
)
def test_it_says_what_is_paid_once_what_is_saved_and_from_when_on(
    before: RuleSet, after: RuleSet, contents: Contents | tuple[Stored, ...], says: str
) -> None:
    assert told(before, after, contents) == says


def test_one_month_is_one_month() -> None:
    assert told(NOTHING, moves("DEEP_ARCHIVE"), stored(MIB), months=1) == (
        "once, the change pays $50.00 for transitions in the first run; in month 1 it costs $28.71"
        " more; it never pays back within 1 month: by then it has cost $28.71 more"
    )
