"""How does the program that a file is for spell what a rule should have?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final, assert_never

from firnline.lint.written import Form
from firnline.s3.xml_shape import ELEMENT_OF

_TERRAFORM: Final = {
    "NoncurrentVersionExpiration": "noncurrent_version_expiration",
    "NewerNoncurrentVersions": "newer_noncurrent_versions",
    "Days": "days",
}
_PULUMI: Final = {
    "NoncurrentVersionExpiration": "noncurrentVersionExpiration",
    "NewerNoncurrentVersions": "newerNoncurrentVersions",
    "Days": "days",
}
_CLOUDFORMATION: Final = {"Days": "ExpirationInDays"}


def spelt(member: str, form: Form) -> str:
    """`Days` are those of the expiration of objects."""
    match form:
        case Form.TERRAFORM:
            return _TERRAFORM[member]
        case Form.PULUMI:
            return _PULUMI[member]
        case Form.CLOUDFORMATION:
            return _CLOUDFORMATION.get(member, member)
        case Form.JSON | Form.YAML | Form.XML | Form.CUSTODIAN:
            return member
        case _:
            assert_never(form)


_NAMED: Final = re.compile(r"`([A-Za-z]+)`")
_VALUES: Final = frozenset({"Enabled", "Disabled"})
_CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def in_words_of(form: Form, text: str) -> str:
    """A text with the names that S3 has, such as `NoncurrentDays`, as Terraform or Pulumi spell
    them.
    """
    match form:
        case Form.TERRAFORM:
            return _NAMED.sub(lambda found: _respelt(found[1], _snake), text)
        case Form.PULUMI:
            return _NAMED.sub(lambda found: _respelt(found[1], _camel), text)
        case Form.CLOUDFORMATION | Form.JSON | Form.YAML | Form.XML | Form.CUSTODIAN:
            return text
        case _:
            assert_never(form)


def _respelt(name: str, spell: Callable[[str], str]) -> str:
    return f"`{name}`" if name in _VALUES or not name[0].isupper() else f"`{spell(name)}`"


def _snake(name: str) -> str:
    """A list is one block for each of its items."""
    return _CAPITAL.sub("_", ELEMENT_OF.get(name, name)).lower()


def _camel(name: str) -> str:
    return "id" if name == "ID" else name[0].lower() + name[1:]


def marker_removal(form: Form) -> str:
    """The expiration of expired object delete markers."""
    match form:
        case Form.JSON:
            return '"Expiration": {"ExpiredObjectDeleteMarker": true}'
        case Form.YAML | Form.CUSTODIAN:
            return "Expiration: {ExpiredObjectDeleteMarker: true}"
        case Form.XML:
            marker = "ExpiredObjectDeleteMarker"
            return f"<Expiration><{marker}>true</{marker}></Expiration>"
        case Form.TERRAFORM:
            return "expired_object_delete_marker = true"
        case Form.PULUMI:
            return "expiration: {expiredObjectDeleteMarker: true}"
        case Form.CLOUDFORMATION:
            return "ExpiredObjectDeleteMarker: true"
        case _:
            assert_never(form)


def tag_filter(prefix: str, key: str, value: str, form: Form) -> str:
    """A filter by a tag and, unless it is empty, a prefix."""
    match form:
        case Form.JSON | Form.YAML | Form.CUSTODIAN:
            tag = {"Key": key, "Value": value}
            said = {"And": {"Prefix": prefix, "Tags": [tag]}} if prefix else {"Tag": tag}
            name = '"Filter"' if form is Form.JSON else "Filter"
            return f"`{name}: {json.dumps(said)}`"
        case Form.XML | Form.TERRAFORM | Form.PULUMI | Form.CLOUDFORMATION:
            beside = f", and the prefix `{prefix}`" if prefix else ""
            return f"the tag `{key}` of `{value}`{beside}"
        case _:
            assert_never(form)
