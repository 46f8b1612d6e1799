"""A configuration that nearly has S3's shape → the one that was meant, and what stood in its place.

The AWS CLI and the SDKs refuse a member that they do not know, and null. Read as what it means, it
has no further findings that are mere consequences of that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.language.misspelt import misspelt
from firnline.lint import cloudformation_names as names
from firnline.lint.sources.cloudformation.rules import filter_of, loose
from firnline.lint.sources.parts import Part, as_list, as_member, joined, listed, outermost
from firnline.s3.law.client_checks import CONFIGURATION, ListOf, Shape, Structure

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Renamed:
    """A member that stands for another, or for a list of what it holds. `path` is where it stood
    in S3's shape, and `meant` leads to what it means from there; `is_list` where its value becomes
    the only item of a list.
    """

    written: str
    where: Path
    path: str
    meant: _Key
    is_list: bool = False
    is_guess: bool = False
    of_cloudformation: bool = False


@dataclass(frozen=True, slots=True)
class Null:
    """A member without a value, where it is not required; `path` is that in S3's shape."""

    where: Path
    path: str


@dataclass(frozen=True, slots=True)
class Meant:
    """`nulls` are members without a value; `configuration` has neither them nor those renamed."""

    configuration: Part
    renamed: tuple[Renamed, ...]
    nulls: tuple[Null, ...]


def as_meant(value: Any, where: Path) -> Meant:
    """A configuration, or what stands in its place."""
    reader = _Reader()
    part = reader.read(value, where, CONFIGURATION, "")
    return Meant(outermost(part), tuple(reader.renamed), tuple(reader.nulls))


def rules_as_meant(rules: Sequence[tuple[Any, Path]], where: Path) -> Meant:
    """The rules of a configuration, each with its place; `where` is that of the list."""
    reader = _Reader()
    items = [
        reader.read(rule, at, _rule_shape(), f"Rules[{number}]")
        for number, (rule, at) in enumerate(rules)
    ]
    part = listed("Rules", items, where)
    return Meant(outermost(part), tuple(reader.renamed), tuple(reader.nulls))


# What people write for S3's members, by the member around it: CloudFormation's names, and the
# member of another action.
_RULE: Final[Mapping[str, _Key]] = {
    **{name: ("Expiration", s3) for name, s3 in names.EXPIRATION.items()},
    "NoncurrentVersionExpirationInDays": ("NoncurrentVersionExpiration", "NoncurrentDays"),
}
_INSIDE: Final[Mapping[str, Mapping[str, str]]] = {
    "Expiration": {name: s3 for name, s3 in names.EXPIRATION.items() if name != s3},
    "Transitions": {"TransitionInDays": "Days", "TransitionDate": "Date"},
    "NoncurrentVersionTransitions": {
        "TransitionInDays": "NoncurrentDays",
        "Days": "NoncurrentDays",
    },
    "NoncurrentVersionExpiration": {"Days": "NoncurrentDays"},
    "AbortIncompleteMultipartUpload": {"Days": "DaysAfterInitiation"},
}
_FOR_ONE: Final = {one: several for several, (one, _) in names.LISTS.items()}
_SCOPE: Final = ("TagFilters", *names.SIZES)
_RULES: Final = CONFIGURATION.members["Rules"]


