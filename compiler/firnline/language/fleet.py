"""The content of a fleet file: accounts, releases, and the registries that know what is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import Protocol

from firnline.language.account_sources import FIRST_WAVE, AccountSource
from firnline.language.fleet_registries import Registry
from firnline.language.said import Said
from firnline.s3.terms import Partition


@dataclass(frozen=True, slots=True)
class Account:
    """One that the fleet file lists; or, with a `source`, one that `resolve` found there, by the
    name that it has there. `profile` is one of the AWS CLI with which it may be read.
    """

    label: Said[str]
    id: Said[str]
    regions: tuple[str, ...]
    role: Said[str] | None
    wave: int = FIRST_WAVE
    external_id: Said[str] | None = None
    source: str = ""
    name: str = ""
    profile: str = ""

    @property
    def partition(self) -> Partition:
        """That of its first region: all of them are of one (FL747)."""
        return Partition.of_region(self.regions[0] if self.regions else "")


_ACCOUNT_ID = re.compile("[0-9]{12}")


class Leave(Enum):
    """What happens to the live rules of a released bucket."""

    KEEP = "keep"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Release:
    """One entry of `releases`: `account` is a label or an id, `bucket` a name or `*` for all."""

    account: Said[str]
    bucket: Said[str]
    leave: Leave

    @property
    def key(self) -> str:
        return f"{self.account.value}/{self.bucket.value}"

    def is_for(self, bucket: str) -> bool:
        return self.bucket.value in (bucket, "*")


class Placed(Protocol):
    """A bucket whose account and region are known."""

    @property
    def account_id(self) -> str: ...
    @property
    def region(self) -> str: ...


@dataclass(frozen=True)  # without slots, for `cached_property`
class Fleet:
    namespace: Said[str]
    accounts: tuple[Account, ...]
    releases: tuple[Release, ...]
    registries: tuple[Registry, ...] = ()
    sources: tuple[AccountSource, ...] = ()

    def with_found(self, found: Iterable[Account]) -> Fleet:
        """With the accounts that `resolve` found in the sources; one that is listed here stays as
        it is.
        """
        listed = {account.id.value for account in self.accounts}
        more = [account for account in found if account.id.value not in listed]
        return replace(self, accounts=(*self.accounts, *more)) if self.sources else self

    def account(self, label: str) -> Account | None:
        return self._by_label.get(label)

    def account_with(self, id: str) -> Account | None:
        return self._by_id.get(id)

    @cached_property
    def _by_label(self) -> dict[str, Account]:
        return {each.label.value: each for each in reversed(self.accounts)}

    @cached_property
    def _by_id(self) -> dict[str, Account]:
        """The first of an id, where two are listed (FL108)."""
        return {each.id.value: each for each in reversed(self.accounts)}

    def manages(self, bucket: Placed) -> Account | None:
        """The bucket's account, where this file names both it and the bucket's region."""
        account = self.account_with(bucket.account_id)
        return account if account and bucket.region in account.regions else None

    def account_id_of(self, release: Release) -> str | None:
        """None where the release names neither a label of this file nor an id."""
        account = self.account(release.account.value)
        if account is not None:
            return account.id.value
        return release.account.value if _ACCOUNT_ID.fullmatch(release.account.value) else None

    def released(self, account_id: str, bucket: str) -> Release | None:
        """How a bucket is released, if it is. An entry with its name overrides one with `*`."""
        fitting = [
            release
            for release in self.releases
            if release.is_for(bucket) and self.account_id_of(release) == account_id
        ]
        return min(fitting, key=lambda release: release.bucket.value == "*", default=None)
