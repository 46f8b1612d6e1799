"""A second S3, day by day, in plain loops: written from S3's documentation, not from our simulator.

It shares no code with `firnline`. Each midnight it finds what each rule requires of a version or
upload, by S3's own JSON; there are no due dates here, only "is it old enough this midnight?".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

# S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle": the waterfall.
INTO = {
    "STANDARD_IA": {"STANDARD", "REDUCED_REDUNDANCY"},
    "INTELLIGENT_TIERING": {"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA"},
    "ONEZONE_IA": {"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING"},
    "GLACIER_IR": {"STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING"},
    "GLACIER": {
        *("STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING"),
        *("ONEZONE_IA", "GLACIER_IR"),
    },
    "DEEP_ARCHIVE": {
        *("STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING"),
        *("ONEZONE_IA", "GLACIER_IR", "GLACIER"),
    },
}
# S3 User Guide, "How S3 Lifecycle handles conflicts": which class wins, the last one first.
STRONGER = (
    *("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"),
    *("INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE"),
)
DESTROYS = ("expire", "delete_version", "remove_delete_marker", "abort_upload")


@dataclass
class Version:
    id: str
    created: datetime
    size: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    storage_class: str = "STANDARD"
    is_marker: bool = False
    noncurrent_since: datetime | None = None
    retain_until: datetime | None = None
    legal_hold: bool = False
    deleted: bool = False  # for good by a user, before the clock is advanced


@dataclass
class Upload:
    id: str
    key: str
    created: datetime


@dataclass
class Deed:
    """What was done at a midnight; `wish` is the action and, for a transition, the class."""

    at: datetime
    key: str
    id: str
    wish: tuple[str, str]
    rules: list[str]

    def as_tuple(self) -> tuple[Any, ...]:
        return self.at, self.key, self.id, *self.wish, tuple(sorted(self.rules))


@dataclass
class NaiveWorld:
    """One bucket. `versioning`: "", Enabled or Suspended; each key's oldest version first."""

    versioning: str
    rules: list[dict[str, Any]]
    minimum_size: str
    keys: dict[str, list[Version]]
    uploads: list[Upload]

    def live(self, after: datetime, until: datetime) -> list[Deed]:
        """Through every midnight of that time."""
        deeds: list[Deed] = []
        midnight = datetime(after.year, after.month, after.day, tzinfo=after.tzinfo)
        while midnight <= until:
            if midnight > after:
                for key, versions in list(self.keys.items()):
                    # S3 User Guide, lifecycle elements: the day its successor was created.
                    for older, successor in pairwise(versions):
                        older.noncurrent_since = successor.created
                    deeds += self.one_midnight(key, midnight)
                for upload in list(self.uploads):
                    deeds += self.abort(upload, midnight)
            midnight += timedelta(days=1)
        return deeds

    def one_midnight(self, key: str, now: datetime) -> list[Deed]:
        """All is judged first, as it stands; then all is done."""
        versions = self.keys[key]
        deeds = []
        for place in range(len(versions)):
            wishes = list(self.wishes(key, place, now))
            if wishes:
                wish = max((wish for wish, _ in wishes), key=strength)
                requiring = [rule for other, rule in wishes if other == wish]
                deeds.append(Deed(now, key, versions[place].id, wish, requiring))
        for taken in deeds:
            self.do(taken)
        return deeds

    def do(self, taken: Deed) -> None:
        versions = self.keys[taken.key]
        action, storage_class = taken.wish
        version = next(one for one in versions if one.id == taken.id)
        if action == "transition":
            version.storage_class = storage_class
        elif action == "delete_marker":
            version.noncurrent_since = taken.at
            marker = Version(f"marker of {taken.at}", taken.at, is_marker=True)
            if self.versioning == "Suspended":
                marker.id = "null"
                versions = [one for one in versions if one.id != "null"]
            self.keys[taken.key] = [*versions, marker]
        else:
            self.keys[taken.key] = [one for one in versions if one is not version]

    def abort(self, upload: Upload, now: datetime) -> list[Deed]:
        requiring = []
        for rule in self.rules:
            days = rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation")
            if rule["Status"] != "Enabled" or not upload.key.startswith(prefix_of(rule)):
                continue
            if days is not None and now - upload.created >= timedelta(days=days):
                requiring.append(rule["ID"])
        if not requiring:
            return []
        self.uploads.remove(upload)
        return [Deed(now, upload.key, upload.id, ("abort_upload", ""), requiring)]

    def wishes(self, key: str, place: int, now: datetime) -> Iterator[tuple[tuple[str, str], str]]:
        versions = self.keys[key]
        version = versions[place]
        is_current = place == len(versions) - 1
        for rule in self.rules:
            if rule["Status"] != "Enabled" or not matches(rule, key, version):
                continue
            if not is_current:
                for wish in self.wishes_of_old(rule, version, len(versions) - 2 - place, now):
                    yield wish, rule["ID"]
            elif version.is_marker:
                if len(versions) == 1 and self.marker_goes(rule, version, now):
                    yield ("remove_delete_marker", ""), rule["ID"]
            else:
                for wish in self.wishes_of_current(rule, version, now):
                    yield wish, rule["ID"]

    def wishes_of_current(
        self, rule: dict[str, Any], version: Version, now: datetime
    ) -> Iterator[tuple[str, str]]:
        for move in rule.get("Transitions", []):
            if has_come(move, version, now) and self.may_move(rule, version, move["StorageClass"]):
                yield "transition", move["StorageClass"]
        if has_come(rule.get("Expiration", {}), version, now):
            yield ("delete_marker" if self.versioning else "expire"), ""

    def wishes_of_old(
        self, rule: dict[str, Any], version: Version, newer: int, now: datetime
    ) -> Iterator[tuple[str, str]]:
        """`newer`: how many noncurrent versions of the key are newer."""
        assert version.noncurrent_since is not None
        age = now - version.noncurrent_since
        for move in rule.get("NoncurrentVersionTransitions", []):
            days, kept = move["NoncurrentDays"], move.get("NewerNoncurrentVersions", 0)
            target = move["StorageClass"]
            has_come = age >= timedelta(days=days) and newer >= kept
            if has_come and not version.is_marker and self.may_move(rule, version, target):
                yield "transition", target
        ends = rule.get("NoncurrentVersionExpiration")
        if ends is not None:
            days, kept = ends["NoncurrentDays"], ends.get("NewerNoncurrentVersions", 0)
            retained = version.retain_until is not None and version.retain_until > now
            locked = retained or version.legal_hold
            if age >= timedelta(days=days) and newer >= kept and not locked:
                yield "delete_version", ""

    def marker_goes(self, rule: dict[str, Any], marker: Version, now: datetime) -> bool:
        expiration = rule.get("Expiration", {})
        if expiration.get("ExpiredObjectDeleteMarker"):
            return now >= marker.created
        return has_come(expiration, marker, now)

    def may_move(self, rule: dict[str, Any], version: Version, target: str) -> bool:
        if version.storage_class not in INTO[target]:
            return False
        sizes = [name for name, _ in predicates(rule) if name.startswith("ObjectSize")]
        if version.size >= 128 * 1024 or sizes:
            return True
        return self.minimum_size == "varies_by_storage_class" and target in (
            "GLACIER",
            "DEEP_ARCHIVE",
        )


