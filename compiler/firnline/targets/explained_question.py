"""The question that is explained: one item, under the rules of its bucket, at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from firnline.diagnostics.visible import visible
from firnline.language.model import Promise
from firnline.rules.kept_acts import kept_called
from firnline.rules.owners import Ownership
from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.history import History, history
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Days


@dataclass(frozen=True, slots=True)
class Question:
    """One item under the rules of its bucket. `aged` where only ages are known, not its creation:
    then it is assumed to be created now, and ages are shown instead of dates.

    `owners` is None where the rules come from no policy. `seen` where the class is the current one,
    and not the one at creation: then only future steps are shown. `kept` are the IDs of rules of
    others that the policies keep.
    """

    address: str
    item: StoredItem
    rules: RuleSet
    bucket: BucketState
    owners: tuple[Ownership, ...] | None
    now: datetime
    aged: bool
    seen: bool = False
    promises: tuple[Promise, ...] = ()
    kept: frozenset[str] = frozenset()

    def history(self) -> History:
        since = self.now if self.seen else None
        return history(self.rules, self.bucket, self.item, since)

    def named(self, rule: Rule) -> str:
        """Also whose it is, if it comes from no policy."""
        return kept_called(rule.id) if rule.id in self.kept else f"`{visible(rule.id)}`"

    def day(self, moment: datetime, rules: Sequence[Rule] = ()) -> str:
        """When these rules act; a rule on a date does so whatever the age."""
        if self.aged and any(_is_dated(rule) for rule in rules):
            return f"{moment:%Y-%m-%d}"
        age = (moment.date() - self.item.created.date()).days
        return f"age {age}d" if self.aged else f"{moment:%Y-%m-%d}  age {age}d"


def assumed_creation(now: datetime) -> datetime:
    """The assumed creation of an item without a known one: ages count from a midnight."""
    return midnight_from(now)


def _is_dated(rule: Rule) -> bool:
    whens = [*(move.when for move in rule.transitions), rule.expires]
    return any(when is not None and not isinstance(when, Days) for when in whens)
