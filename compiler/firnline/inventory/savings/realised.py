"""What an inventory shows after a change of rules, beside what was forecast for that day, and why
the two differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.monthly import as_it_is, as_read
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.stays import StoredAs, by_class
from firnline.inventory.forecast.usage import fates, usage
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.savings.entry import MONTHS, Change, Entry
from firnline.inventory.savings.overdue import NotDone, net_of, not_done, split
from firnline.inventory.savings.overdue import merged as by_rule
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import DAY, midnight_from
from firnline.s3.simulate.stored import ItemKind

LAG: Final = 2
"""Days that S3 may take: it acts on new rules, and on what is due, within about 48 hours."""

Volumes = Mapping[StoredAs, Volume]
"""By what decides the price, as if each object were read in this month."""


class Basis(Enum):
    """What a forecast for the day of an inventory is taken from."""

    FACTS = "facts"  # played from the inventory that lay there at the change, to that very day
    LEDGER = "ledger"  # the kept forecast: that day is the last of a month


@dataclass(frozen=True, slots=True)
class Expected:
    """The bytes of each class on a day, with the change and as if there had been none. Volumes are
    known where they are played from facts.
    """

    basis: Basis
    before: Mapping[str, int]
    after: Mapping[str, int]
    volumes: tuple[Volumes, Volumes] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What an inventory shows. `created` is the part of `stored` that was created after the change,
    or after the facts of its forecast. Of all of it rules have not done what is `lagging`, within
    the days that S3 may take, and what is `overdue`; `lagging_net` and `overdue_net` say by how
    many bytes more of each class are there for that, without what was created since.
    """

    made: datetime
    called: str
    stored: Volumes
    created: Volumes
    lagging: tuple[NotDone, ...]
    overdue: tuple[NotDone, ...]
    lagging_net: Mapping[str, int]
    overdue_net: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Rates:
    """What a month of what is stored costs: as if nothing had changed, as forecast, as found, and
    as found without what was created since.
    """

    unchanged: Usd
    forecast: Usd
    found: Usd
    found_of_then: Usd


@dataclass(frozen=True, slots=True)
class Look:
    shown: Shown
    expected: Expected | None
    rates: Rates | None = None


@dataclass(frozen=True, slots=True)
class Realised:
    """Of one change, in the order of time; `notes` say what is not known, and why. Where
    `tags_unknown`, rules filter by tags that the inventories do not tell: what those rules did
    counts as done otherwise.
    """

    entry: Entry
    looks: tuple[Look, ...]
    notes: tuple[str, ...] = ()
    tags_unknown: bool = False


def day_of(made: datetime) -> datetime:
    """The last midnight before an inventory: what is due then can be done in it."""
    midnight = midnight_from(made)
    return midnight if midnight == made else midnight - DAY


def shown(
    change: Change,
    batch: Batch,
    made: datetime,
    called: str,
    all_groups: Sequence[Group],
    old_groups: Sequence[Group],
    lag: int = LAG,
) -> Shown:
    """`batch` has the rules after the change, as far as they are live since; `old_groups` are of
    what was there at the change.
    """
    begin, day = midnight_from(change.at), day_of(made)
    stored, old = volumes(all_groups), volumes(old_groups)
    lagging, overdue = split(not_done(batch, all_groups, begin, day), lag)
    old_lagging, old_overdue = split(not_done(batch, old_groups, begin, day), lag)
    return Shown(
        made,
        called,
        stored,
        _without(stored, old),
        tuple(by_rule(lagging)),
        tuple(by_rule(overdue)),
        net_of(old_lagging),
        net_of(old_overdue),
    )


def volumes(groups: Iterable[Group]) -> dict[StoredAs, Volume]:
    """Delete markers take no space but that of their names."""
    return merged(
        {as_read(as_it_is(each.example)): each.volume}
        for group in groups
        for each in group
        if each.example.kind is not ItemKind.DELETE_MARKER
    )


def played(
    change: Change, batches: tuple[Batch, Batch], groups: Sequence[Group], day: datetime
) -> Expected:
    """From facts at the change to a later day."""
    begin = midnight_from(change.at)
    sides = tuple(_stored_on(batch, groups, begin, day) for batch in batches)
    before, after = (
        {name: volume.bytes for name, volume in by_class(side).items()} for side in sides
    )
    return Expected(Basis.FACTS, before, after, (sides[0], sides[1]))


def kept(entry: Entry, day: datetime) -> Expected | None:
    """What the ledger has for a day: None where that is not the last of a month."""
    if entry.forecast is None:
        return None
    lasts = [start - DAY for start in starts(entry.change.at, MONTHS)[1:]]
    if day not in lasts:
        return None
    month = lasts.index(day)
    before, after = (
        {name: amounts[month] for name, amounts in side.stored.items()}
        for side in (entry.forecast.before, entry.forecast.after)
    )
    return Expected(Basis.LEDGER, before, after)


def _stored_on(
    batch: Batch, groups: Sequence[Group], begin: datetime, day: datetime
) -> dict[StoredAs, Volume]:
    end = day + DAY
    (month,) = usage(fates(batch, groups, begin, end), (), [begin, end])
    return merged({as_read(each): volume} for each, volume in month.at_end.items())


def _without(whole: Volumes, part: Volumes) -> dict[StoredAs, Volume]:
    rest = {name: volume.plus(part.get(name, Volume()), -1) for name, volume in whole.items()}
    return {name: volume for name, volume in rest.items() if volume != Volume()}
