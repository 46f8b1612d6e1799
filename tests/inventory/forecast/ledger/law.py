"""What does S3 do with one version at one midnight? Asked anew each midnight: "is it old enough?"

Written from S3's documentation, and shares no code with `firnline`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from typing import NamedTuple

from tests.inventory.forecast.ledger.stored import Rule, Upload, Version, World

DAY = timedelta(days=1)
SMALL = 131_072  # bytes; S3 User Guide, "Transitioning objects": smaller ones stay by default
TIERED_SMALL = 131_072  # bytes; smaller ones are neither monitored nor tiered
INFREQUENT_AFTER, ARCHIVE_INSTANT_AFTER = 30, 90  # days without a read in INTELLIGENT_TIERING

# S3 User Guide, "Supported transitions".
_COLD = ("INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE")
MAY_MOVE_TO = {
    "STANDARD": ("STANDARD_IA", *_COLD),
    "REDUCED_REDUNDANCY": ("STANDARD_IA", *_COLD),
    "STANDARD_IA": _COLD,
    "INTELLIGENT_TIERING": ("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "ONEZONE_IA": ("GLACIER", "DEEP_ARCHIVE"),
    "GLACIER_IR": ("GLACIER", "DEEP_ARCHIVE"),
    "GLACIER": ("DEEP_ARCHIVE",),
    "DEEP_ARCHIVE": (),
}
# S3 User Guide, "Conflicting lifecycle rules": of several classes the last one here wins.
STRONGER = (
    *("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"),
    *("INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE"),
)


class Action(Enum):
    """The one that comes first wins over the later ones."""

    DELETE = "delete"
    TRANSITION = "transition"
    ADD_MARKER = "add marker"


class Day(NamedTuple):
    """What was stored on a day, numbered from the first midnight, after days in its class."""

    number: int
    storage_class: str
    bytes: int
    stayed: int


@dataclass
class Tracked:
    """A version at some midnight; `entered` is the midnight that began its time in its class."""

    version: Version
    storage_class: str
    entered: datetime
    rules: Sequence[Rule]
    days: list[Day] = field(default_factory=list)


def midnight_from(moment: datetime) -> datetime:
    """The next midnight UTC; a midnight is its own."""
    midnight = datetime.combine(moment.astimezone(UTC).date(), time(), UTC)
    return midnight if midnight == moment else midnight + DAY


def track(key: str, version: Version, world: World) -> Tracked:
    since = version.in_class_since or version.created
    tags = {} if version.marker else version.tags
    rules = [rule for rule in world.rules if _matches(rule, key, version.size, tags)]
    return Tracked(version, version.storage_class, midnight_from(since), rules)


def is_aborted(upload: Upload, at: datetime, world: World) -> bool:
    return any(
        _is_old(upload.initiated, at, rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        for rule in world.rules
        if "AbortIncompleteMultipartUpload" in rule and _matches(rule, upload.key, 0, {})
    )


def action_at(
    at: datetime, stack: Sequence[Tracked], place: int, world: World
) -> tuple[Action | None, str]:
    """What S3 does with the version in this place of its key's versions, and the class it moves to.

    `stack` has the oldest first, as it was just before this midnight.
    """
    tracked = stack[place]
    if tracked.version.awaits_replication:
        return None, ""
    if place == len(stack) - 1:
        wanted = set(_wanted_of_current(at, tracked, len(stack) == 1, world))
    elif world.versioning:
        since = stack[place + 1].version.created
        newer = len(stack) - place - 2  # the current version does not count
        wanted = set(_wanted_of_noncurrent(at, tracked, since, newer, world))
    else:
        raise AssertionError("a bucket without versioning has one version of a key")
    for action in Action:
        targets = [target for each, target in wanted if each is action]
        if targets:
            return action, max(targets, key=("", *STRONGER).index)
    return None, ""


def _wanted_of_current(
    at: datetime, tracked: Tracked, alone: bool, world: World
) -> Iterator[tuple[Action, str]]:
    version = tracked.version
    for rule in tracked.rules:
        end = rule.get("Expiration", {})
        ends = ("Days" in end and _is_old(version.created, at, end["Days"])) or (
            "Date" in end and end["Date"] <= at
        )
        if version.marker:
            if alone and (ends or end.get("ExpiredObjectDeleteMarker")):
                yield Action.DELETE, ""
            continue
        if ends:
            yield Action.ADD_MARKER if world.versioning else Action.DELETE, ""
        for step in rule.get("Transitions", ()):
            due = (
                step["Date"] <= at if "Date" in step else _is_old(version.created, at, step["Days"])
            )
            if due and _may_move(at, tracked, step["StorageClass"], rule, world):
                yield Action.TRANSITION, step["StorageClass"]


def _wanted_of_noncurrent(
    at: datetime, tracked: Tracked, since: datetime, newer: int, world: World
) -> Iterator[tuple[Action, str]]:
    lock = tracked.version.locked_until
    for rule in tracked.rules:
        end = rule.get("NoncurrentVersionExpiration")
        if end and _is_past(end, since, newer, at) and not (lock and at < lock):
            yield Action.DELETE, ""
        for step in rule.get("NoncurrentVersionTransitions", ()):
            may_move = _may_move(at, tracked, step["StorageClass"], rule, world)
            if may_move and not tracked.version.marker and _is_past(step, since, newer, at):
                yield Action.TRANSITION, step["StorageClass"]


def _is_past(step: Rule, since: datetime, newer: int, at: datetime) -> bool:
    """S3 keeps N noncurrent versions: one with N newer noncurrent ones is not among them."""
    old = _is_old(since, at, step["NoncurrentDays"])
    return old and newer >= int(step.get("NewerNoncurrentVersions", 0))


def _is_old(since: datetime, at: datetime, days: int) -> bool:
    return (at - midnight_from(since)).days >= days


def _may_move(at: datetime, tracked: Tracked, target: str, rule: Rule, world: World) -> bool:
    if target not in MAY_MOVE_TO[tracked.storage_class]:
        return False
    if tracked.storage_class == "INTELLIGENT_TIERING" and target == "ONEZONE_IA":
        tiered = tracked.version.size >= TIERED_SMALL
        if tiered and (at - tracked.entered).days >= ARCHIVE_INSTANT_AFTER:
            return False
    if tracked.version.size >= SMALL or _has_a_size(rule):
        return True
    return world.minimum_size == "varies_by_storage_class" and target in ("GLACIER", "DEEP_ARCHIVE")


def _has_a_size(rule: Rule) -> bool:
    terms = _terms(rule)
    return "ObjectSizeGreaterThan" in terms or "ObjectSizeLessThan" in terms


def _matches(rule: Rule, key: str, size: int, tags: Mapping[str, str]) -> bool:
    terms = _terms(rule)
    wanted = [*terms.get("Tags", ()), *([terms["Tag"]] if "Tag" in terms else ())]
    return (
        rule["Status"] == "Enabled"
        and key.startswith(terms.get("Prefix", ""))
        and all(tags.get(tag["Key"]) == tag["Value"] for tag in wanted)
        and ("ObjectSizeGreaterThan" not in terms or size > terms["ObjectSizeGreaterThan"])
        and ("ObjectSizeLessThan" not in terms or size < terms["ObjectSizeLessThan"])
    )


def _terms(rule: Rule) -> Rule:
    terms: Rule = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    alone: Rule = terms.get("And", terms)
    return alone
