"""A bucket, as far as a program needs one to hand its name on: made, read, deleted."""

import hashlib
from typing import Any

from sandbox.engine.aws_provider.credentials import Account
from sandbox.engine.aws_provider.errors import AwsError, as_aws_error
from sandbox.engine.aws_provider.properties import Properties
from sandbox.engine.aws_provider.resource import Checked, Declared, Live, ResourceError
from sandbox.engine.aws_provider.shape import Shape, boolean, misfits, record, text

_GONE = ("404", "NoSuchBucket", "NotFound")
_FIRST_REGION = "us-east-1"


class Bucket:
    token = "aws:s3/bucket:Bucket"
    inputs: Shape = record(
        "Bucket",
        bucket=text(replaces=True),
        region=text(replaces=True),
        forceDestroy=boolean(),
    )
    outputs: Shape = record(
        "Bucket",
        arn=text(required=True),
        bucket=text(required=True),
        region=text(required=True),
        forceDestroy=boolean(),
    )

    def __init__(self, account: Account) -> None:
        self._account = account

    def check(self, inputs: Properties, declared: Declared) -> Checked:
        """Where no name is given, the resource's own with seven digits behind it, kept for good."""
        filled = ({"region": declared.region} if declared.region else {}) | inputs
        if "bucket" not in filled:
            given_before = declared.prior.get("bucket", "")
            stem = f"{declared.name}-"
            fresh = stem + hashlib.sha256(declared.seed).hexdigest()[:7]
            filled["bucket"] = given_before if given_before.startswith(stem) else fresh
        return Checked(filled, list(misfits(filled, self.inputs)), [])

    def normal(self, inputs: Properties) -> Properties:
        return {"forceDestroy": False} | inputs

    def expected(self, inputs: Properties) -> Properties:
        return {"forceDestroy": False} | inputs

    def create(self, inputs: Properties, timeout: float | None) -> Live:
        del timeout
        bucket, region = inputs["bucket"], inputs.get("region") or self._account.config.region
        request: dict[str, Any] = {"Bucket": bucket}
        if region != _FIRST_REGION:
            request["CreateBucketConfiguration"] = {"LocationConstraint": region}
        client = self._account.s3(region)
        self._call(f"creating S3 Bucket ({bucket})", "CreateBucket", client.create_bucket, request)
        return Live(bucket, self._state({**inputs, "region": region}), inputs)

    def update(self, inputs: Properties, state: Properties, timeout: float | None) -> Properties:
        """Only `forceDestroy` changes in place, and S3 has nothing of the kind."""
        del timeout
        return state | {"forceDestroy": inputs.get("forceDestroy", False)}

    def read(self, id: str, state: Properties, inputs: Properties) -> Live | None:
        name, _, region = id.partition("@")
        where = state or {"bucket": name, "region": region or self._account.config.region}
        client = self._account.s3(where["region"])
        title = f"reading S3 Bucket ({name})"
        try:
            self._call(title, "HeadBucket", client.head_bucket, {"Bucket": where["bucket"]})
        except ResourceError as error:
            if isinstance(error.__cause__, AwsError) and error.__cause__.code in _GONE:
                return None
            raise
        found = self._state(where)
        plain = {"bucket": found["bucket"], "region": found["region"]}
        return Live(found["bucket"], found, inputs or plain)

    def delete(self, state: Properties) -> None:
        bucket = state["bucket"]
        client = self._account.s3(state["region"])
        title = f"deleting S3 Bucket ({bucket})"
        if state.get("forceDestroy"):
            self._empty(title, client, bucket)
        self._call(title, "DeleteBucket", client.delete_bucket, {"Bucket": bucket})

    def _empty(self, title: str, client: Any, bucket: str) -> None:
        while True:
            page = self._call(
                title, "ListObjectVersions", client.list_object_versions, {"Bucket": bucket}
            )
            entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if not entries:
                return
            objects = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in entries]
            request = {"Bucket": bucket, "Delete": {"Objects": objects, "Quiet": True}}
            response = self._call(title, "DeleteObjects", client.delete_objects, request)
            if response.get("Errors"):
                first = response["Errors"][0]
                raise ResourceError(f"{title}: {first['Key']}: {first['Code']}: {first['Message']}")

    def _state(self, inputs: Properties) -> Properties:
        return {"forceDestroy": False} | inputs | {"arn": f"arn:aws:s3:::{inputs['bucket']}"}

    def _call(self, title: str, operation: str, method: Any, request: dict[str, Any]) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return method(**request)
        except (ClientError, BotoCoreError) as error:
            reason = as_aws_error("S3", operation, error)
            raise ResourceError(f"{title}: {reason}") from reason
