"""Which account and region is a bucket in, and what does the lock know of it?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.parser import instead_of
from firnline.cli.streams import say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.position import path_of
from firnline.fleet.imported.model import ImportedBucket
from firnline.language.fleet import Account, Fleet
from firnline.language.model import Folder
from firnline.language.read_files import read_files
from firnline.s3.terms import Versioning
from firnline.workspace import NoPolicies, read_folder

ANY_ACCOUNT: Final = "*"


@dataclass(frozen=True, slots=True)
class Places:
    """What the fleet file, the lock and options say of buckets; options count for what the lock
    does not list.
    """

    folder: Folder
    path: str
    account: Account | None = None
    label: str | None = None
    region: str | None = None
    versioning: Versioning | None = None

    @property
    def fleet(self) -> Fleet | None:
        return self.folder.fleet

    def of(self, bucket: str, resource: str = "") -> ImportedBucket:
        """`resource` is what a file calls it, perhaps `<account label>/<region>/<bucket>`. Raises
        `CommandFailed` where the account is not clear.
        """
        known = self._locked(bucket)
        if known is None:
            there, region_there = _of_key(resource)
            label = self._label(bucket, there)
            region = self.region or region_there
            if region is None and self.account is not None and len(self.account.regions) == 1:
                region = self.account.regions[0]
            known = ImportedBucket(label, bucket, region)
        return replace(known, versioning=self.versioning) if self.versioning else known

    def _has(self, label: str) -> bool:
        return self.fleet is None or self.fleet.account(label) is not None

    def _locked(self, bucket: str) -> ImportedBucket | None:
        if self.fleet is None or self.folder.lock is None:
            return None
        for locked in self.folder.lock.buckets:
            account = self.fleet.account_with(locked.account_id)
            there = account is not None and (self.account is None or self.account == account)
            if there and account is not None and locked.name.value == bucket:
                return ImportedBucket(
                    account.label.value,
                    bucket,
                    locked.region,
                    locked.versioning,
                    locked.object_lock,
                )
        return None

    def _label(self, bucket: str, there: str | None) -> str:
        if there is not None and self.label is None and self._has(there):
            return there
        if self.account is not None:
            return self.account.label.value
        if self.label is not None:
            return self.label
        accounts = self.fleet.accounts if self.fleet else ()
        if len(accounts) > 1:
            labels = ", ".join(each.label.value for each in accounts)
            raise CommandFailed(
                f"which account has `{bucket}`? The fleet file lists {labels}, and its lock does"
                " not know the bucket: say it with --account"
            )
        return accounts[0].label.value if accounts else ANY_ACCOUNT


def _of_key(resource: str) -> tuple[str | None, str | None]:
    """The account and the region that a key says; a star says nothing."""
    account, *more = resource.split("/")
    if len(more) != 2:
        return None, None
    said = [None if each == ANY_ACCOUNT else each for each in (account, more[0])]
    return said[0], said[1]


@dataclass(frozen=True, slots=True)
class Options:
    """`account` is a label of the fleet file."""

    account: str | None = None
    region: str | None = None
    versioning: Versioning | None = None


def places(path: str, said: Options, colour: str) -> Places:
    """`path` is the folder of the fleet file. Raises `CommandFailed`."""
    folder, label = _read(path, colour), said.account
    account = None
    if folder.fleet is not None and label is not None:
        account = folder.fleet.account(label) or folder.fleet.account_with(label)
        if account is None:
            known = [each.label.value for each in folder.fleet.accounts]
            raise CommandFailed(instead_of("account", label, known))
    elif folder.fleet is not None and len(folder.fleet.accounts) == 1:
        account = folder.fleet.accounts[0]
    return Places(folder, path, account, label, said.region, said.versioning)


def _read(path: str, colour: str) -> Folder:
    """Raises `CommandFailed` where the fleet file has mistakes; policies may have some."""
    try:
        folder, found = read_files(read_folder(path))
    except NoPolicies:
        return Folder()
    fleets = {fleet.namespace.span.path for fleet in folder.fleets}
    of_fleets = [each for each in found if _is_of_fleet(path_of(each.place), fleets)]
    if has_errors(of_fleets):
        say_diagnostics(of_fleets, colour, [path])
        raise CommandFailed("the fleet file has mistakes, so nothing was read", code=1)
    return folder


def _is_of_fleet(path: str | None, fleets: Collection[str]) -> bool:
    """One that cannot be read at all is known by its name."""
    return path is not None and (path in fleets or PurePath(path).stem == "fleet")
