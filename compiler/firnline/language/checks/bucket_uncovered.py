"""Does a bucket have live rules of ours that no policy covers any more?"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise, RemoveOne
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, locked, policy_file
from firnline.language.coverage_index import CoverageIndex
from firnline.language.fleet import Fleet, Release
from firnline.language.lock import Lock, LockedBucket
from firnline.language.model import Folder
from firnline.language.shape_kinds import UNKNOWN_NAME

_ORPHAN = lock_file(more=locked("lab-old", ours="rules"))
BUCKET_UNCOVERED = Kind(
    code="FL709",
    name="bucket-uncovered",
    severity=Severity.ERROR,
    title="a bucket has Firnline's rules, but no policy covers it",
    why=(
        "Its rules keep deleting, and no file here explains why. Firnline never removes a live"
        " configuration by itself."
    ),
    help="cover it with a policy, or write a release",
    wrong={"fleet.yaml": FLEET, "fleet.lock.yaml": _ORPHAN, "policy.yaml": policy_file()},
    right={
        "fleet.yaml": FLEET + "releases: {lab/lab-old: {leave: keep, why: handed to team b}}\n",
        "fleet.lock.yaml": _ORPHAN,
        "policy.yaml": policy_file(),
    },
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    if folder.fleet is None or folder.lock is None or not folder.whole:
        return
    index = CoverageIndex(folder.policies)
    covered = set()
    for bucket in folder.lock.buckets:
        account = folder.fleet.manages(bucket)
        if account is None:
            continue  # `left_behind` reports it
        label, name = account.label.value, bucket.name.value
        if any(index.covering(label, name, bucket.region, bucket.tags)):
            covered.add(bucket)
        elif not bucket.covered and not folder.fleet.released(*bucket.place):
            yield BUCKET_UNCOVERED.at(
                bucket.name.span,
                f"no policy covers `{name}` of `{label}`",
                remedy=Advise(
                    "cover it with a policy, or add to the fleet file:\n"
                    f"releases: {{{label}/{name}: {{leave: keep, why: …}}}} (or `leave: clear`)"
                ),
            )
    for release in folder.fleet.releases:
        yield from _wrong_release(release, folder.fleet, folder.lock, covered)


CHECK = Check(
    Subject.FOLDER,
    check,
    (
        UNKNOWN_NAME,
        BUCKET_UNCOVERED,
    ),
    needs=(Needs.LOCK,),
)


def _wrong_release(
    release: Release, fleet: Fleet, lock: Lock, covered: Collection[LockedBucket]
) -> Iterator[Diagnostic]:
    id = fleet.account_id_of(release)
    if id is None or fleet.account_with(id) is None:
        return  # `unknown_account` reports the first; nothing is known of a released account
    meant = [
        bucket
        for bucket in lock.buckets
        if bucket.account_id == id and release.is_for(bucket.name.value)
    ]
    still = next((bucket for bucket in meant if bucket in covered), None)
    if still is not None:
        yield UNKNOWN_NAME.at(
            release.bucket.span,
            f"a policy still covers `{still.name.value}`",
            remedy=Advise(
                "remove the release, or exclude the bucket from the policy"
                if release.bucket.value != "*"
                else "`*` gives up all buckets of an account: exclude them from the policies, or"
                " name those given up one by one"
            ),
        )
    elif not meant:
        named = "" if release.bucket.value == "*" else f" `{release.bucket.value}`"
        message = f"Firnline manages no bucket{named} in `{release.account.value}`"
        remedy = RemoveOne((release.bucket.span,), "the release")
        yield UNKNOWN_NAME.at(release.bucket.span, message, remedy=remedy)
