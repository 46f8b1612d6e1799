"""An evaluation case: what is due on this object at this moment?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.s3.conformance.fields import Fields, NotACase
from firnline.s3.conformance.outcome import CaseKind, Outcome
from firnline.s3.model import Rule, RuleSet
from firnline.s3.read_shape import Unreadable, read_rules
from firnline.s3.simulate.action_due import ActionDue, action_due
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning

_VERSIONING: Final = {
    "": Versioning.OFF,
    "off": Versioning.OFF,
    "unversioned": Versioning.OFF,
    "disabled": Versioning.OFF,
    "enabled": Versioning.ENABLED,
    "suspended": Versioning.SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class Expected:
    """The action that is due; a moment where the case says one."""

    action: LifecycleAction
    storage_class: str | None
    due: datetime | None


def judge_evaluation(case: Mapping[str, object]) -> Outcome:
    """Raises `NotACase`."""
    fields = Fields(case)
    rules, bucket, item, at = read_question(fields)
    expected = _expected(fields)
    found = action_due(rules, bucket, item, at)
    agrees = (
        found.action is expected.action
        and found.storage_class == expected.storage_class
        and (expected.due is None or found.due == expected.due)
    )
    return Outcome.of(
        fields,
        CaseKind.EVALUATION,
        agrees,
        expected=_in_words(expected.action, expected.storage_class, expected.due),
        found=_in_words(found.action, found.storage_class, _due(found, expected)),
    )


def read_question(fields: Fields) -> tuple[RuleSet, BucketState, StoredItem, datetime]:
    """The question of a case: rules, bucket, item and moment. Raises `NotACase`.

    Absent optional fields have the format's defaults. A field that decides the answer under these
    rules must be present.
    """
    said = fields.inner("bucket")
    try:
        header = said.text("transition_default_minimum_object_size")
        rules = read_rules(fields.need("rules"), header, path="rules")
    except Unreadable as problem:
        raise NotACase(str(problem)) from None
    bucket = BucketState(_versioning(said), mfa_delete=bool(said.flag("mfa_delete")))
    at = fields.moment("at")
    fields.need("object")
    item = _Reader(fields.inner("object"), rules, bucket).item()
    if at is None:
        raise fields.lacks("at")
    return rules, bucket, item, at


def _versioning(bucket: Fields) -> Versioning:
    said = str(bucket.get("versioning") or "").lower()
    if said not in _VERSIONING:
        raise NotACase(f"`bucket.versioning` is {bucket.get('versioning')!r}, not as S3 says it")
    return _VERSIONING[said]


def _expected(fields: Fields) -> Expected:
    fields.need("expected")
    said = fields.inner("expected")
    try:
        action = LifecycleAction(said.need("action"))
    except ValueError:
        raise NotACase(f"`expected.action` is {said.get('action')!r}, no action") from None
    if action is LifecycleAction.TRANSITION:
        said.need("storage_class")
    moves_to = said.text("storage_class") if action is LifecycleAction.TRANSITION else None
    return Expected(action, moves_to, said.moment("due"))


@dataclass(frozen=True, slots=True)
class _Reader:
    said: Fields
    rules: RuleSet
    bucket: BucketState

    def item(self) -> StoredItem:
        created = self._created()
        key, kind, lock = self.said.text("key"), self._sort(), self.said.inner("object_lock")
        if key is None:
            raise self.said.lacks("key")
        current = self._current()
        return StoredItem(
            key=key,
            created=created,
            size=self._size() if kind is ItemKind.OBJECT_VERSION else 0,
            storage_class=self.said.text("storage_class") or "STANDARD",
            tags=self._tags() if kind is ItemKind.OBJECT_VERSION else (),
            kind=kind,
            current=current,
            null_version=self._null_version(),
            noncurrent_since=None if current else self._replaced(created),
            newer_noncurrent=0 if current else self._newer(),
            hidden=self._hidden() if kind is ItemKind.DELETE_MARKER and current else 0,
            retain_until=_retained(lock),
            legal_hold=bool(lock.flag("legal_hold")),
            replication=self.said.word("replication_status", ReplicationStatus.of),
            tier=self.said.word("intelligent_tiering_access_tier", AccessTier.of),
        )

    def _created(self) -> datetime:
        """Irrelevant for an old version: its clocks begin when it became noncurrent."""
        created = self.said.moment("created")
        if created is None and not self._current():
            created = self.said.moment("noncurrent_since")
        if created is None:
            raise self.said.lacks("created")
        return created

    def _sort(self) -> ItemKind:
        if self.said.text("type") in ("multipart_upload", "upload"):
            return ItemKind.MULTIPART_UPLOAD
        marker = self.said.flag("is_delete_marker") or self.said.text("type") == "delete_marker"
        return ItemKind.DELETE_MARKER if marker else ItemKind.OBJECT_VERSION

    def _current(self) -> bool:
        said = self.said.flag("is_latest")
        return "noncurrent_since" not in self.said if said is None else said

    def _null_version(self) -> bool:
        said = self.said.text("version_id")
        return said == "null" or (said is None and self.bucket.versioning is Versioning.OFF)

    def _replaced(self, created: datetime) -> datetime:
        moment = self.said.moment("noncurrent_since")
        if moment is None and self._any(_ends_old_versions, _moves_old_versions):
            raise self.said.lacks("noncurrent_since")
        return moment or created

    def _newer(self) -> int:
        count = self.said.count("newer_noncurrent_versions")
        if count is None and self._any(_counts_versions):
            raise self.said.lacks("newer_noncurrent_versions")
        return count or 0

    def _hidden(self) -> int:
        count = self.said.count("noncurrent_version_count")
        if count is None and self._any(_expires):
            raise self.said.lacks("noncurrent_version_count")
        return count or 0

    def _size(self) -> int:
        size = self.said.count("size")
        if size is None and self._any(_depends_on_size):
            raise self.said.lacks("size")
        return size or 0

    def _tags(self) -> tuple[tuple[str, str], ...]:
        """As a mapping, or as S3's list of `Key` and `Value`; none where absent."""
        said = self.said.get("tags") or {}
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

    def _any(self, *questions: object) -> bool:
        """Whether one of these questions is true of an enabled rule, in a bucket where lifecycle
        acts.
        """
        if self.bucket.mfa_delete:
            return False
        predicates = [each for each in questions if callable(each)]
        return any(
            rule.enabled and is_true(rule) for rule in self.rules.rules for is_true in predicates
        )


