"""Configurations in S3's own shape, as the AWS CLI, boto3 and `firnline compile` write them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span, whole_file
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import NOTHING_TO_CHECK
from firnline.lint.paths import split, steps
from firnline.lint.sources.cloudformation.rules import loose
from firnline.lint.sources.meant import Meant, as_meant
from firnline.lint.sources.misnamed import misnamed, nulls
from firnline.lint.sources.parts import span_of
from firnline.lint.written import Form, ReadFile, Unconfigured, Written
from firnline.s3.documents import Located, configurations_in
from firnline.s3.law.client_checks import refused_by_clients
from firnline.s3.law.header import MEMBER

# Keys that the AWS CLI adds to its output, or requires around its input.
_BESIDE: Final = frozenset({MEMBER, "ResponseMetadata", "Bucket", "ExpectedBucketOwner", "$schema"})
_STOPS: Final = "the AWS CLI and SDKs refuse this before they send anything"
_NOTHING: Final = "no bucket in this file has lifecycle rules"


def read(tree: DataTree, source: Source, form: Form) -> ReadFile | None:
    """None where the data is something else."""
    if _is_bare_list(tree.data):
        tree = _below_rules(tree)
    data = tree.data
    if not isinstance(data, dict):
        return None
    found = _configurations(data)
    one = len(found) == 1 and found[0].bucket is None
    is_whole = one or len(found) == len(data)
    if not found or not is_whole or any(map(_is_odd, found)):
        return None
    both = [_at(tree, each, source, form) for each in found if each.shape is not None]
    without = [each.bucket or "" for each in found if each.shape is None]
    unconfigured = tuple(Unconfigured(name, _last(name)) for name in without)
    said = tuple(each for _, diagnostics in both for each in diagnostics)
    nothing = () if both else (NOTHING_TO_CHECK.at(whole_file(source.path), _NOTHING),)
    return ReadFile(tuple(written for written, _ in both), (*nothing, *said), unconfigured)


def configuration(
    tree: DataTree, meant: Meant, where: Path, source: Source, form: Form, original: object = None
) -> tuple[Written, tuple[Diagnostic, ...]]:
    """A configuration that stands at a place of a document, and what of it clients do not know;
    `original` is what they see, where they are the AWS CLI or an SDK.
    """
    places = meant.configuration.places

    def find(path: str, key: bool) -> Span | None:
        at = places.get(path, (*where, *steps(path)))
        return span_of(tree, at, key=key, named=split(path)[1] or path)

    strange = original is not None and (meant.renamed or meant.nulls)
    refusals = {path: each.text for path, each in refused_by_clients(original).items() if strange}
    at_clients = {path: f"{_STOPS}: {text}" for path, text in refusals.items()}
    diagnostics = (
        *misnamed(tree, meant.renamed, at_clients, source.path),
        *nulls(tree, meant.nulls, at_clients, source.path),
    )
    stopped_by = tuple(refusals.values())
    shape = meant.configuration.shape
    return Written("", shape, None, find, source, form, stopped_by=stopped_by), diagnostics


def _is_odd(located: Located) -> bool:
    """Whether it is null, and not what Firnline writes for a bucket without a configuration."""
    return located.shape is None and (located.bucket or "").count("/") != 2


def _configurations(data: dict[Any, Any]) -> tuple[Located, ...]:
    """Also one whose `Rules` are called otherwise."""
    if found := configurations_in(data):
        return found
    rules = [each for name, each in data.items() if loose(str(name)) in ("rule", "rules")]
    return (Located(data, (), (MEMBER,)),) if any(map(_is_bare_list, rules)) else ()


def _below_rules(tree: DataTree) -> DataTree:
    """A bare list of rules, as the `Rules` of a configuration."""
    places = {("Rules", *path): place for path, place in tree.places.items()}
    return DataTree({"Rules": tree.data}, places, tree.twice)


def _is_bare_list(data: object) -> bool:
    """Whether it is the list of rules alone, as some tools keep it."""
    return isinstance(data, list) and any(
        isinstance(each, dict) and any(loose(str(key)) == "status" for key in each) for each in data
    )


def _at(
    tree: DataTree, located: Located, source: Source, form: Form
) -> tuple[Written, tuple[Diagnostic, ...]]:
    shape = located.shape or {}
    said = {key: value for key, value in shape.items() if key not in _BESIDE}
    meant = as_meant(said, located.keys)
    written, diagnostics = configuration(tree, meant, located.keys, source, form, said)
    find_rules = written.find

    def find(path: str, key: bool) -> Span | None:
        if path == MEMBER:
            return span_of(tree, located.header_keys, key=key)
        return find_rules(path, key)

    name = located.bucket or ""
    whole = replace(
        written,
        resource=name,
        header=shape.get(MEMBER),
        find=find,
        bucket=_last(name) or None,
    )
    return whole, tuple(
        replace(each, about=whole.about(each.place), is_refused_first=True) for each in diagnostics
    )


def _last(name: str) -> str:
    """The bucket of `account/region/bucket`."""
    return name.rsplit("/", 1)[-1]
