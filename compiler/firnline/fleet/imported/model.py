"""What a policy made of somebody's rules says, and what it could not say."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from firnline.language.model import Markers
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.terms import Bytes, Days, StorageClass, Versioning


@dataclass(frozen=True, slots=True)
class ImportedBucket:
    """What is known of the bucket; nothing is assumed where it is not known (None)."""

    account: str
    name: str
    region: str | None = None
    versioning: Versioning | None = None
    object_lock: bool | None = None


class ImportedMove(NamedTuple):
    after: Days
    into: StorageClass


@dataclass(frozen=True, slots=True)
class ImportedTimeline:
    """The settings of objects, or of noncurrent versions. Of these, `newest` are kept until
    `newest_end`, or for ever.
    """

    moves: tuple[ImportedMove, ...] = ()
    ends: Days | None = None
    newest: int | None = None
    newest_end: Days | None = None


@dataclass(frozen=True, slots=True)
class ImportedRetention:
    """Two are equal where they say the same, whatever they are called and whichever rules said so
    before: `rule_ids`, or where there was none with its filter the rules that are `meeting` there.
    `over` and `under` exclude themselves.
    """

    prefixes: tuple[str, ...]
    objects: ImportedTimeline
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    over: Bytes | None = None
    under: Bytes | None = None
    smallest_move: Bytes | None = None
    old_versions: ImportedTimeline | None = None
    delete_markers: Markers | None = None
    uploads: Days | None = None
    name: str = field(default="", compare=False)
    rule_ids: tuple[str, ...] = field(default=(), compare=False)
    meeting: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A rule that stays as it is, beside ours, and why the policy cannot say what it does."""

    rule: Rule
    reason: str


class Relation(Enum):
    """How what is written by the policy, with the kept rules, relates to what was there; proved."""

    SAME = "same"
    BUT_FOR_EMPTY_OBJECTS = "same but for empty objects"


@dataclass(frozen=True, slots=True)
class ImportedPolicy:
    """Equal where they say the same: `bucket`, comments, and the rules they come from do not count.

    `old_versions`, `delete_markers` and `uploads` are of the whole bucket. `adopts` are the IDs of
    the rules that the policy takes over, those that never acted among them. `compiled` is what is
    written for the bucket: our rules and those that are kept.
    """

    bucket: ImportedBucket = field(compare=False)
    retentions: tuple[ImportedRetention, ...]
    old_versions: ImportedTimeline | None
    delete_markers: Markers | None
    uploads: Days | None
    minimum_size: MinimumSize
    kept: tuple[KeptRule, ...]
    relation: Relation
    adopts: tuple[str, ...] = field(default=(), compare=False)
    comments: tuple[str, ...] = field(default=(), compare=False)
    compiled: RuleSet = field(default=RuleSet(()), compare=False)
