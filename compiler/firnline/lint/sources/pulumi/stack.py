"""What `pulumi preview --json` and `pulumi stack export` print → what the AWS provider sends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.data_tree import DataTree
from firnline.lint.file_kinds import NOTHING_TO_CHECK
from firnline.lint.plan_kinds import INCOMPLETE, REMOVES_ALL_RULES
from firnline.lint.sources.parts import span_of
from firnline.lint.sources.pulumi.spelling import PLURALS, arguments, in_pulumi
from firnline.lint.sources.pulumi.states import Removal, State, removals_of, states_of
from firnline.lint.sources.terraform.configurations import configurations
from firnline.lint.sources.terraform.expressions import Expressions
from firnline.lint.sources.terraform.others import rules_of_others
from firnline.lint.sources.terraform.resources import (
    BUCKET,
    CLOUD_CONTROL_BUCKET,
    DIRECTORY_BUCKET,
    LIFECYCLE,
    VERSIONING,
    Described,
    Resource,
)
from firnline.lint.written import Form, ReadFile, Unconfigured, Written
from firnline.s3.shape import Json

_NAMES: Final = {
    "Bucket": BUCKET,
    "BucketV2": BUCKET,
    "BucketLifecycleConfiguration": LIFECYCLE,
    "BucketLifecycleConfigurationV2": LIFECYCLE,
    "BucketVersioning": VERSIONING,
    "BucketVersioningV2": VERSIONING,
    "DirectoryBucket": DIRECTORY_BUCKET,
}
_TYPES: Final = {
    **{f"aws:s3/{name[0].lower()}{name[1:]}:{name}": type for name, type in _NAMES.items()},
    "aws-native:s3:Bucket": CLOUD_CONTROL_BUCKET,
    "aws:s3control/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        "aws_s3control_bucket_lifecycle_configuration"
    ),
}
_UPSTREAM: Final = {"5": "~> 4.0", "6": "~> 5.0", "7": "~> 6.0"}
"""By the major version of pulumi-aws, the versions of Terraform's provider that it bridges."""
_PROVIDER: Final = "pulumi:providers:aws"
_PREVIEW_AGAIN: Final = Advise("mend what `pulumi preview` reports, and check its next preview")
_KEEP: Final = Advise(
    "to let the rules stay in force, set `retainOnDelete` on the resource, or take it out of the"
    " state with `pulumi state delete`"
)


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    states = states_of(tree.data) if isinstance(tree.data, dict) else None
    if states is None:
        return None
    described = _described(states)
    found = configurations(tree, source, described, Form.PULUMI)
    said = (
        *found.diagnostics,
        *_removed(tree, source),
        *_whether_it_is_complete(tree, source),
        *rules_of_others(tree, source, described),
    )
    if not found.written and not said:
        message = "this Pulumi preview or stack has no resource with S3 lifecycle rules"
        said = (NOTHING_TO_CHECK.at(whole_file(source.path), message),)
    return ReadFile(found.written, said, tuple(_without_rules(tree, found.written)))


def _described(states: tuple[State, ...]) -> Described:
    known = [each for each in states if each.type in _TYPES]
    addresses = {each.urn: f"{_TYPES[each.type]}.r{nth}" for nth, each in enumerate(known)}
    resources = tuple(
        Resource(
            addresses[each.urn],
            _TYPES[each.type],
            _values(each),
            each.inputs_at,
            label=_label(each),
        )
        for each in known
    )
    expressions = {addresses[each.urn]: _expressions(each, addresses) for each in known}
    return Described(resources, Expressions(expressions), _constraint(states), spelt=in_pulumi)


def _label(state: State) -> str:
    """With its parents: below others, a name may occur again."""
    types = state.urn.rpartition("::")[0].rpartition("::")[2].split("$")
    above = "".join(f"{each.rpartition(':')[2]}/" for each in types[:-1])
    return f'{above}{state.type.rpartition(":")[2]} "{state.name}"'


def _values(state: State) -> Json:
    """The name that Pulumi made for a bucket is in its outputs, not always in its inputs."""
    plurals = {} if _TYPES.get(state.type) == CLOUD_CONTROL_BUCKET else PLURALS
    values = arguments(state.inputs, plurals)
    made = arguments(state.outputs).get("bucket")
    return values if "bucket" in values or made is None else {**values, "bucket": made}


def _expressions(state: State, addresses: dict[str, str]) -> Json:
    """As Terraform says which arguments are written, and of which bucket they are."""
    buckets = [addresses[urn] for urn in state.depends_on if urn in addresses]
    return {**{name: {} for name in _values(state)}, "bucket": {"references": buckets}}


def _constraint(states: tuple[State, ...]) -> str | None:
    """On the provider below that of Pulumi; none where two of them are at work."""
    found = {
        str(each.inputs["version"])
        for each in states
        if each.type == _PROVIDER and "version" in each.inputs
    }
    named = {each.provider_version for each in states if each.type in _TYPES}
    majors = {str(each).partition(".")[0] for each in found or named - {None}}
    return _UPSTREAM.get(majors.pop()) if len(majors) == 1 else None


def _removed(tree: DataTree, source: Source) -> Iterator[Diagnostic]:
    for each, bucket in _removals(tree):
        yield _removal(tree, source, each, bucket)


def _without_rules(tree: DataTree, written: Sequence[Written]) -> Iterator[Unconfigured]:
    """The buckets that then have no rules: `written` are the configurations that there will be."""
    buckets = {each.bucket for each in written}
    for each, bucket in _removals(tree):
        if bucket is None or bucket not in buckets:
            yield Unconfigured(_label(each.state), bucket)


def _removals(tree: DataTree) -> Iterator[tuple[Removal, str | None]]:
    """With the bucket; not where the bucket itself goes too."""
    removals = list(removals_of(tree.data))
    gone = {_bucket(each.state) for each in removals if _TYPES.get(each.state.type) == BUCKET}
    for each in removals:
        bucket = _bucket(each.state)
        if _TYPES.get(each.state.type) == LIFECYCLE and (bucket is None or bucket not in gone):
            yield each, bucket


def _whether_it_is_complete(tree: DataTree, source: Source) -> Iterator[Diagnostic]:
    said = tree.data.get("diagnostics")
    for nth, each in enumerate(said if isinstance(said, list) else ()):
        if isinstance(each, dict) and each.get("severity") == "error":
            place = span_of(tree, ("diagnostics", nth, "severity"), key=False)
            message = "Pulumi met an error: rules may be missing from this preview"
            yield INCOMPLETE.at(place or Span(source, 0, 1), message, remedy=_PREVIEW_AGAIN)
            return


def _bucket(state: State) -> str | None:
    name = _values(state).get("bucket")
    return name if isinstance(name, str) else None


def _removal(tree: DataTree, source: Source, removal: Removal, bucket: str | None) -> Diagnostic:
    place = span_of(tree, removal.where, key=False) or Span(source, 0, 1)
    which = f"bucket `{bucket}`" if bucket else "its bucket"
    message = f"this preview removes all lifecycle rules of {which}"
    if removal.after_new:
        message = f"the old resource is deleted after the new one: all rules of {which} go"
    found = REMOVES_ALL_RULES.at(place, message, remedy=_KEEP)
    return replace(found, about=_label(removal.state))
