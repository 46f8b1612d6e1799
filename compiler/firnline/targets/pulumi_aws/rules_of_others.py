"""Would a write remove a rule that somebody else wrote, or bring one back that is gone?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.fleet.ownership import is_ours
from firnline.rules.checks.foreign_rules import FOREIGN_RULES
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet
from firnline.targets.pulumi_aws.write import Write, how_many

_KEPT = "{ID: by-hand, Status: Enabled, Filter: {Prefix: old/}, Expiration: {Days: %d}}"

OTHERS_CHANGED = Kind(
    code="FL729",
    name="others-changed",
    severity=Severity.ERROR,
    title="rules that Firnline did not write are no longer as this write knows them",
    why=(
        "Rules of others that stay are written again along with Firnline's, and those that go are"
        " approved as they were when the lock was made. A rule that its owner has changed or taken"
        " away since would be overwritten, or come back, and nobody would notice."
    ),
    help="run `firnline resolve`, and review what that changes",
    # What is live, and the rule that is kept.
    wrong=f"live: {_KEPT % 3}\nkept: {_KEPT % 30}\n",
    right=f"live: {_KEPT % 30}\nkept: {_KEPT % 30}\n",
)


def judge_others(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """Why the write must not happen because of rules of others; None if it may.

    Each live one must be carried by the write, or be one that may go, in exactly its form; and
    each one that is carried must be live, or have gone with an earlier write of ours.
    """
    there = theirs(live, write)
    carried = theirs(write.rules, write)
    kept = [rule for rule in carried if _is_in(rule, write.known_foreign)]
    lost = [rule for rule in there if not _is_in(rule, (*kept, *write.going))]
    back = [rule for rule in carried if not _is_in(rule, (*there, *write.returning))]
    known = {rule.id for rule in (*kept, *write.going) if rule.id}
    if unknown := [rule for rule in lost if rule.id not in known]:
        return _unknown(unknown, write)
    if lost or back:
        return _changed(lost, back, write)
    stay = [rule for rule in kept if _is_in(rule, there)]
    if live is not None and not _do_the_same(stay, live, write):
        return _with_another_header(live, write)
    return None


def theirs(rules: RuleSet | None, write: Write) -> tuple[Rule, ...]:
    """The rules of others among these."""
    every = rules.rules if rules is not None else ()
    return tuple(rule for rule in every if not is_ours(rule.id, write.namespace))


def that_go(live: RuleSet | None, write: Write) -> tuple[Rule, ...]:
    """The live rules of others that the write replaces."""
    return tuple(rule for rule in theirs(live, write) if _is_in(rule, write.going))


def _is_in(rule: Rule, rules: Iterable[Rule]) -> bool:
    """In exactly this form."""
    return rule.in_order in (each.in_order for each in rules)


def _do_the_same(kept: Sequence[Rule], live: RuleSet, write: Write) -> bool:
    """Whether they still do with the header that is written what they do with the live one."""
    now = RuleSet(tuple(kept), live.minimum_size)
    return surely_same(now, replace(now, minimum_size=write.rules.minimum_size))


def _unknown(lost: Sequence[Rule], write: Write) -> Diagnostic:
    names = ", ".join(map(_named, lost))
    return FOREIGN_RULES.at(
        write.place,
        f"`{write.bucket}` has {how_many(lost)} that Firnline did not write, unknown to"
        f" {'the lock' if write.from_lock else 'this program'}",
        notes=[f"this write would remove: {names}"],
        remedy=Advise(
            f"{write.look}; then run `firnline resolve`, and say in the policy what happens to"
            " them: `firnline check` lists the ways"
            if write.from_lock
            else f"{write.look}; then say in the policy file what the rules do; in their place,"
            f" write yourself what `firnline compile --bucket {write.bucket} --out s3-json` prints,"
            f" with IDs that begin with `firnline/{write.namespace}/`, so that the bucket is never"
            " without rules; and run `pulumi up`"
        ),
    )


def _changed(lost: Sequence[Rule], back: Sequence[Rule], write: Write) -> Diagnostic:
    """A rule that is carried and live in another form is in both."""
    changed = {rule.id for rule in lost}
    gone = [rule for rule in back if rule.id not in changed]
    since = "`firnline resolve`" if write.from_lock else "this program was written"
    return OTHERS_CHANGED.at(
        write.place,
        f"rules on `{write.bucket}` that Firnline did not write have changed since {since}",
        notes=[*_listed("live in another form", lost), *_listed("not live any more", gone)],
        remedy=_remedy(write),
    )


def _with_another_header(live: RuleSet, write: Write) -> Diagnostic:
    return OTHERS_CHANGED.at(
        write.place,
        f"the rules on `{write.bucket}` that Firnline did not write would move objects of other"
        " sizes",
        notes=[
            "the header for the minimum size of transitions is"
            f" {live.minimum_size.value}, and {write.rules.minimum_size.value} would be written"
        ],
        remedy=_remedy(write),
    )


def _remedy(write: Write) -> Advise:
    return Advise(
        f"{write.look}; then run `firnline resolve`, review what it changes, and run `pulumi up`"
        if write.from_lock
        else f"{write.look}, and let the program carry the rules as they are"
    )


def _listed(what: str, rules: Sequence[Rule]) -> Iterator[str]:
    if rules:
        yield f"{what}: {', '.join(map(_named, rules))}"


def _named(rule: Rule) -> str:
    return f"`{rule.id}`" if rule.id else "one without an ID"
