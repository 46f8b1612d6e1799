"""The verdict of a report in sentences, and names as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

from firnline.diagnostics.how_many import how_many
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedVolume
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.portions.now import Now
from firnline.rules.kept_acts import OWNER_OF_KEPT, kept_called
from firnline.s3.terms import Bytes
from firnline.targets.between import bytes_between, count_between, dollars_between
from firnline.targets.report.dollars import first_names
from firnline.targets.report.model import (
    ComparedWith,
    Decides,
    KeptRules,
    Line,
    Read,
    Report,
    RetentionName,
)
from firnline.targets.report.verdict import Contact, Deletions, Verdict, may_be

NO_POLICY = "no policy"
_MOST_LINES = 3


def how_prefixes_count(report: Report) -> str:
    """Nothing where none lies in another."""
    places = sorted((line.bucket, line.prefix) for line in report.lines)
    for (bucket, above), (other, below) in pairwise(places):
        if bucket == other and above and below != above and below.startswith(above):
            return "Each object counts once: in the longest of these prefixes that it lies in."
    return ""


def which_versions(now: Now) -> str:
    """Such as `Of 12 object versions, 3 (4GiB) are noncurrent; beside them 2 delete markers.`"""
    versions = how_many(now.total.objects, "object version")
    noncurrent = (
        f"{now.noncurrent.objects:,} ({_size(now.noncurrent)})"
        if now.noncurrent.objects
        else "none"
    )
    told = f"Of {versions}, {noncurrent} are noncurrent"
    beside = [how_many(now.delete_markers, "delete marker")] if now.delete_markers else []
    if now.uploads.objects:
        beside.append(
            f"{how_many(now.uploads.objects, 'incomplete upload')} ({_size(now.uploads)})"
        )
    return f"{told}; beside them {' and '.join(beside)}." if beside else f"{told}."


def _size(volume: Volume) -> str:
    return Bytes(volume.bytes).rounded


def what_is_deleted(found: Verdict) -> str:
    """Such as `Next month, from … to …, the policies delete 2 object versions (3GiB) for good.`"""
    last = found.end - timedelta(days=1)
    who = "the policies and kept rules of others" if found.kept_rules else "the policies"
    when = f"Next month, from {found.first} to {last}, {who}"
    deleted, hidden, aborted = found.deletions
    if may_be(deleted):
        return f"{when} delete {_volume(deleted, 'object version')} for good."
    if may_be(hidden):
        return f"{when} hide {_volume(hidden, 'object')} behind delete markers."
    if may_be(aborted):
        return f"{when} abort {_volume(aborted, 'incomplete upload')}."
    return f"{when} delete nothing."


def what_else_is_deleted(found: Verdict) -> Iterator[str]:
    """Beside the first sentence."""
    deleted, hidden, aborted = found.deletions
    if may_be(hidden):
        which = _volume(hidden, "more object" if may_be(deleted) else "object")
        yield (
            f"By then {which} will be hidden behind delete markers: they can be restored until"
            " their old versions are deleted."
        )
    if may_be(aborted) and (may_be(deleted) or may_be(hidden)):
        yield f"{_volume(aborted, 'incomplete upload')} will be aborted."
    if not all(volume.objects.is_exact for volume in found.deletions):
        yield "The facts leave open which: the numbers are the least and the most."
    if found.kept_rules:
        named = first_names([kept_called(each) for each in found.kept_rules], 3)
        yield (
            f"Where no policy decides, rules of others do: {named}. What they delete and"
            " save counts with the policies here, as they are written together."
        )


def what_base_deletes(found: Verdict, base: ComparedWith | None) -> Iterator[str]:
    """In the same time; nothing where the policies are compared with no rules."""
    if base is None:
        return
    told = " and ".join(_short(found.deletions_before)) or "nothing"
    stays = ""
    if may_be(found.deletions.in_all):
        newly = _volume(found.newly_lost, "object") if may_be(found.newly_lost) else "nothing"
        stays = f", and {newly} of what the policies delete would stay"
    yield f"Under {rules_before(base)} it would be {told}{stays}."


def rules_before(base: ComparedWith | None) -> str:
    """Such as `the live rules`."""
    if base is None:
        return "no rules"
    return "the live rules" if base.read_at else f"the rules of {base.name}"


def what_before_is(base: ComparedWith | None) -> str:
    """Below costs before and after."""
    after = "after is with the policies"
    if base is None:
        return f"Before is without any rules, {after}; --base live compares with what is live now."
    if base.read_at:
        return f"Before is with the live rules, as read at {base.read_at:%Y-%m-%d %H:%M}Z; {after}."
    commit = f" at commit {base.commit}" if base.commit else ""
    return f"Before is with {rules_before(base)}{commit}, {after}."


def what_it_saves(found: Verdict, base: ComparedWith | None, months: int) -> str:
    """Within the next month, and within all; empty where no cost is known."""
    totals = found.saves_next_month, found.usd_a_month, found.before_usd, found.after_usd
    known = [each.amount for each in (*totals, found.saves) if each.amount is not None]
    if not known:
        return ""
    next_month, today, before, after, saves = known
    without = f"Without {first_names(sorted(found.saves.without), 3)}: "
    rest = without if found.saves.without else ""
    before_is = "without any" if base is None else f"with {rules_before(base)}"
    then = f"in month {months} it costs {dollars_between(after)} with the policies"
    return (
        f"{rest}{_saves(next_month, base, 'the next month')}."
        f" Storage costs {dollars_between(today)} a month today."
        f" {_saves(saves, base, how_many(months, 'month'))}: {then}, and {dollars_between(before)}"
        f" {before_is}."
    )


def _saves(saves: Between[Fraction], base: ComparedWith | None, within: str) -> str:
    """Where it costs more instead, so many dollars more."""
    if saves.at_least >= 0:
        return f"Within {within} the policies save {dollars_between(saves)}"
    if saves.at_most <= 0:
        more = dollars_between(Between(-saves.at_most, -saves.at_least))
        return f"Within {within} the policies cost {more} more than {rules_before(base)}"
    return f"Within {within} the policies save {dollars_between(saves)} (below zero they cost more)"


def whom_to_ask(contact: Contact, report: Report) -> str:
    """Without the name of who it is."""
    return f"{about(contact)}: {', '.join((*places(contact, report), *_more(contact)))}"


def contact_in_words(contact: Contact) -> str:
    """Such as `Ask lab`."""
    if contact.owners == (OWNER_OF_KEPT,):
        return "Nobody can be asked about rules of others"
    return f"Ask {owners_in_words(contact.owners)}"


def about(contact: Contact) -> str:
    """Such as `2 objects (3GiB) deleted and 1 object (1GiB) hidden`."""
    return " and ".join(_short(contact.deletions))


def places(contact: Contact, report: Report) -> list[str]:
    """The prefixes of most bytes."""
    return [label(line, report) for line in contact.lines[:_MOST_LINES]]


def more_places(contact: Contact) -> str:
    """Empty where there are no others."""
    more = len(contact.lines) - _MOST_LINES
    return f"and {how_many(more, 'more prefix', 'more prefixes')}" if more > 0 else ""


def _more(contact: Contact) -> list[str]:
    more = more_places(contact)
    return [more] if more else []


def _short(found: Deletions) -> Iterator[str]:
    for volume, what in (
        (found.deleted, "deleted"),
        (found.hidden, "hidden"),
        (found.aborted, "uploads aborted"),
    ):
        if may_be(volume):
            yield f"{_volume(volume, 'object')} {what}"


def owners_in_words(owners: Sequence[str | None]) -> str:
    return " or ".join(each or NO_POLICY for each in owners)


def retentions_in_words(retentions: Sequence[Decides]) -> str:
    return " or ".join(map(_decides, retentions))


def _decides(decides: Decides) -> str:
    if isinstance(decides, KeptRules):
        return " and ".join(map(kept_called, decides.ids))
    return retention_in_words(decides) if decides else NO_POLICY


def retention_in_words(retention: RetentionName) -> str:
    return f"{retention.policy}: {retention.name or 'whole bucket'}"


def read_in_words(read: Read) -> str:
    if read.last is None:
        return f"not read from {read.since:%Y-%m-%d} to {read.until:%Y-%m-%d}"
    return f"last read {read.last:%Y-%m-%d}, {read.a_month:,.1f} reads a month"


def place(line: Line) -> str:
    return f"{line.bucket}/{line.prefix}"


def label(line: Line, report: Report) -> str:
    """Without the bucket, where there is only one."""
    return (line.prefix or "(everything else)") if len(report.buckets) == 1 else place(line)


def who_approves(report: Report) -> str:
    if not report.approvers:
        return (
            "No code owner of approvals.yaml is known, who would approve changes of the policies."
        )
    return f"Changes of the policies are approved by {', '.join(report.approvers)}."


def _volume(volume: BoundedVolume, what: str) -> str:
    return f"{count_between(volume.objects, what)} ({bytes_between(volume.bytes)})"
