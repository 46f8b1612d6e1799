"""Does a bucket have live rules that are not ours and that our write would erase?"""

from __future__ import annotations

import json
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.fleet import Leave
from firnline.language.lock import LockedBucket
from firnline.language.model import Folder

FOREIGN_RULES = Kind(
    code="FL409",
    name="foreign-rules",
    severity=Severity.ERROR,
    title="a bucket has live rules that Firnline did not write",
    why=(
        "A bucket has one lifecycle configuration and S3 replaces it whole"
        " (PutBucketLifecycleConfiguration): writing Firnline's rules would silently erase these."
    ),
    help="move what the rules do into a policy and remove them, then run `firnline resolve`",
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(
            facts='      foreign_rules: [\'{"ID": "by-hand", "Status": "Enabled"}\']\n'
        ),
        "policy.yaml": policy_file(),
    },
    right={"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()},
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for lock in folder.locks:
        for bucket in lock.buckets:
            if bucket.foreign and _will_be_written(folder, bucket):
                yield _refusal(bucket)


CHECK = Check(Subject.FOLDER, check, (FOREIGN_RULES,), needs=(Needs.LOCK,))


def foreign_id(rule: str) -> str:
    """The ID in a foreign rule's line of JSON; the line itself where a person edited it."""
    try:
        return str(json.loads(rule)["ID"])
    except (ValueError, TypeError, KeyError):
        return rule


def _will_be_written(folder: Folder, bucket: LockedBucket) -> bool:
    fleet = folder.fleet
    release = fleet.released(*bucket.place) if fleet else None
    if release is not None and release.leave is Leave.CLEAR:
        return True
    return bucket.covered and (fleet is None or fleet.manages(bucket) is not None)


def _refusal(bucket: LockedBucket) -> Diagnostic:
    ids = [foreign_id(rule.value) for rule in bucket.foreign]
    many = f"{len(ids)} rules" if len(ids) > 1 else "one rule"
    return FOREIGN_RULES.at(
        bucket.foreign[0].span,
        f"`{bucket.name.value}` has {many} that Firnline did not write",
        notes=[f"applying would remove: {', '.join(f'`{each}`' for each in ids)}"],
    )
