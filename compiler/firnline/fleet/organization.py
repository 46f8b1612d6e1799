"""Which accounts does an AWS organization have, and in which state? Reads AWS Organizations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from firnline.fleet.accounts import Access, Clients, NoAccess, Retries, requesting
from firnline.fleet.candidates import Candidate
from firnline.fleet.threads import in_threads
from firnline.language.account_sources import Organization
from firnline.s3.terms import Partition

LIST_ACCOUNTS: Final = "organizations:ListAccounts"
LIST_BELOW: Final = "organizations:ListAccountsForParent"
LIST_UNITS: Final = "organizations:ListOrganizationalUnitsForParent"
LIST_TAGS: Final = "organizations:ListTagsForResource"
NOT_IN_USE: Final = "AWSOrganizationsNotInUseException"
DESCRIBE: Final = "organizations:DescribeAccount"


def clients_of_organizations() -> Clients:
    """Organizations answers few requests a second (its quotas), so these slow down."""
    return Clients(Retries.ADAPTIVE)


def candidates_in(clients: Clients, access: Access, source: Organization) -> tuple[Candidate, ...]:
    """Those that the source names, whatever their state. `access` is the caller's. Raises
    `NoAccess`.
    """
    client = clients.client("organizations", access)
    excluded = {each.value for each in source.exclude}
    found = {
        account["Id"]: account
        for account in _accounts(client, access, source)
        if account["Id"] not in excluded
    }
    wanted = _with_tags(client, access, source, list(found))
    return tuple(_candidate(found[id], source) for id in sorted(wanted))


def state_of(clients: Clients, access: Access, account_id: str) -> str | None:
    """None where the organization has no such account. Raises `NoAccess`."""
    client = clients.client("organizations", access)
    try:
        with requesting(access.account_id, DESCRIBE):
            return _state(client.describe_account(AccountId=account_id)["Account"])
    except NoAccess as why:
        if why.code == "AccountNotFoundException":
            return None
        raise


def _accounts(client: Any, access: Access, source: Organization) -> Iterator[Any]:
    if not source.units:
        yield from _pages(client, access, LIST_ACCOUNTS, "list_accounts", "Accounts")
        return
    level = [unit.value for unit in source.units]
    seen = set(level)
    while level:
        below: list[str] = []
        for _, (accounts, units) in in_threads(partial(_children, client, access), level):
            yield from accounts
            below += [unit for unit in units if unit not in seen]
            seen.update(units)
        level = below


def _children(client: Any, access: Access, unit: str) -> tuple[list[Any], list[str]]:
    """The accounts in a unit, and the units right below it."""
    try:
        return _in_unit(client, access, {"ParentId": unit})
    except NoAccess as why:
        reason = f"{why.reason} ({unit})"
        raise NoAccess(
            why.account,
            why.permission,
            reason,
            code=why.code,
            has_credentials=why.has_credentials,
        ) from why


def _in_unit(client: Any, access: Access, in_it: dict[str, str]) -> tuple[list[Any], list[str]]:
    accounts = _pages(client, access, LIST_BELOW, "list_accounts_for_parent", "Accounts", **in_it)
    operation, key = "list_organizational_units_for_parent", "OrganizationalUnits"
    units = _pages(client, access, LIST_UNITS, operation, key, **in_it)
    return list(accounts), [unit["Id"] for unit in units]


def _pages(
    client: Any, access: Access, permission: str, operation: str, key: str, **request: str
) -> Iterator[Any]:
    with requesting(access.account_id, permission):
        for page in client.get_paginator(operation).paginate(**request):
            yield from page[key]


def _with_tags(
    client: Any, access: Access, source: Organization, accounts: list[str]
) -> Iterator[str]:
    if not source.tags:
        yield from accounts
        return
    for account, tags in in_threads(partial(_tags, client, access), accounts):
        if all(tag.is_on(tags.items()) for tag in source.tags):
            yield account


def _tags(client: Any, access: Access, account: str) -> dict[str, str]:
    operation = "list_tags_for_resource"
    pages = _pages(client, access, LIST_TAGS, operation, "Tags", ResourceId=account)
    return {tag["Key"]: tag["Value"] for tag in pages}


def _candidate(account: Any, source: Organization) -> Candidate:
    regions = tuple(region.value for region in source.regions)
    partition = Partition.of_region(regions[0])
    organization = account["Arn"].split("/")[1]
    return Candidate(
        id=account["Id"],
        name=account.get("Name", ""),
        source=f"organization {organization}",
        regions=regions,
        role=f"arn:{partition}:iam::{account['Id']}:role/{source.role_name.value}",
        wave=source.wave,
        external_id=source.external_id.value if source.external_id else None,
        profile=source.profile,
        state=_state(account),
    )


def _state(account: Any) -> str:
    """`State` has come in place of `Status`, which is left out from September 2026 on
    (Organizations API Reference, Account).
    """
    return str(account.get("State") or account["Status"])
