"""Does a bucket carry live rules of ours that no policy speaks of any more?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.checks.lock_examples import FLEET, lock_file, locked, policy_file
from firnline.language.model import Folder
from firnline.language.shape_kinds import UNKNOWN_NAME

_ORPHAN = lock_file(more=locked("lab-old", ours="rules"))
BUCKET_UNCOVERED = Kind(
    code="FL709",
    name="bucket-uncovered",
    severity=Severity.ERROR,
    title="a bucket carries rules of ours, and no policy covers it",
    why=(
        "Its rules go on deleting, and nothing here says why. Nothing of ours removes a live"
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
    labels = {account.id.value: account.label.value for account in folder.fleet.accounts}
    covered = set()
    for bucket in folder.lock.buckets:
        label, name = labels.get(bucket.account_id, ""), bucket.name.value
        if any(policy.covers(label, name, bucket.region) for policy in folder.policies):
            covered.add((label, name))
        elif not bucket.covered and label and not folder.fleet.released(label, name):
            yield BUCKET_UNCOVERED.at(
                bucket.name.span,
                f"no policy covers `{name}` of `{label}`",
                help="cover it with a policy, or add to the fleet file:\n"
                f"releases: {{{label}/{name}: {{leave: keep, why: …}}}} (or `leave: clear`)",
            )
    known = {(labels.get(bucket.account_id), bucket.name.value) for bucket in folder.lock.buckets}
    for release in folder.fleet.releases:
        place = (release.account.value, release.bucket.value)
        if place in covered:
            message = f"a policy still covers `{release.bucket.value}`"
            help = "remove the release, or exclude the bucket from the policy"
            yield UNKNOWN_NAME.at(release.bucket.span, message, help=help)
        elif place not in known and release.account.value in labels.values():
            message = f"`{release.account.value}` has no bucket of ours `{release.bucket.value}`"
            yield UNKNOWN_NAME.at(release.bucket.span, message, help="remove the release")
