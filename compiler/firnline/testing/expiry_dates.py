"""What S3 says of the days of its lifecycle: in two headers, and in inventories.

S3 API, PutObject, GetObject, HeadObject, CopyObject, CompleteMultipartUpload (`x-amz-expiration`),
CreateMultipartUpload, ListParts (`x-amz-abort-date`); captured on S3 2026-09-21.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from urllib.parse import quote

from moto.s3.models import FakeBucket, FakeKey

from firnline.s3.model import RuleSet
from firnline.s3.simulate.expiry_date import first_abort, first_expiration
from firnline.s3.simulate.matching import Matcher
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.testing.aws_request import AwsRequest
from firnline.testing.bucket_contents import current_item, item_of
from firnline.testing.inventory_rows import ExpiryOf
from firnline.testing.lifecycle_rules import UnreadableRules, rules_of
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.lifecycle_xml import Configuration
from firnline.testing.moto_process import find_bucket, initiated, versioning_of
from firnline.testing.pending_faults import Faults
from firnline.testing.responses import Response

TELL_EXPIRATION: Final = frozenset(
    {
        "PutObject",
        "CopyObject",
        "CompleteMultipartUpload",
        "GetObject",
        "HeadObject",
    }
)
TELL_ABORT: Final = frozenset({"CreateMultipartUpload", "ListParts"})

DELIVERY: Final = "DeliverInventory"
"""The operation of a fault that alters inventories."""

_LITERAL: Final = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in '"%')
"""In a rule's ID; S3 percent-encodes all else."""


@dataclass(slots=True)
class ExpiryDates:
    lifecycles: LifecycleStore
    faults: Faults
    _read: dict[str, tuple[Configuration, RuleSet]] = field(default_factory=dict)

    def added(self, request: AwsRequest, response: Response, now: datetime) -> Response:
        """The response, with the header where S3 sends one."""
        if request.service != "s3" or response.status not in (200, 206):
            return response
        bucket = find_bucket(request.bucket)
        if bucket is None:
            return response
        if request.operation in TELL_EXPIRATION and "versionId" not in request.query:
            headers = self._expiration(request, bucket)
        elif request.operation in TELL_ABORT:
            headers = self._abort(request, bucket, now)
        else:
            return response
        return replace(response, headers=(*response.headers, *headers))

    def in_inventory(self, bucket: FakeBucket) -> ExpiryOf:
        """The field `LifecycleExpirationDate` of a bucket's objects."""
        rules, state = Matcher(self._rules(bucket.name)), BucketState(versioning_of(bucket))
        delivery = _delivery_of(bucket)
        altered = self.faults.take_expiry(delivery)

        def expiry_of(version: FakeKey) -> datetime | None:
            item = item_of(bucket, version)
            found = first_expiration(rules.match(item).rules, state, item)
            return altered(found.due) if found and found.due else None

        return expiry_of

    def _rules(self, bucket: str, *, stale: bool = False) -> RuleSet:
        """Read once for each configuration; none where S3 would not have accepted them."""
        read = self.lifecycles.previous if stale else self.lifecycles.current
        configuration = read(bucket)
        if configuration is None:
            return RuleSet(())
        known = self._read.get(bucket)
        if known is None or known[0] is not configuration:
            known = configuration, _acceptable(bucket, configuration)
            self._read[bucket] = known
        return known[1]

    def _expiration(self, request: AwsRequest, bucket: FakeBucket) -> tuple[tuple[str, str], ...]:
        item = current_item(bucket, request.key)
        if item is None:
            return ()
        rules = self._rules(bucket.name, stale=self.faults.take_stale(request))
        found = first_expiration(rules, BucketState(versioning_of(bucket)), item)
        if found is None or found.due is None:
            return ()
        day = self.faults.take_expiry(request)(found.due)
        if day is None:
            return ()
        id = quote(found.rule.id, safe=_LITERAL)
        return (("x-amz-expiration", f'expiry-date="{_http_date(day)}", rule-id="{id}"'),)

    def _abort(
        self, request: AwsRequest, bucket: FakeBucket, now: datetime
    ) -> tuple[tuple[str, str], ...]:
        upload = bucket.multiparts.get(request.query.get("uploadId", ""))
        began = initiated(upload, now) if upload else now
        item = StoredItem(request.key, began.replace(microsecond=0), kind=ItemKind.MULTIPART_UPLOAD)
        found = first_abort(self._rules(bucket.name), item)
        if found is None or found.due is None:
            return ()
        id = quote(found.rule.id, safe=_LITERAL)
        return ("x-amz-abort-date", _http_date(found.due)), ("x-amz-abort-rule-id", id)


def _acceptable(bucket: str, configuration: Configuration) -> RuleSet:
    try:
        return rules_of(bucket, configuration)
    except UnreadableRules:  # the emulator's judge was told to accept them
        return RuleSet(())


def _delivery_of(bucket: FakeBucket) -> AwsRequest:
    """As faults are matched with it: no request makes S3 deliver an inventory."""
    return AwsRequest("", "s3", bucket.account_id, bucket.name, "", DELIVERY, {}, {}, b"")


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
