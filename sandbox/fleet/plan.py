"""What a fleet consists of, as plain values: the same numbers always make the same fleet.

Account 7 and its buckets are the same in a fleet of 10 and of 300, so that one can be grown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from sandbox.world.accounts import VersioningName

UPLOADS = "uploads"
"""The policy of the last rule of each bucket."""

_DAYS_KEPT = (30, 90, 60, 180, 45, 120)
_SEEDED_RETENTIONS = 3
"""Of each bucket, so that a fleet with many rules is no slower to fill."""


@dataclass(frozen=True, slots=True)
class Size:
    """`rules` are those of each bucket."""

    accounts: int = 12
    buckets: int = 3
    rules: int = 4
    waves: int = 3

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if min(self.accounts, self.buckets, self.waves) < 1 or self.rules < 2:
            raise ValueError("at least one account, bucket and wave, and two rules")
        if self.waves > self.accounts:
            raise ValueError(f"{self.waves} waves need as many accounts at least")
        if self.accounts > 999:
            raise ValueError("at most 999 accounts")


@dataclass(frozen=True, slots=True)
class Kind:
    """Of buckets: a policy is written for each."""

    name: str
    region: str
    versioning: VersioningName


KINDS = (
    Kind("checkpoints", "us-east-1", "off"),
    Kind("models", "us-east-1", "enabled"),
    Kind("datasets", "eu-west-1", "off"),
)


@dataclass(frozen=True, slots=True)
class FleetBucket:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class FleetAccount:
    label: str
    id: str
    wave: int
    buckets: tuple[FleetBucket, ...]

    @property
    def role(self) -> str:
        return f"arn:aws:iam::{self.id}:role/retention"


@dataclass(frozen=True, slots=True)
class Retention:
    """`days` after which objects are deleted; None: never, they only become cheaper."""

    name: str
    prefix: str
    days: int | None


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size: int
    age_days: int


def accounts_in(size: Size) -> tuple[FleetAccount, ...]:
    waves = _waves(size.accounts, size.waves)
    return tuple(
        FleetAccount(f"team-{number:03}", _id(number), wave, tuple(_buckets(number, size.buckets)))
        for number, wave in enumerate(waves, start=1)
    )


def retentions_of(kind: Kind, rules: int) -> tuple[Retention, ...]:
    """So many that they and the rule for uploads come to `rules`: where versions are kept, one
    that deletes takes two, the second for its delete markers.
    """
    found: list[Retention] = []
    left = rules - 1
    while left > 0:
        number = len(found) + 1
        takes = 2 if kind.versioning == "enabled" else 1
        days = _DAYS_KEPT[(number - 1) % len(_DAYS_KEPT)] if left >= takes else None
        name = f"{kind.name}-{number:02}"
        found.append(Retention(name, f"{kind.name}/{number:02}/", days))
        left -= 1 if days is None else takes
    return tuple(found)


def objects_in(bucket: FleetBucket, rules: int) -> tuple[StoredObject, ...]:
    """Of each of the first retentions one that is new, one in between and one that is due two days
    from now, and one that nothing is ever due for.
    """
    found = [StoredObject("README.md", 2_048, 300)]
    for retention in retentions_of(bucket.kind, rules)[:_SEEDED_RETENTIONS]:
        kept = retention.days or 365
        for age in (1, kept // 2, kept - 2):
            size = (64 + age) << 20
            found.append(StoredObject(f"{retention.prefix}age-{age:03}.bin", size, age))
    return tuple(found)


def _id(number: int) -> str:
    """The first of ten begins with 0, the next with 7, and no digit before the last is shared by
    neighbours.
    """
    return f"{(number - 1) * 7 % 10}{600_000_000 + number:011}"


def _waves(accounts: int, waves: int) -> Iterator[int]:
    """Each wave is larger than the one before: of 12 accounts in 3 waves 2, 4 and 6."""
    shares = list(accumulate(range(1, waves + 1)))
    wave = 1
    for number in range(1, accounts + 1):
        if number > max(wave, round(accounts * shares[wave - 1] / shares[-1])):
            wave += 1
        yield min(wave, waves)


def _buckets(account: int, count: int) -> Iterator[FleetBucket]:
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        yield FleetBucket(f"acme-{account:03}-{kind.name}-{number // len(KINDS) + 1:02}", kind)
