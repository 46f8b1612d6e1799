"""The findings of `s3/law` → diagnostics: in our words, with S3's own message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final, assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise, Way
from firnline.lint.advice import advice
from firnline.lint.cloudformation_words import message_in_cloudformation
from firnline.lint.consequences import is_consequence
from firnline.lint.elided import without_unknown_scope
from firnline.lint.first_refusals import refused_before
from firnline.lint.kinds import BY_TOPIC
from firnline.lint.spelling import in_words_of
from firnline.lint.unknown import Unknown, concerns, suppositions, unknown_in
from firnline.lint.written import Form, Written
from firnline.s3.law import refusals as no
from firnline.s3.law.client_checks import (
    ClientRefusal,
    client_refusal,
    refused_by_clients,
)
from firnline.s3.law.facts import Confidence
from firnline.s3.law.judge import judge
from firnline.s3.law.limits import (
    LARGEST_SIZE_BOUND,
    LONGEST_ID,
    LONGEST_PREFIX,
    MOST_RULES,
)
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.verdict import BucketFacts, Finding, Verdict
from firnline.s3.terms import Partition

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
_ABOUT_KEYS: Final = frozenset({no.UNKNOWN_MEMBER, no.TWO_SCOPES, no.SIDE_BY_SIDE, no.LONELY_AND})

_ABORT_DAYS: Final = "DaysAfterInitiation"
_REFUSE: Final = "refuse this before they send anything"
_REFUSES: Final = "refuses this before it sends anything"
_WOULD_REFUSE: Final = "would refuse this next"


def refused(
    written: Written, bucket: BucketFacts, partition: Partition, as_of: date | None
) -> tuple[Verdict, Iterator[Diagnostic]]:
    """The verdict, and each of its findings as a diagnostic."""
    verdict, supposed = _whatever_is_unknown(written, bucket, partition, as_of)
    at_clients = {} if written.form is Form.XML else refused_by_clients(supposed, written.header)
    causes = [each for each in verdict.findings if not is_consequence(each, verdict, supposed)]
    return verdict, (_as_diagnostic(written, each, at_clients) for each in causes)


def _whatever_is_unknown(
    written: Written, bucket: BucketFacts, partition: Partition, as_of: date | None
) -> tuple[Verdict, object]:
    """What S3 refuses whatever the unknown values turn out to be, and one way they may be."""
    unknown = [path for path, _ in unknown_in(written.configuration)]
    supposed = suppositions(written.configuration)
    header = None if isinstance(written.header, Unknown) else written.header
    verdicts = [judge(each, bucket, partition, as_of, header) for each in supposed]
    first, *others = verdicts
    certain = [
        finding
        for finding in first.findings
        if all(any(_is_same(finding, each) for each in other.findings) for other in others)
        and not any(
            concerns(path, each) for each in unknown for path in (finding.path, finding.other or "")
        )
        and not (finding.refusal is no.TOO_MANY_RULES and _may_be_fewer(written))
    ]
    said = (without_unknown_scope(each, written, supposed[0]) for each in certain)
    return Verdict(tuple(said)), supposed[-1]


def _may_be_fewer(written: Written) -> bool:
    """Whether S3 would take as many rules as are known: an unknown one may be absent."""
    rules = written.configuration["Rules"]
    return sum(not isinstance(each, Unknown) for each in rules) <= MOST_RULES


def _is_same(one: Finding, other: Finding) -> bool:
    return (one.refusal, one.path, one.other) == (other.refusal, other.path, other.other)


def _as_diagnostic(
    written: Written, finding: Finding, at_clients: Mapping[str, ClientRefusal]
) -> Diagnostic:
    refusal = finding.refusal
    place = written.place(finding.path, key=refusal in _ABOUT_KEYS)
    remedy, fix = advice(written, finding, place)
    kind = BY_TOPIC[refusal.topic]
    found = kind.at(
        place,
        in_words_of(written.form, _message(written.form, finding)),
        also=_conflict(written, finding, place),
        notes=_who_refuses(written, finding, at_clients),
        remedy=_in_words_of(written.form, remedy, kind),
        fix=fix,
    )
    is_first = _is_refused_first(written, finding, at_clients)
    return replace(found, about=written.about(place), is_refused_first=is_first)


def _in_words_of(form: Form, remedy: Way | None, kind: Kind) -> Way | None:
    """Also the help of the kind, where the form spells it in another way."""
    if isinstance(remedy, Advise):
        return Advise(in_words_of(form, remedy.text))
    help = in_words_of(form, kind.help)
    return Advise(help) if remedy is None and help != kind.help else remedy


def _message(form: Form, finding: Finding) -> str:
    if form is Form.CLOUDFORMATION and (said := message_in_cloudformation(finding)) is not None:
        return said
    if finding.refusal is no.EMPTY_ACTION and finding.path.endswith(_ABORT_DAYS):
        return f"`{_ABORT_DAYS}` is missing"
    return _PLAIN[finding.refusal]


def _is_refused_first(
    written: Written, finding: Finding, at_clients: Mapping[str, ClientRefusal]
) -> bool:
    if written.form in (Form.JSON, Form.YAML):
        return client_refusal(finding, at_clients) is not None
    return refused_before(written, finding) is not None


def _conflict(written: Written, finding: Finding, place: Span) -> Iterator[tuple[Span, str]]:
    """What it conflicts with, where that stands at another place."""
    if finding.other is None:
        return
    other = written.place(finding.other)
    if other != place:
        yield other, in_words_of(written.form, _OTHER[finding.refusal])


def _who_refuses(
    written: Written, finding: Finding, at_clients: Mapping[str, ClientRefusal]
) -> Iterator[str]:
    """S3 sees nothing of a file in which a client refuses anything."""
    at_client = client_refusal(finding, at_clients)
    unless = "" if at_client is None or at_client.surely else ", unless they can read a date in it"
    answer = f"{finding.code}: {finding.message}"
    form = written.form
    match form:
        case Form.XML:
            yield f"S3 answers {answer}"
        case Form.JSON | Form.YAML if at_client is not None and written.stopped_by:
            first = at_client.text in written.stopped_by
            yield f"the AWS CLI and SDKs {_REFUSE if first else _WOULD_REFUSE}: {at_client.text}"
            return
        case Form.JSON | Form.YAML if at_client is not None:
            yield f"the AWS CLI and SDKs {_REFUSE}{unless}: {at_client.text}"
            return
        case Form.JSON | Form.YAML:
            yield f"S3 {'would answer' if at_clients or written.stopped_by else 'answers'} {answer}"
        case Form.TERRAFORM | Form.PULUMI | Form.CLOUDFORMATION | Form.CUSTODIAN:
            if (before := refused_before(written, finding)) is not None:
                yield before
                return
            if at_client is not None and form in (Form.TERRAFORM, Form.PULUMI):
                return  # such a value is never in a plan
            if at_client is not None and form is Form.CUSTODIAN:
                unless = unless.replace("they", "it")
                yield f"boto3, which {form.value} calls, {_REFUSES}{unless}: {at_client.text}"
                return
            yield f"if {form.value} sends this, S3 answers {answer}"
        case _:
            assert_never(form)
    if finding.confidence is not Confidence.OBSERVED:
        yield f"this is {finding.confidence.value}, not observed: {finding.refusal.source}"