@dataclass(slots=True)
class _Reader:
    renamed: list[Renamed] = field(default_factory=list)
    nulls: list[Null] = field(default_factory=list)

    def read(self, value: Any, where: Path, shape: Shape, path: str) -> Part:
        if isinstance(shape, ListOf) and isinstance(value, list):
            items = [
                self.read(each, (*where, number), shape.member, f"{path}[{number}]")
                for number, each in enumerate(value)
            ]
            return as_list(items, where)
        if isinstance(shape, Structure) and isinstance(value, Mapping):
            return self._structure(value, where, shape, path)
        return Part(value, {"": where})

    def _structure(
        self, value: Mapping[Any, Any], where: Path, shape: Structure, path: str
    ) -> Part:
        optional = shape.members.keys() - set(shape.required)
        unset = [key for key in value if value[key] is None and key in optional]
        self.nulls += [Null((*where, key), f"{path}.{key}" if path else str(key)) for key in unset]
        present = {key: each for key, each in value.items() if key not in unset}
        parts = [Part({}, {"": where})]
        scope = {}
        for key, inside in present.items():
            at = (*where, key)
            here = f"{path}.{key}" if path else str(key)
            if key in shape.members and _is_only_item(shape.members[key], inside):
                self.renamed.append(only := Renamed(key, at, path, (key,), is_list=True))
                parts.append(self._renamed(inside, at, shape, path, only))
            elif key in shape.members:
                parts.append(as_member(key, self.read(inside, at, shape.members[key], here)))
            elif (found := _meaning(str(key), at, path, shape, present)) is None:
                parts.append(as_member(str(key), Part(inside, {"": at})))
            elif found.meant == ("Filter",):
                self.renamed.append(found)
                scope[str(key)] = (inside, at)
            else:
                self.renamed.append(found)
                if inside is None:
                    continue
                parts.append(self._renamed(inside, at, shape, path, found))
        if scope:
            parts = [_without_prefix(each) for each in parts]
            if "Prefix" in present:
                scope["Prefix"] = (present["Prefix"], (*where, "Prefix"))
            parts.append(filter_of(scope))
        return _united(parts)

    def _renamed(
        self, value: Any, where: Path, shape: Structure, path: str, found: Renamed
    ) -> Part:
        name, *below = found.meant
        inside = shape.members[name]
        here = f"{path}.{name}" if path else name
        if found.is_list:
            assert isinstance(inside, ListOf)
            item = self.read(value, where, inside.member, f"{here}[0]")
            return listed(name, [item], where)
        if below:
            return as_member(name, as_member(below[0], Part(value, {"": where})))
        return as_member(name, self.read(value, where, inside, here))


def _is_only_item(shape: Shape, value: Any) -> bool:
    """Whether it stands where a list of such is wanted."""
    return (
        isinstance(shape, ListOf)
        and isinstance(value, Mapping)
        and bool(value.keys() & shape.member.members.keys())
    )


def _meaning(
    key: str, where: Path, path: str, shape: Structure, present: Mapping[Any, Any]
) -> Renamed | None:
    """None where nothing is meant that is not there already."""
    found = _unchecked(key, where, path, shape, present)
    if found is None or (found.meant[0] in present and len(found.meant) == 1):
        return None
    around = present.get(found.meant[0])
    if around is not None and (not isinstance(around, Mapping) or found.meant[1] in around):
        return None
    return found


def _unchecked(
    key: str, where: Path, path: str, shape: Structure, present: Mapping[Any, Any]
) -> Renamed | None:
    block = path.rsplit(".", 1)[-1].split("[")[0]
    if shape is _rule_shape():
        if key in _RULE:
            return Renamed(key, where, path, _RULE[key], of_cloudformation=True)
        if (several := _FOR_ONE.get(key[:1].upper() + key[1:])) is not None:
            is_one = isinstance(present[key], Mapping)
            return Renamed(key, where, path, (several,), is_list=is_one)
        if key in _SCOPE:
            return Renamed(key, where, path, ("Filter",), of_cloudformation=True)
    known = _INSIDE.get(block, {})
    if key in known:
        return Renamed(key, where, path, (known[key],), of_cloudformation=_is_timed(key))
    by_loose = {loose(each): each for each in shape.members}
    if loose(key) in by_loose:
        return Renamed(key, where, path, (by_loose[loose(key)],))
    near = misspelt(key, sorted(shape.members))
    return Renamed(key, where, path, (near,), is_guess=True) if near else None


def _is_timed(key: str) -> bool:
    """Whether it has the action's name before `Days` or `Date`, as CloudFormation alone has it."""
    return key.startswith(("Transition", "Expiration"))


def _rule_shape() -> Structure:
    assert isinstance(_RULES, ListOf)
    return _RULES.member


def _united(parts: list[Part]) -> Part:
    """`Expiration` may come of two members that mean parts of it."""
    whole = joined(parts)
    for part in parts:
        for name, inside in part.shape.items():
            said = whole.shape[name]
            if isinstance(said, dict) and isinstance(inside, dict):
                whole.shape[name] = {**inside, **said}
    return whole


def _without_prefix(part: Part) -> Part:
    shape = {name: value for name, value in part.shape.items() if name != "Prefix"}
    return Part(shape, {path: at for path, at in part.places.items() if path != ".Prefix"})
