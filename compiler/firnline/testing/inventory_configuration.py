"""A bucket's configurations of S3 Inventory: from XML, and back. moto forgets which versions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from firnline.inventory.manifest import InventoryFormat
from firnline.inventory.writer.row import ALWAYS, ALWAYS_OF_VERSIONS, CHOSEN, Field
from firnline.s3.xml_tree import Element, MalformedXml, read_xml

_ROOT: Final = "InventoryConfiguration"
_ARN: Final = "arn:aws:s3:::"
_ALL, _CURRENT = "All", "Current"


class Frequency(StrEnum):
    DAILY = "Daily"
    WEEKLY = "Weekly"


@dataclass(frozen=True, slots=True)
class InventoryConfiguration:
    """`destination` is the name of a bucket. `optional` are the fields as they were put: S3 has
    more than are delivered here.
    """

    id: str
    destination: str
    form: InventoryFormat = InventoryFormat.CSV
    destination_prefix: str = ""
    prefix: str = ""
    all_versions: bool = True
    enabled: bool = True
    frequency: Frequency = Frequency.DAILY
    optional: tuple[str, ...] = field(default=tuple(map(str, CHOSEN)))

    @property
    def fields(self) -> tuple[Field, ...]:
        always = ALWAYS_OF_VERSIONS if self.all_versions else ALWAYS
        return (*always, *(each for each in CHOSEN if each in self.optional))


def read_inventory(body: bytes, id: str) -> InventoryConfiguration:
    """`id` is that of the request. Raises `MalformedXml`."""
    root = read_xml(body)
    if root.name != _ROOT or _text(root, "Id") != id:
        raise MalformedXml("no inventory configuration of this id")
    try:
        destination = _child(_child(root, "Destination"), "S3BucketDestination")
        return InventoryConfiguration(
            id=id,
            destination=_text(destination, "Bucket").removeprefix(_ARN),
            form=InventoryFormat(_text(destination, "Format")),
            destination_prefix=_optional(destination, "Prefix"),
            prefix=_optional(root.child("Filter"), "Prefix"),
            all_versions={_ALL: True, _CURRENT: False}[_text(root, "IncludedObjectVersions")],
            enabled={"true": True, "false": False}[_text(root, "IsEnabled")],
            frequency=Frequency(_text(_child(root, "Schedule"), "Frequency")),
            optional=tuple(each.text for each in _children(root.child("OptionalFields"))),
        )
    except (KeyError, ValueError) as problem:
        raise MalformedXml(f"no such value: {problem}") from None


def written(configuration: InventoryConfiguration) -> Element:
    destination = [
        Element("Bucket", _ARN + configuration.destination),
        Element("Format", configuration.form.value),
    ]
    if configuration.destination_prefix:
        destination.append(Element("Prefix", configuration.destination_prefix))
    parts = [
        Element(
            "Destination", children=(Element("S3BucketDestination", children=tuple(destination)),)
        ),
        Element("IsEnabled", str(configuration.enabled).lower()),
        Element("Id", configuration.id),
        Element("IncludedObjectVersions", _ALL if configuration.all_versions else _CURRENT),
        Element("Schedule", children=(Element("Frequency", configuration.frequency.value),)),
    ]
    if configuration.prefix:
        parts.append(Element("Filter", children=(Element("Prefix", configuration.prefix),)))
    if configuration.optional:
        fields = tuple(Element("Field", each) for each in configuration.optional)
        parts.append(Element("OptionalFields", children=fields))
    return Element(_ROOT, children=tuple(parts))


def _child(element: Element, name: str) -> Element:
    found = element.child(name)
    if found is None:
        raise MalformedXml(f"no `{name}`")
    return found


def _children(element: Element | None) -> tuple[Element, ...]:
    return element.children if element else ()


def _text(element: Element, name: str) -> str:
    return _child(element, name).text


def _optional(element: Element | None, name: str) -> str:
    found = element.child(name) if element else None
    return found.text if found else ""