def strength(wish: tuple[str, str]) -> int:
    """Gone for good before a transition, a transition before a delete marker."""
    action, storage_class = wish
    if action in DESTROYS:
        return 100
    return 1 + STRONGER.index(storage_class) if action == "transition" else 0


def has_come(what: dict[str, Any], version: Version, now: datetime) -> bool:
    if "Date" in what:
        return bool(now >= what["Date"])
    return "Days" in what and now - version.created >= timedelta(days=what["Days"])


def predicates(rule: dict[str, Any]) -> list[tuple[str, Any]]:
    filter = rule["Filter"]
    inside = filter.get("And", filter)
    found = [(name, value) for name, value in inside.items() if name not in ("Tags", "Tag")]
    tags = inside.get("Tags", []) + ([inside["Tag"]] if "Tag" in inside else [])
    return found + [("Tag", tag) for tag in tags]


def prefix_of(rule: dict[str, Any]) -> str:
    return next((value for name, value in predicates(rule) if name == "Prefix"), "")


def matches(rule: dict[str, Any], key: str, version: Version) -> bool:
    for name, value in predicates(rule):
        if name == "Prefix" and not key.startswith(value):
            return False
        if name == "Tag" and version.tags.get(value["Key"]) != value["Value"]:
            return False
        if name == "ObjectSizeGreaterThan" and not version.size > value:
            return False
        if name == "ObjectSizeLessThan" and not version.size < value:
            return False
    return True
