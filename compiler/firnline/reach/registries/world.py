"""What registries are read with: credentials, the folder of the fleet file, the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from firnline.fleet.accounts import Access, Clients, Retries, own_access
from firnline.fleet.questions import access_of
from firnline.language.fleet import Fleet
from firnline.reach.source import CannotRead


@dataclass(frozen=True, slots=True)
class World:
    """`folder` is that of the fleet file: paths in it are relative to that."""

    fleet: Fleet
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    clients: Clients = field(default_factory=lambda: Clients(Retries.ADAPTIVE))

    def access(self, label: str, region: str) -> Access:
        """By the label of an account. It may read other accounts' buckets too. Raises
        `CannotRead`.
        """
        account = self.fleet.account(label)
        if account is None:
            raise CannotRead(
                f"is in the account `{label}`, which the fleet file does not list: add it to"
                " `accounts`"
            )
        return access_of(account, region).to_buckets_of(None)

    def access_or_own(self, label: str | None) -> Access:
        """Without a label, with the credentials around us. Raises `CannotRead`, `NoAccess`."""
        if label is None:
            return own_access()
        account = self.fleet.account(label)
        return self.access(label, account.regions[0] if account else "")
