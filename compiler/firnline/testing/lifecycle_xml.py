"""Lifecycle XML → `Configuration`, nothing lost; and back, the same elements in the same order."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, replace

from firnline.s3.law.limits import MOST_RULES
from firnline.s3.xml_shape import ROOT, to_shape
from firnline.s3.xml_tree import Element, MalformedXml, read_xml, write_xml


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
    root = read_xml(body)
    if root.name != ROOT:
        raise MalformedXml(f"the document is a `{root.name}`")
    if stranger := next((rule for rule in root.children if rule.name != "Rule"), None):
        raise MalformedXml(f"`{stranger.name}` stands among the rules")
    if not 1 <= len(root.children) <= MOST_RULES:
        raise MalformedXml(f"{len(root.children)} rules")
    return Configuration(tuple(_with_id(rule) for rule in root.children), minimum_size)


def write_configuration(configuration: Configuration) -> str:
    return write_xml(_document(configuration))


def shape_of(configuration: Configuration) -> object:
    """In boto3's shape."""
    return to_shape(_document(configuration))


def _document(configuration: Configuration) -> Element:
    return Element(ROOT, children=configuration.rules)


def _with_id(rule: Element) -> Element:
    """S3 names a nameless rule: 48 characters, base64 of a UUID (aws-sdk-go-v2#3165)."""
    present = rule.child("ID")
    if present and present.text:
        return rule
    others = tuple(child for child in rule.children if child.name != "ID")
    generated = base64.b64encode(str(uuid.uuid4()).encode()).decode()
    return replace(rule, children=(Element("ID", generated), *others))
