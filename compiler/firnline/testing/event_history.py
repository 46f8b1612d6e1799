"""What CloudTrail would keep of the requests that this emulator saw: writes of lifecycles."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from moto.iam.models import iam_backends
from moto.s3.models import FakeBucket
from moto.sts.models import sts_backends

from firnline.s3.law import header
from firnline.s3.xml_tree import S3_NAMESPACE, Element, MalformedXml, read_xml
from firnline.testing.aws_request import AwsRequest
from firnline.testing.moto_process import PARTITION
from firnline.testing.responses import Response

# S3 User Guide, "Amazon S3 CloudTrail events": CloudTrail's names, by those of the API.
_NAMES: Final = {
    "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
    "DeleteBucketLifecycle": "DeleteBucketLifecycle",
}
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_CODE: Final = re.compile(rb"<Code>([^<]*)</Code><Message>([^<]*)</Message>")
_SIZE: Final = 512


@dataclass(frozen=True, slots=True)
class Event:
    """A record of CloudTrail, in the account and region of the bucket."""

    at: datetime
    account: str
    region: str
    record: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.record["eventName"])


@dataclass(slots=True)
class EventHistory:
    events: list[Event] = field(default_factory=list)

    def note(
        self, request: AwsRequest, response: Response, bucket: FakeBucket | None, now: datetime
    ) -> None:
        """A request about the lifecycle of a bucket, also where it was refused."""
        if bucket is None or request.operation not in _NAMES:
            return
        at = now.replace(microsecond=0)
        record = {**_record(request, response, at), **_of_bucket(request, bucket)}
        self.events.append(Event(at, bucket.account_id, bucket.region_name, record))


def _record(request: AwsRequest, response: Response, at: datetime) -> dict[str, Any]:
    return {
        "eventVersion": "1.11",
        "userIdentity": _identity(request),
        "eventTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "s3.amazonaws.com",
        "eventName": _NAMES[request.operation],
        "sourceIPAddress": "127.0.0.1",
        "userAgent": f"[{request.headers.get('user-agent', '')[:_SIZE]}]",
        **_refusal(response),
        "responseElements": None,
        "requestID": dict(response.headers).get("x-amz-request-id", ""),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "eventCategory": "Management",
    }


def _of_bucket(request: AwsRequest, bucket: FakeBucket) -> dict[str, Any]:
    arn = f"arn:{PARTITION}:s3:::{bucket.name}"
    owned = {"accountId": bucket.account_id, "type": "AWS::S3::Bucket", "ARN": arn}
    return {
        "awsRegion": bucket.region_name,
        "requestParameters": {
            "bucketName": bucket.name,
            "Host": request.headers.get("host", ""),
            "lifecycle": "",
            **_configuration(request),
        },
        "resources": [owned],
        "recipientAccountId": bucket.account_id,
    }


def _configuration(request: AwsRequest) -> dict[str, Any]:
    if request.method != "PUT":
        return {}
    sent = {name: request.headers[name] for name in (header.NAME,) if name in request.headers}
    try:
        root = read_xml(request.body)
    except MalformedXml:
        return sent
    return {**sent, root.name: {"xmlns": S3_NAMESPACE, **as_json(root)}}


def as_json(element: Element) -> dict[str, Any]:
    """As CloudTrail turns XML into JSON: what is there several times is a list."""
    found: dict[str, Any] = {}
    for child in element.children:
        value = as_json(child) if child.children else _value(child.text)
        if child.name not in found:
            found[child.name] = value
        elif isinstance(found[child.name], list):
            found[child.name].append(value)
        else:
            found[child.name] = [found[child.name], value]
    return found


def _value(text: str) -> str | int | bool:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if _NUMBER.fullmatch(text) else text


def _refusal(response: Response) -> dict[str, str]:
    if response.status < 300:
        return {}
    found = _CODE.search(response.body)
    code, message = found.groups() if found else (b"InternalError", b"")
    return {"errorCode": code.decode(), "errorMessage": message.decode()}


def _identity(request: AwsRequest) -> dict[str, Any]:
    """The session of an assumed role, or the user whose keys these are."""
    keys = {"accountId": request.account, "accessKeyId": request.access_key}
    roles = sts_backends[request.account][PARTITION]
    if session := roles.get_assumed_role_from_access_key(request.access_key):
        name = session.role_arn.rpartition("/")[2]
        issuer = {"type": "Role", "arn": session.role_arn, "userName": name}
        issued = {"sessionIssuer": {**issuer, "accountId": request.account}}
        return {"type": "AssumedRole", "arn": session.arn, **keys, "sessionContext": issued}
    user = iam_backends[request.account][PARTITION].get_user_from_access_key_id(request.access_key)
    return {"type": "IAMUser", "arn": user.arn, "userName": user.name, **keys} if user else keys


def found_in(
    history: EventHistory, account: str, region: str, since: datetime, until: datetime
) -> Iterator[Event]:
    """The newest first."""
    for event in sorted(history.events, key=lambda each: each.at)[::-1]:
        if (event.account, event.region) == (account, region) and since <= event.at <= until:
            yield event


def told(event: Event) -> dict[str, Any]:
    """As LookupEvents lists it."""
    identity, record = event.record["userIdentity"], event.record
    name = identity.get("userName") or str(identity.get("arn", "")).rpartition("/")[2]
    bucket = record["requestParameters"]["bucketName"]
    return {
        "EventId": record["eventID"],
        "EventName": event.name,
        "ReadOnly": "false",
        "AccessKeyId": identity.get("accessKeyId", ""),
        "EventTime": event.at.timestamp(),
        "EventSource": record["eventSource"],
        "Username": name,
        "Resources": [{"ResourceType": "AWS::S3::Bucket", "ResourceName": bucket}],
        "CloudTrailEvent": json.dumps(record),
    }
