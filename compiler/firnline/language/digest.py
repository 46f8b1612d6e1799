"""Which files must `firnline resolve` look at again? A digest of what it depends on.

Retentions and labels are not in it: editing a number or renaming an account does not make the
lock stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from firnline.language.fingerprint import sha256_of
from firnline.language.fleet import Fleet
from firnline.language.model import Buckets, Policy


def lock_digest(fleet: Fleet, policies: Iterable[Policy]) -> str:
    """`sha256:…` of the namespace, accounts, roles, regions and every `applies_to`."""
    ids = {account.label.value: account.id.value for account in fleet.accounts}
    content = {
        "namespace": fleet.namespace.value,
        "accounts": sorted(
            [account.id.value, account.role.value if account.role else "", *sorted(account.regions)]
            for account in fleet.accounts
        ),
        "applies_to": sorted(
            {json.dumps(_canonical(policy.applies_to, ids)) for policy in policies}
        ),
    }
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256_of(text)}"


def _canonical(applies_to: Iterable[Buckets], ids: dict[str, str]) -> list[list[object]]:
    return sorted(
        [
            sorted(account for label, account in ids.items() if entry.names(label)),
            sorted(region.value for region in entry.regions),
            sorted(name.value for name in entry.included),
            sorted(name.value for name in entry.excluded),
        ]
        for entry in applies_to
    )
