"""The item of an evaluation case. A field is asked for only where it may decide what S3 does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from firnline.s3.conformance.fields import Fields, NotACase
from firnline.s3.model import Rule, RuleSet
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning

Tags = tuple[tuple[str, str], ...]


def read_item(said: Fields, rules: RuleSet, bucket: BucketState, at: datetime) -> StoredItem:
    """Raises `NotACase` where a field is missing that decides about an item of this kind under
    these rules, or cannot be read. `at` stands for moments that decide nothing.
    """
    kind = _kind(said)
    current = kind is ItemKind.MULTIPART_UPLOAD or _is_current(said)
    # Where versioning was never on there is no such item, and no rule acts on one.
    cannot_be = bucket.versioning is Versioning.OFF and (
        kind is ItemKind.DELETE_MARKER or not current
    )
    idle = bucket.mfa_delete or cannot_be
    acting = (
        each for each in rules.rules if each.enabled and _acts_on(each, kind, current=current)
    )
    reader = _Reader(said, () if idle else tuple(acting), bucket.versioning, at)
    match kind:
        case ItemKind.MULTIPART_UPLOAD:
            return reader.upload()
        case ItemKind.OBJECT_VERSION | ItemKind.DELETE_MARKER:
            return reader.current(kind) if current else reader.noncurrent(kind)
        case _:
            assert_never(kind)


def _kind(said: Fields) -> ItemKind:
    if said.text("type") in ("multipart_upload", "upload"):
        return ItemKind.MULTIPART_UPLOAD
    marker = said.flag("is_delete_marker") or said.text("type") == "delete_marker"
    return ItemKind.DELETE_MARKER if marker else ItemKind.OBJECT_VERSION


def _is_current(said: Fields) -> bool:
    latest = said.flag("is_latest")
    return "noncurrent_since" not in said if latest is None else latest


@dataclass(frozen=True, slots=True)
class _Reader:
    """`rules` are those that act on items of this kind."""

    said: Fields
    rules: tuple[Rule, ...]
    versioning: Versioning
    at: datetime

    def upload(self) -> StoredItem:
        """Of an upload only the key and the day it began count."""
        key = self._key()
        created = self._moment("created", decides=bool(self._under_prefix(key)))
        return StoredItem(key, created, kind=ItemKind.MULTIPART_UPLOAD)

    def current(self, kind: ItemKind) -> StoredItem:
        is_marker = kind is ItemKind.DELETE_MARKER
        key, tags, replication = self._key(), self._tags(kind), self._replication()
        size, acting = self._size(kind, self._matching(key, tags, replication), current=True)
        hidden = self._count("noncurrent_version_count", decides=bool(acting)) if is_marker else 0
        expires = any(each.expires is not None for each in acting)
        destroys = expires and self.versioning is Versioning.OFF
        return StoredItem(
            key=key,
            created=self._moment("created", decides=bool(acting) and not hidden),
            size=size,
            storage_class=self.said.text("storage_class") or "STANDARD",
            tags=tags,
            kind=kind,
            null_version=self._null_version(),
            hidden=hidden,
            retain_until=self._retained(decides=destroys),
            legal_hold=self._legal_hold(),
            replication=replication,
            tier=self._tier(),
        )

    def noncurrent(self, kind: ItemKind) -> StoredItem:
        key, tags, replication = self._key(), self._tags(kind), self._replication()
        size, acting = self._size(kind, self._matching(key, tags, replication), current=False)
        counted = any(_counts_versions(each, kind) for each in acting)
        since = self._moment("noncurrent_since", decides=bool(acting))
        return StoredItem(
            key=key,
            created=self.said.moment("created") or since,
            size=size,
            storage_class=self.said.text("storage_class") or "STANDARD",
            tags=tags,
            kind=kind,
            current=False,
            null_version=self._null_version(),
            noncurrent_since=since,
            newer_noncurrent=self._count("newer_noncurrent_versions", decides=counted),
            retain_until=self._retained(decides=any(map(_ends_old_versions, acting))),
            legal_hold=self._legal_hold(),
            replication=replication,
            tier=self._tier(),
        )

    def _matching(self, key: str, tags: Tags, replication: ReplicationStatus | None) -> list[Rule]:
        if replication is not None and replication.keeps_lifecycle_off:
            return []
        return [each for each in self._under_prefix(key) if set(each.filter.tags) <= set(tags)]

    def _under_prefix(self, key: str) -> list[Rule]:
        return [each for each in self.rules if key.startswith(each.filter.prefix)]

    def _size(self, kind: ItemKind, acting: list[Rule], *, current: bool) -> tuple[int, list[Rule]]:
        """The size, and those of the rules that it admits."""
        if kind is ItemKind.DELETE_MARKER:
            size = 0
        else:
            decides = any(each.filter.sized or _moves(each, current=current) for each in acting)
            size = self._count("size", decides=decides)
        return size, [each for each in acting if each.filter.admits_size(size)]

    def _key(self) -> str:
        key = self.said.text("key")
        if key is None and any(each.filter.prefix for each in self.rules):
            raise self.said.lacks("key")
        return key or ""

    def _moment(self, name: str, *, decides: bool) -> datetime:
        moment = self.said.moment(name)
        if moment is None and decides:
            raise self.said.lacks(name)
        return moment or self.at

    def _count(self, name: str, *, decides: bool) -> int:
        count = self.said.count(name)
        if count is None and decides:
            raise self.said.lacks(name)
        return count or 0

    def _retained(self, *, decides: bool) -> datetime | None:
        lock = self.said.inner("object_lock")
        until = lock.moment("retain_until")
        if until is None and "mode" in lock and not lock.flag("legal_hold") and decides:
            raise lock.lacks("retain_until")
        return until

    def _legal_hold(self) -> bool:
        return bool(self.said.inner("object_lock").flag("legal_hold"))

    def _null_version(self) -> bool:
        said = self.said.text("version_id")
        return said == "null" or (said is None and self.versioning is Versioning.OFF)

    def _replication(self) -> ReplicationStatus | None:
        return self.said.word("replication_status", ReplicationStatus.of)

    def _tier(self) -> AccessTier | None:
        return self.said.word("intelligent_tiering_access_tier", AccessTier.of)

    def _tags(self, kind: ItemKind) -> Tags:
        """As a mapping, or as S3's list of `Key` and `Value`; none where absent."""
        said = self.said.get("tags") or {}
        if kind is ItemKind.DELETE_MARKER:
            return ()
        if isinstance(said, Mapping):
            pairs = list(said.items())
        else:
            try:
                pairs = [(each["Key"], each["Value"]) for each in said]
            except (KeyError, TypeError):
                raise NotACase("`object.tags` is no mapping of keys to values") from None
        if not all(isinstance(each, str) for pair in pairs for each in pair):
            raise NotACase("`object.tags` has a key or a value that is no text")
        return tuple(sorted(pairs))


