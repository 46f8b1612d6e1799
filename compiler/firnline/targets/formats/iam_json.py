"""The policies of IAM for a fleet, as data: versioned (`firnline schema iam`)."""

from __future__ import annotations

import json
from typing import Any

from firnline.targets.iam.model import AccountAccess, Document, FleetAccess
from firnline.targets.iam.needs import Need

SCHEMA_VERSION = 1


def to_json(access: FleetAccess) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "accounts": [_account(each) for each in access.accounts],
        "callers": [_document(each) for each in access.callers],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _account(account: AccountAccess) -> dict[str, Any]:
    return {
        "label": account.label,
        "id": account.id,
        "partition": account.partition.value,
        "role": account.role,
        "documents": [_document(each) for each in account.documents],
        "notes": list(account.notes),
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "name": document.called,
        "kind": document.kind.value,
        "characters": document.size,
        "limit": document.limit,
        "needs": [_need(each) for each in document.needs],
        "notes": list(document.notes),
        "policy": document.policy,
    }


def _need(need: Need) -> dict[str, Any]:
    return {
        "action": need.action,
        "on": need.on.value,
        "commands": list(need.commands),
        "without": need.without or None,
    }
