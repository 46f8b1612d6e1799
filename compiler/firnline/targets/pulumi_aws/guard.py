"""May a bucket be written? Not while that would erase unknown rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import Advise
from firnline.fleet.live import Live
from firnline.fleet.ownership import is_ours
from firnline.language.checks.no_such_bucket import NO_SUCH_BUCKET
from firnline.rules.lower import placeholder
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.rules_of_others import judge_others, that_go
from firnline.targets.pulumi_aws.two_stacks import in_another
from firnline.targets.pulumi_aws.write import Write, how_many

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


def judge_answer(live: Live, write: Write, *, preview: bool) -> Diagnostic | None:
    """As `judge`, but also reports a missing bucket."""
    return judge(live.rules, write) if live.bucket_exists else no_bucket(write, preview=preview)


def judge(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """Why the write must not happen while this is live; None if it may.

    Foreign rules must be known and stay as they are. Ours may be replaced if they are what was last
    written, or already mean what is about to be written; but not a rule whose ID this
    stack did not write, even if it has no effect now.
    """
    if of_others := judge_others(live, write):
        return of_others
    if elsewhere := in_another(live, write):
        return elsewhere
    ours = _ours(live, write.namespace)
    return _changed(ours, write) or _unknown(ours, write)


def not_settled(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """After the write: what is wrong with S3's answer, if anything."""
    if live is not None and surely_same(live, as_sent(write.rules)):
        return None
    return DRIFT.at(
        write.place,
        "S3 answers other rules than those that were written",
        notes=_changes(live or RuleSet(()), as_sent(write.rules), "written", "live"),
        remedy=Advise(
            f"{write.look}, and make sure that no one else writes this"
            f" bucket; then run {_REFRESH} and `pulumi up`"
        ),
    )


def nothing_written(live: RuleSet | None, write: Write) -> Diagnostic | None:
    """Where nothing is to be written: whether rules of others are live that are to go."""
    still = that_go(live, write)
    if not still:
        return None
    names = ", ".join(f"`{rule.id}`" for rule in still)
    return DRIFT.at(
        write.place,
        f"{names} on `{write.bucket}` {'are' if len(still) > 1 else 'is'} to go, but Pulumi finds"
        " nothing to write there: it compares with what it wrote last, not with what is live",
        remedy=Advise(
            f"run {_REFRESH}, which takes what is live into the state; the next `pulumi up` then"
            " replaces it"
        ),
    )


def no_bucket(write: Write, *, preview: bool) -> Diagnostic | None:
    """In a preview the same program may be about to create it."""
    was_there = write.from_lock or write.written is not None
    if preview and not was_there:
        return None
    return NO_SUCH_BUCKET.at(
        write.place,
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
    perhaps = write.perhaps
    if perhaps and surely_same(ours, _ours(as_sent(perhaps), write.namespace)):
        return None
    if write.written is None:
        return None if surely_same(ours, RuleSet(())) else _unexpected(ours, write)
    written = _ours(as_sent(write.written), write.namespace)
    return None if surely_same(ours, written) else _drift(ours, written, write)


def _unknown(ours: RuleSet, write: Write) -> Diagnostic | None:
    """A rule under our name that this stack did not write in this form. It changes nothing, or
    `_changed` would have reported it: it is disabled, or does what other rules do. A person made it
    so, and may need it; or another program writes the bucket, under names of its own.
    """
    written = write.written.rules if write.written else ()
    perhaps = write.perhaps.rules if write.perhaps else ()
    known = (*write.rules.rules, *written, *perhaps, *placeholder(write.namespace).rules)
    ids = {rule.id for rule in known}
    disabled = {rule.id for rule in known if not rule.enabled}
    unknown = [
        rule
        for rule in ours.rules
        if (rule.id not in disabled and not rule.enabled) or rule.id not in ids
    ]
    if not unknown:
        return None
    others = [rule for rule in unknown if rule.id not in ids and rule.enabled]
    is_first = write.written is None and len(others) == len(unknown)
    return _of_another(others, write) if is_first else _edited_by_a_person(unknown, write)


def _ours(rules: RuleSet | None, namespace: str) -> RuleSet:
    if rules is None:
        return RuleSet(())
    return replace(rules, rules=tuple(rule for rule in rules.rules if is_ours(rule.id, namespace)))


def _drift(ours: RuleSet, written: RuleSet, write: Write) -> Diagnostic:
    return DRIFT.at(
        write.place,
        "Firnline's rules were changed outside of Pulumi"
        if ours.rules
        else "Firnline's rules were removed outside of Pulumi",
        notes=_changes(ours, written, "last written", "live"),
        remedy=Advise(
            f"{write.look}{_who(write)}; {_REFRESH} then accepts what is live, and the next"
            " `pulumi up` replaces it"
        ),
    )


def _who(write: Write) -> str:
    by = f"firnline show {write.bucket} --writers"
    return f", and who wrote it with `{by}`" if write.from_lock else ""


def _unexpected(ours: RuleSet, write: Write) -> Diagnostic:
    return DRIFT.at(
        write.place,
        "Firnline's rules are live, but this stack never wrote any",
        notes=_changes(ours, as_sent(write.rules), "about to be written", "live"),
        remedy=Advise(
            f"{write.look}, and make sure that no other stack writes"
            " this bucket; then deploy the policy that is live first, and change it afterwards"
        ),
    )


def _of_another(others: list[Rule], write: Write) -> Diagnostic:
    """Rules that do what is about to be written, and that only another program can have written, or
    this one under other names before its state was lost.
    """
    names = ", ".join(f"`{rule.id}`" for rule in others)
    return DRIFT.at(
        write.place,
        f"`{write.bucket}` has {how_many(others)} with the prefix of Firnline's IDs under names"
        " that this stack does not write, and it never wrote any",
        notes=[f"live: {names}"],
        remedy=Advise(
            f"{write.look}; where another program writes this bucket, take its `Retention` out"
            " there and run `pulumi up` there, which leaves the rules live; then name the policies"
            " and retentions here as these IDs do, for one `pulumi up`: that is the remedy too"
            " where an earlier state of this stack was lost"
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
        write.place,
        f"`{write.bucket}` has {how_many(unknown)} with the prefix of Firnline's IDs"
        " that this stack did not write in this form",
        notes=[f"this write would replace: {names}"],
        remedy=Advise(
            f"{write.look}; whoever needs the rule gives it an ID that"
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
