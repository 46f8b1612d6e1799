"""The resources of a file → the lifecycle configurations that the AWS provider sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span
from firnline.language.data_tree import DataTree, Path
from firnline.lint.plan_kinds import TWO_CONFIGURATIONS
from firnline.lint.sources.parts import Part, finder, listed, namer, outermost, span_of
from firnline.lint.sources.terraform.awscc import ARGUMENT, sent_by_awscc
from firnline.lint.sources.terraform.blocks import placed
from firnline.lint.sources.terraform.buckets import Bucket, Buckets
from firnline.lint.sources.terraform.inline import BLOCK, read_inline_rule
from firnline.lint.sources.terraform.known_after_apply import HEADER
from firnline.lint.sources.terraform.resources import (
    BUCKET,
    CLOUD_CONTROL_BUCKET,
    LIFECYCLE,
    Described,
    Resource,
)
from firnline.lint.sources.terraform.rule import is_sent_in_several_ways, read_rule
from firnline.lint.sources.terraform.versioned import NOT_KNOWN, State, versioning_of
from firnline.lint.unknown import Unknown
from firnline.lint.written import Form, Written
from firnline.s3.law.header import MEMBER
from firnline.s3.terraform_provider import generations


@dataclass(frozen=True, slots=True)
class Configurations:
    written: tuple[Written, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Set:
    """A resource that sets the rules of a bucket, by its argument; `part` has the configuration."""

    resource: Resource
    argument: str
    part: Part
    bucket: Bucket | None
    header: tuple[Any, Path]
    sent_in_several_ways: frozenset[int] = frozenset()

    @property
    def where(self) -> Path:
        return (*self.resource.where, self.argument)


def configurations(
    tree: DataTree, source: Source, described: Described, form: Form = Form.TERRAFORM
) -> Configurations:
    buckets = Buckets(described)
    versioned = versioning_of(described, buckets)
    found = _all(described, buckets)
    written = tuple(
        _written(tree, source, described, each, _state(versioned, each), form) for each in found
    )
    return Configurations(written, tuple(_of_one_bucket(tree, source, described, found)))


def _all(described: Described, buckets: Buckets) -> list[_Set]:
    alone = [
        replace(
            _of_blocks(each, "rule", _reader(described, each), buckets.of(each)),
            sent_in_several_ways=_sent_in_several_ways(described, each),
        )
        for each in described.of_type(LIFECYCLE)
    ]
    inline = [
        _of_blocks(each, BLOCK, read_inline_rule, buckets.of(each))
        for each in described.of_type(BUCKET)
        if _is_set(described, each, BLOCK)
    ]
    cloud_control = [
        _Set(each, ARGUMENT, *_sent_by_awscc(each, buckets))
        for each in described.of_type(CLOUD_CONTROL_BUCKET)
        if _is_set(described, each, ARGUMENT)
    ]
    governed = {each.bucket.key for each in alone if each.bucket is not None}
    return [
        *alone,
        *(
            each
            for each in (*inline, *cloud_control)
            if described.is_written(each.resource, each.argument)
            or each.bucket is None
            or each.bucket.key not in governed
        ),
    ]


def _of_blocks(
    resource: Resource,
    argument: str,
    read: Callable[[object, Path], Part],
    bucket: Bucket | None,
) -> _Set:
    where = (*resource.where, argument)
    rules = _rules(resource.values.get(argument), where, read)
    part = Part(rules.shape, {"": where, **outermost(rules).places})
    header = resource.values.get(HEADER) or None
    return _Set(resource, argument, part, bucket, (header, (*resource.where, HEADER)))


def _sent_by_awscc(
    resource: Resource, buckets: Buckets
) -> tuple[Part, Bucket | None, tuple[Any, Path]]:
    sent = sent_by_awscc(resource)
    header = sent.header, sent.configuration.places.get(MEMBER, resource.where)
    return sent.configuration, buckets.of(resource), header


def _reader(described: Described, resource: Resource) -> Callable[[object, Path], Part]:
    possible = generations(resource.schema_version, described.constraint)
    return lambda rule, where: read_rule(rule, where, possible)


def _sent_in_several_ways(described: Described, resource: Resource) -> frozenset[int]:
    possible = generations(resource.schema_version, described.constraint)
    rules = enumerate(placed(resource.values.get("rule"), (*resource.where, "rule")))
    return frozenset(nth for nth, each in rules if is_sent_in_several_ways(*each, possible))


def _is_set(described: Described, resource: Resource, argument: str) -> bool:
    """Of a bucket the argument is computed too (of `aws_s3_bucket` from 4.9 on): unknown in every
    new bucket, and in an old one what S3 has, whoever set it.
    """
    said = resource.values.get(argument)
    return described.is_written(resource, argument) if isinstance(said, Unknown) else bool(said)


def _state(versioned: Mapping[Hashable, State], each: _Set) -> State:
    return NOT_KNOWN if each.bucket is None else versioned.get(each.bucket.key, NOT_KNOWN)


def _written(
    tree: DataTree, source: Source, described: Described, each: _Set, state: State, form: Form
) -> Written:
    header, header_at = each.header
    places = {
        path: described.spelt(place)
        for path, place in {**each.part.places, MEMBER: header_at}.items()
    }
    return Written(
        resource=each.resource.called,
        configuration=each.part.shape,
        header=header,
        find=finder(tree, places),
        source=source,
        form=form,
        bucket=each.bucket.name if each.bucket else None,
        versioning=state.versioning,
        mfa_delete=state.mfa_delete,
        assumed=state.assumed,
        is_directory=each.bucket is not None and each.bucket.is_directory,
        called=namer(tree, places),
        sent_in_several_ways=each.sent_in_several_ways,
    )


def _rules(said: object, where: Path, read: Callable[[object, Path], Part]) -> Part:
    if isinstance(said, Unknown):
        return Part({"Rules": said}, {".Rules": where})
    items = [read(*each) for each in placed(said, where)]
    return listed("Rules", items, where)


def _of_one_bucket(
    tree: DataTree, source: Source, described: Described, found: list[_Set]
) -> Iterator[Diagnostic]:
    of_bucket: dict[Hashable, list[_Set]] = defaultdict(list)
    for each in found:
        if each.bucket is not None:
            of_bucket[each.bucket.key].append(each)
    for first, *others in of_bucket.values():
        for other in others:
            name = other.bucket.name if other.bucket else None
            which = f"bucket `{name}`" if name else "the same bucket"
            message = f"`{first.resource.called}` sets the rules of {which} too"
            where = _place(tree, source, described, other)
            also = [(_place(tree, source, described, first), "the other resource")]
            diagnostic = TWO_CONFIGURATIONS.at(where, message, also=also)
            yield replace(diagnostic, about=other.resource.called)


def _place(tree: DataTree, source: Source, described: Described, each: _Set) -> Span:
    found = span_of(tree, described.spelt(each.where), key=True)
    return found or Span(source, 0, min(1, len(source.text)))
