"""What does a plan remove, and is it all that there will be?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.visible import visible
from firnline.language.data_tree import DataTree
from firnline.lint.plan_kinds import INCOMPLETE, REMOVES_ALL_RULES
from firnline.lint.sources.parts import span_of
from firnline.lint.sources.terraform.inline import BLOCK
from firnline.lint.sources.terraform.resources import BUCKET, LIFECYCLE, WITH_RULES
from firnline.lint.written import Unconfigured, Written
from firnline.s3.shape import Json

_NEW_FIRST: Final = ["create", "delete"]


def what_is_removed(tree: DataTree, source: Source) -> Iterator[Diagnostic]:
    for nth, each, bucket, message in _removals(tree):
        where = ("resource_changes", nth, "address")
        place = span_of(tree, where, key=False) or Span(source, 0, 1)
        found = REMOVES_ALL_RULES.at(
            place, message.format(f"of bucket `{bucket}`" if bucket else "of its bucket")
        )
        yield replace(found, about=str(each.get("address", "")))


def without_rules(tree: DataTree, written: Sequence[Written]) -> Iterator[Unconfigured]:
    """The buckets that then have no rules: `written` are the configurations that there will be."""
    resources, buckets = {each.resource for each in written}, {each.bucket for each in written}
    for _, each, bucket, _ in _removals(tree):
        address = str(each.get("address", ""))
        resource = "" if address in resources else address
        if (bucket or resource) and (bucket is None or bucket not in buckets):
            yield Unconfigured(resource, bucket)


def _removals(tree: DataTree) -> Iterator[tuple[int, Json, str | None, str]]:
    """Changes by their number, with the bucket; not where the bucket itself goes too."""
    changes = [
        (nth, each, _change(each)) for nth, each in enumerate(_list(tree.data, "resource_changes"))
    ]
    gone = {
        _bucket_before(change)
        for _, each, change in changes
        if each.get("type") == BUCKET and change.get("actions") == ["delete"]
    }
    for nth, each, change in changes:
        bucket = _bucket_before(change)
        message = _removal(each.get("type"), change)
        if message is not None and (bucket is None or bucket not in gone):
            yield nth, each, bucket, message


def whether_it_is_complete(tree: DataTree, source: Source) -> Iterator[Diagnostic]:
    """Terraform, "JSON output format": `errored` from 1.4 on, `complete` and `deferred_changes`
    from 1.8 on.
    """
    deferred = [_resource_change(each) for each in _list(tree.data, "deferred_changes")]
    reasons = {
        "errored": (tree.data.get("errored") is True, "Terraform met an error while it planned"),
        "deferred_changes": (bool(deferred), _deferred(deferred)),
        "complete": (tree.data.get("complete") is False, "changes were deferred"),
    }
    for name, (holds, why) in reasons.items():
        if holds:
            place = span_of(tree, (name,), key=True) or Span(source, 0, 1)
            yield INCOMPLETE.at(place, f"{why}: rules may be missing from it")
            return


def _deferred(changes: Sequence[Json]) -> str:
    """With the resources that set rules."""
    ours = [
        visible(str(each.get("address", "")))
        for each in changes
        if each.get("type") in WITH_RULES and each.get("mode") != "data"
    ]
    named = f", among them {', '.join(f'`{each}`' for each in ours[:5])}" if ours else ""
    return f"{how_many(len(changes), 'change')} deferred{named}"


def _resource_change(deferred: Json) -> Json:
    inside = deferred.get("resource_change")
    return inside if isinstance(inside, dict) else {}


def _removal(type: object, change: Json) -> str | None:
    before, after, actions = _before(change), change.get("after"), change.get("actions")
    after = after if isinstance(after, dict) else {}
    if type == LIFECYCLE and actions == ["delete"]:
        return "this plan removes all lifecycle rules {}"
    is_replaced = actions in (_NEW_FIRST, _NEW_FIRST[::-1])
    if type == LIFECYCLE and is_replaced:
        unknown = change.get("after_unknown")
        stays = before.get("bucket") == after.get("bucket")
        if not stays and not (isinstance(unknown, dict) and unknown.get("bucket")):
            return "this plan moves the resource to another bucket, and removes all rules {}"
        if stays and actions == _NEW_FIRST:
            return "the old resource is destroyed after the new one, which removes all rules {}"
    if type == BUCKET and before.get(BLOCK) and after.get(BLOCK) == []:
        return "this plan removes all lifecycle rules {}"
    return None


def _change(resource: Json) -> Json:
    change = resource.get("change")
    return change if isinstance(change, dict) else {}


def _bucket_before(change: Json) -> str | None:
    name = _before(change).get("bucket")
    return name if isinstance(name, str) else None


def _before(change: Json) -> Json:
    before = change.get("before")
    return before if isinstance(before, dict) else {}


def _list(data: Any, name: str) -> list[Json]:
    said = data.get(name) if isinstance(data, dict) else None
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []
