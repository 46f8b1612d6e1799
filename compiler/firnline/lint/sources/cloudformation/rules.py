"""A bucket's `LifecycleConfiguration` property → the configuration that CloudFormation sends to S3.

Inferred, as CloudFormation does not publish it: every rule gets a `Filter`, however its scope is
written (go-to-k/cdkd#936 and #1424 compared what CloudFormation deployed), and
`ExpiredObjectDeleteMarker: false` is not sent beside days or a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.lint import cloudformation_names as names
from firnline.lint.sources.parts import Part, as_member, joined, listed, outermost
from firnline.lint.unknown import Unknown
from firnline.s3.law.header import MEMBER

Look = Callable[[Any, Path], tuple[Any, Path]]
"""The value of what may be an expression, and its place; None where it is absent."""
Spelled = Callable[[str], str]
"""How a form spells a property of CloudFormation, such as `expiration_in_days`."""
Said = dict[str, tuple[Any, Path]]

_NUMBERS: Final = frozenset(
    {"Days", "NoncurrentDays", "NewerNoncurrentVersions", "DaysAfterInitiation", *names.SIZES}
)
# CloudFormation takes both spellings (AWS::S3::Bucket Transition, StorageClass).
_CLASSES: Final = {"Glacier": "GLACIER"}
# Whatever cfn-lint 1.58.0 takes for a whole number, and for true or false.
_WHOLE: Final = re.compile(r" *[-+]?[0-9]{1,19} *")
_TRUTH: Final = {"true": True, "True": True, "false": False, "False": False}
_TEXTS: Final = frozenset({"ID", "Prefix", "Key", "Value"})
_MARKER: Final = "ExpiredObjectDeleteMarker"


@dataclass(frozen=True, slots=True)
class Extraneous:
    """A property that CloudFormation does not have; `known` are those that it has there, and
    `meant` is the one that it is read as, if its name says that.
    """

    name: str
    where: Path
    known: tuple[str, ...]
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """`configuration` holds the rules, with paths such as `Rules[0].ID`."""

    configuration: Part
    header: Any
    extraneous: tuple[Extraneous, ...]


def as_is(value: Any, where: Path) -> tuple[Any, Path]:
    """For a form without expressions."""
    return value, where


def configuration_from_cloudformation(
    value: Any, where: Path, look: Look = as_is, spelled: Spelled = str
) -> Sent:
    """`value` is the property's; null is absent."""
    reader = _Reader(look, spelled)
    value, where = look(value, where)
    if isinstance(value, Unknown):
        return Sent(Part({"Rules": value}, {"Rules": where, "": where}), None, ())
    said = reader.open(value, where, names.CONFIGURATION)
    rules = said.get("Rules", ([], where))
    part = reader.items("Rules", rules, reader.rule)
    header, header_at = said.get(MEMBER, (None, where))
    places = {"": where, MEMBER: header_at, **outermost(part).places}
    configuration = Part(part.shape, places)
    return Sent(configuration, header, tuple(reader.extraneous))


def filter_of(said: Said) -> Part:
    """The `Filter` of a rule with `Prefix`, `TagFilters` and sizes."""
    return _Reader(as_is, str).filter(said)


