"""What do all policies together require of a bucket? The union of their retentions, per clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from firnline.diagnostics.position import Span
from firnline.language.model import Clocks, Hold, Markers, Policy, Promise, Retention, Timeline
from firnline.language.said import Said
from firnline.language.units import NEVER, After
from firnline.rules.foreign import ForeignRule, Settled, minimum_size_of, settled
from firnline.s3.law.classes import SMALL_TARGETS
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.scope import Scope, Tags
from firnline.s3.terms import BucketType, Clock, Days, Partition, StorageClass, Versioning


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket that policies apply to; `locked` where its properties come from the lock.

    Without a lock the region may be unknown, and the versioning is what the policies expect.
    `foreign` are the live rules of others, and `minimum_size` what is live beside them; `tags` are
    those whose keys policies name.
    """

    account: str
    account_id: str
    name: str
    region: str | None
    versioning: Versioning | None
    partition: Partition = Partition.AWS
    object_lock: bool = False
    type: BucketType = BucketType.GENERAL_PURPOSE
    locked: bool = False
    foreign: tuple[ForeignRule, ...] = ()
    minimum_size: MinimumSize | None = None
    tags: Tags | None = None

    @property
    def key(self) -> str:
        """`<account label>/<region>/<bucket>`; the region is `*` where it is unknown."""
        return f"{self.account}/{self.region or '*'}/{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One prefix entry of one retention, with one value of each of its tags; or the top level of a
    policy.

    What it implies about delete markers does not count where `markers_said`: where some unit sets
    explicitly what happens to the markers of all its keys, which have no tags.

    Where `holds` suspend its expirations, `before_hold` is what it required before. Where a wider
    clock of noncurrent versions is suspended, it continues for a unit without a hold as a unit that
    `serves` that one, and is a `part` of the clock: they share their rules.

    `minimum_size` is the default for transitions that its policy expects, and `header` the one that
    the bucket has: another policy may say that.

    Equal only to itself, as `Owned` is: comparing whole policies would cost more than all checks.
    """

    policy: Policy
    retention: Retention | None
    scope: Scope
    span: Span
    clocks: Clocks
    markers_said: bool = False
    holds: tuple[Hold, ...] = ()
    before_hold: Clocks | None = None
    serves: Unit | None = None
    part: Unit | None = None
    minimum_size: MinimumSize = MinimumSize.ALL_128K
    header: MinimumSize = MinimumSize.ALL_128K

    @property
    def moves_from(self) -> int:
        """The size in bytes from which on any of its objects move."""
        lines = (self.clocks.objects, self.clocks.old_versions)
        moves = [move for line in lines if line for move in line.moves]
        return min(
            (self.moves_from_into(move.storage_class) for move in moves), default=SMALL_OBJECT
        )

    def moves_from_into(self, storage_class: StorageClass) -> int:
        """The size in bytes from which on its objects move into a class.

        Where the policy says a size, empty objects never do: S3 moves small objects only under a
        size filter, and with a prefix the AWS provider sends one with a lower bound of at least 0,
        which empty objects do not exceed. Else it is S3's default for the bucket.
        """
        said = self.retention.smallest_move if self.retention else None
        if said is not None:
            return max(int(said.value), 1)
        anyhow = self.minimum_size is MinimumSize.VARIES and storage_class in SMALL_TARGETS
        return 0 if anyhow else SMALL_OBJECT

    @property
    def says_its_floor(self) -> bool:
        """Whether its rules must say from which size on objects move: by the bucket's default some
        of its moves would take smaller ones.
        """
        return self.header is not self.minimum_size

    @property
    def waits_for_registries(self) -> bool:
        """Whether no rule deletes its objects, but `firnline gc` those that no registry needs."""
        return self.retention is not None and self.retention.delete_when is not None

    @property
    def unneeded_after(self) -> After | None:
        """From which age on `firnline gc` deletes what no registry needs, where the policy says."""
        by_gc = self.retention.delete_when if self.retention else None
        if by_gc is None or by_gc.least_age is None or self.serves is not None:
            return None
        return by_gc.least_age.value

    @property
    def called(self) -> str:
        if self.retention is None:
            return f"policy `{self.policy.name.value}`"
        return f"`{self.retention.name.value}`"


@dataclass(frozen=True, slots=True, eq=False)
class Owned:
    """One clock of one unit; uploads and delete markers are timelines without transitions.

    `before_hold` is what it required before a hold suspended its expiration; None where no hold
    did.
    """

    unit: Unit
    scope: Scope
    timeline: Timeline
    before_hold: Timeline | None = None

    @property
    def prefix(self) -> str:
        return self.scope.prefix

    @property
    def filter(self) -> tuple[Tags, int, int]:
        """The part of its scope that is not the key."""
        return self.scope.filter

    def requires_the_same_as(self, other: Owned) -> bool:
        """Whether both require the same of an object that both match."""
        return self._settings() == other._settings()

    def _settings(self) -> tuple[object, ...]:
        line = self.timeline
        newest, retention = line.keep_newest, self.unit.retention
        by_gc = retention.delete_when if retention else None
        if self.timeline is not self.unit.clocks.objects:
            by_gc = None
        return (
            by_gc.least_age.value if by_gc and by_gc.least_age else None,
            frozenset(
                (move.storage_class, int(move.after), self.unit.moves_from_into(move.storage_class))
                for move in line.moves
            ),
            line.ends,
            (newest.count, newest.delete_after) if newest else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The same policies for buckets about which the same is known; equal only to itself. It is
    `whole` if every file could be read to its end: otherwise something that seems to be missing may
    exist. `as_of` is the day whose S3 rules apply, by default the newest we know. Where there are
    holds, `units` are what remains under them, and `before_holds` is the program without them.
    """

    namespace: str
    policies: tuple[Policy, ...]
    buckets: tuple[Bucket, ...]
    units: tuple[Unit, ...]
    whole: bool = True
    as_of: date | None = None
    before_holds: Program | None = None

    def at(self, as_of: date | None) -> Program:
        """The program under S3's rules of a day, by default the newest."""
        before = self.before_holds.at(as_of) if self.before_holds else None
        return replace(self, as_of=as_of, before_holds=before)

    @property
    def as_written(self) -> Program:
        """What the policies require, whatever the holds: contradictions are judged on that."""
        return self.before_holds or self

    @property
    def versioning(self) -> Versioning | None:
        return self.buckets[0].versioning

    @property
    def example(self) -> str:
        return self.buckets[0].name

    @property
    def foreign(self) -> Settled:
        """What happens to the live rules of others; the buckets of a program have the same ones."""
        return settled(self.buckets[0].foreign, self.policies)

    @property
    def kept(self) -> tuple[Rule, ...]:
        """Rules of others that are carried verbatim in what is written."""
        return tuple(each.rule for each in self.foreign.kept if each.rule is not None)

    @property
    def going(self) -> tuple[Rule, ...]:
        """Rules of others that what is written replaces."""
        return tuple(each.rule for each in self.foreign.going if each.rule is not None)

    @property
    def minimum_size(self) -> MinimumSize:
        """The default minimum size for transitions that is written with the rules."""
        return minimum_size_of(self.policies)

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every promise that binds these buckets."""
        return tuple(promise for policy in self.policies for promise in policy.promises)

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Every hold that binds these buckets."""
        return tuple(hold for policy in self.policies for hold in policy.holds)

    def owned(self, clock: Clock) -> list[Owned]:
        """Every unit that sets a clock, wider scopes before those they contain.

        Uploads and delete markers have neither tags nor a size that a rule could filter by: they
        are matched by prefix alone.
        """
        by_prefix = clock in (Clock.DELETE_MARKERS, Clock.MULTIPART_UPLOADS)
        found = [
            Owned(
                unit,
                unit.scope.only_prefix() if by_prefix else unit.scope,
                timeline,
                _before_holds(unit, clock),
            )
            for unit in self.units
            if (timeline := timeline_of(unit, clock)) is not None and timeline.whole
        ]
        return sorted(found, key=lambda each: each.scope.place)


