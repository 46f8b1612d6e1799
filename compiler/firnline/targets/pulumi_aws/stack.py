"""Which accounts and buckets does this stack deploy, and may one stack do that?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.checks.stale_lock import STALE_LOCK
from firnline.language.fingerprint import sha256_of
from firnline.language.fleet import Account, Fleet
from firnline.language.model import Folder
from firnline.language.nearest import did_you_mean
from firnline.language.shape_kinds import UNKNOWN_NAME
from firnline.s3.model import RuleSet
from firnline.s3.shape import to_s3

# Measured with Pulumi 3.250 on two cores and a state in files: the first `up` of 1,000 buckets
# takes 3 min, as the whole state is written at each step, and each account has a plugin process of
# its own, of 300 to 430 MB with the official provider (pulumi/pulumi-aws#5860).
MOST_ACCOUNTS: Final = 5
MOST_BUCKETS: Final = 200


def check_files(folder: Folder) -> Iterator[Diagnostic]:
    """A deployment needs more than a check: a fleet file and a lock."""
    if folder.fleet is None:
        yield STALE_LOCK.at(
            whole_file("policies/"),
            "there is no fleet file, so no account is known",
            remedy=Advise("write policies/fleet.yaml, then run `firnline resolve`"),
        )
    elif folder.lock is None:
        yield STALE_LOCK.at(whole_file("policies/fleet.lock.yaml"), "there is no lock yet")


def check_accounts(labels: Sequence[str], fleet: Fleet, stack: str) -> Iterator[Diagnostic]:
    """The stack's `firnline:accounts` name accounts of the fleet file."""
    known = [account.label.value for account in fleet.accounts]
    for label in labels:
        if label not in known:
            yield UNKNOWN_NAME.at(
                whole_file(f"Pulumi.{stack}.yaml"),
                f"`firnline:accounts` names `{label}`, which the fleet file lacks",
                remedy=did_you_mean(label, known),
            )


def accounts_of(labels: Sequence[str], fleet: Fleet) -> list[Account]:
    return [account for account in fleet.accounts if account.label.value in labels]


def too_big(accounts: Sequence[Account], buckets: Sequence[object]) -> str | None:
    """Why one stack should not deploy all this, and what to do; None if it may. One account is
    never too much: its buckets cannot be in several stacks.
    """
    if len(accounts) == 1 or (len(accounts) <= MOST_ACCOUNTS and len(buckets) <= MOST_BUCKETS):
        return None
    return (
        f"{len(accounts)} accounts and {len(buckets)} buckets are too much for one stack, which"
        f" may have {MOST_ACCOUNTS} and {MOST_BUCKETS}: take the accounts out of its"
        " `firnline:accounts`, and run `firnline rollout`, which makes a stack for each of them"
    )


def applied_in(state: Mapping[str, Any]) -> dict[str, str]:
    """Which rules each `Retention` has applied, as digests by its name. `state` holds the outputs
    of each resource, by URN.
    """
    return {
        urn.rpartition("::")[2]: resource["outputs"]["applied"]
        for urn, resource in state.items()
        if urn.split("::")[2].endswith("firnline:s3:Retention")
        and isinstance(resource["outputs"].get("applied"), str)
    }


def digest(rules: RuleSet) -> str:
    """A digest of the configuration as S3 has it: equal for equal rules, whichever policy they come
    from.
    """
    text = json.dumps(to_s3(rules), sort_keys=True, separators=(",", ":"))
    return f"sha256:{sha256_of(text)}"


def digest_of_all(rules: Iterable[tuple[str, RuleSet]]) -> str:
    """Of the rules of buckets, by their names."""
    pairs = sorted((bucket, digest(each)) for bucket, each in rules)
    return f"sha256:{sha256_of(json.dumps(pairs))}"
