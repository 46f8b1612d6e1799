"""Which policies apply to which buckets? A folder → one program per group of buckets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from firnline.language.coverage_index import CoverageIndex
from firnline.language.fleet import Account, Leave
from firnline.language.lock import LockedBucket
from firnline.language.model import Buckets, Folder, Policy, matches
from firnline.rules.foreign import foreign_rule
from firnline.rules.program import Bucket, Program
from firnline.rules.unite import program_for
from firnline.s3.terms import BucketType, Versioning

NO_FLEET = "default"
"""The namespace of rules compiled without a fleet file."""


def programs_of(folder: Folder) -> Iterator[Program]:
    """One program for all buckets that the same policies cover and about which the same is known.

    The buckets are the lock's. Without a lock, and for a policy that covers none of the lock's, the
    names in `applies_to` count as buckets, so that everything is checked.
    """
    namespace = namespace_of(folder)
    index = CoverageIndex(folder.policies)
    known = {bucket: _policies_for(bucket, index) for bucket in locked_buckets(folder)}
    covering_any = {policy.name for policies in known.values() for policy in policies}
    idle = [policy for policy in folder.policies if policy.name not in covering_any]
    known |= {_expected(bucket, policies): policies for bucket, policies in _named(idle, folder)}
    groups: dict[tuple[object, ...], list[Bucket]] = defaultdict(list)
    for bucket, policies in known.items():
        kind = (bucket.partition, bucket.type, bucket.object_lock, bucket.locked)
        theirs = (bucket.foreign, bucket.minimum_size)
        groups[(tuple(map(id, policies)), bucket.versioning, *kind, *theirs)].append(bucket)
    for buckets in groups.values():
        if known[buckets[0]]:
            policies = known[buckets[0]]
            yield program_for(namespace, policies, tuple(buckets), whole=folder.whole)


def namespace_of(folder: Folder) -> str:
    return folder.fleet.namespace.value if folder.fleet else NO_FLEET


def locked_buckets(folder: Folder) -> Iterator[Bucket]:
    """The lock's buckets in the accounts and regions of the fleet file."""
    if folder.lock is None or folder.fleet is None:
        return
    for locked in folder.lock.buckets:
        if (account := folder.fleet.manages(locked)) is not None:
            yield _bucket(locked, account)


def cleared_buckets(folder: Folder) -> Iterator[Bucket]:
    """Buckets that the fleet file releases with `leave: clear`, in whatever region of a listed
    account."""
    if folder.lock is None or folder.fleet is None:
        return
    for locked in folder.lock.buckets:
        release = folder.fleet.released(*locked.place)
        if release is not None and release.leave is Leave.CLEAR:
            account = folder.fleet.account_with(locked.account_id)
            assert account is not None, "a release that clears needs the account (FL109)"
            yield _bucket(locked, account)


def _bucket(locked: LockedBucket, account: Account) -> Bucket:
    return Bucket(
        account=account.label.value,
        account_id=locked.account_id,
        name=locked.name.value,
        region=locked.region,
        versioning=locked.versioning,
        partition=locked.partition,
        object_lock=locked.object_lock,
        type=locked.type,
        locked=True,
        foreign=tuple(map(foreign_rule, locked.foreign)),
        minimum_size=locked.minimum_size,
        tags=locked.tags,
    )


def _policies_for(bucket: Bucket, index: CoverageIndex) -> tuple[Policy, ...]:
    covering = index.covering(bucket.account, bucket.name, bucket.region, bucket.tags)
    return tuple(policy.for_bucket(bucket.account, bucket.name) for policy in covering)


def _named(policies: list[Policy], folder: Folder) -> Iterator[tuple[Bucket, tuple[Policy, ...]]]:
    """Every name in a policy, with the policies that would cover a bucket of that name. A name that
    its own policy also excludes is still a bucket of that policy.
    """
    index = CoverageIndex(policies)
    seen = set()
    for policy in policies:
        for bucket in _named_by(policy, folder):
            if bucket not in seen:
                seen.add(bucket)
                yield bucket, _policies_for(bucket, index) or (policy,)


def _named_by(policy: Policy, folder: Folder) -> Iterator[Bucket]:
    for entry, label in _labelled(policy, folder):
        account = folder.fleet.account(label) if folder.fleet else None
        regions = [said.value for said in entry.regions] or (account.regions if account else ())
        for name in [said.value for said in entry.included] or ["*"]:
            yield Bucket(
                account=label,
                account_id=account.id.value if account else "",
                name=name,
                region=regions[0] if len(regions) == 1 else None,
                versioning=None,
                type=BucketType.of_name(name),
            )


def _labelled(policy: Policy, folder: Folder) -> Iterator[tuple[Buckets, str]]:
    """Each entry with each label that it means; a pattern that matches none stays as it is."""
    known = [account.label.value for account in (folder.fleet.accounts if folder.fleet else ())]
    for entry in policy.applies_to:
        for said in entry.accounts:
            met = [label for label in known if matches(label, said.value)]
            yield from ((entry, label) for label in met or [said.value])


def _expected(bucket: Bucket, policies: Iterable[Policy]) -> Bucket:
    """The bucket with the versioning that its policies expect, if they agree in one."""
    said: set[Versioning] = {each.versioning.value for each in policies if each.versioning}
    return replace(bucket, versioning=said.pop()) if len(said) == 1 else bucket
