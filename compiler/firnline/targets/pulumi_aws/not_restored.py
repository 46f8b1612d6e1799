"""Why an undo must not restore the rules that were live before a rollout, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import visible
from firnline.inventory.savings.before_rollout import NotKnown
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.ledger import KEPT
from firnline.language.model import Hold
from firnline.rules.program import Bucket
from firnline.rules.prove.broken_by import Breach
from firnline.s3.terms import Versioning

ROLLOUT_UNKNOWN = Kind(
    code="FL731",
    name="rollout-unknown",
    severity=Severity.ERROR,
    title="a stack has no record of the rollout that is to be undone",
    why=(
        "What was live before a rollout is in the ledger in each stack's state. Without it nobody"
        " knows what to restore, and nothing is written."
    ),
    help="name a rollout that changed rules of this stack",
    # The rollout to undo, and those in the ledger.
    wrong="{undo: second, ledger: [first]}",
    right="{undo: first, ledger: [first]}",
)
NOT_RESTORABLE = Kind(
    code="FL732",
    name="not-restorable",
    severity=Severity.ERROR,
    title="the rules that a bucket had before a rollout cannot be restored",
    why=(
        f"The ledger keeps the {KEPT} newest changes of each bucket, and a run that ended early may"
        " not have recorded its own. Besides, the same rules do something else in a bucket whose"
        " versioning has changed since."
    ),
    help="write what the bucket needs now into a policy, and deploy that",
    # The versioning of the bucket at the time of the rollout, and now.
    wrong="{then: off, now: enabled}",
    right="{then: off, now: off}",
)
UNDO_BREAKS_POLICY = Kind(
    code="FL733",
    name="undo-breaks-policy",
    severity=Severity.ERROR,
    title="the rules that an undo restores break a hold or a promise",
    why=(
        "The holds and promises of the present policies bind what an undo writes as well: somebody"
        " may have added one since, or the rollout was made to keep it. That bytes stay longer than"
        " `gone_within` is a warning where the rollout brought the bucket's first rules."
    ),
    help="leave the rollout in place, or take back the hold or the promise first",
    # What the policies say now, and a rule that was live before the rollout.
    wrong="{hold: tmp/, rule: {prefix: tmp/, delete_after: 7d}}",
    right="{hold: tmp/, rule: {prefix: logs/, delete_after: 7d}}",
)

_FORWARD: Final = "write into a policy what the bucket needs now, and deploy that"
_MOST_NAMED: Final = 5


def rollout_unknown(rollout: str, entries: Iterable[Entry]) -> Diagnostic:
    newest = sorted(entries, key=lambda each: each.change.at, reverse=True)
    ids = list(dict.fromkeys(each.rollout for each in newest if each.rollout))[:_MOST_NAMED]
    known = f"the newest that it has: {', '.join(map(_named, ids))}" if ids else "it has none"
    return ROLLOUT_UNKNOWN.at(
        whole_file("the stack's ledger"),
        f"no bucket of this stack was changed by {_named(rollout)}, as far as its ledger reaches",
        notes=[known],
        remedy=Advise("name one that changed this stack, or leave the stack as it is"),
    )


def ledger_unreadable(why: str) -> Diagnostic:
    return ROLLOUT_UNKNOWN.at(
        whole_file("the stack's ledger"),
        f"the ledger in the stack's state cannot be read: {why}",
        remedy=Advise("run this with the version of Firnline that deployed the stack last"),
    )


def not_known(why: NotKnown, place: BucketPlace, rollout: str) -> Diagnostic:
    match why:
        case NotKnown.DROPPED:
            return NOT_RESTORABLE.at(
                place,
                f"what {_named(rollout)} changed here is no longer in the ledger, which keeps the"
                f" {KEPT} newest changes of each bucket",
                remedy=Advise(_FORWARD),
            )
        case NotKnown.UNRECORDED:
            return NOT_RESTORABLE.at(
                place,
                f"a run of {_named(rollout)} ended before it recorded what it changed, and nothing"
                " tells what was live here before",
                remedy=Advise(_FORWARD),
            )
        case _:
            assert_never(why)


def nowhere(place: BucketPlace) -> Diagnostic:
    return NOT_RESTORABLE.at(
        place,
        "neither the lock nor the ledger says in which account the bucket is",
        remedy=Advise("run `firnline resolve`"),
    )


def versioned_otherwise(bucket: Bucket, then: Versioning, now: Versioning) -> Diagnostic:
    return NOT_RESTORABLE.at(
        BucketPlace(bucket.name, bucket.account_id),
        f"its versioning was {then.value} at that time and is {now.value} now, so the same rules"
        " would do something else",
        remedy=Advise(_FORWARD),
    )


def breaks(breach: Breach, bucket: Bucket, rollout: str, *, is_first: bool) -> Diagnostic:
    """A warning only, where the rollout brought the first rules of a bucket, without which bytes
    stay for ever in any case, and none is lost.
    """
    said, where = breach.said, f"s3://{visible(bucket.name)}/{visible(breach.prefix)}"
    called = f"the {'hold' if isinstance(said, Hold) else 'promise'} `{visible(said.name.value)}`"
    if breach.rule is not None:
        told = (
            f"`{visible(breach.rule.id)}`, which was live before {_named(rollout)}, deletes below"
            f" {where} {_day(breach)}, and {called} keeps that"
        )
    else:
        end = "for ever" if breach.when is None else f"for {breach.when}"
        told = (
            f"the rules that were live before {_named(rollout)} keep bytes below {where} {end},"
            f" longer than {called} allows"
        )
    found = UNDO_BREAKS_POLICY.at(
        said.name.span,
        told,
        remedy=Advise(
            f"leave {_named(rollout)} in place, or take back {called} first, as whoever it is for"
            " agrees"
        ),
    )
    only_stays = is_first and breach.rule is None
    return replace(found, severity=Severity.WARNING) if only_stays else found


def _day(breach: Breach) -> str:
    return f"at {breach.when}" if isinstance(breach.when, int) else f"on {breach.when}"


def _named(rollout: str) -> str:
    return f"rollout `{visible(rollout)}`"
