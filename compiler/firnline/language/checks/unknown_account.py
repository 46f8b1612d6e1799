"""Does a policy or a release name an account that the fleet file does not?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.checks.stale_lock import is_fresh
from firnline.language.fleet import Fleet, Leave, Release
from firnline.language.lock import Lock
from firnline.language.misspelt import misspelt
from firnline.language.model import Folder, matches
from firnline.language.nearest import did_you_mean
from firnline.language.rewrite import rewrite
from firnline.language.said import Said
from firnline.language.shape_kinds import UNKNOWN_NAME


def check(folder: Folder) -> Iterator[Diagnostic]:
    if folder.fleet is None or accounts_are_unknown(folder):
        return
    known = [account.label.value for account in folder.fleet.accounts]
    entries = [entry for policy in folder.policies for entry in policy.applies_to]
    named = [account for entry in entries for account in entry.accounts]
    overridden = [policy.overridden for policy in folder.policies if policy.overridden]
    named += [account for each in overridden for account in each.accounts]
    for account in named:
        if account.value and not any(matches(label, account.value) for label in known):
            yield _unknown(account, known, f"the fleet has: {', '.join(known)}")
    for release in folder.fleet.releases:
        yield from _of_release(release, folder.fleet, folder.lock)


def accounts_are_unknown(folder: Folder) -> bool:
    """Whether `resolve` has yet to find accounts: until then any label passes. Of a lock that is
    not of these files, FL708 tells.
    """
    return bool(folder.fleet and folder.fleet.sources and not is_fresh(folder))


CHECK = Check(Subject.FOLDER, check, (UNKNOWN_NAME,))


def _unknown(account: Said[str], known: Sequence[str], help: str) -> Diagnostic:
    meant = misspelt(account.value, known)
    # Not safe: it may be an account that is yet to be added to the fleet file.
    fix = rewrite(account.span, account.value, meant, safe=False) if meant else None
    message = f"the fleet has no account `{account.value}`"
    remedy = did_you_mean(account.value, known) or Advise(help)
    return UNKNOWN_NAME.at(account.span, message, remedy=remedy, fix=fix)


def _of_release(release: Release, fleet: Fleet, lock: Lock | None) -> Iterator[Diagnostic]:
    id = fleet.account_id_of(release)
    if id is None:
        locked = {bucket.account_id for bucket in (lock.buckets if lock else ())}
        unlisted = sorted(locked - {account.id.value for account in fleet.accounts})
        ids = f" ({', '.join(unlisted)} in the lock)" if unlisted else ""
        help = f"an account that the fleet file no longer lists is released by its id{ids}"
        yield _unknown(release.account, [each.label.value for each in fleet.accounts], help)
    elif release.leave is Leave.CLEAR and fleet.account_with(id) is None:
        yield UNKNOWN_NAME.at(
            release.account.span,
            f"`{release.key}` cannot be cleared: the fleet file no longer lists account {id}, so"
            " `pulumi up` cannot write there",
            remedy=Advise(
                "list the account until its rules are cleared, then remove it and the release"
                " together; or write `leave: keep`"
            ),
        )
