"""Closed accounts and expired sessions: whose requests are refused, and how AWS says so."""

from __future__ import annotations

from dataclasses import dataclass, field

from moto.sts.models import sts_backends

from firnline.testing.aws_request import AwsRequest
from firnline.testing.faults import CODES, Fault
from firnline.testing.moto_process import PARTITION
from firnline.testing.refusals import refuse, refuse_role
from firnline.testing.responses import Response

# S3 API reference, "Error responses".
_CLOSED = (
    "There is a problem with your AWS account that prevents the operation from completing"
    " successfully."
)
# What STS and the services with JSON say.
_EXPIRED = "The security token included in the request is expired"


@dataclass(slots=True)
class LostAccess:
    closed: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)  # access keys

    def apply(self, fault: Fault) -> None:
        if fault.close_account:
            self.closed.add(fault.account)
        if fault.expire_sessions:
            sessions = sts_backends[fault.account][PARTITION].assumed_roles
            self.expired.update(each.access_key_id for each in sessions)

    def clear(self) -> None:
        self.closed.clear()
        self.expired.clear()

    def refuse(self, request: AwsRequest) -> Response | None:
        if self.closed.intersection(request.accounts):
            if request.operation == "AssumeRole":
                return refuse_role(request)
            return refuse(request, 403, "AccountProblem", _CLOSED)
        if request.access_key not in self.expired:
            return None
        if request.service == "s3":
            return refuse(request, 400, "ExpiredToken", CODES["ExpiredToken"][1])
        if request.service == "sts":
            return refuse(request, 403, "ExpiredToken", _EXPIRED)
        return refuse(request, 400, "ExpiredTokenException", _EXPIRED)
