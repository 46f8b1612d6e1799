"""Does the lock still answer what the fleet file and the policies ask?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.digest import lock_digest
from firnline.language.model import Folder

STALE_LOCK = Kind(
    code="FL708",
    name="stale-lock",
    severity=Severity.ERROR,
    title="the fleet lock does not belong to these files",
    why=(
        "Accounts, roles, regions or `applies_to` changed since `firnline resolve` looked: which"
        " buckets the policies reach is not known until it looks again."
    ),
    help="run `firnline resolve`, and commit the lock with the change",
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(digest="sha256:" + "0" * 64),
        "policy.yaml": policy_file(),
    },
    right={"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()},
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    if folder.lock is not None and folder.fleet is not None and not is_fresh(folder):
        message = "made for other accounts, roles, regions or `applies_to`"
        yield STALE_LOCK.at(folder.lock.digest.span, message)


def is_fresh(folder: Folder) -> bool:
    """Whether there is a lock that answers what the other files ask."""
    if folder.lock is None or folder.fleet is None:
        return False
    return folder.lock.digest.value == lock_digest(folder.fleet, folder.policies)
