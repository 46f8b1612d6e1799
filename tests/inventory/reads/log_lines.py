"""Lines as S3 writes them into server access logs."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"


def log_line(
    key: str | None,
    at: datetime,
    *,
    bucket: str = "acme-lake",
    operation: str = "REST.GET.OBJECT",
    status: str = "200",
    sent: int | None = 100,
    uri: str | None = None,
    agent: str = "aws-sdk-java/2.20",
    twice: bool = True,
) -> str:
    """`key` as it is: the client encodes it in the path, and the log again."""
    path = quote(key, safe="/-_.~") if key is not None else ""
    logged = "-" if key is None else quote(path, safe="/-_.~") if twice else path
    shown = f"GET /{path} HTTP/1.1" if uri is None else uri
    return (
        f"{OWNER} {bucket} [{at:%d/%b/%Y:%H:%M:%S} +0000] 192.0.2.3"
        f" arn:aws:sts::111122223333:assumed-role/etl/job 3E57427F33A59F07 {operation} {logged}"
        f' "{shown}" {status} - {"-" if sent is None else sent} 5000 70 10 "-" "{agent}" -'
        " s9lzHYrFp76ZVxRc= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader"
        f" {bucket}.s3.us-east-1.amazonaws.com TLSV1.2 - -"
    )
