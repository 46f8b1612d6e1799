"""All that a list operation found → the page that was requested, with the token of the next."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable, Sequence

from firnline.testing.sagemaker.call import Json, Refused, moment

DEFAULT = 10
"""Of most operations, by their API reference."""

_LARGEST = 100


def list_page(body: Json, key: str, found: Iterable[Json], name: str = "") -> Json:
    """Of summaries with a `CreationTime`; `name` is the field that `SortBy: Name` means."""
    among = [each for each in found if _created_between(body, each)]
    return cut(body, key, _sorted(body, among, name))


def cut(body: Json, key: str, found: Sequence[Json]) -> Json:
    size = body.get("MaxResults", DEFAULT)
    if not 1 <= size <= _LARGEST:
        raise Refused(f"MaxResults must be from 1 to {_LARGEST}")
    began = _offset(body.get("NextToken"))
    ended = began + size
    token = _token(ended) if ended < len(found) else None
    return {key: list(found[began:ended]), "NextToken": token}


def _created_between(body: Json, each: Json) -> bool:
    after, before = body.get("CreatedAfter"), body.get("CreatedBefore")
    created = moment(each["CreationTime"])
    return (after is None or created > moment(after)) and (
        before is None or created < moment(before)
    )


def _sorted(body: Json, found: list[Json], name: str) -> list[Json]:
    by = body.get("SortBy", "CreationTime")
    field = name if by == "Name" and name else by
    descending = body.get("SortOrder", "Descending") == "Descending"
    # Of those created at one moment, the ones in the order of their creation.
    ordered = sorted(found, key=lambda each: _ordered_by(each.get(field)))
    return ordered[::-1] if descending else ordered


def _ordered_by(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


def _token(offset: int) -> str:
    return urlsafe_b64encode(f"firnline:{offset}".encode()).decode()


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        marker, _, offset = urlsafe_b64decode(token).decode().partition(":")
    except (BadBase64, UnicodeDecodeError) as error:
        raise Refused("Invalid pagination token") from error
    if marker != "firnline" or not offset.isdecimal():
        raise Refused("Invalid pagination token")
    return int(offset)
