"""Would S3 accept the rules of others that are written along with ours?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Needs, Subject
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.fleet import Leave
from firnline.language.lock import LockedBucket
from firnline.language.model import Folder
from firnline.rules.foreign import ForeignRule, foreign_rule, settled
from firnline.s3.compare.same import unknown_classes
from firnline.s3.law.judge import judge
from firnline.s3.law.verdict import BucketFacts
from firnline.s3.model import RuleSet
from firnline.s3.shape import rules_to_s3


def _files(action: str) -> dict[str, str]:
    line = f'{{"ID": "by-hand", "Status": "Enabled", "Filter": {{"Prefix": "old/"}}{action}}}'
    return {
        "fleet.yaml": FLEET,
        "fleet.lock.yaml": lock_file(facts=f"      foreign_rules: ['{line}']\n"),
        "policy.yaml": policy_file(rest="versioning: off\nforeign_rules: keep\n"),
    }


_DAYS: Final = ', "Expiration": {"Days": 30}'
KEPT_RULE_REFUSED = Kind(
    code="FL421",
    name="kept-rule-refused",
    severity=Severity.ERROR,
    title="a rule that Firnline did not write cannot be written again",
    why=(
        "A bucket's configuration is written whole, so that the rules of others which stay are"
        " written again, and S3 accepts or refuses it whole. The lock's line of this rule was"
        " edited, S3 took the rule at a time when it accepted more, or this version of Firnline"
        " does not know what the rule says."
    ),
    help="run `firnline resolve`, or have the rule's owner write it so that S3 accepts it",
    wrong=_files(""),
    right=_files(_DAYS),
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for lock in folder.locks:
        for bucket in lock.buckets:
            written = _written_again(folder, bucket)
            ids = Counter(each.id for each in written)
            for each in written:
                yield from _refused(folder, bucket, each, is_alone=ids[each.id] == 1)


CHECK = Check(Subject.FOLDER, check, (KEPT_RULE_REFUSED,), needs=(Needs.LOCK,))


def _written_again(folder: Folder, bucket: LockedBucket) -> tuple[ForeignRule, ...]:
    fleet = folder.fleet
    if not bucket.foreign or fleet is None:
        return ()
    foreign = tuple(map(foreign_rule, bucket.foreign))
    release = fleet.released(*bucket.place)
    if release is not None:
        return foreign if release.leave is Leave.CLEAR else ()
    account = fleet.manages(bucket)
    if account is None:
        return ()
    place = account.label.value, bucket.name.value
    policies = [
        policy.for_bucket(*place)
        for policy in folder.policies
        if policy.covers(*place, bucket.region, bucket.tags)
    ]
    return settled(foreign, policies).kept


def _refused(
    folder: Folder, bucket: LockedBucket, each: ForeignRule, *, is_alone: bool
) -> Iterator[Diagnostic]:
    assert folder.fleet is not None, "without one nothing is written"
    ours = f"firnline/{folder.fleet.namespace.value}/"
    if each.rule is None:
        yield KEPT_RULE_REFUSED.at(
            each.span,
            "this line of the lock cannot be read as a rule",
            notes=["it was edited, or has a member that this version of Firnline does not know"],
        )
        return
    if not is_alone or each.id.startswith(ours):
        why = f"begins with `{ours}`" if is_alone else "is that of another rule, too"
        yield KEPT_RULE_REFUSED.at(each.span, f"the ID `{each.id}` {why}")
        return
    facts, said = BucketFacts(bucket.type), rules_to_s3(RuleSet((each.rule,)))
    verdict = judge(said, facts, bucket.partition)
    if classes := sorted(unknown_classes(RuleSet((each.rule,)))):
        yield KEPT_RULE_REFUSED.at(
            each.span,
            f"`{each.id}` moves objects to `{classes[0]}`, a storage class that this version of"
            " Firnline does not know",
            remedy=Advise("install a newer version of Firnline, and run `firnline resolve`"),
        )
    elif not verdict.accepted:
        first = verdict.findings[0]
        yield KEPT_RULE_REFUSED.at(
            each.span,
            f"`{bucket.name.value}` would not take `{each.id}` again: {first.message}",
            notes=[f"S3 answers {first.code}"],
        )
