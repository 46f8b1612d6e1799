"""Policies, fleet and lock → the policies of IAM for each account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from firnline.language.fleet import Account
from firnline.language.model import Folder
from firnline.targets.iam.buckets import (
    Buckets,
    Exactness,
    every_bucket,
    locked,
    named_by_policies,
    partition_of,
)
from firnline.targets.iam.documents import chosen, reading_and_writing
from firnline.targets.iam.limits import (
    MANAGED_POLICY,
    SERVICE_CONTROL_POLICY,
    TRUST_POLICY,
    first_that_fits,
)
from firnline.targets.iam.model import (
    AccountAccess,
    Document,
    DocumentName,
    FleetAccess,
    PolicyKind,
    Wish,
)
from firnline.targets.iam.needs import READING, WRITING, On
from firnline.targets.iam.scp import others_do_not_write
from firnline.targets.iam.sweeping import restoring, sweeping
from firnline.targets.iam.trust import any_account, caller_policies, trust_of

_LATER = "no command of this version uses it: `firnline gc` will, once it acts on objects"
_NO_REGISTRIES = "no sweep and restore: no policy of the account has `references`"
_NO_ROLE = "no trust policy and no SCP: the account has no `role` in the fleet file"
_NO_CALLER = "no trust policy: --caller names who may assume the role"
_NO_BUCKETS = "no write: no policy and no lock names a bucket of the account"
_NO_LOCK = "no SCP: it names buckets of the lock only, and that has none: run `firnline resolve`"
_ONLY_LISTED = "no policy names a bucket of the account: nothing more than their lifecycles is read"
_MOST_POLICIES = 10
"""That are attached to a role by default (IAM User Guide, "IAM and AWS STS quotas")."""


def fleet_access(folder: Folder, wish: Wish) -> FleetAccess:
    """Of the accounts that are wished for, or of all."""
    assert folder.fleet is not None
    accounts = [
        each for each in folder.fleet.accounts if not wish.labels or each.label.value in wish.labels
    ]
    return FleetAccess(
        tuple(_of_account(folder, each, wish) for each in accounts),
        tuple(_callers(accounts)) if DocumentName.CALLER in wish.names else (),
    )


def _of_account(folder: Folder, account: Account, wish: Wish) -> AccountAccess:
    found = [each for each in _documents(folder, account, wish) if each.name in wish.names]
    return AccountAccess(
        account.label.value,
        account.id.value,
        partition_of(account),
        account.role.value if account.role else None,
        tuple(found),
        tuple(_notes(folder, account, wish)),
    )


def _documents(folder: Folder, account: Account, wish: Wish) -> Iterator[Document]:
    yield _reading(folder, account, wish)
    if _choices(folder, account, wish)[0].names:
        yield _writing(folder, account, wish)
    for name, find in ((DocumentName.SWEEP, sweeping), (DocumentName.RESTORE, restoring)):
        if found := find(folder, account):
            yield Document(name, PolicyKind.IDENTITY, found, MANAGED_POLICY, notes=(_LATER,))
    if account.role is None:
        return
    if wish.callers:
        trusted = trust_of(account, wish.callers)
        yield Document(DocumentName.TRUST, PolicyKind.TRUST, trusted, TRUST_POLICY)
    if (buckets := locked(folder, account)).names:
        yield from _control(buckets, account.role.value)


def _reading(folder: Folder, account: Account, wish: Wish) -> Document:
    """A bucket that a pattern covers is read before the lock has it."""
    by_tag = any(entry.tags for each in folder.policies for entry in each.applies_to)
    needs = chosen(READING, optional=wish.optional, tags=by_tag, inventories=wish.inventories)
    named = named_by_policies(folder, account)
    if not named.names:
        needs = tuple(each for each in needs if each.on not in (On.OUR_BUCKETS, On.OUR_OBJECTS))
    policy, buckets = first_that_fits(
        MANAGED_POLICY,
        [named, every_bucket(account)] if named.names else [every_bucket(account)],
        lambda each: reading_and_writing(needs, each, inventories=wish.inventories),
    )
    notes = _exactness(buckets, MANAGED_POLICY) if named.names else (_ONLY_LISTED,)
    return Document(DocumentName.READ, PolicyKind.IDENTITY, policy, MANAGED_POLICY, needs, notes)


def _writing(folder: Folder, account: Account, wish: Wish) -> Document:
    role = account.role.value if account.role else None
    needs = chosen(WRITING, optional=wish.optional, has_role=role is not None)
    policy, buckets = first_that_fits(
        MANAGED_POLICY,
        _choices(folder, account, wish),
        lambda each: reading_and_writing(needs, each, role),
    )
    notes = _exactness(buckets, MANAGED_POLICY)
    return Document(DocumentName.WRITE, PolicyKind.IDENTITY, policy, MANAGED_POLICY, needs, notes)


def _choices(folder: Folder, account: Account, wish: Wish) -> list[Buckets]:
    """From the most exact; none where nothing names a bucket."""
    of_lock, of_policies = locked(folder, account), named_by_policies(folder, account)
    first = [] if wish.patterns or not of_lock.names else [of_lock]
    return [*first, of_policies, every_bucket(account)] if of_policies.names else [of_policies]


def _control(buckets: Buckets, role: str) -> Iterator[Document]:
    """In parts where the names are too many for one; patterns would bind buckets of others too."""
    parts = list(_split(buckets, role))
    for number, part in enumerate(parts, start=1):
        yield Document(
            DocumentName.SCP,
            PolicyKind.CONTROL,
            others_do_not_write(part, role),
            SERVICE_CONTROL_POLICY,
            notes=_in_parts(len(parts), "an account takes 5 SCPs"),
            part=number if len(parts) > 1 else 0,
        )


def _split(buckets: Buckets, role: str) -> Iterator[Buckets]:
    names: tuple[str, ...] = ()
    for name in buckets.names:
        longer = Buckets((*names, name), buckets.exactness, buckets.partition)
        _, fitting = first_that_fits(
            SERVICE_CONTROL_POLICY,
            (longer, Buckets(names, buckets.exactness, buckets.partition)),
            lambda each: others_do_not_write(each, role),
        )
        if fitting is not longer:
            yield fitting
            names = ()
        names = (*names, name)
    yield Buckets(names, buckets.exactness, buckets.partition)


def _callers(accounts: list[Account]) -> Iterator[Document]:
    """Each names roles, in parts where these are too many for one; a pattern would allow roles in
    accounts of others, so it stands only for more than can be attached.
    """
    parts = caller_policies(accounts)
    notes = _in_parts(len(parts), f"a role takes {_MOST_POLICIES} policies by default")
    if len(parts) > _MOST_POLICIES:
        parts = [any_account(accounts)]
        notes = ("the ARNs of all roles are too long: any account's is allowed",)
    for number, policy in enumerate(parts, start=1):
        yield Document(
            DocumentName.CALLER,
            PolicyKind.IDENTITY,
            policy,
            MANAGED_POLICY,
            notes=notes,
            part=number if len(parts) > 1 else 0,
        )


def _exactness(buckets: Buckets, limit: int) -> tuple[str, ...]:
    match buckets.exactness:
        case Exactness.NAMES:
            return ()
        case Exactness.PATTERNS:
            return ("patterns of `applies_to` stand for buckets, without their exclusions",)
        case Exactness.ACCOUNT:
            return (f"every bucket of the account: their names exceed {limit:,} characters",)
        case _:
            assert_never(buckets.exactness)


def _in_parts(parts: int, limit: str) -> tuple[str, ...]:
    return (f"in {parts} parts, of which all are attached: {limit}",) if parts > 1 else ()


def _notes(folder: Folder, account: Account, wish: Wish) -> Iterator[str]:
    if not _choices(folder, account, wish)[0].names:
        yield _NO_BUCKETS
    if account.role is not None and not locked(folder, account).names:
        yield _NO_LOCK
    if sweeping(folder, account) is None:
        yield _NO_REGISTRIES
    if account.role is None:
        yield _NO_ROLE
    elif not wish.callers:
        yield _NO_CALLER
