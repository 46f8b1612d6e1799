"""What went wrong at AWS, in the words of the official provider (AWS SDK for Go v2)."""

from botocore.exceptions import BotoCoreError, ClientError


class AwsError(Exception):
    """The message names the operation, the status, and the service's code and text."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


def as_aws_error(service: str, operation: str, error: Exception) -> AwsError:
    """From what boto3 raises."""
    match error:
        case ClientError():
            body = error.response.get("Error", {})
            meta = error.response.get("ResponseMetadata", {})
            code = body.get("Code", "")
            return AwsError(
                f"operation error {service}: {operation}, https response error "
                f"StatusCode: {meta.get('HTTPStatusCode', 0)}, "
                f"RequestID: {meta.get('RequestId', '')}, HostID: {meta.get('HostId', '')}, "
                f"api error {code}: {body.get('Message', '')}",
                code,
            )
        case BotoCoreError():
            return AwsError(
                f"operation error {service}: {operation}, https response error StatusCode: 0, "
                f"RequestID: , HostID: , request send failed, {error}"
            )
        case _:
            raise error
