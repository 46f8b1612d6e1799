"""Which entries of the old lock are kept because their buckets cannot be read now?

Our rules keep running where we cannot see them. So their entries stay in the lock until a release
says what happens to the rules.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import whole_file
from firnline.diagnostics.remedy import Advise
from firnline.fleet.scan import Scan
from firnline.language.checks.left_behind import LEFT_BEHIND
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock, LockedBucket
from firnline.language.syntax import Content

_ACCOUNT = re.compile(r' *"?(\d{12})"?: *')
_REGION = re.compile(r" *region: *(\S+) *")


def carried_over(
    old: Lock | None, fleet: Fleet, scan: Scan, dropped: Collection[str] = ()
) -> Iterator[LockedBucket]:
    """Buckets of the old lock that are copied to the new one unchanged; none of closed accounts,
    which are `dropped`.

    An account that the fleet file does not list is not read, and a release removes the entry. In a
    listed account, access to the bucket itself may be denied.
    """
    unread = {(failure.account.id.value, failure.bucket) for failure in scan.unread}
    for bucket in old.buckets if old else ():
        if fleet.account_with(bucket.account_id) is None:
            stays = bucket.account_id not in dropped and not fleet.released(*bucket.place)
        else:
            stays = bucket.place in unread
        if stays:
            yield bucket


def lost_with(broken: Content, path: str, fleet: Fleet) -> Iterator[Diagnostic]:
    """Accounts and regions of an unreadable lock, such as one with merge conflicts, about which
    nothing would be known any more if it were replaced.
    """
    if not isinstance(broken, bytes):
        return
    seen = set()
    account = ""
    for line in broken.decode(errors="replace").splitlines():
        if found := _ACCOUNT.fullmatch(line):
            account = found[1]
            listed = fleet.account_with(account) is not None
            lost = "" if listed or fleet.released(account, "") else f"account {account}"
        elif (found := _REGION.fullmatch(line)) and (known := fleet.account_with(account)):
            lost = "" if found[1] in known.regions else f"{found[1]} of `{known.label.value}`"
        else:
            continue
        if lost and lost not in seen:
            seen.add(lost)
            yield LEFT_BEHIND.at(
                whole_file(path),
                f"the lock cannot be read, and it lists buckets in {lost}, which the fleet file no"
                " longer lists",
                remedy=Advise(
                    "repair the lock, or take it from a revision in which it is whole (`git log"
                    f" {path}`), and run `firnline resolve` again"
                ),
            )
