"""The columns of an S3 Metadata live inventory table, and its rows → those of an inventory.

S3 User Guide, "S3 Metadata live inventory tables schema"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html): a row
for each version of each object and each delete marker of one bucket, as it is now. None of them
says which version is the current one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from firnline.inventory.facts.fields import IS_LATEST, TAG_MAP, identifier

_TEXT: Final = ("VARCHAR",)
_FLAG: Final = ("BOOLEAN",)
_SIZE: Final = ("BIGINT",)
_MAP: Final = ("MAP(VARCHAR, VARCHAR)",)
_MOMENT: Final = (
    "TIMESTAMP",  # S3's own has no time zone
    "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP_MS",
    "TIMESTAMP_NS",
)

TAGS: Final = "object_tags"
NEEDED: Final = {
    "bucket": _TEXT,
    "key": _TEXT,
    "sequence_number": _TEXT,
    "version_id": _TEXT,
    "is_delete_marker": _FLAG,
    "size": _SIZE,
    "last_modified_date": _MOMENT,
    "storage_class": _TEXT,
}
"""By the types that the table engine reads them as. Without any of these nothing can be said."""

TYPES: Final = {
    **NEEDED,
    "e_tag": _TEXT,
    "is_multipart": _FLAG,
    "encryption_status": _TEXT,
    "is_bucket_key_enabled": _FLAG,
    "kms_key_arn": _TEXT,
    "checksum_algorithm": _TEXT,
    TAGS: _MAP,
    "user_metadata": _MAP,
}
OF_A_JOURNAL: Final = frozenset(
    {"record_type", "record_timestamp", "requester", "source_ip_address", "request_id"}
)
"""Of S3 Metadata's other table, whose rows are events."""
OF_ICEBERG_DELETES: Final = frozenset({"file_path", "pos"})
"""Of a file that says which rows of other files are deleted (Iceberg's specification, "Position
delete files").
"""


def inventory_fields(columns: Collection[str]) -> tuple[str, ...]:
    """As an inventory of all versions calls what a table with these columns tells."""
    return (*(TAG_MAP if name == TAGS else name for name in columns), IS_LATEST)


def inventory_rows(rows: str, fields: Sequence[str]) -> str:
    """A query of these fields, over a table.

    S3 counts a version as the current one by when it was created, in seconds; of one second, the
    larger `sequence_number` is that of the record which came later.
    """
    return f"(select {', '.join(map(_field, fields))} from {rows})"


def _field(name: str) -> str:
    return f"{_SQL.get(name, identifier(name))} as {identifier(name)}"


_SQL: Final = {
    TAG_MAP: TAGS,
    "is_delete_marker": "coalesce(is_delete_marker, false)",
    IS_LATEST: (
        "row_number() over (partition by hash(key), hash('.' || key)"
        " order by last_modified_date desc, sequence_number desc) = 1"
    ),
}
