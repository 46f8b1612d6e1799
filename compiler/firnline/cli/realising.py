"""Changes in a ledger, and inventories over time → what came of each change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from firnline.cli.failed import CommandFailed
from firnline.cli.later_inventories import Dated, at_path
from firnline.cli.prices_of import prices_of
from firnline.cli.rules_since import Ledger, Since, next_change, rules_since
from firnline.cli.stored_summary import open_summary
from firnline.diagnostics.visible import visible
from firnline.inventory.facts.alike import groups_in
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.s3_inventory import MANIFEST
from firnline.inventory.facts.sample import key_of
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import Cuts, cuts
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.monthly import of_a_month
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.price_list import NoPrice, Prices
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.realised import (
    Expected,
    Look,
    Rates,
    Realised,
    Shown,
    day_of,
    kept,
    played,
    shown,
)
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import BucketState, ItemKind
from firnline.s3.terms import Versioning


def realised(ledger: Ledger, inventories: Sequence[Dated], lag: int) -> Iterator[Realised]:
    """Of each change that some of the inventories came after, and before the next change of the
    same bucket. Raises `CommandFailed`.
    """
    for entry in ledger.entries:
        change = entry.change
        of_bucket = [each for each in inventories if each.bucket == change.bucket]
        following = next_change(change, ledger.entries)
        later = sorted(
            (
                each
                for each in of_bucket
                if day_of(each.made) >= midnight_from(change.at)
                and (following is None or each.made <= following.change.at)
            ),
            key=lambda each: each.made,
        )
        if later:
            since = rules_since(change, ledger)
            yield _Comparison(entry, lag, since).of(of_bucket, later)


@dataclass(frozen=True, slots=True)
class _Then:
    """What was there at the change."""

    groups: Sequence[Group]
    made: datetime
    called: str
    all_versions: bool


class _Comparison:
    def __init__(self, entry: Entry, lag: int, since: Since) -> None:
        change = entry.change
        state = BucketState(change.versioning)
        self._entry, self._lag = entry, lag
        self._batches = Batch(change.before, state), Batch(change.after, state)
        self._acting = Batch(since.rules, state)
        self._cuts: Cuts = cuts(
            (change.before, change.after), change.versioning is Versioning.SUSPENDED
        ).by_day
        self._prices = _prices(change.region)
        self._notes: dict[str, None] = dict.fromkeys(filter(None, [since.note]))

    def of(self, inventories: Sequence[Dated], later: Sequence[Dated]) -> Realised:
        then = self._recorded() or self._newest_before(inventories)
        if isinstance(self._prices, str):
            self._notes[f"no dollars: {self._prices}"] = None
        if then is not None and self._is_old(then):
            self._notes[_OLD.format(then.made)] = None
        looks = tuple(self._look(each, then) for each in later)
        return Realised(self._entry, looks, tuple(self._notes), _NO_TAGS in self._notes)

    def _is_old(self, then: _Then) -> bool:
        """Whether the rules before the change may have acted since."""
        change = self._entry.change
        acted = any(rule.enabled for rule in change.before.rules)
        return acted and midnight_from(then.made) < midnight_from(change.at)

    def _recorded(self) -> _Then | None:
        """What the forecast stands on, if it still lies there, and nothing newer in its place."""
        path, change = self._entry.inventory, self._entry.change
        if path is None or not Path(path).is_file():
            return None
        if Path(path).name != MANIFEST:
            return self._summed_up(path)
        found = at_path(path)
        is_it = found.bucket == change.bucket and found.made <= change.at
        return self._listed(found) if is_it else None

    def _newest_before(self, inventories: Sequence[Dated]) -> _Then | None:
        before = [each for each in inventories if each.made <= self._entry.change.at]
        newest = max(before, key=lambda each: each.made, default=None)
        return None if newest is None else self._listed(newest)

    def _listed(self, dated: Dated) -> _Then:
        with dated.facts() as facts:
            # What S3 listed though it was created meanwhile counts as created since.
            groups = self._groups(facts, facts.as_of)
            return _Then(groups, facts.as_of, dated.called, facts.all_versions)

    def _summed_up(self, path: str) -> _Then | None:
        change = self._entry.change
        state = BucketState(change.versioning)
        for each in open_summary(path, None):
            if each.bucket != change.bucket or each.summary.known_from > change.at:
                continue
            found = each.contents((change.before, change.after), state, change.at, None)
            if found.undecided:
                self._notes[f"{visible(path)} leaves open what the rules do to some objects"] = None
                return None
            groups = [keys for keys in found.decided if not _is_upload(keys)]
            return _Then(groups, each.summary.known_from, path, each.summary.all_versions)
        return None

    def _look(self, dated: Dated, then: _Then | None) -> Look:
        change = self._entry.change
        with dated.facts() as facts:
            if then is not None and then.all_versions is not facts.all_versions:
                raise CommandFailed(
                    f"{visible(dated.called)} and {visible(then.called)} cannot be compared: one"
                    " lists all versions, the other only the current ones"
                )
            until = (self._entry.made or change.at) if then is None else then.made
            found = shown(
                change,
                self._acting,
                dated.made,
                dated.called,
                self._groups(facts, dated.made),
                self._groups(facts, until),
                self._lag,
            )
            found = self._with_keys(found, facts)
        expected = self._expected(day_of(dated.made), then)
        return Look(found, expected, self._rates(found, expected))

    def _groups(self, facts: Facts, at: datetime) -> list[Group]:
        if self._cuts.tags and Column.TAGS not in facts.known:
            self._notes[_NO_TAGS] = None
        return list(groups_in(facts, self._cuts, self._batches[0], at))

    def _with_keys(self, found: Shown, facts: Facts) -> Shown:
        overdue = [
            replace(each, key=key_of(facts, self._cuts, each.example.example))
            for each in found.overdue
        ]
        return replace(found, overdue=tuple(overdue))

    def _expected(self, day: datetime, then: _Then | None) -> Expected | None:
        if then is not None:
            return played(self._entry.change, self._batches, then.groups, day)
        expected = kept(self._entry, day)
        self._notes[_NO_FORECAST if expected is None else _NO_DOLLARS] = None
        return expected

    def _rates(self, found: Shown, expected: Expected | None) -> Rates | None:
        if isinstance(self._prices, str) or expected is None or expected.volumes is None:
            return None
        unchanged, forecast = expected.volumes
        of_then = {
            name: volume.plus(found.created.get(name, Volume()), -1)
            for name, volume in found.stored.items()
        }
        sides = (unchanged, forecast, found.stored, of_then)
        return Rates(*(of_a_month(each, self._prices) for each in sides))


_NO_TAGS = (
    "rules filter by tags, and an inventory here tells none: objects count as untagged, and what"
    " such a rule did to them is not told apart from what somebody did"
)
_OLD = (
    "what was there was listed on {:%Y-%m-%d}: what the rules before the change have done from then"
    " until the change counts as done otherwise"
)
_NO_DOLLARS = (
    "what a month of it costs is compared only with the inventory at the change (--inventory names"
    " it as well)"
)
_NO_FORECAST = (
    "what was forecast for that day is not known: the ledger has the last days of months, and for"
    " any other day the inventory at the change is needed (--inventory names it as well)"
)


def _is_upload(keys: Group) -> bool:
    return keys[0].example.kind is ItemKind.MULTIPART_UPLOAD


def _prices(region: str) -> Prices | str:
    """Or why there are none."""
    try:
        return prices_of(region)
    except NoPrice as why:
        return str(why)
