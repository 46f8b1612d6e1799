"""What a retention says, as the keys and values of a policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from firnline.fleet.imported.model import ImportedPolicy, ImportedRetention, ImportedTimeline
from firnline.fleet.imported.tiers import Classes, Moves, classes_of, tiers_of
from firnline.language.edit_map import Value
from firnline.language.pyyaml import as_name
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.language.units import NEVER, parse_duration
from firnline.s3.terms import Days

Settings = Mapping[str, Value]


def settings_of(retention: ImportedRetention, classes: Classes = DEFAULT_CLASSES) -> Settings:
    """In the order of the schema; `classes` are those that the policy sets for all of it."""
    old = retention.old_versions
    moves = retention.objects.moves, (old.moves if old else ())
    tiers = tiers_of(*moves)
    assert tiers is not None, "what has no tiers is not said"
    said: dict[str, Value] = {"prefix": _one_or_list(retention.prefixes)}
    if retention.tags:
        said["tags"] = {as_name(key): _one_or_list(values) for key, values in retention.tags}
    sizes = {"over": retention.over, "under": retention.under}
    if size := {key: str(each) for key, each in sizes.items() if each is not None}:
        said["size"] = size
    if retention.smallest_move is not None:
        said["smallest_move"] = str(retention.smallest_move)
    if others := _others(classes_of(tiers, moves), classes):
        said["storage_classes"] = others
    said |= _timeline(retention.objects, tiers[0])
    if old is not None:
        said["old_versions"] = _timeline(old, tiers[1])
    if retention.delete_markers is not None:
        said["delete_markers"] = retention.delete_markers.value
    if retention.uploads is not None:
        said["uploads"] = {"abort_after": duration(retention.uploads)}
    return said


def settings_of_bucket(policy: ImportedPolicy) -> Settings:
    """What is said of the whole bucket, outside of retentions."""
    said: dict[str, Value] = {}
    if policy.old_versions is not None:
        tiers = tiers_of(policy.old_versions.moves)
        assert tiers is not None, "what has no tiers is not said"
        said["old_versions"] = _timeline(policy.old_versions, tiers[0])
    if policy.delete_markers is not None:
        said["delete_markers"] = policy.delete_markers.value
    if policy.uploads is not None:
        said["uploads"] = {"abort_after": duration(policy.uploads)}
    return said


def classes_for(policy: ImportedPolicy) -> Classes:
    """The classes behind tiers that are best set once for the whole policy: those that most of it
    uses. What is said of the whole bucket decides, as it cannot say its own.
    """
    used: dict[str, Counter[str]] = {tier: Counter() for tier in DEFAULT_CLASSES}
    for each in policy.retentions:
        old = each.old_versions
        _count(used, (each.objects.moves, old.moves if old else ()))
    classes = {
        tier: max(counted, key=lambda into: (counted[into], into == DEFAULT_CLASSES[tier]))
        if counted
        else str(DEFAULT_CLASSES[tier])
        for tier, counted in used.items()
    }
    if policy.old_versions is not None:
        moves = policy.old_versions.moves
        tiers = tiers_of(moves)
        assert tiers is not None, "what has no tiers is not said"
        classes |= classes_of(tiers, (moves, ()))
    return classes


def duration(days: Days) -> str:
    """In years where it is a number of them, as a policy counts them."""
    years = days * 4 // 1461
    whole = years and parse_duration(f"{years}y") == days
    return f"{years}y" if whole else str(days)


def _one_or_list(values: tuple[str, ...]) -> Value:
    names = tuple(map(as_name, values))
    return names[0] if len(names) == 1 else names


def _timeline(said: ImportedTimeline, tiers: tuple[str, ...]) -> dict[str, Value]:
    found: dict[str, Value] = {
        f"{tier}_after": duration(move.after) for tier, move in zip(tiers, said.moves, strict=True)
    }
    found["delete_after"] = str(NEVER) if said.ends is None else duration(said.ends)
    if said.newest is not None and said.newest_end is not None:
        until = duration(said.newest_end)
        found["keep_newest"] = {"count": str(said.newest), "delete_after": until}
    elif said.newest is not None:
        found["keep_newest"] = str(said.newest)
    return found


def _others(used: Mapping[str, str], classes: Classes) -> dict[str, Value]:
    return {tier: into for tier, into in used.items() if classes[tier] != into}


def _count(used: Mapping[str, Counter[str]], moves: tuple[Moves, Moves]) -> None:
    tiers = tiers_of(*moves)
    assert tiers is not None, "what has no tiers is not said"
    for tier, into in classes_of(tiers, moves).items():
        used[tier][into] += 1
