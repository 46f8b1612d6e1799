"""Which configuration of one snapshot is for the same bucket as which of another?

Policies and live buckets are known by account, region and name; a plan knows a bucket by its name,
or only as a resource; a file of one configuration knows nothing of its bucket.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.snapshot_keys import (
    ReadSnapshot,
    is_anywhere,
    is_wanted,
    name_of,
)
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.rules.diff.items import UNNAMED, Snapshot
from firnline.rules.diff.rules_of_others import with_rules_of_others

_LISTED: Final = 10


def matched(
    one: ReadSnapshot, other: ReadSnapshot, only: Sequence[str]
) -> tuple[Snapshot, Snapshot]:
    """The wanted buckets, under the same key where they are the same. Raises `CommandFailed`."""
    for name in only:
        _require_known(name, (one, other))
    only = with_buckets_of(only, (one, other))
    one, other = _narrowed(one, only), _narrowed(other, only)
    pairs = dict(_pairs(one, other))
    for each, another in ((one, other), (other, one)):
        if each.snapshot.keys() == {UNNAMED} and another.snapshot and not pairs:
            raise CommandFailed(
                f"one configuration is compared with {len(another.snapshot)} buckets: say which"
                " one it is for with `--bucket`"
            )
    new_keys = {pair: _clearer(*pair, one, other) for pair in pairs.items()}
    before = _renamed(one.snapshot, {ours: key for (ours, _), key in new_keys.items()})
    after = _renamed(other.snapshot, {theirs: key for (_, theirs), key in new_keys.items()})
    if one.says_all and other.compilation is not None:
        before = with_rules_of_others(before, after)
    return before, after


def with_buckets_of(only: Sequence[str], sides: Sequence[ReadSnapshot]) -> Sequence[str]:
    """The wanted names, and the buckets of those that are resources of a file."""
    buckets = [
        name_of(key)
        for side in sides
        for key, resource in side.resources.items()
        if resource in only and side.names_bucket(key)
    ]
    return [*only, *buckets]


def _pairs(one: ReadSnapshot, other: ReadSnapshot) -> list[tuple[str, str]]:
    """Keys that mean the same bucket and are not equal."""
    if len(one.snapshot) == 1 and len(other.snapshot) == 1:
        (ours,), (theirs,) = one.snapshot, other.snapshot
        if not (one.names_bucket(ours) and other.names_bucket(theirs)):
            return [(ours, theirs)]
    left = [key for key in other.snapshot if key not in one.snapshot]
    found = []
    for ours in (key for key in one.snapshot if key not in other.snapshot):
        same = [key for key in left if _is_same_name(ours, key, one, other)]
        same = same or [key for key in left if _is_same_resource(ours, key, one, other)]
        if len(same) > 1:
            raise CommandFailed(
                f"`{visible(name_of(ours))}` is the name of {len(same)} buckets"
                f" ({', '.join(map(visible, same[:_LISTED]))}): say which one is meant with"
                " `--bucket`"
            )
        if same:
            found.append((ours, same[0]))
    return found


def _is_same_name(ours: str, theirs: str, one: ReadSnapshot, other: ReadSnapshot) -> bool:
    return (
        name_of(ours) == name_of(theirs)
        and (is_anywhere(ours) or is_anywhere(theirs))
        and one.names_bucket(ours)
        and other.names_bucket(theirs)
    )


def _is_same_resource(ours: str, theirs: str, one: ReadSnapshot, other: ReadSnapshot) -> bool:
    """Where one of them does not say which bucket it is for."""
    resource = one.resources.get(ours)
    both_named = one.names_bucket(ours) and other.names_bucket(theirs)
    return bool(resource) and resource == other.resources.get(theirs) and not both_named


def _clearer(ours: str, theirs: str, one: ReadSnapshot, other: ReadSnapshot) -> str:
    """The key that says more of the bucket."""

    def clarity(key: str, side: ReadSnapshot) -> tuple[bool, bool, bool]:
        return not is_anywhere(key), side.names_bucket(key), key != UNNAMED

    return ours if clarity(ours, one) > clarity(theirs, other) else theirs


def _renamed(snapshot: Snapshot, new_keys: dict[str, str]) -> Snapshot:
    return {new_keys.get(key, key): config for key, config in snapshot.items()}


def _narrowed(read: ReadSnapshot, only: Sequence[str]) -> ReadSnapshot:
    """The wanted buckets; the only configuration of a file that names no bucket is for any."""
    is_for_any = len(read.snapshot) == 1 and not any(map(read.names_bucket, read.snapshot))
    snapshot = {
        key: config
        for key, config in read.snapshot.items()
        if is_for_any or is_wanted(key, only, read.resources.get(key, ""))
    }
    return replace(read, snapshot=snapshot)


def _require_known(name: str, sides: Sequence[ReadSnapshot]) -> None:
    keys = {key: side for side in sides for key in (*side.snapshot, *side.resources)}
    if any(is_wanted(key, [name], side.resources.get(key, "")) for key, side in keys.items()):
        return
    if not any(side.names_bucket(key) for key, side in keys.items()):
        return
    names = dict.fromkeys(name_of(key) for key in keys if key != UNNAMED)
    near = did_you_mean(name, names)
    listed = ", ".join(map(visible, list(names)[:_LISTED]))
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    hint = f"; {in_words((near,))}" if near else f": there are {listed}{more}" if names else ""
    compared = all(side.snapshot or side.resources for side in sides)
    lacking = "neither snapshot has a bucket" if compared else "there is no bucket"
    raise CommandFailed(f"{lacking} `{visible(name)}`{hint}")
