"""One row of a listing → one item, as far as it is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from firnline.s3.simulate.stored import ItemKind, MissingDetail, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus
from firnline.s3.timestamps import read_moment

_FLAGS: Final = {
    **dict.fromkeys(("true", "yes", "1", "on", "enabled"), True),
    **dict.fromkeys(("false", "no", "0", "off", "disabled", ""), False),
}
_CREATED: Final = ("lastmodified", "lastmodifieddate", "created", "initiated")


class RowError(ValueError):
    """The text says which column is missing or cannot be read."""


class RowLocation(NamedTuple):
    """A line of a table, or the number of an element in a section of a document; `part` counts the
    files or documents of the listing.
    """

    part: int
    section: str
    row: int


class Row(NamedTuple):
    """An item; None stands for what other rows may still tell. `ordinal` counts the versions of a
    key from the oldest on, where the listing numbers them.
    """

    place: RowLocation
    key: str
    created: datetime
    kind: ItemKind
    current: bool | None
    ordinal: int
    noncurrent_since: datetime | None
    newer_noncurrent: int | None
    hidden: int | None
    rest: Mapping[str, Any]

    def item(self) -> StoredItem:
        """Raises `MissingDetail`."""
        assert self.current is not None, "`versions.completed` decides"
        if not self.current and self.noncurrent_since is None:
            raise MissingDetail(
                "lacks `NoncurrentSince`, and no newer version of its key is listed"
            )
        return StoredItem(
            key=self.key,
            created=self.created,
            kind=self.kind,
            current=self.current,
            noncurrent_since=None if self.current else self.noncurrent_since,
            newer_noncurrent=0 if self.current else self.newer_noncurrent or 0,
            hidden=self.hidden or 0,
            **self.rest,
        )


@lru_cache(maxsize=1_024)
def column_name(spelling: str) -> str:
    """As S3 Inventory, boto3, mc or the conformance cases spell it."""
    return spelling.strip().lower().replace("_", "").replace("-", "").replace(" ", "")


def named_values(row: Mapping[Any, Any]) -> dict[str, Any]:
    """What `read_row` takes, of an object in JSON or YAML."""
    return {column_name(str(name)): value for name, value in row.items() if value is not None}


def read_row(values: Mapping[str, Any], place: RowLocation) -> Row:
    """`values` by names in lower case without separators; absent ones are left out.

    Raises `RowError`.
    """
    if "" in values:
        raise RowError(str(values[""]))
    created = next((name for name in _CREATED if name in values), None)
    key = values.get("key")
    if not isinstance(key, str):
        raise RowError("lacks `Key`")
    if created is None:
        raise RowError("lacks `LastModified`")
    kind = _kind(values)
    return Row(
        place=place,
        key=key,
        created=_moment(values, created),
        kind=kind,
        current=_current(values),
        ordinal=_count(values, "versionordinal") or 0,
        noncurrent_since=_moment(values, "noncurrentsince")
        if "noncurrentsince" in values
        else None,
        newer_noncurrent=_count(values, "newernoncurrentversions"),
        hidden=_count(values, "noncurrentversioncount") if kind is ItemKind.DELETE_MARKER else None,
        rest=_rest_of_data(values) if kind is ItemKind.OBJECT_VERSION else _null_version(values),
    )


def _current(values: Mapping[str, Any]) -> bool | None:
    """None where only the other versions of the key tell: `mc ls --versions` numbers them."""
    if "islatest" in values:
        return _flag(values, "islatest")
    if "noncurrentsince" in values:
        return False
    return None if "versionordinal" in values else True


def _rest_of_data(values: Mapping[str, Any]) -> dict[str, Any]:
    size = _count(values, "size")
    if size is None:
        raise RowError("lacks `Size`")
    rest: dict[str, Any] = {"size": size, **_null_version(values)}
    for name in values:
        if name in _OF_DATA:
            field, read = _OF_DATA[name]
            rest[field] = read(values, name)
    return rest


def _null_version(values: Mapping[str, Any]) -> dict[str, bool]:
    return {"null_version": values["versionid"] == "null"} if "versionid" in values else {}


def _kind(values: Mapping[str, Any]) -> ItemKind:
    if "uploadid" in values or values.get("type") in ("upload", "multipart_upload"):
        return ItemKind.MULTIPART_UPLOAD
    marker = "isdeletemarker" in values and _flag(values, "isdeletemarker")
    return ItemKind.DELETE_MARKER if marker else ItemKind.OBJECT_VERSION


def _text(values: Mapping[str, Any], name: str) -> str:
    if not isinstance(values[name], str):
        raise RowError(f"`{name}` is {values[name]!r}, no text")
    return str(values[name])


def _count(values: Mapping[str, Any], name: str) -> int | None:
    said = values.get(name)
    if said is None:
        return None
    if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) < 20:
        return int(said)
    if isinstance(said, int) and not isinstance(said, bool) and said >= 0:
        return said
    raise RowError(f"`{name}` is {said!r}, no whole number")


def _flag(values: Mapping[str, Any], name: str) -> bool:
    said = _FLAGS.get(str(values[name]).lower())
    if said is None:
        raise RowError(f"`{name}` is {values[name]!r}, neither true nor false")
    return said


def _moment(values: Mapping[str, Any], name: str) -> datetime:
    try:
        return read_moment(values[name])
    except ValueError as problem:
        raise RowError(f"`{name}` {problem}") from None


def _word_of(read: Callable[[str], object]) -> Callable[[Mapping[str, Any], str], object]:
    """Reads one of S3's words for a state. `read` raises ValueError for any other text."""

    def reading(values: Mapping[str, Any], name: str) -> object:
        try:
            return read(_text(values, name))
        except ValueError as problem:
            raise RowError(f"`{name}`: {problem}") from None

    return reading


def _tags(values: Mapping[str, Any], name: str) -> tuple[tuple[str, str], ...]:
    """A mapping, S3's list of `Key` and `Value`, or text such as `team=a&state=done`."""
    said = values[name]
    try:
        if isinstance(said, str):
            pairs = parse_qsl(said.replace(";", "&"), keep_blank_values=True, strict_parsing=True)
        elif isinstance(said, Mapping):
            pairs = list(said.items())
        else:
            pairs = [(each["Key"], each["Value"]) for each in said]
    except (KeyError, TypeError, ValueError):
        raise RowError(f"`{name}` is no tags: {str(said)[:60]!r}") from None
    return tuple(sorted((str(key), str(value)) for key, value in pairs))


_OF_DATA: Final[dict[str, tuple[str, Callable[[Mapping[str, Any], str], Any]]]] = {
    "storageclass": ("storage_class", _text),
    "class": ("storage_class", _text),
    "tags": ("tags", _tags),
    "tagset": ("tags", _tags),
    "objecttags": ("tags", _tags),
    "objectlockretainuntildate": ("retain_until", _moment),
    "retainuntil": ("retain_until", _moment),
    "objectlocklegalholdstatus": ("legal_hold", _flag),
    "legalhold": ("legal_hold", _flag),
    "replicationstatus": ("replication", _word_of(ReplicationStatus.of)),
    "intelligenttieringaccesstier": ("tier", _word_of(AccessTier.of)),
}
"""The columns of objects: which part of a `StoredItem` each is, and how it is read."""
