"""Another writer of a bucket's lifecycle, who never stops: what it has put by now."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from firnline.s3.law import header
from firnline.s3.xml_tree import Element
from firnline.testing.aws_request import AwsRequest
from firnline.testing.faults import Fault
from firnline.testing.lifecycle_xml import Configuration, write_configuration

ID = "another-writer-"
_AGENT = "another-writer/1.0"


@dataclass(slots=True)
class AnotherWriter:
    """Every so many seconds it puts its rule under another ID: beside those that are there, or in
    their place.

    Nobody sees a configuration between two of our requests but the last two, so it needs no thread:
    whoever looks at the bucket first puts what is due.
    """

    fault: Fault
    since: float
    written: int = 0

    def due(self, now: float, account: str, current: Configuration | None) -> Iterator[AwsRequest]:
        by_now = int((now - self.since) / self.fault.every_seconds)
        for number in range(max(self.written, by_now - 2), by_now):
            current = self._configuration(number + 1, current)
            yield _put(self.fault.bucket, account, current)
        self.written = by_now

    def _configuration(self, number: int, current: Configuration | None) -> Configuration:
        own = _rule(f"{ID}{number}")
        if current is None or self.fault.writer == "replaces":
            return Configuration((own,), header.ALL_CLASSES_128K)
        others = tuple(rule for rule in current.rules if not _id(rule).startswith(ID))
        return replace(current, rules=(*others, own))


def _rule(id: str) -> Element:
    matched = Element("Filter", children=(Element("Prefix", f"{id}/"),))
    ends = Element("Expiration", children=(Element("Days", "3650"),))
    return Element(
        "Rule", children=(Element("ID", id), matched, Element("Status", "Enabled"), ends)
    )


def _id(rule: Element) -> str:
    found = rule.child("ID")
    return found.text if found else ""


def _put(bucket: str, account: str, configuration: Configuration) -> AwsRequest:
    body = write_configuration(configuration).encode()
    digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
    sent = {"user-agent": _AGENT, "content-md5": digest, header.NAME: configuration.minimum_size}
    operation = "PutBucketLifecycleConfiguration"
    return AwsRequest("PUT", "s3", account, bucket, "", operation, {}, sent, body)
