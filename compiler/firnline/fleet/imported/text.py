"""A policy made of somebody's rules → its text in YAML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.fleet.imported.model import ImportedPolicy, ImportedRetention
from firnline.fleet.imported.settings import (
    Settings,
    classes_for,
    settings_of,
    settings_of_bucket,
)
from firnline.fleet.imported.tiers import Classes
from firnline.language.checks.unknown_owner import PLACEHOLDER
from firnline.language.edit_map import Value, entries, written
from firnline.language.layout import format_text
from firnline.language.model import ForeignRules, Markers, MinimumSizeDefault
from firnline.language.pyyaml import as_name
from firnline.language.schemas import FileKind
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.s3.model import MinimumSize

AppliesTo = Sequence[tuple[str, Collection[str]]]
"""Accounts, each with its buckets."""
WIDTH = 100


def policy_text(
    policy: ImportedPolicy,
    name: str,
    owner: str | None,
    applies_to: AppliesTo,
    *,
    per_bucket: Mapping[str, Mapping[str, Settings]] | None = None,
    adopts: Collection[str] | None = None,
    on_one_line: bool = True,
    laid_out: bool = True,
) -> str:
    """`per_bucket` is what is different in some buckets, by the name of a retention (none for the
    whole policy) and by bucket; `adopts` are the IDs of the rules of all buckets, where there are
    several. Without an owner a placeholder is written. Short retentions are written `on_one_line`.
    What nobody reads need not be `laid_out`, which takes the most time.
    """
    different = per_bucket or {}
    classes = classes_for(policy)
    lines = [*_comment(policy.comments, ""), *_head(policy, name, owner, applies_to, classes)]
    if policy.retentions:
        lines.append("retain:")
    for each in policy.retentions:
        lines += _comment(_origin(each), "  ")
        own = settings_of(each, classes)
        lines += _retention(
            as_name(each.name), own, different.get(each.name, {}), on_one_line=on_one_line
        )
    for key, value in settings_of_bucket(policy).items():
        why = _WHY_MARKERS if value in _UNUSUAL else ""
        lines.append(entries({key: value}, quoted=False) + why)
    lines += _ownership(policy, policy.adopts if adopts is None else adopts)
    if whole := different.get(""):
        lines += _overrides(whole, "")
    text = "\n".join(lines) + "\n"
    return format_text(text, FileKind.POLICY) if laid_out else text


_UNUSUAL = (Markers.KEEP.value, Markers.WITH_OBJECTS.value)
_WHY_MARKERS = "  # as before: no rule of its own removed them"


def _head(
    policy: ImportedPolicy,
    name: str,
    owner: str | None,
    applies_to: AppliesTo,
    classes: Classes,
) -> Iterator[str]:
    yield "firnline: policy/v1"
    yield entries({"policy": as_name(name)}, quoted=False)
    if owner is None:
        yield f"owner: {PLACEHOLDER}  # the team that answers for what is deleted (FL614)"
    else:
        yield entries({"owner": as_name(owner)}, quoted=False)
    yield f"why: imported from the lifecycle rules that {_buckets(applies_to)} had before"
    yield "applies_to:"
    for account, buckets in applies_to:
        names = tuple(map(as_name, buckets))
        listed: Value = names if len(names) > 1 else names[0]
        yield f"  - {written({'account': as_name(account), 'buckets': listed}, quoted=False)}"
    if policy.bucket.versioning is not None:
        yield f"versioning: {policy.bucket.versioning.value}"
    if policy.minimum_size is MinimumSize.VARIES:
        yield f"minimum_size_default: {MinimumSizeDefault.VARIES.value}"
    others = {tier: into for tier, into in classes.items() if DEFAULT_CLASSES[tier] != into}
    if others:
        yield entries({"storage_classes": others}, quoted=False)


def _ownership(policy: ImportedPolicy, adopts: Collection[str]) -> Iterator[str]:
    """What happens to the rules that are live."""
    if policy.kept:
        yield f"foreign_rules: {ForeignRules.KEEP.value}"
    if adopts:
        yield from _listed("adopts", tuple(map(as_name, adopts)), "")


def _listed(key: str, values: tuple[str, ...], indent: str) -> Iterator[str]:
    line = f"{indent}{entries({key: values}, quoted=False)}"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"{indent}{key}:"
    yield from (f"{indent}  - {written(each, quoted=False)}" for each in values)


def _buckets(applies_to: AppliesTo) -> str:
    count = sum(len(buckets) for _, buckets in applies_to)
    return "the bucket" if count == 1 else f"these {count} buckets"


def _retention(
    name: str, settings: Settings, different: Mapping[str, Settings], *, on_one_line: bool
) -> Iterator[str]:
    line = f"  {entries({name: settings}, quoted=False)}"
    if on_one_line and len(line) <= WIDTH and not different and len(settings) < 5:
        yield line
        return
    yield f"  {written(name, quoted=False)}:"
    for key, value in settings.items():
        yield from _setting(key, value)
    if different:
        yield from _overrides(different, "    ")


def _setting(key: str, value: Value) -> Iterator[str]:
    if isinstance(value, tuple):
        yield from _listed(key, value, "    ")
    else:
        yield f"    {entries({key: value}, quoted=False)}"


def _overrides(different: Mapping[str, Settings], indent: str) -> Iterator[str]:
    yield f"{indent}per_bucket:"
    yield from (
        f"{indent}  {entries({as_name(bucket): settings}, quoted=False)}"
        for bucket, settings in different.items()
    )


def _origin(retention: ImportedRetention) -> Iterator[str]:
    ids = retention.rule_ids
    if ids and ids != (retention.name,):
        told = ", ".join(f"`{each}`" for each in ids[:3])
        more = f" and {len(ids) - 3} more" if len(ids) > 3 else ""
        yield f"was {told}{more}"
    elif len(retention.meeting) > 1:
        told = ", ".join(f"`{each}`" for each in retention.meeting[:3])
        more = f" and {len(retention.meeting) - 3} more" if len(retention.meeting) > 3 else ""
        yield f"here {told}{more} act together"
    inside = [
        each
        for each in retention.prefixes
        if any(each != other and each.startswith(other) for other in retention.prefixes)
    ]
    if inside:
        told = ", ".join(f"`{each}`" for each in inside[:3])
        yield f"{told}: named too, as another retention speaks of its objects"


def _comment(paragraphs: Iterable[str], indent: str) -> Iterator[str]:
    for each in paragraphs:
        for line in wrapped(visible(each), WIDTH - len(indent) - 4, hanging=2):
            yield f"{indent}# {line}"
