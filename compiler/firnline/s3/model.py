"""A lifecycle configuration as S3 has it: any that S3 can hold, ours or somebody else's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from firnline.s3.scope import Scope
from firnline.s3.terms import Days, RuleStatus, StorageClass, When


class MinimumSize(Enum):
    """The header x-amz-transition-default-minimum-object-size (S3 API, PutBucketLifecycle…)."""

    ALL_128K = "all_storage_classes_128K"
    VARIES = "varies_by_storage_class"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a rule matches: all of these; both size bounds exclude themselves, in bytes, while
    `at_least` and `at_most` are the sizes within them.
    """

    prefix: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    larger_than: int | None = None
    smaller_than: int | None = None

    @property
    def at_least(self) -> int:
        return 0 if self.larger_than is None else self.larger_than + 1

    @property
    def at_most(self) -> int | None:
        return None if self.smaller_than is None else self.smaller_than - 1

    @property
    def scope(self) -> Scope:
        return Scope(self.prefix, self.tags, self.at_least, self.at_most)

    @property
    def joined(self) -> bool:
        """Whether S3 wants the predicates in an `And` element: two or more of them."""
        sizes = sum(bound is not None for bound in (self.larger_than, self.smaller_than))
        return bool(self.prefix) + len(self.tags) + sizes > 1

    @property
    def sized(self) -> bool:
        """Whether it has a size bound, which replaces S3's default floor for transitions."""
        return self.larger_than is not None or self.smaller_than is not None

    def admits_size(self, size: int) -> bool:
        """Whether a size in bytes lies strictly between its bounds."""
        return (self.larger_than is None or size > self.larger_than) and (
            self.smaller_than is None or size < self.smaller_than
        )


@dataclass(frozen=True, slots=True)
class Transition:
    when: When
    storage_class: StorageClass


@dataclass(frozen=True, slots=True)
class NoncurrentTransition:
    after: Days
    storage_class: StorageClass
    newer_versions: int | None = None


@dataclass(frozen=True, slots=True)
class NoncurrentExpiration:
    after: Days
    newer_versions: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    filter: Filter
    enabled: bool = True
    transitions: tuple[Transition, ...] = ()
    expires: When | None = None
    removes_sole_markers: bool = False
    noncurrent_transitions: tuple[NoncurrentTransition, ...] = ()
    noncurrent_expires: NoncurrentExpiration | None = None
    aborts_uploads_after: Days | None = None

    @property
    def status(self) -> RuleStatus:
        return RuleStatus.ENABLED if self.enabled else RuleStatus.DISABLED

    @property
    def does_nothing(self) -> bool:
        """Whether it has no action: S3 refuses such a rule."""
        ends = self.expires, self.noncurrent_expires, self.aborts_uploads_after
        return not self.moves and not self.removes_sole_markers and ends == (None, None, None)

    @property
    def in_order(self) -> Rule:
        """The same rule with its transitions in one order: S3 does not promise to keep theirs."""
        return replace(
            self,
            transitions=tuple(sorted(self.transitions, key=repr)),
            noncurrent_transitions=tuple(sorted(self.noncurrent_transitions, key=repr)),
        )

    @property
    def moves(self) -> bool:
        return bool(self.transitions or self.noncurrent_transitions)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One bucket's configuration."""

    rules: tuple[Rule, ...]
    minimum_size: MinimumSize = MinimumSize.ALL_128K

    @property
    def in_order(self) -> RuleSet:
        """The same rules in one order: S3 does not promise to keep theirs."""
        ordered = sorted((rule.in_order for rule in self.rules), key=repr)
        return replace(self, rules=tuple(ordered))
