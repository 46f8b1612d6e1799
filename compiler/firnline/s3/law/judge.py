"""Would S3 accept this configuration? Reports everything that it would refuse; never raises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from firnline.s3.law import refusals as no
from firnline.s3.law.across import check_ids, check_schemas
from firnline.s3.law.actions import (
    check_classes,
    check_numbers,
    check_order,
    earliest,
    known_targets,
)
from firnline.s3.law.buckets import DIRECTORY, ahead_of_time, lacking_in_a_directory
from firnline.s3.law.filters import check_actions, check_values
from firnline.s3.law.form import read_rule
from firnline.s3.law.header import MEMBER, VALUES
from firnline.s3.law.limits import LONGEST_ID, MOST_RULES
from firnline.s3.law.members import unknown_members
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.stated import StatedRule
from firnline.s3.law.verdict import BucketFacts, Finding, Verdict, path_in_rule
from firnline.s3.terms import BucketType, Partition

_GENERAL: Final = BucketFacts()
_MEMBERS: Final = frozenset({"Rules"})


def judge(
    configuration: object,
    bucket: BucketFacts = _GENERAL,
    partition: Partition = Partition.AWS,
    as_of: date | None = None,
    header: object = None,
) -> Verdict:
    """`configuration`: boto3's shape, or S3's XML as bytes; `header`: the minimum size, or a
    mapping that holds it.

    Without a day, the newest law holds. The first finding is the one that S3 would name: inferred
    from which code wins where several apply.
    """
    judgement = _Judgement(partition, _day(as_of))
    judgement.judge_header(header, bucket)
    if isinstance(configuration, bytes | bytearray | memoryview):
        from firnline.s3.xml_shape import to_shape  # deferred: only XML input needs it
        from firnline.s3.xml_tree import MalformedXml, read_xml

        try:
            configuration = to_shape(read_xml(bytes(configuration)))
        except MalformedXml:
            judgement.schema(no.NOT_XML, "")
            return judgement.verdict()
    judgement.judge_shape(configuration, bucket)
    return judgement.verdict()


def _day(as_of: object) -> date | None:
    if isinstance(as_of, datetime):
        return as_of.date()
    return as_of if isinstance(as_of, date) else None


class _Judgement:
    """S3 looks at the header, the schema, each rule, the rules together, and the bucket."""

    def __init__(self, partition: Partition, as_of: date | None) -> None:
        self._partition = partition
        self._as_of = as_of
        self._least = earliest(partition, as_of)
        self._known = known_targets(as_of)
        self._envelope: list[Finding] = []
        self._schema: list[Finding] = []
        self._rules: list[Finding] = []
        self._bucket: list[Finding] = []

    def verdict(self) -> Verdict:
        return Verdict((*self._envelope, *self._schema, *self._rules, *self._bucket))

    def schema(
        self, refusal: Refusal, member: str, other: str | None = None, rule: int | None = None
    ) -> None:
        self._schema.append(_finding(refusal, rule, member, {}, other))

    def judge_header(self, header: object, bucket: BucketFacts) -> None:
        value = header.get(MEMBER) if isinstance(header, Mapping) else header
        if value is None:
            return
        if value not in VALUES.value and VALUES.holds(self._partition, self._as_of):
            self._envelope.append(_finding(no.BAD_HEADER, None, MEMBER, {"value": _shown(value)}))
        elif bucket.type is BucketType.DIRECTORY:
            self._lacks("the minimum-size header", MEMBER)

    def judge_shape(self, configuration: object, bucket: BucketFacts) -> None:
        if not isinstance(configuration, Mapping):
            self.schema(no.WRONG_TYPE, "")
            return
        unknown_members(configuration, _MEMBERS, "", self.schema)
        said = configuration.get("Rules", [])
        if not isinstance(said, list | tuple):
            self.schema(no.WRONG_TYPE, "Rules")
            return
        if not said:
            self.schema(no.RULES_MISSING, "Rules")
        if len(said) > MOST_RULES:
            self.schema(no.TOO_MANY_RULES, "", rule=MOST_RULES)
        rules = [self._judge_rule(each, index) for index, each in enumerate(said)]
        check_ids(rules, self._report)
        check_schemas(rules, self._report)
        self._judge_bucket(rules, bucket)

    def _judge_rule(self, said: object, index: int) -> StatedRule:
        def schema(refusal: Refusal, path: str, other: str | None = None) -> None:
            self.schema(refusal, path, _in_rule(index, other), index)

        def report(refusal: Refusal, path: str, other: str | None = None, **values: object) -> None:
            self._report(refusal, index, path, _in_rule(index, other), **values)

        rule = read_rule(said, index, schema)
        check_classes(rule, self._known, schema)
        if self._as_of is not None:
            for path in ahead_of_time(rule, self._as_of):
                schema(no.UNKNOWN_MEMBER, path)
        if len(rule.id) > LONGEST_ID:
            report(no.ID_TOO_LONG, "ID", value=rule.id)
        if not rule.actions and isinstance(said, Mapping):
            report(no.NO_ACTION, "")
        check_values(rule.scope, report)
        check_actions(rule, report)
        check_numbers(rule, self._least, report)
        check_order(rule, report)
        return rule

    def _judge_bucket(self, rules: list[StatedRule], bucket: BucketFacts) -> None:
        if bucket.mfa_delete:
            self._bucket.append(_finding(no.MFA_DELETE, None, "", {}))
        if bucket.type is not BucketType.DIRECTORY:
            return
        if not DIRECTORY.holds(self._partition, self._as_of):
            self._lacks("a lifecycle", "")
        for rule in rules:
            for what, path in lacking_in_a_directory(rule):
                self._lacks(what, path, rule.index)

    def _lacks(self, what: str, member: str, rule: int | None = None) -> None:
        self._bucket.append(_finding(no.DIRECTORY_LACKS, rule, member, {"what": what}))

    def _report(
        self,
        refusal: Refusal,
        index: int,
        path: str,
        other: str | None = None,
        **values: object,
    ) -> None:
        self._rules.append(_finding(refusal, index, path, values, other))


def _in_rule(index: int, member: str | None) -> str | None:
    return None if member is None else path_in_rule(index, member)


def _finding(
    refusal: Refusal,
    rule: int | None,
    member: str,
    values: dict[str, Any],
    other: str | None = None,
) -> Finding:
    details: tuple[tuple[str, str], ...] = ()
    if refusal.argument:
        name = refusal.argument.format(**values)
        details = (("ArgumentName", name),)
        if values.get("value") is not None:
            details += (("ArgumentValue", _shown(values["value"])),)
    return Finding(
        code=refusal.code,
        message=refusal.text.format(**values) if values else refusal.text,
        rule=rule,
        member=member,
        status=refusal.status,
        confidence=refusal.confidence,
        refusal=refusal,
        details=details,
        other=other,
    )


def _shown(value: object) -> str:
    """Short, whatever the value: a number may have a million digits."""
    if isinstance(value, str):
        return value[:1024]
    return str(value) if type(value) is int and abs(value) < 2**64 else type(value).__name__
