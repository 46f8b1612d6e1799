"""The findings of `s3/law` → diagnostics: in our words, with S3's own message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, assert_never

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise, WriteName
from firnline.language.misspelt import misspelt
from firnline.lint.kinds import BY_TOPIC
from firnline.lint.written import Form, Written
from firnline.s3.law import refusals as no
from firnline.s3.law.client_checks import (
    ClientRefusal,
    client_refusal,
    refused_by_clients,
    structure_at,
)
from firnline.s3.law.facts import Confidence
from firnline.s3.law.judge import judge
from firnline.s3.law.limits import (
    LARGEST_SIZE_BOUND,
    LONGEST_ID,
    LONGEST_PREFIX,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
    MOST_RULES,
)
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.verdict import BucketFacts, Finding, Verdict
from firnline.s3.terms import Partition
from firnline.s3.xml_shape import ELEMENT_OF

_PLAIN: Final[dict[Refusal, str]] = {
    no.NOT_XML: "this cannot be read or written as XML",
    no.UNKNOWN_MEMBER: "S3 defines no such member here",
    no.WRONG_TYPE: "this value has the wrong type",
    no.RULES_MISSING: "there is no rule",
    no.TOO_MANY_RULES: f"this is rule number {MOST_RULES + 1:,}",
    no.BAD_HEADER: "S3 accepts `all_storage_classes_128K` and `varies_by_storage_class`",
    no.ID_TOO_LONG: f"this ID has more than {LONGEST_ID} characters",
    no.ID_TWICE: "another rule before this one has the same ID",
    no.BAD_STATUS: "this rule has no `Status`, or one that is neither `Enabled` nor `Disabled`",
    no.NO_ACTION: "this rule has no action",
    no.NO_SCOPE: "this rule has neither `Filter` nor `Prefix`",
    no.TWO_SCOPES: "this rule has a `Filter` too",
    no.SIDE_BY_SIDE: "a filter has two predicates without `And`",
    no.LONELY_AND: "`And` joins fewer than two predicates",
    no.TAG_TWICE: "this key occurs twice",
    no.TAG_KEY: "this key is empty or too long",
    no.TAG_VALUE: "this value is too long",
    no.HALF_A_TAG: "a tag has a `Key` and a `Value`",
    no.PREFIX_TOO_LONG: f"this prefix has more than {LONGEST_PREFIX:,} bytes",
    no.LARGER_BOUND: f"this size is negative or above {LARGEST_SIZE_BOUND >> 40:,} TiB",
    no.SMALLER_BOUND: f"this size is below 1 or above {LARGEST_SIZE_BOUND >> 40:,} TiB",
    no.EMPTY_RANGE: "there is no size between these two bounds",
    no.WITH_TAGS: "this rule filters by tags",
    no.WITH_SIZE: "this rule filters by size",
    no.EMPTY_ACTION: "this has neither `Days` nor `Date`",
    no.DAYS_AND_DATE: "this is combined with `Days`",
    no.MARKER_AND_TIME: "this is combined with `Days` or `Date`",
    no.NO_INTEGER: "this is not a whole number that S3 can store",
    no.NOT_POSITIVE: "S3 accepts 1 or more",
    no.NEGATIVE: "S3 accepts 0 or more",
    no.NO_DATE: "this is not a date",
    no.NOT_MIDNIGHT: "this is not midnight in UTC",
    no.TOO_EARLY: "S3 moves nothing there so early",
    no.MIXED_MOVES: "the first transition uses the other unit",
    no.MIXED_END: "the transitions use the other unit",
    no.NO_TARGET: "S3 moves nothing there",
    no.UNKNOWN_CLASS: "there is no such storage class to move to",
    no.NO_CLASS: "this transition has no `StorageClass`",
    no.CLASS_TWICE: "a transition before this one has the same class",
    no.NOT_LATER: "S3 does not allow two transitions on the same day, or one to a warmer class",
    no.TOO_CLOSE: "this transition comes too soon after the one before",
    no.END_TOO_EARLY: "a transition is not earlier than this expiration",
    no.NO_NONCURRENT_DAYS: "`NoncurrentDays` is missing",
    no.NEWER_IN_V1: "this needs a `Filter` instead of the rule-level `Prefix`",
    no.FILTER_IN_V1: "the first rule has a rule-level `Prefix`",
    no.PREFIX_IN_V2: "the first rule has a `Filter`",
    no.V1_OVERLAP: "this prefix overlaps another rule's, for the same action",
    no.V1_TWICE: "another rule has the same rule-level prefix",
    no.MFA_DELETE: "the bucket has MFA delete enabled",
    no.DIRECTORY_LACKS: "directory buckets do not support this",
}
# Said at the second place.
_OTHER: Final[dict[Refusal, str]] = {
    no.ID_TWICE: "this rule has the same ID",
    no.TWO_SCOPES: "the rule's `Filter`",
    no.TAG_TWICE: "the same key",
    no.EMPTY_RANGE: "the other bound",
    no.WITH_TAGS: "the filter by tags",
    no.WITH_SIZE: "the filter by size",
    no.DAYS_AND_DATE: "combined with this",
    no.MARKER_AND_TIME: "combined with this",
    no.MIXED_MOVES: "the first transition",
    no.MIXED_END: "a transition in the other unit",
    no.CLASS_TWICE: "the same class",
    no.NOT_LATER: "the other transition",
    no.TOO_CLOSE: "the other transition",
    no.END_TOO_EARLY: "the last transition",
    no.NEWER_IN_V1: "the rule-level `Prefix`",
    no.FILTER_IN_V1: "the first rule's `Prefix`",
    no.PREFIX_IN_V2: "the first rule's `Filter`",
    no.V1_OVERLAP: "the prefix that contains it",
    no.V1_TWICE: "the same prefix",
}
# In place of the kind's help, where it can be said more exactly.
_ADVICE: Final[dict[Refusal, str]] = {
    no.TAG_TWICE: "write each tag key once",
    no.TAG_KEY: f"write a key of 1 to {LONGEST_TAG_KEY} UTF-16 units",
    no.TAG_VALUE: f"write a value of at most {LONGEST_TAG_VALUE} UTF-16 units",
    no.HALF_A_TAG: "write both",
    no.PREFIX_TOO_LONG: "write a shorter prefix",
    no.LARGER_BOUND: f"write a number of bytes from 0 to {LARGEST_SIZE_BOUND}",
    no.SMALLER_BOUND: f"write a number of bytes from 1 to {LARGEST_SIZE_BOUND}",
    no.EMPTY_RANGE: "let `ObjectSizeLessThan` be greater than `ObjectSizeGreaterThan`",
}
_ABOUT_KEYS: Final = frozenset({no.UNKNOWN_MEMBER, no.TWO_SCOPES, no.SIDE_BY_SIDE, no.LONELY_AND})


def refused(
    written: Written, bucket: BucketFacts, partition: Partition, as_of: date | None
) -> tuple[Verdict, Iterator[Diagnostic]]:
    """The verdict, and each of its findings as a diagnostic."""
    verdict = judge(written.configuration, bucket, partition, as_of, written.header)
    at_clients = (
        {}
        if written.form is Form.XML
        else refused_by_clients(written.configuration, written.header)
    )
    return verdict, (_as_diagnostic(written, each, at_clients) for each in verdict.findings)


def _as_diagnostic(
    written: Written, finding: Finding, at_clients: Mapping[str, ClientRefusal]
) -> Diagnostic:
    refusal = finding.refusal
    notes = list(_who_refuses(written.form, finding, at_clients))
    if written.name:
        notes.append(f"in {written.name}")
    place = written.place(finding.path, key=refusal in _ABOUT_KEYS)
    return BY_TOPIC[refusal.topic].at(
        place,
        _PLAIN[refusal],
        also=_conflict(written, finding, place),
        notes=notes,
        remedy=_meant(written.form, finding) or _advice(refusal),
    )


def _conflict(written: Written, finding: Finding, place: Span) -> Iterator[tuple[Span, str]]:
    """What it conflicts with, where that stands at another place."""
    if finding.other is None:
        return
    other = written.place(finding.other)
    if other != place:
        yield other, _OTHER[finding.refusal]


def _who_refuses(
    form: Form, finding: Finding, at_clients: Mapping[str, ClientRefusal]
) -> Iterator[str]:
    """S3 sees nothing of a file in which a client refuses anything."""
    at_client = client_refusal(finding, at_clients)
    answer = f"{finding.code}: {finding.message}"
    match form:
        case Form.XML:
            yield f"S3 answers {answer}"
        case Form.JSON if at_client is not None:
            unless = "" if at_client.surely else ", unless they can read a date in it"
            yield (
                f"the AWS CLI and SDKs refuse this before they send anything{unless}:"
                f" {at_client.text}"
            )
            return
        case Form.JSON:
            yield f"S3 {'would answer' if at_clients else 'answers'} {answer}"
        case Form.TERRAFORM if at_client is not None:
            return  # no plan of Terraform's own has such a value
        case Form.TERRAFORM:
            yield f"if the provider sends this, S3 answers {answer}"
        case _:
            assert_never(form)
    if finding.confidence is not Confidence.OBSERVED:
        yield f"this is {finding.confidence.value}, not observed: {finding.refusal.source}"


def _advice(refusal: Refusal) -> Advise | None:
    return Advise(_ADVICE[refusal]) if refusal in _ADVICE else None


def _meant(form: Form, finding: Finding) -> WriteName | None:
    """The member that was meant by an unknown one, as the form of the file spells it."""
    parent, _, written = finding.path.rpartition(".")
    if form is Form.XML and finding.refusal is no.WRONG_TYPE and written in ELEMENT_OF:
        return WriteName(ELEMENT_OF[written])  # boto3's name of the list
    structure = structure_at(parent)
    if finding.refusal is not no.UNKNOWN_MEMBER or structure is None or form is Form.TERRAFORM:
        return None
    known = {ELEMENT_OF.get(each, each) if form is Form.XML else each for each in structure.members}
    by_lower = {each.lower(): each for each in known}
    near = by_lower.get(written.lower()) or misspelt(written, sorted(known))
    return WriteName(near) if near else None
