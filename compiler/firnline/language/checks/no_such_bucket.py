"""Does `applies_to` name a bucket that the account does not have?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import RemoveOne
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.checks.stale_lock import is_fresh
from firnline.language.lock import LockedBucket
from firnline.language.model import Buckets, Folder, Policy, matches
from firnline.language.nearest import did_you_mean
from firnline.language.tag import Tag, Tags

NO_SUCH_BUCKET = Kind(
    code="FL703",
    name="no-such-bucket",
    severity=Severity.ERROR,
    title="the account has no such bucket",
    is_spelling=True,
    why="A policy for a bucket that does not exist has no effect, and is easy to overlook.",
    help="correct the name, or run `firnline resolve` if the bucket is new",
    wrong={
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(
            digest="sha256:c5da6ee0609a8504783a92967a982568339cfc170aa2887aece7d5489a1fc8d2"
        ),
        "policy.yaml": policy_file(buckets="lab-dta"),
    },
    right={"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()},
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for policy in folder.policies:
        yield from _excluded_again(policy)
    if folder.fleet is None or folder.lock is None or not is_fresh(folder):
        return
    managed = [
        (account.label.value, bucket)
        for bucket in folder.lock.buckets
        if (account := folder.fleet.manages(bucket)) is not None
    ]
    # By account, region and tags.
    names: dict[tuple[str, str, Tags], list[str]] = defaultdict(list)
    for label, bucket in managed:
        names[label, bucket.region, bucket.tags].append(bucket.name.value)
    for policy in folder.policies:
        for entry in policy.applies_to:
            there = [name for place in names if entry.is_for(*place) for name in names[place]]
            if any(entry.names(account.label.value) for account in folder.fleet.accounts):
                yield from _matching_none(entry, there)
        yield from _overridden_nowhere(policy, managed)


CHECK = Check(Subject.FOLDER, check, (NO_SUCH_BUCKET,), needs=(Needs.LOCK,))


def _excluded_again(policy: Policy) -> Iterator[Diagnostic]:
    for entry in policy.applies_to:
        for name in entry.included:
            exclusion = next(
                (
                    each
                    for other in policy.applies_to
                    if any(other.names(account.value) for account in entry.accounts)
                    for each in other.excluded
                    if matches(name.value, each.value)
                ),
                None,
            )
            if exclusion is not None:
                yield NO_SUCH_BUCKET.at(
                    name.span,
                    f"`{name.value}` is excluded again",
                    also=[(exclusion.span, "by this")],
                    remedy=RemoveOne((name.span, exclusion.span), "one of the two"),
                )


def _overridden_nowhere(
    policy: Policy, managed: list[tuple[str, LockedBucket]]
) -> Iterator[Diagnostic]:
    for name in policy.overridden.buckets if policy.overridden else ():
        if not any(
            matches(bucket.name.value, name.value)
            and policy.covers(label, bucket.name.value, bucket.region, bucket.tags)
            for label, bucket in managed
        ):
            message = f"`{name.value}` matches no bucket of this policy"
            yield NO_SUCH_BUCKET.at(name.span, message)


def _matching_none(entry: Buckets, there: list[str]) -> Iterator[Diagnostic]:
    accounts = ", ".join(f"`{account.value}`" for account in entry.accounts)
    where = f" in {', '.join(region.value for region in entry.regions)}" if entry.regions else ""
    where += "".join(f" with the tag {_in_words(tag)}" for tag in entry.tags)
    known = set(there)
    for name in entry.included:
        beginning = name.value.partition("*")[0]
        near = (bucket for bucket in there if bucket.startswith(beginning))
        if name.value not in known and not any(matches(bucket, name.value) for bucket in near):
            yield NO_SUCH_BUCKET.at(
                name.span,
                f"`{name.value}` matches no bucket of {accounts}{where}",
                remedy=did_you_mean(name.value, there),
            )


def _in_words(tag: Tag) -> str:
    return f"{tag.key.value}: {' or '.join(value.value for value in tag.values)}"
