"""A lifecycle configuration as somebody wrote it, with the place of each of its parts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from math import inf
from typing import Any

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.long_lines import is_by_name
from firnline.diagnostics.position import Place, Source, Span
from firnline.lint.paths import split
from firnline.lint.unknown import Unknown, unknown_in
from firnline.s3.law.header import MEMBER
from firnline.s3.terms import BucketType, Versioning

_LAST = re.compile(r"(?:^|\.)[^.\[\]]+$|\[\d+\]$")


class Form(Enum):
    """Which program stands between the file and S3."""

    JSON = "the AWS CLI or an SDK, from JSON"
    YAML = "the AWS CLI, from YAML"
    XML = "none: the body of a request"
    TERRAFORM = "Terraform's AWS provider"
    PULUMI = "Pulumi's AWS provider"
    CLOUDFORMATION = "CloudFormation"
    CUSTODIAN = "Cloud Custodian"


@dataclass(frozen=True, slots=True)
class Written:
    """One configuration in boto3's shape, with `Unknown` for values that the file leaves open.

    `resource` is what the file calls it, `bucket` the bucket's name; empty and None where the file
    does not tell. `find` maps a path of `s3/law` to a place, if the file has it. `assumed` says why
    `versioning` is what it is where the file does not state it; `called` says how the file spells
    what is at a path. `beside_others`: the bucket may have more rules than these, and why.
    `stopped_by` is what the AWS CLI says of what was written in place of `configuration`.
    `sent_in_several_ways`: the numbers of rules whose filter means the same, but arrives at S3 in
    another form from another version of the provider.
    `supposed` is what it is where a condition of the file holds, and where that does not.
    """

    resource: str
    configuration: Any
    header: Any
    find: Callable[[str, bool], Span | None]
    source: Source
    form: Form
    bucket: str | None = None
    versioning: Versioning | None = None
    mfa_delete: bool = False
    is_directory: bool = False
    assumed: str = ""
    called: Callable[[str], str] = str
    beside_others: str = ""
    stopped_by: tuple[str, ...] = ()
    sent_in_several_ways: frozenset[int] = frozenset()
    supposed: tuple[Supposed, ...] = ()

    @property
    def unknown(self) -> dict[str, Unknown]:
        """By their paths; that of the header is its member's name."""
        header = {MEMBER: self.header} if isinstance(self.header, Unknown) else {}
        return {**dict(unknown_in(self.configuration)), **header}

    @property
    def bucket_type(self) -> BucketType:
        if self.is_directory:
            return BucketType.DIRECTORY
        return BucketType.of_name(self.bucket or "")

    def place(self, path: str, *, key: bool = False) -> Span:
        """The smallest span: a missing part is shown at the rule or element that lacks it."""
        here, shows_key = path, key
        while here:
            is_rule = split(here) == (here, "")
            if is_rule and (named := self.find(f"{here}.ID", False)) is not None:
                return named
            if (found := self.find(here, shows_key)) is not None:
                return found
            here, shows_key = _without_last(here), True
        return Span(self.source, 0, min(1, len(self.source.text)))

    def about(self, place: Place) -> str | None:
        """The resource and the rule that a place is in, as `aws_….logs rule "expire"`; None where
        the line is shown that says it.
        """
        if not self.resource and not is_by_name(place):
            return None
        rules = self.configuration.get("Rules") if isinstance(self.configuration, dict) else None
        name = None
        if isinstance(rules, list) and isinstance(place, Span):
            begun = bisect_right(_starts(self.find, len(rules)), place.start)
            name = _called(begun, rules[begun - 1]) if begun else None
        return " ".join(filter(None, (self.resource, name))) or None


@dataclass(frozen=True, slots=True)
class Supposed:
    """A configuration as it is where a condition holds, or where it does not."""

    condition: str
    holds: bool
    written: Written

    @property
    def where(self) -> str:
        return f"the condition `{self.condition}` {'holds' if self.holds else 'does not hold'}"


@dataclass(frozen=True, slots=True)
class Unconfigured:
    """A bucket that has no lifecycle rules, or loses them, as the file says; named as `Written`
    is.
    """

    resource: str
    bucket: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The configurations in a file, and what is to be said of the file itself."""

    configurations: tuple[Written, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unconfigured: tuple[Unconfigured, ...] = ()


def with_conditions(
    anyhow: Collection[Diagnostic], supposed: Iterable[tuple[Supposed, Diagnostic]]
) -> Iterator[Diagnostic]:
    """What is found under a condition and not anyhow, once; it says under which, unless it is found
    both where that holds and where it does not.
    """
    known = {_what(each) for each in anyhow}
    alike: dict[object, list[tuple[Supposed, Diagnostic]]] = {}
    for where, each in supposed:
        if _what(each) not in known:
            alike.setdefault(_what(each), []).append((where, each))
    for reported in alike.values():
        cases = {(where.condition, where.holds): where.where for where, _ in reported}
        first = reported[0][1]
        if any((condition, not holds) in cases for condition, holds in cases):
            yield first
        else:
            only = f"only where {', or '.join(cases.values())}"
            yield replace(first, notes=(*first.notes, only))


@lru_cache(maxsize=4)  # of a configuration, and of what it is under conditions
def _starts(find: Callable[[str, bool], Span | None], rules: int) -> list[float]:
    """Where each rule begins, or one before it that comes later in the file; a rule without a place
    hides those behind it.
    """
    places = (find(f"Rules[{number}]", False) for number in range(rules))
    return list(accumulate((inf if each is None else each.start for each in places), max))


def _called(number: int, rule: Any) -> str:
    said = rule.get("ID") if isinstance(rule, dict) else None
    return f'rule "{said}"' if isinstance(said, str) and said else f"rule {number}"


def _what(found: Diagnostic) -> object:
    return found.kind.code, found.place, found.message


def _without_last(path: str) -> str:
    """The path of the parent; a member may have any name, such as `Da[ys`."""
    shorter = _LAST.sub("", path)
    return shorter if shorter != path else path.rpartition(".")[0]
