"""A bucket of any number of objects, whose keys are arithmetic: nothing is stored.

`python -m benchmarks.synthetic_bucket` prints its port, and answers ListObjectsV2 of the bucket
`objects-N`, which has N objects, until it is ended.
"""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PREFIXES = 40
_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
_PAGE = 1_000
_CALLER = (
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">'
    "<GetCallerIdentityResult><Arn>arn:aws:iam::999999999999:user/engineer</Arn>"
    "<UserId>X</UserId><Account>999999999999</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>"
)


def key_of(number: int, objects: int) -> str:
    """Keys are in the order of their numbers."""
    return f"p{number * PREFIXES // objects:02}/{number:09}"


def first_after(key: str, objects: int) -> int:
    """The number of the first object whose key is greater."""
    low, high = 0, objects
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if key_of(middle, objects) <= key else (low, middle)
    return low


def page(bucket: str, query: dict[str, str]) -> str:
    """What S3 answers to ListObjectsV2."""
    objects = int(bucket.removeprefix("objects-"))
    if query.get("delimiter"):
        return _prefixes(objects) if query.get("prefix", "") == "" else _list(False, "")
    start = first_after(query.get("continuation-token") or query.get("start-after", ""), objects)
    end = min(start + _PAGE, objects)
    keys = [key_of(number, objects) for number in range(start, end)]
    token = f"<NextContinuationToken>{keys[-1]}</NextContinuationToken>" if end < objects else ""
    return _list(end < objects, token + "".join(map(_object, keys)))


def _prefixes(objects: int) -> str:
    names = range(min(PREFIXES, objects))
    told = (f"<CommonPrefixes><Prefix>p{n:02}/</Prefix></CommonPrefixes>" for n in names)
    return _list(False, "".join(told))


def _object(key: str) -> str:
    return (
        f"<Contents><Key>{key}</Key><LastModified>2026-11-21T11:15:05.000Z</LastModified>"
        "<ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>123456</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
    )


def _list(truncated: bool, content: str) -> str:
    more = str(truncated).lower()
    told = f"<EncodingType>url</EncodingType><IsTruncated>{more}</IsTruncated>{content}"
    return f"<ListBucketResult {_NAMESPACE}>{told}</ListBucketResult>"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query, True).items()}
        if "versioning" in query:
            self._answer(f"<VersioningConfiguration {_NAMESPACE}/>")
        else:
            self._answer(page(url.path.strip("/"), query))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(_CALLER)

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
