"""A report, as all of its formats tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final, NamedTuple

from firnline.inventory.ages import AgeBand, AgesByClass
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.portions.dollars import Dollars, Unpriced
from firnline.inventory.portions.paid import Paid
from firnline.inventory.portions.portion import Portion
from firnline.rules.kept_acts import OWNER_OF_KEPT
from firnline.s3.compare.story import Story
from firnline.s3.terms import Versioning
from firnline.targets.report.needed import Needed, Unneeded

NEXT_MONTH: Final = 0
ALL_MONTHS: Final = None
DELETING: Final = (Happens.DELETED, Happens.DELETE_MARKERS, Happens.ABORTED)
"""What a reader has to know before it happens."""


class RetentionName(NamedTuple):
    """Of a policy; `name` is None where the policy says it for a whole bucket."""

    policy: str
    name: str | None
    owner: str


class KeptRules(NamedTuple):
    """Rules of others that act where no policy decides, by their IDs."""

    ids: tuple[str, ...]

    @property
    def owner(self) -> str:
        return OWNER_OF_KEPT


Decides = RetentionName | KeptRules | None
"""What says how long something is kept; None where nothing does."""


class Read(NamedTuple):
    """Of all that counts to a prefix: the `last` time, None where that was before `since`, and how
    often. All reads between `since` and `until` are known.
    """

    last: datetime | None
    a_month: float
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What is stored below one prefix of a bucket for one retention, without what longer prefixes
    of other lines have. `retentions` has None where nobody says how long it is kept, and is
    several only where tags that are not known decide. `read` is None where nothing tells of reads.
    """

    bucket: str
    prefix: str
    retentions: tuple[Decides, ...]
    portion: Portion
    read: Read | None = None

    @property
    def owners(self) -> tuple[str | None, ...]:
        return tuple(dict.fromkeys(each.owner if each else None for each in self.retentions))

    @property
    def is_covered(self) -> bool:
        return None not in self.retentions

    @property
    def is_of_others(self) -> bool:
        """Whether rules of others decide about some of it."""
        return any(isinstance(each, KeptRules) for each in self.retentions)


@dataclass(frozen=True, slots=True)
class BucketPart:
    """`account` and `region` are `*` where they are not known."""

    name: str
    account: str
    region: str
    versioning: Versioning
    portion: Portion


class OwnerPart(NamedTuple):
    """Of all lines that have these owners."""

    owners: tuple[str | None, ...]
    portion: Portion


@dataclass(frozen=True, slots=True)
class Ages:
    """How much of the current objects of the buckets that tell it has which age, by class."""

    bands: tuple[AgeBand, ...]
    by_class: AgesByClass
    not_told: tuple[str, ...] = ()


class RetentionLine(NamedTuple):
    """What a retention says of objects, and of noncurrent versions where the bucket keeps them."""

    retention: RetentionName
    bucket: str
    prefix: str
    objects: Story
    old_versions: Story | None


@dataclass(frozen=True, slots=True)
class BucketsLeftOut:
    """Buckets that policies cover and nothing tells what they store; buckets of which that is
    told that no policy covers.
    """

    not_told: tuple[str, ...]
    not_covered: tuple[str, ...]


class ComparedWith(NamedTuple):
    """The rules before, as the command line names them. `commit` is that of a revision, and
    `read_at` when the rules were read that were live then.
    """

    name: str
    commit: str | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`lines` begin with the most bytes. `approvers` are the code owners of the approvals. `base`
    is None where policies are compared with no rules at all. `unpriced` says
    which buckets all dollars leave out, and why.
    """

    name: str
    forecast: Forecast
    buckets: tuple[BucketPart, ...]
    owners: tuple[OwnerPart, ...]
    lines: tuple[Line, ...]
    whole: Portion
    retentions: tuple[RetentionLine, ...]
    coverage: BucketsLeftOut
    approvers: tuple[str, ...] = ()
    ages: Ages | None = None
    needed: Needed | None = None
    unneeded: Unneeded | None = None
    base: ComparedWith | None = None
    unpriced: tuple[Unpriced, ...] = ()

    @property
    def kept_rules(self) -> tuple[str, ...]:
        """The IDs of those rules of others that decide about what is stored."""
        found = (each for line in self.lines for each in line.retentions)
        kept = (each for each in found if isinstance(each, KeptRules))
        return tuple(dict.fromkeys(id for each in kept for id in each.ids))

    @property
    def as_of(self) -> datetime:
        return self.forecast.as_of

    @property
    def starts(self) -> tuple[datetime, ...]:
        return self.forecast.starts

    @property
    def months(self) -> range:
        return range(len(self.starts) - 1)

    def paid(self, month: int) -> Paid:
        change = self.forecast.change
        sides = (each.costs[month].total for each in (change.before, change.after))
        return Paid(*map(self.total, (*sides, change.saved[month])))

    @property
    def saved_in_all(self) -> Dollars:
        return self.total(self.forecast.change.saved_so_far[-1])

    @property
    def has_dollars(self) -> bool:
        return self.whole.paid.saved.amount is not None

    def total(self, forecast: Between[Fraction]) -> Dollars:
        """Dollars of the forecast, which leaves out the same buckets as what is stored."""
        amount = forecast if self.has_dollars else None
        return Dollars(amount, self.whole.paid.saved.without)


def by_owner(lines: Iterable[Line]) -> Iterator[OwnerPart]:
    """The one of most bytes first; what no policy is about comes last."""
    found: dict[tuple[str | None, ...], list[Portion]] = defaultdict(list)
    for line in lines:
        found[line.owners].append(line.portion)
    parts = [OwnerPart(owners, together(portions)) for owners, portions in found.items()]
    parts.sort(key=lambda part: -part.portion.now.total.bytes)
    yield from sorted(parts, key=lambda part: part.owners == (None,))


def together(portions: Iterable[Portion]) -> Portion:
    """Of one at least."""
    first, *more = portions
    for each in more:
        first = first.plus(each)
    return first
