"""An evaluation case: what is due on this object at this moment?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.s3.conformance.fields import Fields, NotACase
from firnline.s3.conformance.item import read_item
from firnline.s3.conformance.outcome import CaseKind, Outcome
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import Unreadable, read_rules
from firnline.s3.simulate.action_due import ActionDue, action_due
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning

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

    Absent optional fields have the format's defaults.
    """
    said = fields.inner("bucket")
    try:
        header = said.text("transition_default_minimum_object_size")
        rules = read_rules(fields.need("rules"), header, path="rules")
    except Unreadable as problem:
        raise NotACase(str(problem)) from None
    bucket = BucketState(_versioning(said), mfa_delete=bool(said.flag("mfa_delete")))
    at = fields.moment("at")
    if at is None:
        raise fields.lacks("at")
    fields.need("object")
    return rules, bucket, read_item(fields.inner("object"), rules, bucket, at), at


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
