"""Does the lock list buckets of ours in accounts or regions that the fleet file no longer names?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, locked, policy_file
from firnline.language.fleet import Account
from firnline.language.lock import LockedBucket
from firnline.language.model import Folder

_MOST_NAMED = 10
_LEFT = lock_file(more='  "444455556666":\n' + locked("team-b-data"))
LEFT_BEHIND = Kind(
    code="FL712",
    name="left-behind",
    severity=Severity.ERROR,
    title="the fleet file lacks an account or a region with managed buckets",
    why=(
        "An account or a region left the fleet file, but the lock lists buckets with Firnline's"
        " rules there. Their rules keep deleting, and nothing manages them any more."
    ),
    help="list the account or the region again, or write a release",
    wrong={"fleet.yaml": FLEET, "fleet.lock.yaml": _LEFT, "policy.yaml": policy_file()},
    right={
        "fleet.yaml": FLEET
        + 'releases: {"444455556666/*": {leave: keep, why: team b runs the account now}}\n',
        "fleet.lock.yaml": _LEFT,
        "policy.yaml": policy_file(),
    },
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    if folder.fleet is None or folder.lock is None or not folder.whole:
        return
    accounts: dict[str, list[LockedBucket]] = defaultdict(list)
    regions: dict[tuple[str, str], list[LockedBucket]] = defaultdict(list)
    for bucket in folder.lock.buckets:
        if folder.fleet.manages(bucket) or folder.fleet.released(*bucket.place):
            continue
        if folder.fleet.account_with(bucket.account_id) is None:
            accounts[bucket.account_id].append(bucket)
        else:
            regions[bucket.account_id, bucket.region].append(bucket)
    for id, buckets in accounts.items():
        yield _account_left(id, buckets)
    for (id, region), buckets in regions.items():
        account = folder.fleet.account_with(id)
        assert account is not None
        yield _region_left(account, region, buckets)


CHECK = Check(Subject.FOLDER, check, (LEFT_BEHIND,), needs=(Needs.LOCK,))


def _account_left(id: str, buckets: Sequence[LockedBucket]) -> Diagnostic:
    return LEFT_BEHIND.at(
        buckets[0].name.span,
        f"the fleet file has no account {id}, in which {_counted(buckets)}",
        notes=_named(buckets),
        remedy=Advise(
            "list the account again, or add to the fleet file:\n"
            f'releases: {{"{id}/*": {{leave: keep, why: …}}}}\n'
            "`leave: clear` works only while the account is still listed\n"
            f"where it is closed: `firnline resolve --drop-account {id}`"
        ),
    )


def _region_left(account: Account, region: str, buckets: Sequence[LockedBucket]) -> Diagnostic:
    label, first = account.label.value, buckets[0].name.value
    each = "for each of the buckets" if len(buckets) > 1 else "to the fleet file"
    return LEFT_BEHIND.at(
        buckets[0].name.span,
        f"`{label}` no longer lists {region}, in which {_counted(buckets)}",
        also=[(account.label.span, f"its regions: {', '.join(account.regions)}")],
        notes=_named(buckets),
        remedy=Advise(
            f"list {region} again, or add {each}:\n"
            f"releases: {{{label}/{first}: {{leave: keep, why: …}}}} (or `leave: clear`)"
        ),
    )


def _counted(buckets: Sequence[LockedBucket]) -> str:
    if len(buckets) == 1:
        return f"`{buckets[0].name.value}` is managed"
    return f"{len(buckets)} buckets are managed"


def _named(buckets: Sequence[LockedBucket]) -> list[str]:
    if len(buckets) == 1:
        return []
    names = [f"`{bucket.name.value}`" for bucket in buckets]
    more = [f"{len(names) - _MOST_NAMED} more"] if len(names) > _MOST_NAMED else []
    return [f"the buckets: {', '.join([*names[:_MOST_NAMED], *more])}"]