@dataclass(slots=True)
class _Reader:
    look: Look
    spelled: Spelled
    extraneous: list[Extraneous] = field(default_factory=list)

    def open(self, value: Any, where: Path, known: names.Names) -> Said:
        """The properties that are not absent, by CloudFormation's names; a name that is S3's, or in
        other letters, is read as the property that it stands for.
        """
        by_spelling = {self.spelled(name): name for name in known}
        loosely = {loose(s3): name for name, s3 in known.items()}
        loosely |= {loose(name): name for name in known}
        found: Said = {}
        for key, inside in value.items() if isinstance(value, Mapping) else ():
            name = by_spelling.get(str(key))
            if name is None:
                meant = loosely.get(loose(str(key)), "")
                is_free = bool(meant) and self.spelled(meant) not in value
                self.extraneous.append(
                    Extraneous(
                        str(key),
                        (*where, key),
                        tuple(by_spelling),
                        self.spelled(meant) if is_free else "",
                    )
                )
                name = meant or str(key)
            known_value, at = self.look(inside, (*where, key))
            if known_value is not None:
                found.setdefault(name, (known_value, at))
        return found

    def items(self, name: str, said: tuple[Any, Path], read: Callable[[Any, Path], Part]) -> Part:
        """A member whose value is a list."""
        value, where = said
        if not isinstance(value, list):
            return as_member(name, Part(value, {"": where}))
        items = [self.look(each, (*where, number)) for number, each in enumerate(value)]
        return listed(name, [read(*each) for each in items if each[0] is not None], where)

    def rule(self, value: Any, where: Path) -> Part:
        if not isinstance(value, Mapping):
            return Part(value, {"": where})
        said = self.open(value, where, names.RULE)
        read = joined((_members(said, names.PLAIN), self.filter(said), *self._actions(said)))
        return Part(read.shape, {**read.places, "": where})

    def _actions(self, said: Said) -> Iterator[Part]:
        if "Expiration" in said and not said.keys() & names.EXPIRATION.keys():
            yield as_member("Expiration", self._as_s3(*said["Expiration"]))
        yield _expiration(said)
        for several, (one, inside) in names.LISTS.items():
            yield self._moves(said, several, one, inside)
        name = "NoncurrentVersionExpiration"
        if name in said:
            yield self._block(name, said[name], names.NONCURRENT_EXPIRATION)
        elif f"{name}InDays" in said:
            days = _members(said, {f"{name}InDays": "NoncurrentDays"})
            yield as_member(name, _at(days, said[f"{name}InDays"][1]))
        name = "AbortIncompleteMultipartUpload"
        if name in said:
            yield self._block(name, said[name], names.ABORT)

    def _block(self, name: str, said: tuple[Any, Path], inside: names.Names) -> Part:
        return as_member(name, self._structure(*said, inside))

    def _structure(self, value: Any, where: Path, inside: names.Names) -> Part:
        if not isinstance(value, Mapping):
            return Part(value, {"": where})
        return _at(_members(self.open(value, where, inside), inside), where)

    def _moves(self, said: Said, several: str, one: str, inside: names.Names) -> Part:
        """The list, and the older property for a single one."""

        def read(value: Any, where: Path) -> Part:
            return self._structure(value, where, inside)

        lists = self.items(several, said[several], read) if several in said else Part({})
        if one not in said:
            return lists
        last = read(*said[one])
        before = lists.shape.get(several, [])
        if not isinstance(before, list):
            return lists
        here = f".{several}[{len(before)}]"
        places = {f"{here}{path}": place for path, place in last.places.items()}
        at = {f".{several}": said[one][1], **lists.places}
        return Part({several: [*before, last.shape]}, {**at, **places})

    def filter(self, said: Said) -> Part:
        if "Filter" in said and not said.keys() & {"Prefix", "TagFilters", *names.SIZES}:
            return as_member("Filter", self._as_s3(*said["Filter"]))
        predicates = _members(said, {"Prefix": "Prefix", **names.SIZES})
        tags = said.get("TagFilters", ([], ()))
        if isinstance(tags[0], Unknown) and not predicates.shape:
            return as_member("Filter", Part(tags[0], {"": tags[1]}))
        listed_tags = self.items("Tags", tags, self._tag)
        several = listed_tags.shape["Tags"]
        if several and _are_all_unknown(several) and (predicates.shape or len(several) > 1):
            # Each of them may be absent.
            listed_tags = as_member("Tags", Part(several[0], {"": tags[1]}))
            several = several[0]
        count = len(predicates.shape) + (len(several) if isinstance(several, list) else 2)
        if count > 1:
            both = joined((predicates, listed_tags if several else Part({})))
            return as_member("Filter", as_member("And", both))
        if several:
            inside = {
                f".Tag{path.removeprefix('.Tags[0]')}": place
                for path, place in listed_tags.places.items()
                if "[0]" in path
            }
            return as_member("Filter", Part({"Tag": several[0]}, inside))
        return as_member("Filter", predicates if predicates.shape else Part({"Prefix": ""}))

    def _tag(self, value: Any, where: Path) -> Part:
        return self._structure(value, where, names.TAG)

    def _as_s3(self, value: Any, where: Path) -> Part:
        """What is written as S3 spells it."""
        known, at = self.look(value, where)
        if not isinstance(known, Mapping):
            return Part(known, {"": at})
        inside = [as_member(str(key), self._as_s3(each, (*at, key))) for key, each in known.items()]
        return _at(joined(inside), at)


def _expiration(said: Said) -> Part:
    present = {name: each for name, each in said.items() if name in names.EXPIRATION}
    if len(present) > 1 and present.get(_MARKER, (None,))[0] is False:
        del present[_MARKER]
    if not present:
        return Part({})
    (_, where), *_ = present.values()
    return as_member("Expiration", _at(_members(present, names.EXPIRATION), where))


def _members(said: Said, spelling: names.Names) -> Part:
    present = {spelling[name]: said[name] for name in spelling if name in said}
    shape = {member: _converted(member, value) for member, (value, _) in present.items()}
    return Part(shape, {f".{member}": where for member, (_, where) in present.items()})


def _are_all_unknown(items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(each, Unknown) for each in items)


def _at(part: Part, where: Path) -> Part:
    return Part(part.shape, {"": where, **part.places})


def _converted(member: str, value: Any) -> Any:
    """CloudFormation takes numbers and truth values as text too, sizes as nothing else, and other
    scalars where it wants text.
    """
    if member in _TEXTS and isinstance(value, (int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, str):
        if member in _NUMBERS and _WHOLE.fullmatch(value):
            return int(value)
        if member == _MARKER:
            return _TRUTH.get(value, value)
        if member == "StorageClass":
            return _CLASSES.get(value, value)
    return value


def loose(name: str) -> str:
    return name.lower().replace("_", "")
