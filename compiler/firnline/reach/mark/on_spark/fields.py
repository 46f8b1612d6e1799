"""The fields of S3 Inventory → the columns that an audit reads, in Spark's SQL.

`inventory/facts/fields.py` says the same in that of the table engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.rows import column_name
from firnline.s3.billing import MONITORED_FROM

PRICED: Final = ("storage_class", "access_tier", "monitored")
CURRENT: Final = "is_latest and not is_delete_marker"


def rows_sql(schema: Sequence[str]) -> list[str]:
    """Of the columns key, version_id, is_latest, is_delete_marker, size, last_modified and those
    of `PRICED`, which the schema has all but the tier, and all but the key of versions.
    """
    marker = _boolean(schema, "isdeletemarker", "false")
    tier = f"nullif({_text(schema, 'intelligenttieringaccesstier')}, '')"
    size = f"cast({_field(schema, 'size')} as bigint)"
    proved = f"if({size} >= 0, {size}, {_error('a row has no size, or a negative one')})"
    moment = f"cast({_field(schema, 'lastmodifieddate')} as timestamp)"
    undated = _error("a row has no last_modified_date")
    storage_class = f"nullif({_text(schema, 'storageclass')}, '')"
    is_tiered = f"{storage_class} = '{INTELLIGENT_TIERING}'"
    monitored = f"{is_tiered} and {size} >= {int(MONITORED_FROM.value)} and not {marker}"
    columns = {
        "key": f"coalesce({_text(schema, 'key')}, {_error('a row has no key')})",
        "version_id": f"coalesce(nullif({_text(schema, 'versionid')}, ''), 'null')"
        if _has(schema, "versionid")
        else "cast(null as string)",
        "is_latest": _boolean(schema, "islatest", "true"),
        "is_delete_marker": marker,
        "size": f"if({marker}, null, {proved})",
        "last_modified": f"coalesce({moment}, {undated})",
        "storage_class": f"if({marker}, null, {storage_class})",
        "access_tier": tier,
        "monitored": f"coalesce({monitored}, false)",
    }
    return [f"{sql} as {name}" for name, sql in columns.items()]


def is_upload(schema: Sequence[str]) -> str:
    """Of a row of `firnline inventory list`, which lists incomplete uploads as well."""
    return f"coalesce({_text(schema, 'uploadid')}, '') <> ''"


def all_versions(schema: Sequence[str]) -> bool:
    return _has(schema, "islatest")


def _boolean(schema: Sequence[str], name: str, otherwise: str) -> str:
    """An inventory of current versions lists those that are data, and no delete markers."""
    if not all_versions(schema):
        return otherwise
    missing = _error(f"a row does not say {name}")
    return f"coalesce(cast({_field(schema, name)} as boolean), {missing})"


def _text(schema: Sequence[str], name: str) -> str:
    return f"cast({_field(schema, name)} as string)"


def _field(schema: Sequence[str], name: str) -> str:
    spelt = next((each for each in schema if column_name(each) == name), None)
    return "null" if spelt is None else f"`{spelt}`"


def _has(schema: Sequence[str], name: str) -> bool:
    return _field(schema, name) != "null"


def _error(why: str) -> str:
    return f"raise_error('{why}')"
