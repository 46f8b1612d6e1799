"""A lifecycle configuration in another order and spelling, as S3 may answer with it.

No page of S3 promises an order of rules, transitions or elements, nor one spelling of a date or of
the prefix that is empty.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from firnline.s3.xml_tree import Element
from firnline.testing.lifecycle_xml import Configuration

_REORDERED: Final = ("Rule", "And")
_FRACTION: Final = ("T00:00:00Z", "T00:00:00.000Z")


def rewritten(configuration: Configuration, turn: int) -> Configuration:
    """The same meaning, and another text for each turn of as many as there are rules."""
    rules = configuration.rules
    start = turn % len(rules)
    turned = (*rules[start:], *rules[:start])
    return replace(configuration, rules=tuple(_element(rule, turn) for rule in turned))


def _element(element: Element, turn: int) -> Element:
    children = tuple(_element(child, turn) for child in element.children)
    if element.name in _REORDERED and turn % 2:
        children = children[::-1]
    if element.name == "Filter" and turn % 2:
        children = tuple(each for each in children if (each.name, each.text) != ("Prefix", ""))
    short, long = _FRACTION
    text = element.text.replace(long, short) if turn % 2 else element.text.replace(short, long)
    return replace(element, text=text, children=children)
