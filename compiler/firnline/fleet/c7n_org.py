"""The accounts file of c7n-org → accounts.

Its shape is `CONFIG_SCHEMA` in tools/c7n_org/c7n_org/cli.py of cloud-custodian/cloud-custodian,
where a role that is no ARN is the name of one in the account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from firnline.diagnostics.position import Source
from firnline.diagnostics.visible import visible
from firnline.fleet.candidates import Candidate
from firnline.language.account_sources import C7nOrg
from firnline.language.data_tree import DataTree
from firnline.language.yaml_data import NoYamlData, read_yaml
from firnline.s3.terms import Partition

_ID: Final = re.compile("[0-9]{12}")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/.+")
_REGION: Final = re.compile("[a-z]{2}(-[a-z]+)+-[0-9]+")


class NotAccounts(Exception):
    """The file is none of c7n-org's; the text says where and why."""


def candidates_in_file(text: str, source: C7nOrg) -> tuple[Candidate, ...]:
    """Raises `NotAccounts`."""
    path = source.file.value
    try:
        tree = read_yaml(Source(path, text))
    except NoYamlData as error:
        raise NotAccounts(f"{error.span}: {error}") from error
    accounts = tree.data.get("accounts") if isinstance(tree.data, Mapping) else None
    if not isinstance(accounts, list):
        raise NotAccounts(f"{path}: a list `accounts` is expected at the top, as c7n-org has it")
    excluded = {each.value for each in source.exclude}
    read = [_candidate(tree, index, each, source) for index, each in enumerate(accounts)]
    return tuple(each for each in read if each.id not in excluded)


def _candidate(tree: DataTree, index: int, entry: Any, source: C7nOrg) -> Candidate:
    id = entry.get("account_id") if isinstance(entry, Mapping) else None
    if not isinstance(id, str) or not _ID.fullmatch(id):
        place = tree.places.get(("accounts", index, "account_id"))
        place = place or tree.places[("accounts", index)]
        raise NotAccounts(f"{place.value}: `account_id` must be 12 digits, in quotes")
    regions = _regions(entry.get("regions")) or tuple(each.value for each in source.regions)
    role, why = _role(entry.get("role"), id, regions)
    partitions = {Partition.of_region(region).value for region in regions}
    if role:
        partitions.add(role.split(":")[1])
    if len(partitions) > 1:
        why = f"its regions and its role are in several partitions: {', '.join(sorted(partitions))}"
    return Candidate(
        id=id,
        name=str(entry.get("name") or entry.get("display_name") or id),
        source=f"c7n_org {source.file.value}",
        regions=regions,
        role=role,
        wave=source.wave,
        external_id=str(entry["external_id"]) if entry.get("external_id") else None,
        profile=str(entry.get("profile") or ""),
        unusable=why or ("" if regions else "it has no regions: write `regions` beside `c7n_org`"),
    )


def _regions(said: Any) -> tuple[str, ...]:
    """c7n-org also takes several in one text, with commas, and `all`: which it reads from EC2."""
    listed = said if isinstance(said, list) else ()
    names = [name.strip() for each in listed for name in str(each).split(",")]
    return tuple(dict.fromkeys(name for name in names if _REGION.fullmatch(name)))


def _role(said: Any, id: str, regions: tuple[str, ...]) -> tuple[str | None, str]:
    roles = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    match roles:
        case [str() as role]:
            partition = Partition.of_region(regions[0] if regions else "")
            is_name = not role.startswith("arn:")
            if not is_name and not _ARN.fullmatch(role):
                return None, f"its `role` is no ARN of a role: {visible(role)}"
            return (f"arn:{partition}:iam::{id}:role/{role}" if is_name else role), ""
        case []:
            return None, "it has no `role`, which a deployment needs: list it in the fleet file"
        case _:
            chain = f"its {len(roles)} roles are assumed one by the other, and only one is possible"
            return None, f"{chain}: list it in the fleet file"
