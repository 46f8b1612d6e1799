"""The fields of S3 Inventory → the columns of the table, as SQL over the fields of a data file.

S3 User Guide, "Amazon S3 Inventory list": names, and what a CSV spells otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from firnline.inventory.facts.frame import TYPES, Column, null, quoted
from firnline.inventory.manifest import InventoryFormat
from firnline.inventory.rows import column_name
from firnline.s3.terms import AccessTier, ReplicationStatus

IS_LATEST: Final = "is_latest"
TAG_MAP: Final = "object_tag_map"
"""The tags of a row of S3 Metadata: a map, where `firnline inventory list` writes a text."""

_READ: Final = {
    "key": Column.KEY,
    "versionid": Column.VERSION_ID,
    "islatest": Column.IS_LATEST,
    "isdeletemarker": Column.IS_DELETE_MARKER,
    "size": Column.SIZE,
    "lastmodifieddate": Column.LAST_MODIFIED,
    "storageclass": Column.STORAGE_CLASS,
    "intelligenttieringaccesstier": Column.ACCESS_TIER,
    "etag": Column.ETAG,
    "encryptionstatus": Column.ENCRYPTION,
    "objectlockmode": Column.LOCK_MODE,
    "objectlockretainuntildate": Column.RETAIN_UNTIL,
    "objectlocklegalholdstatus": Column.LEGAL_HOLD,
    "replicationstatus": Column.REPLICATION_STATUS,
    "lifecycleexpirationdate": Column.EXPIRATION,
    # Of `firnline inventory list`: S3 Inventory has no tags.
    "objecttags": Column.TAGS,
    column_name(TAG_MAP): Column.TAGS,
}
"""Which column a field is; names of fields are compared without case and separators."""

_OF_DATA: Final = {Column.SIZE, Column.STORAGE_CLASS}
"""What a delete marker does not have, whatever an inventory fills in."""

_IGNORED: Final = {
    "bucket",  # the manifest says it for all rows
    "ismultipartuploaded",  # the ETag says it, and of how many parts
    "objectlockeventholdstatus",
    "objectlockeventholdduration",
    "intelligenttieringreferencedate",
    "bucketkeystatus",
    "checksumalgorithm",
    "objectaccesscontrollist",
    "objectowner",
}
_UPLOAD: Final = "uploadid"
"""Of `firnline inventory list`: rows that have one are incomplete uploads, which S3 Inventory does
not list.
"""
_KNOWN: Final = {*_READ, *_IGNORED, _UPLOAD}


def unknown_fields(schema: Sequence[str]) -> list[str]:
    return [name for name in schema if column_name(name) not in _KNOWN]


def lists_all_versions(schema: Sequence[str]) -> bool:
    """Whether noncurrent versions are listed: then, and only then, S3 adds the field."""
    return Column.IS_LATEST in _fields(schema)


def known_columns(schema: Sequence[str]) -> frozenset[Column]:
    """That an inventory with these fields tells of, by itself or by what it lists."""
    known = {Column.BUCKET, *_fields(schema)}
    if Column.ETAG in known:
        known.add(Column.PART_COUNT)
    if not lists_all_versions(schema):
        # No row is noncurrent; whether its key has noncurrent versions is not known.
        known |= {Column.IS_LATEST, Column.IS_DELETE_MARKER}
        known |= {Column.NONCURRENT_SINCE, Column.NEWER_NONCURRENT_VERSIONS}
    else:
        known.add(Column.NONCURRENT_VERSIONS)
        if Column.LAST_MODIFIED in known:
            known |= {Column.NONCURRENT_SINCE, Column.NEWER_NONCURRENT_VERSIONS}
    return frozenset(known)


def lists_uploads(schema: Sequence[str]) -> bool:
    return _UPLOAD in map(column_name, schema)


def of_uploads(schema: Sequence[str]) -> list[str]:
    """The fields that say something of an upload: all but what is said of versions alone."""
    versions = (Column.VERSION_ID, Column.IS_LATEST, Column.IS_DELETE_MARKER)
    return [name for name in schema if _READ.get(column_name(name)) not in versions]


def is_upload(schema: Sequence[str]) -> str:
    """Of a row, in SQL."""
    fields = [identifier(name) for name in schema if column_name(name) == _UPLOAD]
    return " or ".join(f"coalesce({field}, '') <> ''" for field in fields) or "false"


def column_sql(column: Column, bucket: str, schema: Sequence[str], form: InventoryFormat) -> str:
    """The value of a column; not of one that is derived from several rows."""
    fields = _fields(schema)
    if column is Column.BUCKET:
        return quoted(bucket)
    if column in (Column.IS_LATEST, Column.IS_DELETE_MARKER) and not lists_all_versions(schema):
        # An inventory of current versions lists those that are data, and no delete markers.
        return "true" if column is Column.IS_LATEST else "false"
    field = fields.get(_source(column))
    if field is None:
        return null(column)
    value = _value(column, identifier(field), form)
    if column in _OF_DATA and Column.IS_DELETE_MARKER in fields:
        marker = column_sql(Column.IS_DELETE_MARKER, bucket, schema, form)
        return f"case when {marker} then null else {value} end"
    return value


def fields_for(columns: Collection[Column], schema: Sequence[str]) -> list[str]:
    """Which fields these columns need; the key in any case, so that there are rows."""
    fields = _fields(schema)
    needed = {Column.KEY, *map(_source, columns)}
    if needed & _OF_DATA:
        needed.add(Column.IS_DELETE_MARKER)
    uploads = [name for name in schema if column_name(name) == _UPLOAD]
    return [*(field for column, field in fields.items() if column in needed), *uploads]


def _source(column: Column) -> Column:
    return Column.ETAG if column is Column.PART_COUNT else column


def _fields(schema: Sequence[str]) -> dict[Column, str]:
    """As the inventory spells them, by the columns that they are."""
    return {_READ[column_name(name)]: name for name in schema if column_name(name) in _READ}


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(column: Column, field: str, form: InventoryFormat) -> str:
    """S3 leaves empty what a row does not have: `nullif`."""
    if column is Column.KEY and form is InventoryFormat.CSV:
        # Spaces are `+` (reported in cloud-custodian/cloud-custodian#1997).
        return f"url_decode(replace({field}, '+', ' '))"
    if column is Column.VERSION_ID:
        return f"coalesce(nullif({field}, ''), 'null')"
    if column is Column.LEGAL_HOLD:
        return f"case {field} when 'On' then true when 'Off' then false else {_none_or(field)} end"
    if column is Column.PART_COUNT:
        parts = f"try_cast(regexp_extract({field}, '-(\\d+)\"?$', 1) as integer)"
        return f"case when {field} <> '' then coalesce({parts}, 0) end"
    if column is Column.TAGS and field != identifier(TAG_MAP):
        return _TAGS.format(pairs=f"string_split({field}, '&')", none=f"coalesce({field}, '') = ''")
    if column is Column.ACCESS_TIER:
        return _word(field, AccessTier, _SPELT_TIER)
    if column is Column.REPLICATION_STATUS:
        return _word(field, ReplicationStatus, f"complete|{'|'.join(ReplicationStatus)}")
    if TYPES[column] == "varchar":
        return f"nullif({field}, '')"
    if TYPES[column] == "timestamptz":
        # A cast would ask a calendar for the time zone, row by row: it takes twice the time.
        moment = f"{field}::timestamp" if form is InventoryFormat.CSV else field
        needed = _needed(moment, field) if column is Column.LAST_MODIFIED else moment
        return f"make_timestamptz(epoch_us({needed}))"
    return _size(field) if column is Column.SIZE else f"{field}::{TYPES[column]}"


def _needed(value: str, field: str) -> str:
    """S3 says of each row when it was made. One without would be left out: it fails instead."""
    return f"coalesce({value}, error({_without(field)}))"


def _size(field: str) -> str:
    """S3 says of each object its size. One without would count as nothing, and a negative one would
    take from what others have: both fail instead.
    """
    size = f"{field}::{TYPES[Column.SIZE]}"
    negative = f"{quoted(f'a row has a negative {field[1:-1]}, ')} || {field}"
    return (
        f"case when {size} >= 0 then {size} else error(coalesce({negative}, {_without(field)})) end"
    )


def _word(field: str, words: Iterable[str], spelt: str) -> str:
    """One that decides what lifecycle rules and prices do with the object: another fails. An
    expression takes time, so it is for what is not spelt as S3 does.
    """
    known = ", ".join(map(quoted, words))
    unknown = f"{quoted(f'a row has an unknown {field[1:-1]}, ')} || {field}"
    return (
        f"case when coalesce({field}, '') = '' then null when {field} in ({known}) then {field}"
        f" when regexp_full_match({field}, '{spelt}', 'i') then {field} else error({unknown}) end"
    )


def _without(field: str) -> str:
    return quoted(f"a row has no {field[1:-1]}")


def _none_or(field: str) -> str:
    """Null where there is nothing, else a conversion that fails."""
    return f"nullif({field}, '')::boolean"


_TAGS: Final = (
    "case when {none} then map([]::varchar[], []::varchar[]) else map("
    "list_transform({pairs}, lambda pair: url_decode(replace(split_part(pair, '=', 1), '+', ' '))),"
    " list_transform({pairs}, lambda pair: url_decode(replace(split_part(pair, '=', 2), '+', ' ')))"
    ") end"
)
"""Of a text such as `team=a%26b&stage=prod`."""

_TIERS: Final = "|".join(AccessTier.__members__).replace("_", "[-_ ]")
_SPELT_TIER: Final = f"({_TIERS})([-_ ]access)?"
"""What `AccessTier.of` reads, as an expression that matches without case."""
