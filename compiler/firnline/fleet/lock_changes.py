"""Two locks → what changed from one to the other, in lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.language.fleet import Account, Fleet
from firnline.language.lock import Lock, LockedBucket, Ours
from firnline.rules.foreign import foreign_id
from firnline.s3.terms import ObjectLock


def lock_changes(fleet: Fleet, before: Lock | None, new: Lock) -> Iterator[str]:
    """One line for each account and each bucket that is added, removed or changed."""
    yield from _account_changes(before.accounts if before else (), new.accounts)
    labels = {each.id.value: each.label.value for each in fleet.accounts}
    buckets = _by_place(before.buckets if before else ())
    after = _by_place(new.buckets)
    for place in sorted({*buckets, *after}):
        account_id, name = place
        called = f"{labels.get(account_id, account_id)}/{name}"
        old, now = buckets.get(place), after.get(place)
        if now is None:
            yield f"- {called}"
        elif old is None:
            yield f"+ {called}: {now.region}, versioning {now.versioning.value}"
        elif differences := list(_differences(old, now)):
            yield f"~ {called}: {'; '.join(differences)}"
    if before is not None and before.digest.value != new.digest.value:
        yield "~ digest: namespace, accounts, where they are from, or `applies_to` changed"


def _account_changes(old: Iterable[Account], new: Iterable[Account]) -> Iterator[str]:
    before = {account.id.value: account for account in old}
    after = {account.id.value: account for account in new}
    for id in sorted({*before, *after}):
        one, now = before.get(id), after.get(id)
        if now is None:
            assert one is not None
            yield f"- account {one.label.value} ({id}): no longer in {one.source}"
        elif one is None:
            yield f"+ account {now.label.value} ({id}): {now.name}, from {now.source}"
        else:
            was, facts = _account_facts(one), _account_facts(now)
            changed = [
                f"{fact} {was[fact]} → {facts[fact]}" for fact in was if was[fact] != facts[fact]
            ]
            if changed:
                yield f"~ account {now.label.value} ({id}): {'; '.join(changed)}"


def _account_facts(account: Account) -> dict[str, str]:
    return {
        "label": account.label.value,
        "name": account.name,
        "regions": ", ".join(account.regions),
        "role": account.role.value if account.role else "none",
        "external id": account.external_id.value if account.external_id else "none",
        "profile": account.profile or "none",
        "wave": str(account.wave),
        "source": account.source,
    }


def _by_place(buckets: Iterable[LockedBucket]) -> dict[tuple[str, str], LockedBucket]:
    return {bucket.place: bucket for bucket in buckets}


def _differences(old: LockedBucket, new: LockedBucket) -> Iterator[str]:
    before, after = _facts(old), _facts(new)
    for fact in before:
        if before[fact] != after[fact]:
            yield f"{fact} {before[fact]} → {after[fact]}"
    theirs = {foreign_id(rule.value): rule.value for rule in old.foreign}
    now = {foreign_id(rule.value): rule.value for rule in new.foreign}
    for rule_id in sorted({*theirs, *now}):
        if theirs.get(rule_id) != now.get(rule_id):
            became = "is new" if rule_id not in theirs else "changed"
            yield f"foreign rule `{rule_id}` {became if rule_id in now else 'is gone'}"


def _facts(bucket: LockedBucket) -> dict[str, str]:
    return {
        "region": bucket.region,
        "partition": bucket.partition.value,
        "kind": bucket.type.value,
        "versioning": bucket.versioning.value,
        "object lock": ObjectLock.of(bucket.object_lock).value,
        "ours": Ours.of(bucket.covered).value,
        "tags": ", ".join(f"{key}={value}" for key, value in bucket.tags) or "none",
        "minimum size": bucket.minimum_size.value if bucket.minimum_size else "not recorded",
    }
