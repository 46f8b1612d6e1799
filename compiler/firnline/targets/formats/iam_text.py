"""The policies of IAM for a fleet, explained: which action which command needs, and each policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.targets.aligned import aligned_whole
from firnline.targets.iam.model import AccountAccess, Document, DocumentName, FleetAccess

_INDENT: Final = "    "


def to_text(access: FleetAccess, columns: int) -> str:
    lines = [line for account in access.accounts for line in _account(account, columns)]
    if access.callers:
        lines += ["whoever assumes the roles"]
        lines += [line for each in access.callers for line in _document(each, columns)]
    return "\n".join(lines) + "\n"


def _account(account: AccountAccess, columns: int) -> Iterator[str]:
    role = visible(account.role) if account.role else "no role: your own credentials"
    yield f"{account.label} ({account.id}, {account.partition.value}): {role}"
    for document in account.documents:
        yield from _document(document, columns)
    yield from (f"  note: {each}" for each in account.notes)
    yield ""


def _document(document: Document, columns: int) -> Iterator[str]:
    yield f"  {document.called}: {_purpose(document.name)}"
    size = f"{document.size:,} of {how_many(document.limit, 'character')}"
    yield f"{_INDENT}{document.kind.value}, {size}"
    rows = [
        (each.action, f"{', '.join(each.commands)}{'; optional' if each.without else ''}")
        for each in document.needs
    ]
    if rows:
        yield from (f"{_INDENT}{line}" for line in aligned_whole(rows, columns - len(_INDENT)))
    yield from (f"{_INDENT}note: {each}" for each in document.notes)
    text = json.dumps(document.policy, indent=2, ensure_ascii=False)
    yield from (f"{_INDENT}{line}" for line in text.splitlines())


def _purpose(name: DocumentName) -> str:
    match name:
        case DocumentName.READ:
            return "look which buckets there are and what is live"
        case DocumentName.WRITE:
            return "deploy lifecycle rules"
        case DocumentName.SWEEP:
            return "mark objects that no registry needs"
        case DocumentName.RESTORE:
            return "take marks away again"
        case DocumentName.TRUST:
            return "who may assume the role"
        case DocumentName.SCP:
            return "nobody but the role writes lifecycle rules of these buckets"
        case DocumentName.CALLER:
            return "assume the roles of the fleet"
        case _:
            assert_never(name)
