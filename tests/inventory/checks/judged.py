"""A policy fragment and a bucket of the ledger → what the facts say, and what the ledger pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, cast

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import LetBe, SetKeys
from firnline.inventory.checks.findings import findings
from firnline.inventory.checks.judged import BilledTogether, BucketAfter
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed
from firnline.inventory.prices.price_list import Prices
from firnline.inventory.prices.shipped import US_EAST_1 as US_EAST
from firnline.language.units import parse_duration, parse_size
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.shape import rules_to_s3
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Versioning
from tests.inventory.forecast.firnline_words import group_of, group_of_upload
from tests.inventory.forecast.ledger.bill import US_EAST_1
from tests.inventory.forecast.ledger.ledger import keep_ledger
from tests.inventory.forecast.ledger.stored import Key, Upload, Version, World
from tests.policies import compiled

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
KIB, MIB = 2**10, 2**20
MANY = 10_000_000


@dataclass(frozen=True)
class Lab:
    """One bucket under a policy."""

    fragment: str
    months: int = 12
    now: datetime = NOW
    prices: Prices = US_EAST

    @property
    def config(self) -> BucketConfig:
        (found,) = compiled(self.fragment).buckets
        return BucketConfig(found.rules, found.bucket.versioning, program=found.program)

    def found(self, *keys: Key) -> list[Diagnostic]:
        return self.found_of(self.config, *keys)

    def found_of(
        self,
        config: BucketConfig,
        *stored: Key | Upload,
        told: Sequence[Diagnostic] = (),
        undecided: Sequence[Undecided] = (),
        unfollowed: Sequence[Unfollowed] = (),
    ) -> list[Diagnostic]:
        batch = Batch(config.rules, BucketState(config.versioning or Versioning.OFF))
        contents = Contents([group(each) for each in stored], undecided, unfollowed)
        bucket = BucketAfter("lab-data", config, Changed(batch, batch, contents))
        found = findings([BilledTogether(self.prices, [bucket])], self.now, self.months, told)
        return list(found.diagnostics)

    def paid(self, *keys: Key, but: Sequence[str] = ()) -> Fraction:
        """By the ledger, in all months, without the charges that are named."""
        config = self.config
        versioning = "Enabled" if config.versioning is Versioning.ENABLED else ""
        world = World(self.now, keys, (), _shaped(config.rules), versioning)
        ledger = keep_ledger(world, US_EAST_1, self.months)
        left_out = sum((month.usd[name] for month in ledger.months for name in but), Fraction())
        return sum((month.usd["total"] for month in ledger.months), Fraction()) - left_out


def group(stored: Key | Upload) -> Group:
    return group_of(stored) if isinstance(stored, Key) else group_of_upload(stored)


def _shaped(rules: RuleSet) -> tuple[Any, ...]:
    return tuple(cast("dict[str, list[Any]]", rules_to_s3(rules))["Rules"])


def key(days: float, size: int, *, times: int = MANY, name: str = "runs/x", **more: Any) -> Key:
    """Keys with one version of that age."""
    return Key(name, (Version(NOW - timedelta(days=days), size, **more),), times)


def of_size(stored: Key, size: int) -> Key:
    return replace(stored, versions=tuple(replace(each, size=size) for each in stored.versions))


def codes(found: Sequence[Diagnostic]) -> list[str]:
    return [each.kind.code for each in found]


def only(found: Sequence[Diagnostic], code: str) -> Diagnostic:
    """The one with that code."""
    (one,) = (each for each in found if each.kind.code == code)
    return one


def size_that_pays(found: Diagnostic) -> int:
    (way,) = (each for each in found.remedy if isinstance(each, SetKeys))
    (((name,), value),) = way.settings
    assert name == "smallest_move"
    return int(parse_size(value))


def days_that_pay(found: Diagnostic) -> int:
    """Of the key of the next transition."""
    (way,) = (each for each in found.remedy if isinstance(each, LetBe))
    assert way.day is not None
    return int(parse_duration(way.day))
