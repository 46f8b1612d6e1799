"""A schedule → data, and the digest that tells whether anything in it has changed.

The digest is of the document without its date, itself, and where settings stand in files: as JSON
with sorted keys, without spaces, in ASCII. So it is the same on another day, after a comment, and
after a file was renamed, as long as CODEOWNERS names the same people for it.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from firnline.language.approvals import Approval
from firnline.language.fingerprint import sha256_of
from firnline.language.model import Hold, Policy, Promise
from firnline.language.said import Said
from firnline.language.units import FOREVER
from firnline.language.units import Kept as Promised
from firnline.s3.terms import Clock
from firnline.targets.schedule.approvers import approvals_of, code_owners
from firnline.targets.schedule.model import (
    Approvers,
    BucketRows,
    Ends,
    Kept,
    Row,
    Schedule,
    Setting,
    TierOnTheWay,
)
from firnline.targets.schedule.words import access_of, scope_in_words
from firnline.targets.where_json import where_json

SCHEMA_VERSION = 1
SOURCE = "source"
"""The key of what the digest leaves out, wherever it stands."""


def document_of(schedule: Schedule) -> dict[str, Any]:
    document = {
        "schema_version": SCHEMA_VERSION,
        "today": schedule.today.isoformat(),
        "digest": "",
        "approvals": {
            "reviewed_by": list(schedule.approvers.reviewers),
            "self_approved": schedule.approvers.self_approved,
        },
        "groups": [_group(each, schedule.approvers) for each in schedule.groups],
        "buckets_without_policy": list(schedule.uncovered) if schedule.has_lock else None,
    }
    return document | {"digest": digest_of(document)}


def digest_of(document: dict[str, Any]) -> str:
    content = {key: document[key] for key in document if key not in ("today", "digest")}
    text = json.dumps(_without_sources(content), sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256_of(text)}"


def _without_sources(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_sources(each) for key, each in value.items() if key != SOURCE}
    if isinstance(value, list):
        return [_without_sources(each) for each in value]
    return value


def _group(group: BucketRows, approvers: Approvers) -> dict[str, Any]:
    keys = [bucket.key for bucket in group.buckets]
    return {
        "buckets": keys,
        "known_by": group.known_by.value,
        "versioning": group.versioning.value if group.versioning else None,
        "object_lock": group.object_lock,
        "rows": [_row(row, keys, approvers) for row in group.rows],
    }


def _row(row: Row, keys: list[str], approvers: Approvers) -> dict[str, Any]:
    return {
        "prefix": row.prefix,
        "scope": {
            "text": scope_in_words(row, most=None),
            "places": [where_json(each) for each in row.where],
        },
        "owners": list(dict.fromkeys(each.owner for each in row.settings)),
        "objects": _setting(row.objects),
        "old_versions": _setting(row.old_versions),
        "days": _ends(row.ends),
        "days_without_holds": _ends(row.without_holds) if row.without_holds else None,
        "tiers": [_tier(each) for each in row.tiers],
        "promises": [_promise(*each) for each in row.promises],
        "holds": [_hold(*each) for each in row.holds],
        "registries": list(row.registries),
        "kept_rules": list(row.kept),
        "uploads_max": row.uploads,
        "code_owners": list(code_owners(row, approvers)),
        "approvals": [_approval(each) for each in approvals_of(row, keys, approvers)],
    }


def _setting(setting: Setting | None) -> dict[str, Any] | None:
    if setting is None:
        return None
    return {
        "policy": setting.policy,
        "retention": setting.retention,
        "owner": setting.owner,
        "why": setting.why,
        SOURCE: f"{setting.path}:{setting.line}",
    }


def _ends(ends: Ends) -> dict[str, Any]:
    return {
        "readable": _kept(ends.readable),
        "bytes": _kept(ends.bytes),
        "old_versions": _kept(ends.old_versions),
    }


def _kept(kept: Kept) -> dict[str, Any]:
    return {
        "min": kept.least,
        "max": kept.most,
        "no_max_because": kept.unbounded.value if kept.unbounded else None,
        "max_by_rules": kept.by_rules,
        "from_date": kept.from_date.isoformat() if kept.from_date else None,
    }


def _tier(tier: TierOnTheWay) -> dict[str, Any]:
    return {
        "of": "objects" if tier.clock is Clock.OBJECTS else "old-versions",
        "storage_class": tier.storage_class,
        "after_days": None if isinstance(tier.after, date) else tier.after,
        "from_date": tier.after.isoformat() if isinstance(tier.after, date) else None,
        "from_bytes": tier.from_bytes,
        "except_newest": tier.newest,
        "access": access_of(tier.storage_class).value,
    }


def _promise(policy: Policy, promise: Promise) -> dict[str, Any]:
    gone = promise.gone_within
    return {
        "policy": policy.name.value,
        "name": promise.name.value,
        "owner": policy.owner.value,
        "keep_at_least": _promised(promise.keep_at_least),
        "old_versions_at_least": _promised(promise.old_versions_at_least),
        "gone_within": int(gone.value) if gone else None,
        SOURCE: f"{promise.name.span.path}:{promise.name.span.line}",
    }


def _promised(said: Said[Promised] | None) -> int | str | None:
    if said is None:
        return None
    return "forever" if said.value is FOREVER else int(said.value)


def _hold(policy: Policy, hold: Hold) -> dict[str, Any]:
    return {
        "policy": policy.name.value,
        "name": hold.name.value,
        "owner": policy.owner.value,
        "prefixes": [prefix.value for prefix in hold.prefixes],
        "why": hold.why,
        "approved_by": hold.approved_by,
        "ask_again": hold.ask_again.value.isoformat() if hold.ask_again else None,
        SOURCE: f"{hold.name.span.path}:{hold.name.span.line}",
    }


def _approval(approval: Approval) -> dict[str, Any]:
    return {
        "retention": approval.retention,
        "codes": list(approval.codes),
        "by": approval.by,
        "ticket": approval.ticket,
        "until": approval.until.value.isoformat(),
        SOURCE: f"{approval.span.path}:{approval.span.line}",
    }
