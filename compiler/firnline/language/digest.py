"""Which files must `firnline resolve` look at again? A digest of what it depends on.

Retentions and labels are not in it: editing a number or renaming an account does not make the
lock stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import assert_never

from firnline.language.account_sources import AccountSource, C7nOrg, Organization
from firnline.language.fingerprint import sha256_of
from firnline.language.fleet import Fleet
from firnline.language.model import Buckets, Policy
from firnline.language.said import Said
from firnline.language.tag import Tag


def lock_digest(fleet: Fleet, policies: Iterable[Policy]) -> str:
    """`sha256:…` of the namespace, accounts, sources, roles, regions and every `applies_to`."""
    ids = {account.label.value: account.id.value for account in fleet.accounts}
    content: dict[str, object] = {
        "namespace": fleet.namespace.value,
        "accounts": sorted(
            [account.id.value, account.role.value if account.role else "", *sorted(account.regions)]
            for account in fleet.accounts
        ),
        "applies_to": sorted(
            {json.dumps(_canonical(policy.applies_to, ids)) for policy in policies}
        ),
    }
    if fleet.sources:
        content["accounts_from"] = sorted(json.dumps(_source(each)) for each in fleet.sources)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256_of(text)}"


def _source(source: AccountSource) -> list[object]:
    regions, exclude = _sorted(source.regions), _sorted(source.exclude)
    match source:
        case Organization():
            named = [_sorted(source.units), _tags(source.tags), source.role_name.value]
            trust = source.external_id.value if source.external_id else ""
            reached = [trust, source.profile] if source.profile else [trust]
            return ["organization", named, regions, exclude, source.wave, *reached]
        case C7nOrg():
            return ["c7n_org", source.file.value, regions, exclude, source.wave]
        case _:
            assert_never(source)


def _tags(tags: Iterable[Tag]) -> list[list[object]]:
    return sorted([tag.key.value, _sorted(tag.values)] for tag in tags)


def _sorted(names: Iterable[Said[str]]) -> list[str]:
    return sorted(name.value for name in names)


def _canonical(applies_to: Iterable[Buckets], ids: dict[str, str]) -> list[list[object]]:
    return sorted(
        [
            sorted(account for label, account in ids.items() if entry.names(label)),
            sorted(region.value for region in entry.regions),
            sorted(name.value for name in entry.included),
            sorted(name.value for name in entry.excluded),
            *([_tags(entry.tags)] if entry.tags else []),
        ]
        for entry in applies_to
    )
