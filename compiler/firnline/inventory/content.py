"""The bytes of a file → its text, unpacked; or None where it is a form that is no text."""

from __future__ import annotations

from gzip import decompress
from typing import Final
from zlib import error as DeflateError

from firnline.inventory.not_a_listing import ACCEPTED, NotAListing

_GZIP: Final = b"\x1f\x8b"
_OTHER_FORMS: Final = {
    b"PAR1": "is Parquet, which is not read yet: let S3 Inventory write CSV, or list the bucket",
    b"ORC": "is ORC, which is not read yet: let S3 Inventory write CSV, or list the bucket",
    b"PK\x03\x04": "is a zip archive: unpack it first",
    b"BZh": "is compressed by bzip2: unpack it first",
    b"\x28\xb5\x2f\xfd": "is compressed by zstd: unpack it first",
    b"\xff\xfe": "is UTF-16, as PowerShell's `>` writes it: save it as UTF-8",
}


def is_packed(content: bytes) -> bool:
    return content.startswith(_GZIP)


def text_of(content: bytes) -> str:
    """Raises `NotAListing`."""
    content = _unpacked(content)
    for begins, why in _OTHER_FORMS.items():
        if content.startswith(begins):
            raise NotAListing(why)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise NotAListing(f"is not UTF-8 in line {line}; a listing is {ACCEPTED}") from None


def _unpacked(content: bytes) -> bytes:
    if not is_packed(content):
        return content
    try:
        return decompress(content)
    except (OSError, EOFError, DeflateError):
        raise NotAListing("is cut off or damaged: gzip cannot unpack it") from None
