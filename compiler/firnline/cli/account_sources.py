"""The accounts that `accounts_from` of the fleet file names, and what is told of them. Reads AWS
and files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePath
from typing import assert_never

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access, Clients, NoAccess, own_access
from firnline.fleet.c7n_org import NotAccounts, candidates_in_file
from firnline.fleet.candidates import Candidate, FoundAccounts, accounts_of
from firnline.fleet.failed_requests import outcome
from firnline.fleet.organization import NOT_IN_USE, candidates_in, clients_of_organizations
from firnline.language.account_sources import AccountSource, C7nOrg, Organization
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock
from firnline.s3.terms import Partition


def find_accounts(fleet: Fleet, old: Lock | None) -> FoundAccounts:
    """Raises `CommandFailed`."""
    folder = PurePath(fleet.namespace.span.path).parent
    clients = clients_of_organizations()
    candidates = [each for source in fleet.sources for each in _candidates(source, folder, clients)]
    return accounts_of(fleet, old.accounts if old else (), candidates)


def say_left_out(found: FoundAccounts) -> None:
    for each in found.left_out:
        say(f"account {each.id} ({visible(each.name)}) is left out: {each.why}")


def _candidates(source: AccountSource, folder: PurePath, clients: Clients) -> tuple[Candidate, ...]:
    match source:
        case Organization():
            return _in_organization(source, clients)
        case C7nOrg():
            return _in_file(source, folder)
        case _:
            assert_never(source)


def _in_organization(source: Organization, clients: Clients) -> tuple[Candidate, ...]:
    try:
        return candidates_in(clients, _caller(source), source)
    except NoAccess as why:
        raise CommandFailed("\n".join(_described(why)), 3) from why


def _caller(source: Organization) -> Access:
    return own_access(Partition.of_region(source.regions[0].value))


def _in_file(source: C7nOrg, folder: PurePath) -> tuple[Candidate, ...]:
    path = os.path.normpath(folder / source.file.value)
    try:
        with open(path, encoding="utf-8") as file:
            return candidates_in_file(file.read(), source)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise CommandFailed(f"{source.file.span}: {path} cannot be read: {why}", 2) from error
    except NotAccounts as error:
        raise CommandFailed(str(error), 1) from error


def _described(why: NoAccess) -> Iterator[str]:
    yield "the organization cannot be read"
    yield f"  {outcome(why.code)}{':' if why.denied else ''} {why.permission}"
    yield f"    {visible(why.reason)}"
    if why.denied or why.code == NOT_IN_USE:
        yield (
            "    only the management account of an organization and delegated administrators may"
            " read it"
        )
