"""A bucket as one account may read it → its ranges of keys, and the rows of each, page by page."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from firnline.fleet.accounts import Access, requesting
from firnline.fleet.listing.details import (
    READ_PARTS,
    READ_TAGS,
    READ_TAGS_OF_VERSIONS,
    asked,
    with_parts,
    with_tags,
)
from firnline.fleet.listing.journal import ListingPlan, new_plan
from firnline.fleet.listing.pages import PERMISSIONS, first_look, page_of, prefixes_below
from firnline.fleet.listing.ranges import split
from firnline.fleet.listing.request import KeyRange, Listed, ListingRequest, Marker
from firnline.inventory.writer.row import InventoryRow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class Source:
    """All of it raises `NoAccess`."""

    client: S3Client
    access: Access

    def plan(self, request: ListingRequest) -> ListingPlan:
        """How the keys are cut into ranges."""
        client, bucket = self.client, request.bucket
        listed = Listed.VERSIONS if request.versions else Listed.OBJECTS
        with self._requesting(PERMISSIONS[listed]):
            found = first_look(client, bucket, listed)
            ranges = (
                split(listed, lambda prefix: prefixes_below(client, bucket, listed, prefix))
                if found.more_than_a_page
                else [KeyRange(listed)]
            )
        uploads = [KeyRange(Listed.UPLOADS)] if request.uploads else []
        return new_plan(request, found.now, [*ranges, *uploads])

    def page(
        self, request: ListingRequest, keys: KeyRange, start: Marker, for_rows: ThreadPoolExecutor
    ) -> tuple[list[InventoryRow], Marker | None]:
        """The next rows of a range, and where those after them begin, if there are any."""
        with self._requesting(PERMISSIONS[keys.listed]):
            page = page_of(self.client, request.bucket, keys.listed, start)
        rows = [row for row in page.rows if keys.contains(row.key)]
        ended = any(keys.is_before(row.key) for row in page.rows)
        return self._complete(rows, request, keys.listed, for_rows), None if ended else page.next

    def _complete(
        self,
        rows: list[InventoryRow],
        request: ListingRequest,
        listed: Listed,
        for_rows: ThreadPoolExecutor,
    ) -> list[InventoryRow]:
        if listed is Listed.UPLOADS:
            with self._requesting(READ_PARTS):
                return list(asked(rows, with_parts(self.client, request.bucket), for_rows))
        if request.tags:
            with self._requesting(READ_TAGS_OF_VERSIONS if request.versions else READ_TAGS):
                return list(asked(rows, with_tags(self.client, request.bucket), for_rows))
        return rows

    def _requesting(self, permission: str) -> AbstractContextManager[None]:
        return requesting(self.access.account_id, permission, self.access.role_arn)
