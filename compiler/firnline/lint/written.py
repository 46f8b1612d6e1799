"""A file → the lifecycle configurations in it, with the place of each of their parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from firnline.diagnostics.position import Source, Span
from firnline.language.json_tree import JsonTree, Path
from firnline.lint.terraform import configurations_of, is_terraform
from firnline.s3.documents import Located, configurations_in
from firnline.s3.law.header import MEMBER
from firnline.s3.terms import Versioning
from firnline.s3.xml_shape import to_shape
from firnline.s3.xml_tree import Element, read_xml

_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_RULE = re.compile(r"Rules\[\d+\]")
_LAST = re.compile(r"(?:^|\.)[^.\[\]]+$|\[\d+\]$")
# Keys that the AWS CLI adds to its output, or requires around its input.
_BESIDE = frozenset({MEMBER, "ResponseMetadata", "Bucket", "ExpectedBucketOwner", "$schema"})


class Form(Enum):
    """Who stands between the file and S3: the AWS CLI or an SDK, nobody, Terraform's provider."""

    JSON = "JSON"
    XML = "XML"
    TERRAFORM = "Terraform"


@dataclass(frozen=True, slots=True)
class Written:
    """One configuration. `find` maps a path of `s3/law` to a place, if the file has it."""

    name: str
    configuration: Any
    header: Any
    find: Callable[[str, bool], Span | None]
    source: Source
    form: Form
    versioning: Versioning | None = None
    mfa_delete: bool = False

    def place(self, path: str, *, key: bool = False) -> Span:
        """The smallest span: a missing part is shown at the rule or element that lacks it."""
        here, shows_key = path, key
        while here:
            is_rule = _RULE.fullmatch(here)
            if is_rule and (named := self.find(f"{here}.ID", False)) is not None:
                return named
            if (found := self.find(here, shows_key)) is not None:
                return found
            here, shows_key = _without_last(here), True
        return Span(self.source, 0, min(1, len(self.source.text)))


def in_json(tree: JsonTree, source: Source) -> tuple[Written, ...]:
    """None where the JSON is something else."""
    data = tree.data
    if not isinstance(data, dict):
        return ()
    if is_terraform(data):
        return tuple(_of_terraform(tree, source))
    found = configurations_in(data)
    one = len(found) == 1 and found[0].bucket is None
    is_whole = one or len(found) == len(data)
    if not is_whole or any(each.shape is None for each in found):
        return ()
    return tuple(_at(tree, each, source) for each in found)


def in_xml(body: bytes, source: Source) -> Written:
    """Raises `MalformedXml`."""
    places: dict[str, Span] = {}

    def note(path: str, element: Element) -> None:
        places[path] = _of_element(element, source)  # the last of two of the same name

    shape = to_shape(read_xml(body), note)
    return Written("", shape, None, lambda path, _key: places.get(path), source, Form.XML)


def steps(path: str) -> Path:
    """`Rules[3].Expiration.Days` as keys and indices."""
    return tuple(name or int(index) for name, index in _STEP.findall(path))


def _at(tree: JsonTree, located: Located, source: Source) -> Written:
    shape = located.shape or {}
    said = {key: value for key, value in shape.items() if key not in _BESIDE}

    def find(path: str, key: bool) -> Span | None:
        where = located.header_keys if path == MEMBER else (*located.keys, *steps(path))
        return _span(tree, where, key=key)

    return Written(located.bucket or "", said, shape.get(MEMBER), find, source, Form.JSON)


def _of_terraform(tree: JsonTree, source: Source) -> Iterator[Written]:
    for found in configurations_of(tree.data):
        places = found.places

        def find(path: str, key: bool, places: Mapping[str, Path] = places) -> Span | None:
            where = places.get(path)
            return None if where is None else _span(tree, where, key=key)

        yield Written(
            found.name,
            found.configuration,
            found.header,
            find,
            source,
            Form.TERRAFORM,
            found.versioning,
            found.mfa_delete,
        )


def _without_last(path: str) -> str:
    """The path of the parent; a member may have any name, such as `Da[ys`."""
    shorter = _LAST.sub("", path)
    return shorter if shorter != path else path.rpartition(".")[0]


def _span(tree: JsonTree, where: Path, *, key: bool) -> Span | None:
    """A value; a long one is shown by its key, or by its first character."""
    place = tree.places.get(where)
    if place is None:
        return None
    if key and place.key is not None:
        return place.key
    value = place.value
    if value.source.text[value.start] not in "{[":
        return value
    return place.key or Span(value.source, value.start, value.start + 1)


def _of_element(element: Element, source: Source) -> Span:
    """A short element as a whole, else its opening tag."""
    line, column = element.at
    text = source.text
    start = min(source.start_of(line) + column - 1, max(len(text) - 1, 0))
    end = text.find(">", start) + 1 or start + 1
    if not element.children and element.text:
        closing = text.find(">", text.find("</", end)) + 1
        if closing and "\n" not in text[start:closing]:
            end = closing
    return Span(source, start, end)
