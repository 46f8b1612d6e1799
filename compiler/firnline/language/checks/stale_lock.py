"""Does the lock still match the fleet file and the policies?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.digest import lock_digest
from firnline.language.model import Folder

STALE_LOCK = Kind(
    code="FL708",
    name="stale-lock",
    severity=Severity.ERROR,
    title="the fleet lock does not match these files",
    why=(
        "Accounts, roles, regions or `applies_to` changed since `firnline resolve` ran: which"
        " buckets the policies reach is not known until it runs again."
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
    if folder.lock is None or not folder.whole:
        return
    digest = folder.lock.digest.span
    if folder.fleet is None:
        remedy = Advise("write the fleet file, or remove the lock")
        yield STALE_LOCK.at(digest, "there is no fleet file that it could belong to", remedy=remedy)
    elif not is_fresh(folder):
        yield STALE_LOCK.at(digest, "made for other accounts, roles, regions or `applies_to`")


CHECK = Check(Subject.FOLDER, check, (STALE_LOCK,), needs=(Needs.LOCK,))


def is_fresh(folder: Folder) -> bool:
    """Whether there is a lock that matches the other files, all of which could be read."""
    if folder.lock is None or folder.fleet is None or not folder.whole:
        return False
    return folder.lock.digest.value == lock_digest(folder.fleet, folder.policies)
