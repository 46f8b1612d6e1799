"""The name of a bucket → the account, role and region with which it can be read."""

from __future__ import annotations

from firnline.cli.failed import CommandFailed
from firnline.cli.parser import instead_of
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access, own_access
from firnline.fleet.questions import access_of
from firnline.fleet.regions import surest
from firnline.language.fleet import Fleet
from firnline.language.model import Folder
from firnline.language.read_files import read_files
from firnline.workspace import NoPolicies, read_folder


def bucket_access(bucket: str, account: str | None, policies: str) -> Access:
    """`account` is a label of the fleet file, or None: then the lock says whose the bucket is, and
    otherwise the credentials around us are used. Raises `CommandFailed` and `NoAccess`.
    """
    folder = _folder(policies)
    if account is not None:
        return _named(account, folder.fleet, policies)
    return _locked(bucket, folder) or _own(bucket)


def _folder(policies: str) -> Folder:
    """What can be read of it: a mistake in a policy is no reason to list nothing."""
    try:
        return read_files(read_folder(policies))[0]
    except NoPolicies:
        return Folder()


def _named(label: str, fleet: Fleet | None, policies: str) -> Access:
    if fleet is None:
        raise CommandFailed(
            f"{policies} has no fleet file that can be read, which --account is a label of: without"
            " it your own credentials are used"
        )
    account = fleet.account(label) or fleet.account_with(label)
    if account is None:
        known = [each.label.value for each in fleet.accounts]
        raise CommandFailed(instead_of("account", label, known))
    return access_of(account, surest(account.regions))


def _locked(bucket: str, folder: Folder) -> Access | None:
    if folder.fleet is None or folder.lock is None:
        return None
    for locked in folder.lock.buckets:
        account = folder.fleet.account_with(locked.account_id)
        if locked.name.value == bucket and account is not None:
            return access_of(account, locked.region)
    return None


def _own(bucket: str) -> Access:
    access = own_access()
    whose = f"your own credentials, of account {access.account_id}"
    say(f"reading {visible(bucket)} with {whose}: no fleet lock lists it")
    return access
