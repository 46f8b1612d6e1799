"""The `filter` block and the prefix of a rule → the Filter or Prefix that the provider sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.lint.sources.parts import Part, as_member, joined, listed
from firnline.lint.sources.terraform.blocks import block_in, is_unset, members, number
from firnline.lint.unknown import Unknown
from firnline.s3.shape import Json
from firnline.s3.terraform_provider import RESERVED_TAGS, Sends, Several

_LARGER: Final = {"object_size_greater_than": "ObjectSizeGreaterThan"}
_SMALLER: Final = {"object_size_less_than": "ObjectSizeLessThan"}
_PREFIX: Final = {"prefix": "Prefix"}


def read_scope(rule: Json, where: Path, sends: Sends) -> Part:
    block = block_in(rule, "filter", where)
    if isinstance(block, Unknown):
        return Part({"Filter": block}, {".Filter": (*where, "filter")})
    own = members(rule, where, _PREFIX)
    if block is not None:
        if isinstance(rule.get("prefix"), Unknown):
            own = Part({})  # computed: nobody sets both
        filter, here = _without_computed(block[0]), block[1]
        if isinstance(filter, Unknown):
            return Part({"Filter": filter}, {".Filter": here})
        sent = _filter(filter, here, sends)
        if not sent.shape and sends.empty_filter is not None:
            sent = Part(sends.empty_filter, {"": here})
        if sent.shape or sends.empty_filter is not None:
            part = as_member("Filter", sent)
            return joined((part, own)) if sends.prefix_beside_filter else part
    return own if own.shape else Part({"Filter": sends.no_scope})


def _filter(filter: Json, where: Path, sends: Sends) -> Part:
    """Beside another predicate a prefix of "" counts as unset: older states have it so, the SDK
    sends none, and the framework plans null.
    """
    predicates = list(_predicates(filter, where, sends))
    if sends.several is Several.LAST:
        predicates = predicates[-1:]
    prefix = filter.get("prefix")
    if not is_unset(prefix) and (not predicates or sends.several is Several.ALL):
        return joined((*predicates, members(filter, where, _PREFIX)))
    if predicates:
        return joined(predicates)
    place = {"": where, ".Prefix": (*where, "prefix")}
    return Part({}, {"": where}) if prefix is None else Part({"Prefix": prefix}, place)


def _without_computed(filter: Json) -> Json | Unknown:
    """The predicates that a person set. A value that is not known is one that the provider computes
    if another predicate is known; if none is, one of them was set, and the filter is not known.
    """
    unknown = {name: value for name, value in filter.items() if isinstance(value, Unknown)}
    known = {name: value for name, value in filter.items() if name not in unknown}
    if any(not is_unset(value) and value != [] for value in known.values()):
        return known
    return next(iter(unknown.values())) if len(unknown) > 1 else filter


def _predicates(filter: Json, where: Path, sends: Sends) -> Iterator[Part]:
    """In the order in which the SDK of 5.x lets a later one replace those before it."""
    both = block_in(filter, "and", where)
    if isinstance(both, Unknown):
        yield Part({"And": both}, {"": where, ".And": (*where, "and")})
    elif both is not None:
        yield as_member("And", _and(*both, sends))
    for names in (_LARGER, _SMALLER):
        bound = members(filter, where, names)
        too_small = bound.shape == {"ObjectSizeLessThan": 0}
        if bound.shape and (sends.sends_zeros or not too_small):
            yield bound
    tag = block_in(filter, "tag", where)
    if isinstance(tag, Unknown):
        yield Part({"Tag": tag}, {"": where, ".Tag": (*where, "tag")})
    elif tag is not None and tag[0]:
        yield as_member("Tag", _tag(tag[0].get("key"), tag[0].get("value"), tag[1]))


def _and(both: Json, where: Path, sends: Sends) -> Part:
    """An unset prefix is sent as "". A plan has every attribute; a configuration has those that are
    set, and the lower bound of a new resource is planned after that.
    """
    larger = number(both.get("object_size_greater_than", sends.unset_lower_bound))
    smaller = both.get("object_size_less_than")
    sizes = {
        "object_size_greater_than": larger if larger or sends.sends_zeros else None,
        "object_size_less_than": number(smaller) or None,
    }
    part = joined((members(sizes, where, _LARGER), members(sizes, where, _SMALLER)))
    prefix = both.get("prefix")
    place = {} if prefix is None else {".Prefix": (*where, "prefix")}
    return joined((part, Part({"Prefix": prefix or ""}, place), tags_of(both.get("tags"), where)))


def tags_of(tags: Any, where: Path) -> Part:
    here = (*where, "tags")
    if isinstance(tags, Unknown):
        return Part({"Tags": tags}, {".Tags": here})
    if not isinstance(tags, dict):
        return Part({})
    own = {key: value for key, value in tags.items() if not key.startswith(RESERVED_TAGS)}
    if not own:
        return Part({})
    return listed("Tags", [_tag(key, value, (*here, key)) for key, value in own.items()], here)


def _tag(key: object, value: object, where: Path) -> Part:
    said = {"Key": key, "Value": value}
    shape = {name: each for name, each in said.items() if each is not None}
    return Part(shape, {"": where, ".Key": where, ".Value": where})
