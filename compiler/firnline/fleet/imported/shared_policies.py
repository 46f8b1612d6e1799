"""Which buckets can share one policy, and which of its settings differ in some of them?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.units import NEVER

Path = tuple[str, ...]
Value = str | tuple[str, ...]
Settings = Mapping[Path, Value]

MOST_DIFFERENCES: Final = 3
"""More settings than these are no small difference: such a bucket has a policy of its own."""

RETAIN: Final = "retain"
"""Paths of the settings of retentions begin with it, and go on with a scope."""
_ADOPTS, _FOREIGN = "adopts", ("foreign_rules",)
_TIERS: Final = frozenset({"warm_after", "cold_after", "archive_after"})
_OF_A_RETENTION: Final = frozenset(
    {*_TIERS, "delete_after", "smallest_move", "storage_classes", "old_versions", "uploads"}
)
_OF_A_POLICY: Final = frozenset(
    {
        *("storage_classes", "old_versions", "uploads"),
        *("foreign_rules", "minimum_size_default"),
    }
)
# Who reads a policy chooses these; they say nothing of what S3 does.
_FOR_PEOPLE: Final = frozenset({"firnline", "policy", "owner", "why", "applies_to", "review_by"})
# It says again what the lock knows of each bucket.
_ASSERTED: Final = "versioning"


@dataclass(frozen=True, slots=True)
class OwnPolicy:
    """What the policy of one bucket says: `settings` may be overridden, each below its retention's
    scope; in all else that is said, `fixed`, buckets that share a policy are equal. `names` are the
    retentions' by their scopes. `versioning` is what it asserts, `adopts` are the rules of the
    bucket that it takes over, `kept` those that stay.
    """

    account: str
    bucket: str
    fixed: str
    settings: Settings
    names: Mapping[str, str]
    versioning: str | None = None
    adopts: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, str]:
        return self.account, self.bucket


@dataclass(frozen=True, slots=True)
class SharedPolicy:
    """`base` is the policy of one of the members; `overrides` are what it takes to be the policy of
    each of the others, by account and bucket.
    """

    base: OwnPolicy
    members: tuple[OwnPolicy, ...]
    overrides: Mapping[tuple[str, str], Settings] = field(default_factory=dict)

    @property
    def adopts(self) -> tuple[str, ...]:
        """The rules of all members."""
        return tuple(sorted({rule for each in self.members for rule in each.adopts}))

    @property
    def versioning(self) -> str | None:
        """None where it is not the same, or not known, of all."""
        said = {each.versioning for each in self.members}
        return said.pop() if len(said) == 1 else None


def own_policy(
    account: str, bucket: str, said: Mapping[str, Any], kept: Iterable[str] = ()
) -> OwnPolicy:
    """`said` is the policy as data, `kept` are the IDs of rules that stay."""
    settings: dict[Path, Value] = {}
    fixed: dict[str, Any] = {}
    names: dict[str, str] = {}
    for key, value in said.items():
        if key in _OF_A_POLICY:
            settings |= _leaves((key,), value)
        elif key not in _FOR_PEOPLE and key not in (RETAIN, _ADOPTS, _ASSERTED):
            fixed[key] = value
    for name, retention in (said.get(RETAIN) or {}).items():
        others = {k: v for k, v in retention.items() if k not in (*_OF_A_RETENTION, "why")}
        scope = json.dumps(others, sort_keys=True)
        names[scope] = name
        for key in _OF_A_RETENTION & retention.keys():
            settings |= _leaves((RETAIN, scope, key), retention[key])
    fixed[RETAIN] = sorted(names)
    return OwnPolicy(
        account,
        bucket,
        json.dumps(fixed, sort_keys=True),
        settings,
        names,
        said.get(_ASSERTED),
        frozenset(_texts(said.get(_ADOPTS, ()))),
        frozenset(kept),
    )


def shared_policies(policies: Iterable[OwnPolicy]) -> tuple[SharedPolicy, ...]:
    """Each bucket is in one of them. Those that say the same come together, and join the policy
    that most buckets have if they differ from it in few settings.
    """
    found: list[SharedPolicy] = []
    by_fixed: dict[str, list[OwnPolicy]] = defaultdict(list)
    for each in sorted(policies, key=lambda each: each.place):
        by_fixed[each.fixed].append(each)
    for alike in by_fixed.values():
        found += _shared(alike)
    return tuple(sorted(found, key=lambda each: each.members[0].place))


def split(shared: SharedPolicy) -> tuple[SharedPolicy, ...]:
    """Without overrides: only buckets that say the same, and take over the same rules, together."""
    groups: dict[object, list[OwnPolicy]] = defaultdict(list)
    for each in shared.members:
        groups[_key(each.settings), each.versioning].append(each)
    if len(groups) == 1:  # together they are what failed
        return tuple(_with(each, (each,)) for each in shared.members)
    return tuple(_with(group[0], group) for group in groups.values())


def _shared(alike: Sequence[OwnPolicy]) -> Iterable[SharedPolicy]:
    groups: dict[object, list[OwnPolicy]] = defaultdict(list)
    for each in alike:
        groups[_key(each.settings)].append(each)
    left = [each for group in sorted(groups.values(), key=len, reverse=True) for each in group]
    while left:
        base, others, left = left[0], left, []
        members: list[OwnPolicy] = []
        adopted: set[str] = set()
        kept: set[str] = set()
        for each in others:
            # What goes in one bucket may stay in another, but a policy says it of all.
            at_odds = adopted & each.kept or kept & each.adopts
            if at_odds or not _is_near(base, each):
                left.append(each)
                continue
            members.append(each)
            adopted |= each.adopts
            kept |= each.kept
        yield _with(base, members)


def _is_near(base: OwnPolicy, other: OwnPolicy) -> bool:
    overrides = _overrides(base, other)
    return overrides is not None and len(distinct(overrides)) <= MOST_DIFFERENCES


def distinct(settings: Settings) -> Set[object]:
    """What is said of several prefixes is one."""
    return {
        (path[2:] if path[0] == RETAIN else path, path[0], value)
        for path, value in settings.items()
    }


def _with(base: OwnPolicy, members: Sequence[OwnPolicy]) -> SharedPolicy:
    in_order = tuple(sorted(members, key=lambda each: each.place))
    all_of_them = ((each.place, _overrides(base, each)) for each in in_order)
    return SharedPolicy(base, in_order, {place: each for place, each in all_of_them if each})


def _overrides(base: OwnPolicy, other: OwnPolicy) -> Settings | None:
    """What makes `other` of `base`; None where overrides cannot."""
    ours, theirs = base.settings, other.settings
    found: dict[Path, Value] = {}
    for path in (*ours, *(path for path in theirs if path not in ours)):
        before, after = ours.get(path), theirs.get(path)
        if before == after:
            continue
        if after is None and (after := _unset(path)) is None:
            return None
        found[path] = after
    return found


def _unset(path: Path) -> str | None:
    """What undoes a setting; None where nothing does."""
    if path[-1] in _TIERS:
        return str(NEVER)
    return "refuse" if path == _FOREIGN else None


def _texts(said: str | Iterable[str]) -> Iterable[str]:
    return (said,) if isinstance(said, str) else said


def _key(settings: Settings) -> object:
    return frozenset(settings.items())


def _leaves(path: Path, value: Any) -> dict[Path, Value]:
    if not isinstance(value, dict):
        return {path: tuple(map(str, value)) if isinstance(value, list) else str(value)}
    return {
        deeper: leaf
        for key, below in value.items()
        for deeper, leaf in _leaves((*path, key), below).items()
    }
