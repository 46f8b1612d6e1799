"""May a bucket be written? Not while that would erase unknown rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise
from firnline.fleet.live import Live
from firnline.fleet.ownership import is_ours
from firnline.language.checks.no_such_bucket import NO_SUCH_BUCKET
from firnline.rules.checks.foreign_rules import FOREIGN_RULES
from firnline.rules.lower import placeholder
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.proved_rules import BucketState

_THREE_RULES = """\
live: {ID: firnline/lab/tmp, Status: Enabled, Filter: {Prefix: tmp/}, Expiration: {Days: %d}}
written: {ID: firnline/lab/tmp, Status: Enabled, Filter: {Prefix: tmp/}, Expiration: {Days: %d}}
writing: {ID: firnline/lab/tmp, Status: Enabled, Filter: {Prefix: tmp/}, Expiration: {Days: %d}}
"""
"""For messages: the rules that are live, last written, and about to be written."""
_REFRESH = "`pulumi refresh --run-program=false`"
"""Copies the live rules into the state. A refresh that runs the program, as with
`PULUMI_RUN_PROGRAM`, reads again what an earlier run could not read back, and fails as that did.
Without the program the endpoints are not checked, but a refused deployment has just done that."""

DRIFT = Kind(
    code="FL706",
    name="drift",
    severity=Severity.ERROR,
    title="the live rules are not what was last written",
    why=(
        "Pulumi compares with its own state, not with S3. Firnline's rules were changed outside"
        " of Pulumi, or a rule with the prefix of their IDs was added: the next write would"
        " silently overwrite that."
    ),
    help=f"look at them with `firnline show`, then run {_REFRESH}",
    wrong=_THREE_RULES % (3, 7, 8),
    right=_THREE_RULES % (7, 7, 8),
)


@dataclass(frozen=True, slots=True)
class Write:
    """A write that is about to happen. `written` is what Pulumi wrote last, None on a create.

    `from_lock`: a fleet lock knows the bucket, so that it was there before the program ran, and
    errors may send people to the commands of a fleet. `proved_for` is the expected state of the
    bucket.
    """

    bucket: str
    account_id: str
    namespace: str
    rules: RuleSet
    written: RuleSet | None
    known_foreign: tuple[Rule, ...] = ()
    from_lock: bool = False
    proved_for: BucketState | None = None


def judge_answer(live: Live, write: Write, *, preview: bool) -> Diagnostic | None:
    """As `judge`, but also reports a missing bucket."""
    return judge(live.rules, write) if live.bucket_exists else no_bucket(write, preview=preview)


def judge(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """Why the write must not happen while this is live; None if it may.

    Foreign rules must be in the lock and included in the write. Ours may be replaced if they are
    what was last written, or already mean what is about to be written; but not a rule whose ID this
    stack did not write, even if it has no effect now.
    """
    foreign = [rule for rule in _rules(live) if not is_ours(rule.id, write.namespace)]
    lost = [rule for rule in foreign if not _carried(rule, write)]
    if lost:
        return _foreign(lost, write)
    ours = _ours(live, write.namespace)
    return _changed(ours, write) or _unknown(ours, write)


def not_settled(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """After the write: what is wrong with S3's answer, if anything."""
    if live is not None and surely_same(live, as_sent(write.rules)):
        return None
    return DRIFT.at(
        _place(write),
        "S3 answers other rules than those that were written",
        notes=_changes(live or RuleSet(()), as_sent(write.rules), "written", "live"),
        remedy=Advise(
            f"{_look(write)}, and make sure that no one else writes this"
            f" bucket; then run {_REFRESH} and `pulumi up`"
        ),
    )


def no_bucket(write: Write, *, preview: bool) -> Diagnostic | None:
    """In a preview the same program may be about to create it."""
    was_there = write.from_lock or write.written is not None
    if preview and not was_there:
        return None
    return NO_SUCH_BUCKET.at(
        _place(write),
        f"`{write.bucket}` does not exist{' any more' if was_there else ''}",
        remedy=Advise(
            "run `firnline resolve`, which takes the bucket out of the lock; `firnline check` then"
            " says which policies name it"
            if write.from_lock
            else "make the bucket before its rules, or take its rules out of the program"
        ),
    )


def _changed(ours: RuleSet, write: Write) -> Diagnostic | None:
    """Our live rules mean neither what was last written nor what is about to be written."""
    if surely_same(ours, _ours(as_sent(write.rules), write.namespace)):
        return None
    if write.written is None:
        return None if surely_same(ours, RuleSet(())) else _unexpected(ours, write)
    written = _ours(as_sent(write.written), write.namespace)
    return None if surely_same(ours, written) else _drift(ours, written, write)


