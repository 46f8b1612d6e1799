"""Is an account closed, so that its buckets may leave the lock? Reads AWS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from firnline.diagnostics.how_many import how_many
from firnline.fleet.accounts import Access, Clients, NoAccess, requesting
from firnline.fleet.organization import state_of
from firnline.fleet.questions import LOCATE_BUCKET
from firnline.fleet.threads import in_threads
from firnline.language.lock import LockedBucket

_IN_USE = ("ACTIVE", "PENDING_ACTIVATION")


class StillInUse(Exception):
    """Something shows that the account is not closed; the text says what."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """An account that may be closed. `role` reaches it, where the old lock says by which."""

    id: str
    role: Access | None
    buckets: tuple[LockedBucket, ...]


def why_closed(clients: Clients, caller: Access, suspect: Suspect, *, in_organization: bool) -> str:
    """What shows that it is. Its organization decides where it knows the account; otherwise its
    role must be refused, and none of its buckets may exist. Raises `StillInUse`, `NoAccess`.
    """
    state = state_of(clients, caller, suspect.id) if in_organization else None
    if state in _IN_USE:
        raise StillInUse(f"the organization says that it is {state}")
    if state is not None:
        return f"it is {state} in the organization"
    if suspect.role is not None and _answers(clients, suspect.role):
        raise StillInUse(f"the role {suspect.role.role_arn} can still be assumed")
    existing = _existing(clients, caller, suspect.buckets)
    if existing:
        more = f" and {len(existing) - 1} more" if len(existing) > 1 else ""
        raise StillInUse(f"S3 still has {existing[0]}{more}")
    return f"S3 has {how_many(len(suspect.buckets), 'bucket')} of it no longer"


def _answers(clients: Clients, role: Access) -> bool:
    try:
        clients.s3(role)
    except NoAccess as why:
        if why.denied:
            return False
        raise
    return True


def _existing(clients: Clients, caller: Access, buckets: Sequence[LockedBucket]) -> tuple[str, ...]:
    exist = partial(_exists, clients, caller)
    return tuple(sorted(each.name.value for each, found in in_threads(exist, buckets) if found))


def _exists(clients: Clients, caller: Access, bucket: LockedBucket) -> bool:
    """Whoever owns it now: S3 says 403 of buckets of others, and 404 of a name that none has."""
    access = Access(caller.account_id, None, bucket.region)
    try:
        with requesting(caller.account_id, LOCATE_BUCKET):
            clients.s3(access).head_bucket(Bucket=bucket.name.value)
    except NoAccess as why:
        if why.code == "404":
            return False
        if not why.denied:
            raise
    return True
