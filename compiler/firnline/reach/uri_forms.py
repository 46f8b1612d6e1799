"""One spelling of a location in S3 → its bucket and key: s3://, https://, ARNs, access points.

The forms are those of https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html and
https://docs.aws.amazon.com/general/latest/gr/s3.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

AccessPoints: TypeAlias = Mapping[str, tuple[str, ...]]
"""The ARN or alias of an access point → the buckets behind it; one, or more for a multi-Region
access point.
"""

NO_ACCESS_POINTS: Final[AccessPoints] = {}


class UnknownLocation(ValueError):
    """A text that means a location in S3, or an indirection to one, that cannot be told; or one of
    another store where S3 was expected. `why` is a clause in plain words.
    """

    def __init__(self, text: str, why: str) -> None:
        shown = _CREDENTIALS.sub(r"\1…@", text)
        shown = _SIGNATURE.sub(r"\1…", shown)
        super().__init__(f"`{shown}` {why}")
        self.text = shown
        self.why = why


class UnknownBucket(UnknownLocation):
    """A location in S3 for certain, through an access point whose bucket is not known."""


def buckets_and_keys(text: str, access_points: AccessPoints) -> tuple[tuple[str, str], ...]:
    """Every pair of bucket and raw key that a spelling may stand for, at least one. Raises
    `UnknownLocation`.
    """
    for form in (_of_scheme, _of_arn, _of_console, _of_https):
        found = tuple(dict.fromkeys(form(text, access_points)))
        if found:
            return found
    scheme = _ANY_SCHEME.match(text)
    raise UnknownLocation(
        text, f"has the scheme `{scheme[1].lower()}`" if scheme else "is no S3 location"
    )


_CREDENTIALS: Final = re.compile(r"(://)[^\s]*@")
_SIGNATURE: Final = re.compile(r"(X-Amz-[A-Za-z-]+=|Signature=|AWSAccessKeyId=)[^&\s]*", re.I)
_ANY_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")

_SCHEME: Final = re.compile(r"s3[an]?:(?://|/(?!/))", re.IGNORECASE)
"""A path library turns `s3://b` into `s3:/b`."""

_BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]")
_ALIAS: Final = re.compile(r".*(?:-s3alias|--ol-s3|--xa-s3|\.mrap)")
_ACCESS_POINT: Final = re.compile(
    r"(?P<head>arn:aws[a-z-]*:s3[a-z-]*:[a-z0-9-]*:\d*:(?:outpost[/:][^/:]+[/:])?accesspoint)[/:]"
    r"(?P<name>[^/:]+)(?:[/:](?P<key>.*))?",
    re.DOTALL,
)
_ARN: Final = re.compile(
    r"arn:aws[a-z-]*:(?:s3:::|s3express:[a-z0-9-]*:\d*:bucket/)(?P<bucket>[^/]+)/?(?P<key>.*)",
    re.DOTALL,
)
_ANY_ARN: Final = re.compile(r"arn:aws[a-z-]*:s3[a-z-]*:")

_REGION: Final = r"[a-z]{2,4}(?:-[a-z]+)+-\d+"
_HOST: Final = re.compile(
    r"(?:(?P<before>.+)\.)?(?P<service>s3(?:express)?(?:-[a-z0-9-]+)?)"
    rf"(?:\.dualstack)?(?:\.(?P<region>{_REGION}))?(?:\.vpce)?"
    r"\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov)"
)
_URL: Final = re.compile(
    r"https?://(?:[^/?#\s]*@)?(?P<host>[^/?#:]+)(?::\d+)?/?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
_CONSOLE: Final = re.compile(
    r"https?://(?:[a-z0-9-]+\.)*console\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn)"
    r"/s3/[a-z]+/(?P<bucket>[^/?#\s]+)/?\?(?:[^#]*&)?prefix=(?P<key>[^&#]+).*",
    re.IGNORECASE | re.DOTALL,
)
"""What people copy from their browser. Without a prefix it is no more than a bucket."""
_ACCOUNT_IN_NAME: Final = re.compile(r"(?P<name>.+)-(?P<account>\d{12})")
_ENDPOINT_OF_VPC: Final = re.compile(
    r"(?:(?P<bucket>.+)\.)?(?P<type>bucket|accesspoint)\.vpce-[a-z0-9-]+"
)


def _of_scheme(text: str, access_points: AccessPoints) -> Iterator[tuple[str, str]]:
    scheme = _SCHEME.match(text)
    if scheme is None:
        return
    rest = text[scheme.end() :]
    if _ANY_ARN.match(rest):
        yield from _of_arn(rest, access_points)
        return
    authority, _, key = rest.partition("/")
    bucket = authority.rpartition("@")[2]
    yield from _behind(text, bucket, key, access_points)
    if bucket != bucket.lower():
        # Readers that take it for the host of a URL write it in lower case.
        yield bucket.lower(), key


def _of_arn(text: str, access_points: AccessPoints) -> Iterator[tuple[str, str]]:
    if through := _ACCESS_POINT.fullmatch(text):
        arn = f"{through['head']}/{through['name']}"
        key = through["key"] or ""
        for each in {key, key.removeprefix("object/")}:
            yield from _through(text, each, access_points, arn, through["name"])
    elif found := _ARN.fullmatch(text):
        yield from _behind(text, found["bucket"], found["key"], access_points)
    elif _ANY_ARN.match(text):
        raise UnknownLocation(text, "is an ARN of S3, and not of a bucket or an object")


def _of_console(text: str, access_points: AccessPoints) -> Iterator[tuple[str, str]]:
    if shown := _CONSOLE.fullmatch(text):
        yield from _behind(text, shown["bucket"], shown["key"], access_points)


def _of_https(text: str, access_points: AccessPoints) -> Iterator[tuple[str, str]]:
    url = _URL.fullmatch(text)
    host = _HOST.fullmatch(url["host"].lower()) if url else None
    if url is None or host is None:
        return
    before, rest = host["before"] or "", url["rest"]
    if _SIGNATURE.search(rest):
        rest = rest.partition("?")[0]
    if host["service"].startswith("s3-control"):
        raise UnknownLocation(text, "is a request to S3, and no location")
    if host["service"].startswith(("s3-accesspoint", "s3-object-lambda", "s3-outposts")):
        yield from _through(text, rest, access_points, *_names_of(before, host["region"]))
    elif before.endswith(".accesspoint"):
        yield from _through(text, rest, access_points, before.removesuffix(".accesspoint"))
    elif vpc := _ENDPOINT_OF_VPC.fullmatch(before):
        yield from _of_vpc(text, vpc, rest, access_points)
    elif before:
        yield from _behind(text, before, rest, access_points)
    else:
        yield from _path_style(text, rest, access_points)


def _of_vpc(
    text: str, host: re.Match[str], rest: str, access_points: AccessPoints
) -> Iterator[tuple[str, str]]:
    if host["type"] == "accesspoint":
        yield from _through(text, rest, access_points, host["bucket"] or "")
    elif host["bucket"]:
        yield from _behind(text, host["bucket"], rest, access_points)
    else:
        yield from _path_style(text, rest, access_points)


def _path_style(text: str, rest: str, access_points: AccessPoints) -> Iterator[tuple[str, str]]:
    bucket, _, key = rest.partition("/")
    yield from _behind(text, bucket.partition("?")[0], key, access_points)


def _behind(
    text: str, bucket: str, key: str, access_points: AccessPoints
) -> Iterator[tuple[str, str]]:
    if _ALIAS.fullmatch(bucket):
        yield from _through(text, key, access_points, bucket)
    elif not bucket:
        raise UnknownLocation(text, "names no bucket")
    elif not _BUCKET.fullmatch(bucket):
        raise UnknownLocation(text, "names a bucket that cannot exist")
    else:
        yield bucket, key


def _through(
    text: str, key: str, access_points: AccessPoints, *names: str
) -> Iterator[tuple[str, str]]:
    buckets = {
        bucket
        for said, behind in access_points.items()
        if said in names or said.rpartition("/")[2] in names
        for bucket in behind
    }
    if not buckets:
        raise UnknownBucket(
            text, "goes through an access point: write it with the name of the bucket behind it"
        )
    for bucket in sorted(buckets):
        yield bucket, key


def _names_of(before: str, region: str | None) -> tuple[str, ...]:
    """Of an access point in a host: NAME-ACCOUNT, or its alias."""
    if owned := _ACCOUNT_IN_NAME.fullmatch(before):
        arn = f"arn:aws:s3:{region or ''}:{owned['account']}:accesspoint/{owned['name']}"
        return before, arn, owned["name"]
    return (before,)
