"""A configuration that people wrote → its `RuleSet`, for commands that say what its rules do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity, in_order
from firnline.diagnostics.remedy import Advise
from firnline.lint.file_kinds import NOT_KNOWN
from firnline.lint.paths import split
from firnline.lint.refused import refused
from firnline.lint.unknown import Unknown
from firnline.lint.written import Written
from firnline.s3.law.verdict import BucketFacts
from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.read_shape import read_rule
from firnline.s3.terms import Partition
from firnline.s3.timestamps import as_boto3

_ONCE_APPLIED: Final = Advise(
    "use the rules of the bucket itself, once they are applied:"
    " `aws s3api get-bucket-lifecycle-configuration --bucket NAME`"
)


class NoRuleSet(Exception):
    """Nobody can say what the rules of a configuration do; the diagnostics say why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__("; ".join(each.message for each in diagnostics))
        self.diagnostics = diagnostics


class NotKnownYet(NoRuleSet):
    """S3 would refuse nothing in it, but what its rules do depends on values that are not known."""


def rule_set(written: Written) -> RuleSet:
    """Raises `NoRuleSet` where S3 would refuse the configuration, and `NotKnownYet` where what the
    rules do depends on values that are not known yet. An empty list counts as no configuration.
    """
    if written.configuration == {"Rules": []}:
        return RuleSet((), minimum_sizes(written)[0])
    bucket = BucketFacts(written.bucket_type, written.mfa_delete)
    _, refusals = refused(written, bucket, Partition.AWS, None)
    found, not_known = tuple(refusals), tuple(_not_known(written))
    if found:
        raise NoRuleSet(in_order((*found, *not_known)))
    if not_known:
        raise NotKnownYet(in_order(not_known))
    rules = tuple(read_accepted(rule) for rule in written.configuration["Rules"])
    return RuleSet(rules, minimum_sizes(written)[0])


def minimum_sizes(written: Written) -> tuple[MinimumSize, ...]:
    """Those that are possible: one where the header is known, and the default where S3 would refuse
    it.
    """
    if isinstance(written.header, Unknown):
        return tuple(MinimumSize)
    try:
        return (MinimumSize(written.header),)
    except ValueError:
        return (MinimumSize.ALL_128K,)


def read_accepted(rule: Mapping[str, Any]) -> Rule:
    """A rule that S3 accepts, with its dates as boto3 reads them, and without an ID that is no
    text.
    """
    shape = dict(rule)
    if not isinstance(shape.get("ID", ""), str):
        del shape["ID"]
    if "Expiration" in rule:
        shape["Expiration"] = _with_date(rule["Expiration"])
    if "Transitions" in rule:
        shape["Transitions"] = [_with_date(each) for each in rule["Transitions"]]
    return read_rule(shape)


def _not_known(written: Written) -> Iterator[Diagnostic]:
    """Once for each rule and cause; what a rule does is independent of its ID."""
    by_cause: dict[tuple[str, Unknown], list[str]] = {}
    for path, value in written.unknown.items():
        rule, member = split(path)
        if not rule or member != "ID":
            by_cause.setdefault((rule, value), []).append(path)
    for (rule, value), (path, *more) in by_cause.items():
        own = written.called(path)
        called = f"`{own.removeprefix(rule).lstrip('.') or path}`"
        others = f" and {how_many(len(more), 'other value')}" if more else ""
        found = NOT_KNOWN.at(
            written.place(path, key=True),
            f"{called}{others}: {value.until}; so nothing can be said of what"
            f" {'this rule does' if rule else 'the rules do'}",
            remedy=_ONCE_APPLIED,
            severity=Severity.ERROR,
        )
        yield replace(found, about=written.about(found.place))


def _with_date(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "Date": as_boto3(said["Date"])} if "Date" in said else dict(said)
