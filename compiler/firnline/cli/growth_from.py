"""`--growth-from`: since when is what was written taken to go on?"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, TypeAlias

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource, is_inventory
from firnline.cli.option_types import moment, option_type
from firnline.cli.table_path import is_table
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.arrivals import Arrives
from firnline.inventory.forecast.growth import Window, last_midnight, window
from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Bytes, Days

Since: TypeAlias = Days | datetime | str
"""A number of days before an inventory, a moment, or the place of an older inventory."""


@option_type
def since(text: str) -> Since:
    if is_inventory(text):
        return text
    try:
        return parse_duration(text)
    except NotADuration:
        pass
    try:
        return moment(text)
    except argparse.ArgumentTypeError:
        if is_table(text):
            return text
        raise ValueError(
            f"{text!r} is no older inventory, no moment and no number of days; write"
            " s3://…/manifest.json, 2026-10-31 or 30d"
        ) from None


class Dated(Protocol):
    """What is stored in a bucket as of a moment, as `StoredIn`."""

    @property
    def bucket(self) -> str | None: ...

    @property
    def path(self) -> str: ...

    @property
    def as_of(self) -> datetime: ...


_LISTED = 5
_S3_BEGAN: Final = datetime(2006, 3, 14, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GrowthFrom:
    """`older` are inventories of buckets by name: their places, and when they were made."""

    general: Days | datetime | None = None
    older: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def refuse_others(self, buckets: Collection[str | None]) -> None:
        """Raises `CommandFailed` where there is an older inventory of none of the buckets."""
        for bucket, (called, _) in self.older.items():
            if bucket not in buckets:
                raise CommandFailed(
                    f"--growth-from: {visible(called)} is of bucket `{visible(bucket)}`, of which"
                    " no newer --inventory is given"
                )

    def window(self, stored: Dated, at: datetime) -> Window | None:
        """Until `at` at most. Raises `CommandFailed` where it has no whole day."""
        until = min(stored.as_of, at)
        since = self._since(stored, until)
        if since is None:
            return None
        found = window(since, until)
        if found is None:
            raise CommandFailed(
                f"growth is counted over whole days, and there is none between"
                f" {since:%Y-%m-%d %H:%M} UTC and {until:%Y-%m-%d %H:%M}, as far as"
                f" {visible(stored.path)} tells"
            )
        return found

    def _since(self, stored: Dated, until: datetime) -> datetime | None:
        """Raises `CommandFailed`."""
        if stored.bucket in self.older:
            return self.older[stored.bucket][1]
        if until < _S3_BEGAN:  # as an empty listing, in which nothing was written
            return None
        since = self.general
        if isinstance(since, Days):
            # So many days may be more than a date can go back.
            days = min(since, (until - _S3_BEGAN).days + 1)
            since = last_midnight(until) - timedelta(days=days)
        if since is not None and since < _S3_BEGAN:
            raise CommandFailed(
                f"--growth-from goes back to before {_S3_BEGAN:%Y-%m-%d}, when S3 began: write a"
                " later date, or fewer days, such as 30d"
            )
        return since


def read_growth(named: Sequence[Since], source: InventorySource) -> GrowthFrom:
    """Reads the manifests of older inventories. Raises `CommandFailed`."""
    general = [each for each in named if not isinstance(each, str)]
    if len(general) > 1:
        raise CommandFailed("--growth-from: say one moment, or one number of days, for all buckets")
    older: dict[str, tuple[str, datetime]] = {}
    for place in (each for each in named if isinstance(each, str)):
        for bucket, called, made in _dated(place, source):
            if bucket in older:
                raise CommandFailed(
                    f"--growth-from: {visible(called)} and {visible(older[bucket][0])} are of one"
                    " bucket"
                )
            older[bucket] = called, made
    return GrowthFrom(general[0] if general else None, older)


def _dated(place: str, source: InventorySource) -> Iterator[tuple[str, str, datetime]]:
    # An extra, and slow to import.
    from firnline.cli.named_inventories import date_of, date_of_table, files_of

    if is_table(place):
        yield date_of_table(place)
        return
    for files in files_of(place, source):
        bucket, made = date_of(files)
        yield bucket, files.called, made


def growth_in_words(
    bucket: str, within: Window, found: Sequence[Arrives], oldest: datetime | None
) -> str:
    by_prefix = {each.prefix: Bytes() for each in found}
    for each in found:
        by_prefix[each.prefix] = Bytes(by_prefix[each.prefix] + each.volume.bytes)
    named = len(by_prefix) > 1
    parts = [
        f"{size.rounded} into {visible(prefix) or ('the rest' if named else 'it')}"
        for prefix, size in list(by_prefix.items())[:_LISTED]
    ]
    more = f" and {how_many(len(by_prefix) - _LISTED, 'prefix', 'prefixes')} more"
    days = f"{how_many(within.days, 'day')} to {within.until:%Y-%m-%d}"
    return (
        f"{visible(bucket)} grows as in the {days}, a month by"
        f" {', '.join(parts) or 'nothing'}{more if len(by_prefix) > _LISTED else ''}: what was"
        f" deleted or overwritten in that time is not in it{_began(within, oldest)}"
    )


def _began(within: Window, oldest: datetime | None) -> str:
    """Where it may have been written in fewer days than it is spread over."""
    if oldest is None or oldest < within.since + timedelta(days=1):
        return ""
    day = f"{oldest:%Y-%m-%d}"
    return (
        f"; nothing there is older than {day}: `--growth-from {day}` if it began to be written then"
    )


def net_growth_in_words(bucket: str, within: Window, a_month: int) -> str:
    days = f"{how_many(within.days, 'day')} to {within.until:%Y-%m-%d}"
    return (
        f"{visible(bucket)} grows as in the {days}, a month by {Bytes(a_month).rounded}: what was"
        " deleted is taken off, and below which prefixes it grows is not known"
    )
