"""Reads a JSON manifest, on disk or in S3: each location that a JMESPath selects is needed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from firnline.diagnostics.how_many import how_many
from firnline.fleet.accounts import requesting
from firnline.language.fleet_registries import JsonFile
from firnline.reach.registries.clock import now
from firnline.reach.registries.pinned import Refused, references_of
from firnline.reach.registries.selected import Selection
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Certificate, Found

_S3: Final = "s3://"
_REMEDY: Final = "correct them, or leave them out by a filter in `path`"


@dataclass(frozen=True, slots=True)
class _Document:
    """`snapshot` is its version or ETag in S3, or its digest."""

    value: Any
    snapshot: str


@dataclass(frozen=True, slots=True)
class JsonManifest:
    """The document is read whole, at once: it is a snapshot, and must fit into memory."""

    name: str
    settings: JsonFile
    world: World

    def read(self) -> Iterator[Found]:
        """Raises `CannotRead`, `NoAccess`, OSError."""
        began, refused = now(), Refused()
        path = Selection(self.settings.path.value)
        document = self._document()
        found = path.texts(document.value)
        for number, text in enumerate(found, 1):
            yield from references_of(text, f"{self.name} entry {number}", refused)
        entries, counted_by = self._counted(path, document.value)
        problems = refused.problems(_REMEDY)
        if entries is not None and entries != len(found):
            problems += (_uncounted(path.path, entries, counted_by, len(found)),)
        yield Certificate(
            began,
            now(),
            pages=1,
            count=len(found),
            independent_count=entries,
            counted_by=counted_by,
            snapshot=document.snapshot,
            problems=problems,
        )

    def _counted(self, path: Selection, document: Any) -> tuple[int | None, str | None]:
        if self.settings.count is None:
            entries = path.entries(document)
            return entries, None if entries is None else "the entries that `path` visits"
        count = Selection(self.settings.count.value)
        said = count.of(document)
        if not isinstance(said, int) or isinstance(said, bool):
            raise CannotRead(
                f"has no whole number at `{count.path}`: write there how many locations it has, or"
                " correct `count` in the fleet file"
            )
        return said, f"`{count.path}`"

    def _document(self) -> _Document:
        file = self.settings.file.value
        content, snapshot = self._in_s3(file) if file.startswith(_S3) else self._on_disk(file)
        try:
            return _Document(json.loads(content), snapshot)
        except (ValueError, RecursionError) as wrong:
            raise CannotRead(
                f"has a document that is no JSON, or not whole ({wrong}): write {file} again"
            ) from None

    def _on_disk(self, file: str) -> tuple[bytes, str]:
        path = self.world.folder / file
        try:
            content = path.read_bytes()
        except OSError as why:
            raise CannotRead(
                f"cannot be read, {file}: {why.strerror}: correct `file`, which is relative to the"
                " folder of the fleet file"
            ) from None
        return content, f"sha256 {hashlib.sha256(content).hexdigest()}"

    def _in_s3(self, file: str) -> tuple[bytes, str]:
        bucket, _, key = file.removeprefix(_S3).partition("/")
        account = self.settings.account
        access = self.world.access_or_own(account.value if account else None)
        client = self.world.clients.s3(access)
        with requesting(access.account_id, "s3:GetObject", access.role_arn):
            answer = client.get_object(Bucket=bucket, Key=key)
            content = answer["Body"].read()
        if len(content) != answer["ContentLength"]:
            raise CannotRead(f"answered with a part of {file} alone: read it again")
        return content, str(answer.get("VersionId") or answer["ETag"])


def _uncounted(path: str, entries: int, counted_by: str | None, found: int) -> str:
    return (
        f"has {how_many(found, 'location')} at `{path}`, but {entries:,} by {counted_by}: write the"
        " missing ones into the document, or leave out by a filter in `path` what needs none"
    )
