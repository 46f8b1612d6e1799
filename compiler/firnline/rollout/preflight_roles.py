"""May the role of each account write? By simulation, as nothing is written before it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.fleet.accounts import Clients, NoAccess, requesting
from firnline.fleet.questions import access_of
from firnline.fleet.threads import in_threads
from firnline.rollout.finding import Finding, Weight
from firnline.rollout.plan import AccountPlan, Plan
from firnline.targets.iam.needs import WRITING

_SIMULATE: Final = "iam:SimulatePrincipalPolicy"
_ACTIONS: Final = tuple(each.action for each in WRITING if not each.without)
_MOST_NAMED: Final = 3
_Decision = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Simulated:
    """`denied` are buckets by the action that the role may not do; None where it is not known."""

    denied: Mapping[str, tuple[str, ...]] | None
    why: str = ""


def check_roles(plan: Plan) -> Iterator[Finding]:
    """Of accounts that are written with a role. What the role may read has been tried already."""
    accounts = [each for each in plan.accounts if each.writes]
    roles = [each for each in accounts if each.stack.account.role is not None]
    clients = Clients()
    answers = in_threads(lambda each: _simulated(clients, each), roles)
    found = {account.label: answer for account, answer in answers}
    for account in roles:
        yield from _denied(account, found[account.label].denied or {})
    unknown = [
        each.label
        for each in accounts
        if each.label not in found or found[each.label].denied is None
    ]
    if unknown:
        yield _unknown(unknown, found)


def _simulated(clients: Clients, account: AccountPlan) -> _Simulated:
    of = account.stack.account
    assert of.role is not None
    access = access_of(of, of.regions[0])
    try:
        with requesting(access.account_id, _SIMULATE, access.role_arn):
            client = clients.client("iam", access)
            pages = client.get_paginator("simulate_principal_policy").paginate(
                PolicySourceArn=of.role.value,
                ActionNames=list(_ACTIONS),
                ResourceArns=[
                    f"arn:{of.partition.value}:s3:::{each.name}" for each in account.writes
                ],
                ContextEntries=[
                    _entry("aws:ResourceAccount", of.id.value),
                    _entry("s3:ResourceAccount", of.id.value),
                ],
            )
            decisions = [each for page in pages for each in page["EvaluationResults"]]
    except NoAccess as why:
        return _Simulated(None, why.in_words)
    return _read(decisions)


def _read(decisions: list[_Decision]) -> _Simulated:
    """A policy with a condition of which the simulation was told nothing decides nothing."""
    denied: dict[str, tuple[str, ...]] = {}
    for each in decisions:
        if each["EvalDecision"] == "allowed":
            continue
        if missing := each.get("MissingContextValues"):
            return _Simulated(None, f"its policies have conditions on {', '.join(missing)}")
        action, bucket = each["EvalActionName"], each["EvalResourceName"].rpartition(":")[2]
        denied[action] = (*denied.get(action, ()), bucket)
    return _Simulated(denied)


def _denied(account: AccountPlan, denied: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    role = account.stack.account.role
    assert role is not None
    for action, buckets in denied.items():
        more = len(buckets) - _MOST_NAMED
        named = ", ".join(buckets[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        yield Finding(
            Weight.NO_ACCESS,
            f"{account.label}: {role.value} may not {action} on {named}",
            f"grant it: `firnline iam --account {account.label}` prints the policy of the role",
        )


def _unknown(labels: list[str], found: Mapping[str, _Simulated]) -> Finding:
    first = labels[0]
    why = found[first].why if first in found else "it has no role in the fleet file"
    many = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
    return Finding(
        Weight.NOTE,
        f"whether the buckets of {first}{many} may be written is not known before the first"
        f" write ({why})",
        f"allow the roles {_SIMULATE} on themselves, and it is known before",
    )


def _entry(key: str, value: str) -> dict[str, Any]:
    return {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]}
