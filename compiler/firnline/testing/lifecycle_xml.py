"""Lifecycle XML → `Configuration`, nothing lost; and back, the same elements in the same order."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, replace
from xml.parsers import expat
from xml.sax.saxutils import escape

from firnline.testing.answers import S3_NAMESPACE, XML_DECLARATION

MOST_RULES = 1_000
_DEEPEST = 16


class MalformedXml(Exception):
    """S3 answers this with MalformedXML, whatever the reason; ours is for the log."""


@dataclass(frozen=True, slots=True)
class Element:
    """One XML element: either text or children, never both."""

    name: str
    text: str = ""
    children: tuple[Element, ...] = ()

    def child(self, name: str) -> Element | None:
        return next((child for child in self.children if child.name == name), None)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A bucket's lifecycle configuration as it was put."""

    rules: tuple[Element, ...]
    minimum_size: str  # x-amz-transition-default-minimum-object-size


def read_configuration(body: bytes, minimum_size: str) -> Configuration:
    """Raises `MalformedXml` where S3's schema would refuse before looking at any rule.

    0 rules and more than 1,000 are MalformedXML too, although the documented error table has
    InvalidRequest texts for both (observed on S3 on 2026-09-21; aws-sdk-js-v3#8199).
    """
    root = _Reader().read(body)
    if root.name != "LifecycleConfiguration":
        raise MalformedXml(f"the document is a `{root.name}`")
    if stranger := next((rule for rule in root.children if rule.name != "Rule"), None):
        raise MalformedXml(f"`{stranger.name}` stands among the rules")
    if not 1 <= len(root.children) <= MOST_RULES:
        raise MalformedXml(f"{len(root.children)} rules")
    return Configuration(tuple(_with_id(rule) for rule in root.children), minimum_size)


def write_configuration(configuration: Configuration) -> str:
    rules = "".join(_write(rule) for rule in configuration.rules)
    return (
        f'{XML_DECLARATION}<LifecycleConfiguration xmlns="{S3_NAMESPACE}">'
        f"{rules}</LifecycleConfiguration>"
    )


def _with_id(rule: Element) -> Element:
    """S3 names a nameless rule: 48 characters, base64 of a UUID (aws-sdk-go-v2#3165)."""
    present = rule.child("ID")
    if present and present.text:
        return rule
    others = tuple(child for child in rule.children if child.name != "ID")
    generated = base64.b64encode(str(uuid.uuid4()).encode()).decode()
    return replace(rule, children=(Element("ID", generated), *others))


def _write(element: Element) -> str:
    inside = "".join(map(_write, element.children)) or _escape(element.text)
    return f"<{element.name}>{inside}</{element.name}>" if inside else f"<{element.name}/>"


def _escape(text: str) -> str:
    # A bare carriage return would be read back as a line feed (XML 1.0, 2.11).
    return escape(text, {"\r": "&#13;"})


class _Reader:
    """expat without document types, and so without entities of any kind."""

    def __init__(self) -> None:
        self._open: list[tuple[str, list[str], list[Element]]] = [("", [], [])]
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def read(self, body: bytes) -> Element:
        try:
            self._parser.Parse(body, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # bytes, encoding
            raise MalformedXml(str(error)) from error
        return self._open[0][2][0]

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise MalformedXml("a document type is declared")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace not in ("", S3_NAMESPACE):
            raise MalformedXml(f"`{local}` is of the namespace `{namespace}`")
        if len(self._open) > _DEEPEST:
            raise MalformedXml("elements are nested too deep")
        self._open.append((local, [], []))

    def _text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _end(self, _name: str) -> None:
        name, texts, children = self._open.pop()
        text = "".join(texts)
        if children and text.strip():
            raise MalformedXml(f"`{name}` holds both text and elements")
        self._open[-1][2].append(Element(name, "" if children else text, tuple(children)))
