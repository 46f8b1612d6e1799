"""What of a configuration do the AWS CLI and the SDKs refuse, before they send anything to S3?

They compare types, names and required members with the service model, but no enums and no numbers
(botocore 1.44.5, `botocore.validate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, assert_never

from firnline.s3.law import refusals as no
from firnline.s3.law.header import MEMBER
from firnline.s3.law.members import name_in_path
from firnline.s3.law.verdict import Finding
from firnline.s3.timestamps import as_boto3

_LONGEST_VALUE = 80


class Scalar(Enum):
    TEXT = "string"
    NOT_EMPTY = "string of at least one character"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    MOMENT = "timestamp"


@dataclass(frozen=True, slots=True)
class Structure:
    """`members` in the order of the service model."""

    members: Mapping[str, Shape]
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListOf:
    member: Structure


Shape = Scalar | Structure | ListOf

_TAG: Final = Structure({"Key": Scalar.NOT_EMPTY, "Value": Scalar.TEXT}, ("Key", "Value"))
_SIZES: Final = {
    "ObjectSizeGreaterThan": Scalar.INTEGER,
    "ObjectSizeLessThan": Scalar.INTEGER,
}
_AND: Final = Structure({"Prefix": Scalar.TEXT, "Tags": ListOf(_TAG), **_SIZES})
_RULE: Final = Structure(
    {
        "Expiration": Structure(
            {
                "Date": Scalar.MOMENT,
                "Days": Scalar.INTEGER,
                "ExpiredObjectDeleteMarker": Scalar.BOOLEAN,
            }
        ),
        "ID": Scalar.TEXT,
        "Prefix": Scalar.TEXT,
        "Filter": Structure({"Prefix": Scalar.TEXT, "Tag": _TAG, **_SIZES, "And": _AND}),
        "Status": Scalar.TEXT,
        "Transitions": ListOf(
            Structure({"Date": Scalar.MOMENT, "Days": Scalar.INTEGER, "StorageClass": Scalar.TEXT})
        ),
        "NoncurrentVersionTransitions": ListOf(
            Structure(
                {
                    "NoncurrentDays": Scalar.INTEGER,
                    "StorageClass": Scalar.TEXT,
                    "NewerNoncurrentVersions": Scalar.INTEGER,
                }
            )
        ),
        "NoncurrentVersionExpiration": Structure(
            {"NoncurrentDays": Scalar.INTEGER, "NewerNoncurrentVersions": Scalar.INTEGER}
        ),
        "AbortIncompleteMultipartUpload": Structure({"DaysAfterInitiation": Scalar.INTEGER}),
    },
    ("Status",),
)
CONFIGURATION: Final = Structure({"Rules": ListOf(_RULE)}, ("Rules",))


# What clients refuse too, where they do; a finding of another kind may be about the same member.
_ABOUT_SHAPE: Final = frozenset(
    {
        no.UNKNOWN_MEMBER,
        no.WRONG_TYPE,
        no.RULES_MISSING,
        no.BAD_STATUS,
        no.NO_INTEGER,
        no.NO_DATE,
        no.HALF_A_TAG,
        no.TAG_KEY,
        no.BAD_HEADER,
    }
)


@dataclass(frozen=True, slots=True)
class ClientRefusal:
    """`text` is botocore's. Not `surely` where botocore may read a date that we do not."""

    text: str
    surely: bool = True


def refused_by_clients(configuration: object, header: object = None) -> dict[str, ClientRefusal]:
    """By path, as in `Finding.path`; empty exactly where they send it."""
    found = dict(_check(configuration, CONFIGURATION, "", "LifecycleConfiguration"))
    return found if header is None else found | dict(_check(header, Scalar.TEXT, MEMBER, MEMBER))


def client_refusal(
    finding: Finding, at_clients: Mapping[str, ClientRefusal]
) -> ClientRefusal | None:
    """Of what S3 would refuse too; None where clients do not look at that."""
    return at_clients.get(finding.path) if finding.refusal in _ABOUT_SHAPE else None


def structure_at(path: str) -> Structure | None:
    """The structure whose members stand directly below a path."""
    shape: Shape = CONFIGURATION
    for step in filter(None, path.split(".")):
        name, bracket, _ = step.partition("[")
        if not isinstance(shape, Structure) or name not in shape.members:
            return None
        shape = shape.members[name]
        if isinstance(shape, ListOf) and bracket:
            shape = shape.member
    return shape if isinstance(shape, Structure) else None


def _check(
    value: object, shape: Shape, path: str, name: str
) -> Iterator[tuple[str, ClientRefusal]]:
    match shape:
        case Structure():
            if isinstance(value, Mapping):
                yield from _check_members(value, shape, path, name)
            else:
                yield path, _wrong_type(value, name, dict)
        case ListOf(member):
            if isinstance(value, list | tuple):
                yield from _check_items(value, member, path, name)
            else:
                yield path, _wrong_type(value, name, list, tuple)
        case Scalar():
            refusal = _scalar(value, shape, name)
            if refusal is not None:
                yield path, refusal
        case _:
            assert_never(shape)


def _check_items(
    said: Sequence[object], shape: Shape, path: str, name: str
) -> Iterator[tuple[str, ClientRefusal]]:
    for number, each in enumerate(said):
        yield from _check(each, shape, f"{path}[{number}]", f"{name}[{number}]")


def _check_members(
    said: Mapping[object, object], shape: Structure, path: str, name: str
) -> Iterator[tuple[str, ClientRefusal]]:
    dot = "." if path else ""
    for member in shape.required:
        if member not in said:
            text = f'Missing required parameter in {name}: "{member}"'
            yield f"{path}{dot}{member}", ClientRefusal(text)
    for key, value in said.items():
        where = f"{path}{dot}{name_in_path(key)}"
        if isinstance(key, str) and key in shape.members:
            yield from _check(value, shape.members[key], where, f"{name}.{key}")
        else:
            known = ", ".join(shape.members)
            text = f'Unknown parameter in {name}: "{_short(key)}", must be one of: {known}'
            yield where, ClientRefusal(text)


def _scalar(value: object, shape: Scalar, name: str) -> ClientRefusal | None:
    match shape:
        case Scalar.TEXT:
            return None if isinstance(value, str) else _wrong_type(value, name, str)
        case Scalar.NOT_EMPTY:
            if value == "":
                return ClientRefusal(
                    f"Invalid length for parameter {name}, value: 0, valid min length: 1"
                )
            return None if isinstance(value, str) else _wrong_type(value, name, str)
        case Scalar.INTEGER:  # to Python, true and false are whole numbers
            return None if isinstance(value, int) else _wrong_type(value, name, int)
        case Scalar.BOOLEAN:
            return None if isinstance(value, bool) else _wrong_type(value, name, bool)
        case Scalar.MOMENT:
            if as_boto3(value) is not None:
                return None
            refusal = _wrong_type(value, name, datetime, "timestamp-string")
            return ClientRefusal(refusal.text, surely=not isinstance(value, str))
        case _:
            assert_never(shape)


def _wrong_type(value: object, name: str, *valid: type | str) -> ClientRefusal:
    types = ", ".join(str(each) for each in valid)
    return ClientRefusal(
        f"Invalid type for parameter {name}, value: {_short(value)}, type: {type(value)},"
        f" valid types: {types}"
    )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
