"""What each request of a client gets: the owner of its bucket, and a session that is valid."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from firnline.fleet.failed_requests import EXPIRED

if TYPE_CHECKING:
    import boto3
    from botocore.credentials import RefreshableCredentials
    from botocore.model import OperationModel
    from mypy_boto3_s3 import S3Client

_RENEWED: Final = "firnline-renewed"


def expect_owner(client: S3Client, owner: str) -> None:
    """From now on with each request about a bucket, those of paginators and transfers too."""

    def expect(params: dict[str, Any], model: OperationModel, **_: object) -> dict[str, Any]:
        members = model.input_shape.members if model.input_shape else {}
        if "ExpectedBucketOwner" not in members:
            return params
        return {**params, "ExpectedBucketOwner": owner}

    client.meta.events.register(
        "provide-client-params.s3",
        expect,  # type: ignore[arg-type]  # what it returns is sent
    )


def renew_expired(session: boto3.session.Session, credentials: RefreshableCredentials) -> None:
    """A session that AWS calls expired before its time is renewed, once for each request: it was
    revoked, or a clock is wrong.
    """

    def renew(response: Any, request_dict: dict[str, Any], **_: object) -> float | None:
        code = response[1].get("Error", {}).get("Code") if response else None
        if code not in EXPIRED or request_dict["context"].get(_RENEWED):
            return None
        request_dict["context"][_RENEWED] = True
        # botocore has no other way; they are renewed before the request is signed again.
        credentials._expiry_time = datetime.now(UTC)  # type: ignore[attr-defined]  # not in the stubs
        return 0.0

    session.events.register(
        "needs-retry",
        renew,  # type: ignore[arg-type]  # what it returns is how long to wait
    )