def timeline_of(unit: Unit, clock: Clock) -> Timeline | None:
    """What a unit requires of a clock; None where it does not set it."""
    clocks = unit.clocks
    match clock:
        case Clock.OBJECTS:
            return clocks.objects
        case Clock.NONCURRENT_VERSIONS:
            return clocks.old_versions
        case Clock.DELETE_MARKERS:
            return None if unit.serves or unit.markers_said else markers_of(clocks)
        case Clock.MULTIPART_UPLOADS:
            return Timeline(clocks.uploads.span, (), clocks.uploads) if clocks.uploads else None
        case _:
            assert_never(clock)


def markers_of(clocks: Clocks) -> Timeline | None:
    """Delete markers are removed wherever noncurrent versions expire, unless the unit keeps
    them.
    """
    said = clocks.delete_markers
    if said is not None:
        end = Days(0) if said.value is Markers.EXPIRE else NEVER
        return Timeline(said.span, (), Said(end, said.span))
    old = clocks.old_versions
    if old is not None and old.delete is not None and old.ends is not None:
        return Timeline(old.delete.span, (), Said(Days(0), old.delete.span))
    return None


def _before_holds(unit: Unit, clock: Clock) -> Timeline | None:
    """What the unit required of a clock before a hold suspended its expiration; None where no hold
    did.
    """
    if unit.before_hold is None:
        return None
    before_hold = timeline_of(replace(unit, clocks=unit.before_hold), clock)
    return before_hold if before_hold != timeline_of(unit, clock) else None