def _acts_on(rule: Rule, kind: ItemKind, *, current: bool) -> bool:
    match kind:
        case ItemKind.MULTIPART_UPLOAD:
            return rule.aborts_uploads_after is not None
        case ItemKind.DELETE_MARKER if current:
            ends = rule.removes_sole_markers or rule.expires is not None
        case ItemKind.DELETE_MARKER:
            ends = _ends_old_versions(rule)
        case ItemKind.OBJECT_VERSION if current:
            return _moves(rule, current=True) or rule.expires is not None
        case ItemKind.OBJECT_VERSION:
            return _moves(rule, current=False) or _ends_old_versions(rule)
        case _:
            assert_never(kind)
    return ends and not rule.filter.tags and rule.filter.admits_size(0)


def _ends_old_versions(rule: Rule) -> bool:
    return rule.noncurrent_expires is not None


def _moves(rule: Rule, *, current: bool) -> bool:
    return bool(rule.transitions if current else rule.noncurrent_transitions)


def _counts_versions(rule: Rule, kind: ItemKind) -> bool:
    ends = rule.noncurrent_expires
    moves = rule.noncurrent_transitions if kind is ItemKind.OBJECT_VERSION else ()
    return any([*(each.newer_versions for each in moves), ends and ends.newer_versions])