def _unknown(ours: RuleSet, write: Write) -> Diagnostic | None:
    """A rule under our name that this stack did not write in this form. It changes nothing, or
    `_changed` would have reported it: it is disabled, or does what other rules do. A person made it
    so, and may need it. Without a state any enabled rules may be earlier ones of ours, with their
    earlier names.
    """
    written = write.written.rules if write.written else ()
    known = (*write.rules.rules, *written, *placeholder(write.namespace).rules)
    ids = {rule.id for rule in known}
    disabled = {rule.id for rule in known if not rule.enabled}
    unknown = [
        rule
        for rule in ours.rules
        if (rule.id not in disabled and not rule.enabled)
        or (rule.id not in ids and write.written is not None)
    ]
    return _edited_by_a_person(unknown, write) if unknown else None


def _rules(live: RuleSet | None) -> tuple[Rule, ...]:
    return live.rules if live else ()


def _ours(rules: RuleSet | None, namespace: str) -> RuleSet:
    if rules is None:
        return RuleSet(())
    return replace(rules, rules=tuple(rule for rule in rules.rules if is_ours(rule.id, namespace)))


def _carried(rule: Rule, write: Write) -> bool:
    return rule in write.known_foreign and rule in write.rules.rules


def _look(write: Write) -> str:
    """How to see what is live: `firnline show` only knows buckets of a fleet file."""
    shown = f"firnline show {write.bucket}"
    command = f"aws s3api get-bucket-lifecycle-configuration --bucket {write.bucket}"
    return f"look with `{shown if write.from_lock else command}`"


def _place(write: Write) -> BucketPlace:
    return BucketPlace(write.bucket, write.account_id)


def _foreign(lost: list[Rule], write: Write) -> Diagnostic:
    names = ", ".join(f"`{rule.id}`" if rule.id else "one without an ID" for rule in lost)
    return FOREIGN_RULES.at(
        _place(write),
        f"`{write.bucket}` has {_many(lost)} that Firnline did not write, unknown to"
        f" {'the lock' if write.from_lock else 'this program'}",
        notes=[f"this write would remove: {names}"],
        remedy=Advise(
            f"{_look(write)}; then move what the rules do into a policy"
            f" and remove them, and run `{'firnline resolve' if write.from_lock else 'pulumi up'}`"
        ),
    )


def _many(rules: list[Rule]) -> str:
    return f"{len(rules)} rules" if len(rules) > 1 else "one rule"


def _drift(ours: RuleSet, written: RuleSet, write: Write) -> Diagnostic:
    return DRIFT.at(
        _place(write),
        "Firnline's rules were changed outside of Pulumi"
        if ours.rules
        else "Firnline's rules were removed outside of Pulumi",
        notes=_changes(ours, written, "last written", "live"),
        remedy=Advise(
            f"{_look(write)}; {_REFRESH} then accepts what is live, and the next `pulumi up`"
            " replaces it"
        ),
    )


def _unexpected(ours: RuleSet, write: Write) -> Diagnostic:
    return DRIFT.at(
        _place(write),
        "Firnline's rules are live, but this stack never wrote any",
        notes=_changes(ours, as_sent(write.rules), "about to be written", "live"),
        remedy=Advise(
            f"{_look(write)}, and make sure that no other stack writes"
            " this bucket; then deploy the policy that is live first, and change it afterwards"
        ),
    )


def _edited_by_a_person(unknown: list[Rule], write: Write) -> Diagnostic:
    names = ", ".join(f"`{rule.id}`{'' if rule.enabled else ' (disabled)'}" for rule in unknown)
    remedy = (
        f"{_REFRESH} lets the next `pulumi up` replace it"
        if write.written is not None
        else "else remove it yourself"
    )
    return DRIFT.at(
        _place(write),
        f"`{write.bucket}` has {_many(unknown)} with the prefix of Firnline's IDs"
        " that this stack did not write in this form",
        notes=[f"this write would replace: {names}"],
        remedy=Advise(
            f"{_look(write)}; whoever needs the rule gives it an ID that"
            f" does not begin with `firnline/{write.namespace}/`; {remedy}"
        ),
    )


def _changes(live: RuleSet, other: RuleSet, other_called: str, live_called: str) -> list[str]:
    """The IDs of rules that are only in one of the two, or differ."""
    one = {rule.id: rule for rule in live.rules}
    two = {rule.id: rule for rule in other.rules}
    notes = [
        *_listed(f"only {live_called}", one.keys() - two.keys()),
        *_listed(f"only {other_called}", two.keys() - one.keys()),
        *_listed("different", (id for id in one.keys() & two.keys() if one[id] != two[id])),
    ]
    return notes or ["the header for the minimum size of transitions differs"]


def _listed(what: str, ids: Iterable[str]) -> list[str]:
    names = ", ".join(f"`{id}`" for id in sorted(ids))
    return [f"{what}: {names}"] if names else []
