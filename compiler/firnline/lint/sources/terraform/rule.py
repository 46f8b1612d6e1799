"""A `rule` block of Terraform's lifecycle resource → the rule that its provider sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from firnline.language.data_tree import Path
from firnline.lint.sources.parts import Part, as_member, joined, listed
from firnline.lint.sources.terraform.blocks import block_in, is_unset, members, number, placed
from firnline.lint.sources.terraform.scope import read_scope
from firnline.lint.unknown import Unknown
from firnline.s3.shape import Json
from firnline.s3.terraform_provider import EMPTY_EXPIRATION, Sends

_OLD: Final = {
    "noncurrent_days": "NoncurrentDays",
    "newer_noncurrent_versions": "NewerNoncurrentVersions",
}
_EVERY_OBJECT: Final[tuple[Json, ...]] = ({"Filter": {}}, {"Filter": {"Prefix": ""}})
_DEPENDS: Final = Unknown("what is sent depends on the version of the AWS provider")


def read_rule(rule: object, where: Path, possible: Sequence[Sends]) -> Part:
    """The rule; where the generations that are possible send different things, an unknown."""
    if not isinstance(rule, dict):
        return Part(rule, {"": where})
    named = members(rule, where, {"id": "ID", "status": "Status"})
    scopes = [read_scope(rule, where, each) for each in possible]
    aborts = [_abort(rule, where, each) for each in possible]
    return joined(
        (
            named,
            _same_meaning(scopes) or _agreed("Filter", scopes, (*where, "filter")),
            *_actions(rule, where),
            _agreed("AbortIncompleteMultipartUpload", aborts, where),
        )
    )


def is_sent_in_several_ways(rule: object, where: Path, possible: Sequence[Sends]) -> bool:
    """Whether the generations that are possible send filters that differ and mean the same."""
    if not isinstance(rule, dict):
        return False
    scopes = [read_scope(rule, where, each) for each in possible]
    return any(each.shape != scopes[0].shape for each in scopes) and bool(_same_meaning(scopes))


def _same_meaning(scopes: Sequence[Part]) -> Part | None:
    """What the newest generation sends, where each sends a filter for every object."""
    return scopes[-1] if all(each.shape in _EVERY_OBJECT for each in scopes) else None


def _agreed(name: str, parts: Sequence[Part], where: Path) -> Part:
    first, *others = parts
    if all(each.shape == first.shape for each in others):
        return first
    return Part({name: _DEPENDS}, {f".{name}": where})


def _actions(rule: Json, where: Path) -> Iterator[Part]:
    readers = {
        "expiration": ("Expiration", _expiration),
        "noncurrent_version_expiration": ("NoncurrentVersionExpiration", _old_expiration),
    }
    for name, (member, read) in readers.items():
        block = block_in(rule, name, where)
        if isinstance(block, Unknown):
            yield Part({member: block}, {f".{member}": (*where, name)})
        elif block is not None:
            yield as_member(member, read(*block))
    lists = {
        "transition": ("Transitions", _transition),
        "noncurrent_version_transition": ("NoncurrentVersionTransitions", _old_transition),
    }
    for name, (member, read) in lists.items():
        said = rule.get(name)
        if isinstance(said, Unknown):
            yield Part({member: said}, {f".{member}": (*where, name)})
        elif items := placed(said, (*where, name)):
            yield listed(member, [_item(*each, read) for each in items], (*where, name))


def _item(item: object, where: Path, read: Callable[[Json, Path], Part]) -> Part:
    return read(item, where) if isinstance(item, dict) else Part(item, {"": where})


def _expiration(block: Json, where: Path) -> Part:
    """Days of 0 are none, and the marker is sent only without days and a date. Days that are not
    known beside either are computed: nobody sets both.
    """
    days = number(block.get("days"))
    marked = block.get("expired_object_delete_marker") is True
    if isinstance(days, Unknown) and (marked or not is_unset(block.get("date"))):
        days = None
    timed = {name: "Date" if name == "date" else "Days" for name in ("date", "days")}
    sent = members({**block, "days": None if days == 0 else days}, where, timed)
    if sent.shape:
        return sent
    marker = {"expired_object_delete_marker": "ExpiredObjectDeleteMarker"}
    return joined((Part(EMPTY_EXPIRATION, {"": where}), members(block, where, marker)))


def _old_expiration(block: Json, where: Path) -> Part:
    newer = number(block.get("newer_noncurrent_versions"))
    return members({**block, "newer_noncurrent_versions": newer or None}, where, _OLD)


def _transition(block: Json, where: Path) -> Part:
    """Without days and a date it is sent with 0 days."""
    names = {"date": "Date", "days": "Days", "storage_class": "StorageClass"}
    dated, days = not is_unset(block.get("date")), number(block.get("days"))
    computed = isinstance(days, Unknown) or not days
    at = members({**block, "days": None} if dated and computed else block, where, names)
    if dated or "Days" in at.shape:
        return at
    return joined((Part({"Days": 0}), at))


def _old_transition(block: Json, where: Path) -> Part:
    newer = number(block.get("newer_noncurrent_versions"))
    names = {**_OLD, "storage_class": "StorageClass"}
    return members({**block, "newer_noncurrent_versions": newer or None}, where, names)


def _abort(rule: Json, where: Path, sends: Sends) -> Part:
    name, member = "abort_incomplete_multipart_upload", "AbortIncompleteMultipartUpload"
    block = block_in(rule, name, where)
    if isinstance(block, Unknown):
        return Part({member: block}, {f".{member}": (*where, name)})
    if block is None:
        return Part({})
    sent = members(*block, {"days_after_initiation": "DaysAfterInitiation"})
    if not sends.sends_zeros and not sent.shape.get("DaysAfterInitiation"):
        return Part({})
    return as_member(member, sent)
