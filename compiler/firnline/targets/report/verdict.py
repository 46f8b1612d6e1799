"""What is deleted next month, what do the policies save, and who must be asked?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import NamedTuple

from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.portions.dollars import Dollars
from firnline.inventory.portions.portion import Portion
from firnline.targets.report.model import DELETING, NEXT_MONTH, Line, Report


class Deletions(NamedTuple):
    """Versions that are `deleted` for good, objects that are `hidden` by a delete marker and still
    stored when the month is over, and incomplete uploads that are `aborted`.
    """

    deleted: BoundedVolume
    hidden: BoundedVolume
    aborted: BoundedVolume

    @property
    def in_all(self) -> BoundedVolume:
        return reduce(BoundedVolume.plus, self)


class Contact(NamedTuple):
    """Of an owner, or of several where tags decide who it is; None where no policy says it. `lines`
    begin with the one of which most bytes are deleted.
    """

    owners: tuple[str | None, ...]
    deletions: Deletions
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`first` and `end` are the days from and before which next month is; `deletions_before` are
    by the rules that policies are compared with, under which `newly_lost` would stay. `saves` is of
    all months of the forecast, negative where the policies cost more than those; `after_usd` is
    what its last month costs. `kept_rules` are the IDs of rules of others that act beside the
    policies.
    """

    first: date
    end: date
    deletions: Deletions
    deletions_before: Deletions
    newly_lost: BoundedVolume
    moved: BoundedVolume
    contacts: tuple[Contact, ...]
    usd_a_month: Dollars
    before_usd: Dollars
    after_usd: Dollars
    saves_next_month: Dollars
    saves: Dollars
    kept_rules: tuple[str, ...] = ()


def verdict(report: Report) -> Verdict:
    whole, last = report.whole, report.paid(report.months[-1])
    return Verdict(
        first=report.starts[0].date(),
        end=report.starts[1].date(),
        deletions=deletions(whole, NEXT_MONTH),
        deletions_before=Deletions(*(whole.done_before([each], NEXT_MONTH) for each in DELETING)),
        newly_lost=whole.newly_lost,
        moved=moved(whole, NEXT_MONTH),
        contacts=tuple(_contacts(report.lines)),
        usd_a_month=whole.usd_a_month,
        before_usd=last.before,
        after_usd=last.after,
        saves_next_month=report.paid(NEXT_MONTH).saved,
        saves=report.saved_in_all,
        kept_rules=report.kept_rules,
    )


def may_be(volume: BoundedVolume) -> bool:
    return volume.objects.at_most > 0


def moved(portion: Portion, month: int | None) -> BoundedVolume:
    """Into another storage class, whichever."""
    return portion.done(classes_into(portion), month)


def classes_into(portion: Portion) -> tuple[str, ...]:
    return tuple(sorted({due.done for due in portion.events if isinstance(due.done, str)}))


def deletions(portion: Portion, month: int | None) -> Deletions:
    return Deletions(*(portion.done([each], month) for each in DELETING))


def _contacts(lines: Iterable[Line]) -> Iterator[Contact]:
    """The owner of whom most bytes are deleted first."""
    found: dict[tuple[str | None, ...], list[tuple[Deletions, Line]]] = {}
    for line in lines:
        deleting = deletions(line.portion, NEXT_MONTH)
        if may_be(deleting.in_all):
            found.setdefault(line.owners, []).append((deleting, line))
    contacts = [_contact_of(*each) for each in found.items()]
    yield from sorted(contacts, key=lambda contact: -contact.deletions.in_all.bytes.at_most)


def _contact_of(owners: tuple[str | None, ...], found: Sequence[tuple[Deletions, Line]]) -> Contact:
    volumes = (
        reduce(BoundedVolume.plus, each)
        for each in zip(*(deleting for deleting, _ in found), strict=True)
    )
    ranked = sorted(found, key=lambda each: -each[0].in_all.bytes.at_most)
    return Contact(owners, Deletions(*volumes), tuple(line for _, line in ranked))