def _retained(lock: Fields) -> datetime | None:
    until = lock.moment("retain_until")
    if until is None and "mode" in lock and not lock.flag("legal_hold"):
        raise lock.lacks("retain_until")
    return until


def _ends_old_versions(rule: Rule) -> bool:
    return rule.noncurrent_expires is not None


def _moves_old_versions(rule: Rule) -> bool:
    return bool(rule.noncurrent_transitions)


def _counts_versions(rule: Rule) -> bool:
    ends = rule.noncurrent_expires
    counts = [each.newer_versions for each in rule.noncurrent_transitions]
    return any([*counts, ends and ends.newer_versions])


def _expires(rule: Rule) -> bool:
    return rule.removes_sole_markers or rule.expires is not None


def _depends_on_size(rule: Rule) -> bool:
    return rule.filter.sized or rule.moves


def _due(found: ActionDue, expected: Expected) -> datetime | None:
    """Only where the case states one."""
    return found.due if expected.due is not None else None


def _in_words(action: LifecycleAction, storage_class: str | None, due: datetime | None) -> str:
    parts = [action.value]
    if storage_class:
        parts.append(f"to {storage_class}")
    if due:
        parts.append(f"due {due:%Y-%m-%dT%H:%M:%SZ}")
    return " ".join(parts)
