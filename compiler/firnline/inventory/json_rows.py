"""JSON and YAML documents → the rows of a listing.

A document is an answer of S3 as `aws s3api` prints it, a list of objects, or one object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from firnline.inventory.documents import Document
from firnline.inventory.lines import lines_of
from firnline.inventory.not_a_listing import ACCEPTED, NotAListing
from firnline.inventory.rows import RowLocation, named_values

_SECTIONS: Final[dict[str, dict[str, Any]]] = {
    "Contents": {},
    "Versions": {},
    "DeleteMarkers": {"isdeletemarker": True},
    "Uploads": {"type": "upload"},
    "objects": {},
}
# The members of S3's answers that say something of the listing as a whole (botocore 1.44.5,
# ListObjectsV2Output, ListObjectVersionsOutput, ListMultipartUploadsOutput; and those of its own).
_OF_THE_ANSWER: Final = {
    *("RequestCharged", "ResponseMetadata", "Name", "Bucket", "Prefix", "Delimiter", "MaxKeys"),
    *("MaxUploads", "CommonPrefixes", "EncodingType", "KeyCount", "IsTruncated", "NextToken"),
    *("ContinuationToken", "NextContinuationToken", "StartAfter", "Marker", "NextMarker"),
    *("KeyMarker", "NextKeyMarker", "VersionIdMarker", "NextVersionIdMarker"),
    *("UploadIdMarker", "NextUploadIdMarker"),
}
_BY_RCLONE: Final = {"path": "key", "modtime": "lastmodified", "tier": "storageclass"}
"""rclone.org/commands/rclone_lsjson"""

_GOES_ON: Final = "the listing goes on after its last object: this is not the whole bucket"
_MODIFIED: Final = (
    "rclone shows when a file was last changed, before its upload, unless it lists with"
    " --use-server-modtime; S3 counts from the upload"
)


class Section(NamedTuple):
    """Some rows of a document. `name` is "" where the document is itself a row; `inside` a page of
    several, where the lines of rows are not looked for.
    """

    document: Document
    name: str
    rows: Sequence[Any]
    inside: bool = False


def sections_of(documents: Iterable[Document]) -> list[Section]:
    """Raises `NotAListing`."""
    return [section for document in documents for section in _sections(document)]


def rows_of(sections: Sequence[Section]) -> Iterator[tuple[RowLocation, Mapping[str, Any]]]:
    """The part of a place is the number of the section."""
    for part, section in enumerate(sections):
        known = _SECTIONS.get(section.name, {})
        for number, row in enumerate(section.rows):
            values = _values(row)
            if values is not None:
                yield RowLocation(part, section.name, number), {**known, **values}


def notes_on(documents: Sequence[Document]) -> tuple[str, ...]:
    """What somebody who reads the result should know of the listing."""
    last = documents[-1].value if documents else None
    page = last[-1] if isinstance(last, list) and last else last
    goes_on = isinstance(page, Mapping) and (
        page.get("NextToken") or str(page.get("IsTruncated", "")).lower() == "true"
    )
    return (_GOES_ON,) * bool(goes_on) + (_MODIFIED,) * any(
        isinstance(each.value, list) and _rclone_rows(each.value) for each in documents[:1]
    )


def lines_of_rows(
    sections: Sequence[Section], places: Iterable[RowLocation]
) -> dict[RowLocation, int]:
    """Of those whose lines can be found."""
    found: dict[RowLocation, int] = {}
    wanted: dict[int, list[RowLocation]] = defaultdict(list)
    for place in places:
        wanted[place.part].append(place)
    for part, of_part in wanted.items():
        document, name, _, inside = sections[part]
        if not name:
            found |= dict.fromkeys(of_part, document.line)
        elif document.is_json and not inside:
            key = None if isinstance(document.value, list) else name
            lines = lines_of(document.text, document.start, key, [each.row for each in of_part])
            found |= {each: lines[each.row] for each in of_part if each.row in lines}
    return found


def _sections(document: Document) -> Iterator[Section]:
    value = document.value
    if isinstance(value, Mapping) and _is_row(value):
        yield Section(document, "", [value])
    elif isinstance(value, Mapping):
        yield from _of_answer(document, value, inside=False)
    elif isinstance(value, list) and value and all(_is_answer(page) for page in value):
        # `--output yaml-stream` prints a list of S3's answers, and so does `jq --slurp`.
        for page in value:
            yield from _of_answer(document, page, inside=True)
    elif isinstance(value, list):
        _refuse_folders(value)
        yield Section(document, "objects", value)
    else:
        raise NotAListing(f"is no listing; what is read: {ACCEPTED}")


def _of_answer(document: Document, answer: Mapping[Any, Any], inside: bool) -> Iterator[Section]:
    if answer.get("CommonPrefixes"):
        raise NotAListing(
            "shows only the beginnings of keys (`CommonPrefixes`): list without a delimiter"
        )
    if not _is_answer(answer):
        names = ", ".join(f"`{name}`" for name in _SECTIONS)
        raise NotAListing(f"has none of {names}; what is read: {ACCEPTED}")
    for name in _SECTIONS:
        if isinstance(answer.get(name), list):
            yield Section(document, name, answer[name], inside)


def _is_answer(value: object) -> bool:
    """S3 leaves out the list that would be empty."""
    if not isinstance(value, Mapping):
        return False
    return any(isinstance(value.get(name), list) for name in _SECTIONS) or (
        value.keys() <= _OF_THE_ANSWER
    )


def _is_row(value: Mapping[Any, Any]) -> bool:
    return "status" in value or "key" in value or "Key" in value


def _values(row: object) -> Mapping[str, Any] | None:
    """By the names of columns; what is wrong stands under no name, as `read_row` expects it. None
    where it is no object of the bucket.
    """
    if not isinstance(row, Mapping):
        return {"": "no object"}
    values = named_values(row)
    if "modtime" in values:
        return None if row.get("IsDir") is True else _renamed(values)
    if values.get("status") == "error":
        return {"": f"`mc` reports an error: {_reason(row)}"}
    if values.get("type") == "folder":
        return {"": "a folder: list with `mc ls --recursive --json`"}
    return values


def _renamed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_BY_RCLONE.get(name, name): value for name, value in values.items()}


def _reason(row: Mapping[Any, Any]) -> str:
    error = row.get("error")
    return str(error.get("message", error) if isinstance(error, Mapping) else error)[:200]


def _rclone_rows(rows: Sequence[Any]) -> list[Mapping[Any, Any]]:
    return [row for row in rows if isinstance(row, Mapping) and "ModTime" in row]


def _refuse_folders(rows: Sequence[Any]) -> None:
    """Without -R, rclone lists folders in place of what is in them. Raises `NotAListing`."""
    listed = _rclone_rows(rows)
    folders = any(row.get("IsDir") is True for row in listed)
    if folders and not any("/" in str(row.get("Path")) for row in listed):
        raise NotAListing("lists folders, not what is in them: list with `rclone lsjson -R`")
