"""Which buckets and large prefixes does no policy cover, and what do they cost a month?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from firnline.inventory.coverage.population import Population
from firnline.inventory.coverage.retentions import deciding_scopes, retention_scopes
from firnline.inventory.coverage.tally import Match, Scopes, Tally
from firnline.inventory.facts.branch import Branch, StoredBy, total
from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.monthly import averaged, of_a_month
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.prices.price_list import Prices
from firnline.rules.program import Program

DEPTH: Final = 3


class Amount(NamedTuple):
    """Object versions, and their dollars a month; None where prices of the region are not known."""

    volume: Volume = Volume()
    usd_a_month: Usd | None = None


class Folder(NamedTuple):
    """What no retention matches below a prefix, which is so many folders deep."""

    depth: int
    prefix: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class BucketCoverage:
    """`facts` names what tells of the bucket, and `as_of` is its day, where it has one. `uncovered`
    is what surely no retention matches and no rule of others deletes, and `perhaps` what may be
    beside it, as its tags, sizes or prefixes are not told; `of_others` is what no retention
    matches, but a kept rule of others deletes. Each of `folders` is followed by those in it; they
    are None where folders are not known. Without `has_policy` no policy covers the bucket at all.
    """

    bucket: str
    region: str
    has_policy: bool
    facts: str
    as_of: date | None
    stored: Amount
    uncovered: Amount
    perhaps: Amount
    of_others: Amount
    folders: tuple[Folder, ...] | None


class UnpolicedBucket(NamedTuple):
    """A bucket that the fleet lock lists, with rules of ours and no policy."""

    bucket: str
    account_id: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """`locked` is how many buckets the fleet lock has; None where there is no lock, so that which
    buckets there are is not known. `unpoliced` are those of them without a policy, `untold` the
    covered buckets of which nothing tells what is stored. `prices` are in words.
    """

    buckets: tuple[BucketCoverage, ...]
    unpoliced: tuple[UnpolicedBucket, ...]
    untold: tuple[str, ...]
    locked: int | None
    prices: tuple[str, ...] = ()

    @property
    def usd_a_month(self) -> Usd | None:
        """Of all that is uncovered, but not of what is `unpriced`; None where all is."""
        costs = [each.uncovered.usd_a_month for each in self.buckets]
        known = [each for each in costs if each is not None]
        return Usd(sum(known, Fraction())) if known else None

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Buckets of which it is not known what their uncovered objects cost."""
        return tuple(
            each.bucket
            for each in self.buckets
            if each.uncovered.usd_a_month is None and each.uncovered.volume.objects
        )


class Place(NamedTuple):
    """Of a bucket: its policies, where some cover it; and what is paid there, where it is known."""

    bucket: str
    region: str
    program: Program | None
    prices: Prices | None


def coverage_of(
    place: Place, population: Population, facts: str, as_of: date | None
) -> BucketCoverage:
    """Reads what is stored. Raises `NoPrice`."""
    ours, scopes = retention_scopes(place.program), deciding_scopes(place.program)
    tallies = population.tallies(scopes)
    whole = _stored(tallies)
    prices = averaged(place.prices, whole) if place.prices else None
    left, left_open = _left(Scopes(scopes), tallies)
    tree = population.unmatched(scopes, DEPTH) if total(left).objects else Branch("", {})
    return BucketCoverage(
        bucket=place.bucket,
        region=place.region,
        has_policy=place.program is not None,
        facts=facts,
        as_of=as_of,
        stored=_amount(whole, prices),
        uncovered=_amount(left, prices),
        perhaps=_amount(left_open, prices),
        folders=None if tree is None else tuple(_folders(tree, 1, prices)),
        of_others=_amount(_of_others(Scopes(ours), Scopes(scopes), tallies), prices),
    )


def _stored(tallies: Iterable[Tally]) -> StoredBy:
    return merged(each.stored for each in tallies)


def _left(scopes: Scopes, tallies: Iterable[Tally]) -> tuple[StoredBy, StoredBy]:
    """What surely no scope matches, and what none may match."""
    found = [(scopes.match(each), each) for each in tallies]
    return (
        _stored(each for match, each in found if match is Match.NO),
        _stored(each for match, each in found if match is Match.OPEN),
    )


def _of_others(ours: Scopes, every: Scopes, tallies: Iterable[Tally]) -> StoredBy:
    """What no retention matches, and a rule of others does."""
    return _stored(
        each for each in tallies if ours.match(each) is Match.NO and every.match(each) is Match.YES
    )


def _folders(branch: Branch, depth: int, prices: Prices | None) -> Iterator[Folder]:
    for each in branch.branches:
        yield Folder(depth, each.prefix, _amount(each.stored, prices))
        yield from _folders(each, depth + 1, prices)


def _amount(stored: StoredBy, prices: Prices | None) -> Amount:
    return Amount(total(stored), of_a_month(stored, prices) if prices else None)
