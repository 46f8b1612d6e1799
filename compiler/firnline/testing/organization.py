"""An organization of the caller's in moto, with accounts of known ids in units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moto.organizations.models import organizations_backends

from firnline.testing.moto_process import CALLER, PARTITION, open_account


@dataclass(frozen=True, slots=True)
class Member:
    """`unit` is the path of its organizational unit, such as `ml/prod`; empty at the root."""

    id: str
    name: str
    unit: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    state: str = "ACTIVE"


def open_organization(members: Iterable[Member]) -> dict[str, str]:
    """Makes it, and the role of each account; returns the ids of its units by their paths. May be
    called again for more accounts, or others of what is true of them.
    """
    backend = organizations_backends[CALLER.account][PARTITION]
    if backend.org is None:
        backend.create_organization(region="us-east-1", FeatureSet="ALL")
    root = next(unit for unit in backend.ou if unit.type == "ROOT")
    units = {"": root.id}
    known = {(unit.parent_id, unit.name): unit.id for unit in backend.ou if unit.id != root.id}
    for member in members:
        parent, path = root.id, ""
        for name in filter(None, member.unit.split("/")):
            path = f"{path}/{name}".lstrip("/")
            if (parent, name) not in known:
                made = backend.create_organizational_unit(ParentId=parent, Name=name, Tags=[])
                known[parent, name] = made["OrganizationalUnit"]["Id"]
            parent = units[path] = known[parent, name]
        account = next((each for each in backend.accounts if each.id == member.id), None)
        if account is None:
            email = f"{member.id}@example.com"
            backend.create_account(AccountName=member.name, Email=email, Tags=[])
            account = backend.accounts[-1]
            account.id = member.id
            open_account(member.id)
        account.name, account.parent_id = member.name, parent
        account.state = account.status = member.state
        account.tags = dict(member.tags)
    return units
