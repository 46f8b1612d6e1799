"""The URI of a manifest that a job or model reads → its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from firnline.fleet.accounts import Access, NoAccess, requesting
from firnline.reach.location import location_as_written
from firnline.reach.source import CannotRead

_MISSING: Final = ("NoSuchKey", "404", "NoSuchBucket")
_LARGEST: Final = 256 * 1024 * 1024


@dataclass(slots=True)
class Manifests:
    """Each is read once. `client` is one of S3."""

    client: Any
    access: Access
    read: dict[str, str] = field(default_factory=dict)

    def __call__(self, uri: str) -> str:
        """Empty where the manifest was deleted: then nobody can read what it named by it. Raises
        `CannotRead`, `UnknownLocation`.
        """
        if uri not in self.read:
            self.read[uri] = self._text(uri)
        return self.read[uri]

    def _text(self, uri: str) -> str:
        location = location_as_written(uri)
        try:
            with requesting(self.access.account_id, "s3:GetObject", self.access.role_arn):
                answer = self.client.get_object(Bucket=location.bucket, Key=location.key)
                size = int(answer["ContentLength"])
                content: bytes = answer["Body"].read(_LARGEST + 1)
        except NoAccess as why:
            if why.code in _MISSING:
                return ""
            raise CannotRead(
                f"names the manifest {location}, which cannot be read ({why.reason}): grant"
                " s3:GetObject on it and s3:ListBucket on its bucket"
            ) from why
        if len(content) != size:
            raise CannotRead(
                f"names the manifest {location}, which was read in part: read it again"
            )
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise CannotRead(
                f"names the manifest {location}, which is no text: correct it"
            ) from None
