"""A URI is read in every way that any tool reads it, so that it protects all that it may mean."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from posixpath import normpath
from urllib.parse import quote, unquote, unquote_plus, urlparse

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firnline.reach.location import (
    Location,
    LocationKind,
    UnknownBucket,
    UnknownLocation,
    location_as_written,
    locations_in,
    locations_of,
)

KEY = "models/churn/14/model.tar.gz"
ACCESS_POINT = "arn:aws:s3:eu-west-1:111122223333:accesspoint/team"
SPELLINGS = (
    f"s3://lake/{KEY}",
    f"S3://lake/{KEY}",
    f"s3a://lake/{KEY}",
    f"s3n://lake/{KEY}",
    f"S3A://lake/{KEY}",
    f"s3:/lake/{KEY}",
    f"s3a://AKIAEXAMPLE:secret@lake/{KEY}",
    f"s3://lake//{KEY}",
    f"s3://lake/{KEY}/",
    "s3://lake/models//churn/14/model.tar.gz",
    "s3://lake/models/./churn/13/../14/model.tar.gz",
    f"  s3://lake/{KEY}\n",
    "s3://lake/models\\churn\\14\\model.tar.gz",
    "s3://lake/models%2Fchurn%2F14%2Fmodel.tar.gz",
    f"s3://lake/{KEY}?versionId=abc",
    f"s3://lake/{KEY}#tree",
    f"https://lake.s3.amazonaws.com/{KEY}",
    f"https://lake.s3.eu-west-1.amazonaws.com/{KEY}",
    f"HTTPS://LAKE.S3.eu-west-1.amazonaws.com/{KEY}",
    f"http://lake.s3.eu-west-1.amazonaws.com:80/{KEY}",
    f"https://lake.s3-eu-west-1.amazonaws.com/{KEY}",
    f"https://lake.s3.dualstack.eu-west-1.amazonaws.com/{KEY}",
    f"https://lake.s3-fips.us-gov-west-1.amazonaws.com/{KEY}",
    f"https://lake.s3-fips.dualstack.us-east-1.amazonaws.com/{KEY}",
    f"https://lake.s3-accelerate.amazonaws.com/{KEY}",
    f"https://lake.s3-accelerate.dualstack.amazonaws.com/{KEY}",
    f"https://lake.s3.cn-north-1.amazonaws.com.cn/{KEY}",
    f"https://s3.amazonaws.com/lake/{KEY}",
    f"https://s3.eu-west-1.amazonaws.com/lake/{KEY}",
    f"https://s3-eu-west-1.amazonaws.com/lake/{KEY}",
    f"https://s3-fips.us-east-1.amazonaws.com/lake/{KEY}",
    f"https://s3.dualstack.eu-west-1.amazonaws.com/lake/{KEY}",
    f"https://eu-west-1.console.aws.amazon.com/s3/object/lake?region=eu-west-1&prefix={KEY}",
    "https://s3.console.aws.amazon.com/s3/buckets/lake?prefix=models%2Fchurn%2F14%2F&tab=objects",
    f"https://bucket.vpce-0a1b-2c3d.s3.eu-west-1.vpce.amazonaws.com/lake/{KEY}",
    f"https://lake.bucket.vpce-0a1b-2c3d.s3.eu-west-1.vpce.amazonaws.com/{KEY}",
    f"https://lake.s3.amazonaws.com/{KEY}?X-Amz-Signature=abc&X-Amz-Credential=AKIA",
    f"arn:aws:s3:::lake/{KEY}",
    f"arn:aws-cn:s3:::lake/{KEY}",
)
THROUGH_ACCESS_POINTS = (
    f"{ACCESS_POINT}/object/{KEY}",
    f"{ACCESS_POINT}/{KEY}",
    f"arn:aws:s3:eu-west-1:111122223333:accesspoint:team/{KEY}",
    f"s3://{ACCESS_POINT}/{KEY}",
    f"https://team-111122223333.s3-accesspoint.eu-west-1.amazonaws.com/{KEY}",
    f"s3://team-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias/{KEY}",
    f"https://team-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias.s3.eu-west-1.amazonaws.com/{KEY}",
    f"arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap/object/{KEY}",
    f"s3://arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap/{KEY}",
    f"https://mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com/{KEY}",
    f"arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/team/{KEY}",
    f"s3://team-fr7u5ee3ta4s--ol-s3/{KEY}",
)
BEHIND = {
    ACCESS_POINT: ("lake",),
    "arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/team": ("lake",),
    "team-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias": ("lake",),
    "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap": ("lake", "lake-replica"),
    "team-fr7u5ee3ta4s--ol-s3": ("lake",),
}


def covers(found: tuple[Location, ...], key: str, bucket: str = "lake") -> bool:
    return any(each.bucket == bucket and each.covers(key) for each in found)


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_protects_the_object(text: str) -> None:
    assert covers(locations_of(text), KEY)


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_found_in_text_in_json_and_in_json_within_json(text: str) -> None:
    for around in (
        text,
        f"--model {text} --epochs 3",
        f"trained on ({text}), and well",
        json.dumps(text),
        json.dumps({"args": [f"--model={text.strip()}"]}),
        json.dumps({"args": json.dumps({"model": text})}),
        json.dumps(text).replace("/", "\\/"),
    ):
        assert covers(locations_in(around), KEY), around


@pytest.mark.parametrize("text", SPELLINGS)
def test_no_spelling_protects_a_whole_bucket_or_a_neighbour(text: str) -> None:
    assert not covers(locations_of(text), "other/file")
    assert not covers(locations_of(text), "models/churn/140")


@pytest.mark.parametrize("text", THROUGH_ACCESS_POINTS)
def test_an_access_point_is_an_error_unless_its_bucket_is_given(text: str) -> None:
    with pytest.raises(UnknownBucket, match="the name of the bucket behind it"):
        locations_of(text)
    with pytest.raises(UnknownBucket):
        locations_in(f'{{"model": "{text}"}}')
    assert covers(locations_of(text, access_points=BEHIND), KEY)
    assert covers(locations_in(f"model: {text}", BEHIND), KEY)


def test_a_multi_region_access_point_protects_each_bucket_behind_it() -> None:
    found = locations_of(f"s3://mfzwi23gnjvgw.mrap/{KEY}", access_points=BEHIND)
    assert covers(found, KEY, "lake")
    assert covers(found, KEY, "lake-replica")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "models/churn",
        "/opt/ml/model",
        "gs://lake/models",
        "models:/churn/14",
        "runs:/1a2b/model",
        "mlflow-artifacts:/1/2",
        "mlflow-artifacts://host/1/2",
        "s3://",
        "s3:///models",
        "s3://${BUCKET}/models",
        "https://example.com/lake/models",
        "https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/image",
        "https://111122223333.s3-control.eu-west-1.amazonaws.com/v20180820/jobs",
        "arn:aws:s3:eu-west-1:111122223333:job/1",
        "arn:aws:sagemaker:eu-west-1:111122223333:training-job/x",
        "s3://lake/\ud800",
    ],
)
def test_what_is_no_location_in_s3_is_an_error_and_in_free_text_nothing(text: str) -> None:
    with pytest.raises(UnknownLocation):
        locations_of(text)
    assert locations_in(f"about {text} and more") == ()


def test_no_secret_of_a_uri_stands_in_a_location_or_an_error() -> None:
    signed = f"https://lake.s3.amazonaws.com/{KEY}?X-Amz-Credential=AKIA&X-Amz-Signature=hush"
    owned = f"s3a://AKIA:hush@lake/{KEY}"
    for text in (signed, owned, f"see {signed} and {owned} there"):
        assert not any("hush" in str(each) or "AKIA" in str(each) for each in locations_in(text))
    with pytest.raises(UnknownLocation) as wrong:
        locations_of(f"s3a://AKIA:hu/sh@lake/{KEY}")
    assert "AKIA" not in str(wrong.value)
    assert "hu/sh" not in str(wrong.value)


def test_a_key_with_spaces_is_one_key_where_it_stands_alone_and_in_a_sentence() -> None:
    stored = "s3://lake/custom root/exp+2"
    assert covers(locations_of(stored), "custom root/exp+2/1a2b/artifacts/model")
    assert covers(locations_in(stored), "custom root/exp+2/1a2b/artifacts/model")
    assert covers(locations_in(f"written to {stored}, as ever"), "custom root/exp+2/1a2b")


def test_a_list_of_locations_gives_each() -> None:
    found = locations_in("s3://lake/a,s3://lake/b;s3://lake/c s3://lake/d:/opt/ml/input")
    assert all(covers(found, f"{each}/x") for each in "abcd")


def test_a_location_in_the_query_of_another_url_is_found() -> None:
    assert covers(locations_in("https://host/ui?uri=s3%3A%2F%2Flake%2Fa%2Fb&tab=1"), "a/b")


def test_a_bucket_alone_is_the_whole_bucket() -> None:
    assert locations_of("s3://lake/") == (Location("lake", LocationKind.DIR, ""),)
    assert (
        locations_of("s3://lake") == locations_of("arn:aws:s3:::lake") == locations_of("s3://lake/")
    )


def test_what_is_not_needed_is_read_in_one_way_alone() -> None:
    assert location_as_written("s3://lake/runs%2F1//x#1/") == Location(
        "lake", LocationKind.DIR, "runs%2F1//x#1"
    )


def test_a_raw_prefix_keeps_its_end() -> None:
    assert locations_of("s3://lake/data/train", LocationKind.RAW_PREFIX) == (
        Location("lake", LocationKind.RAW_PREFIX, "data/train"),
    )
    assert locations_of("s3://lake/data/train/", LocationKind.RAW_PREFIX) == (
        Location("lake", LocationKind.RAW_PREFIX, "data/train/"),
    )


PIECES = "a B - . .. / // + % %2F %25 %20 # ? = & é e\u0301 日 \\ ' , ; : ( ) [ s3:/ _ 0 ~ *"
HOSTILE = st.lists(st.sampled_from([" ", *PIECES.split()]), min_size=1, max_size=14).map("".join)
KINDS = st.sampled_from(LocationKind)


def _readers(uri: str) -> list[str]:
    """How tools turn a URI into a key, each written as they have it."""
    raw = uri.partition("//")[2].partition("/")[2]
    path = urlparse(uri).path  # MLflow: parse_s3_compliant_uri
    return [
        raw,
        path[1:],
        path.lstrip("/"),
        unquote(raw),
        unquote_plus(raw),
        unquote(path).lstrip("/"),
        unicodedata.normalize("NFC", raw),
        unicodedata.normalize("NFD", raw),
        normpath(f"/{raw}").lstrip("/"),
        "/".join(filter(None, raw.split("/"))),
    ]


@given(HOSTILE, KINDS)
@example("exp#1/run", LocationKind.DIR)
@example("a%2520b", LocationKind.EXACT)
def test_the_protected_set_is_a_superset_of_every_reading(key: str, kind: LocationKind) -> None:
    uri = f"s3://lake/{key}"
    found = locations_of(uri, kind)
    for read in _readers(uri):
        if read.strip("/"):
            folder = read if read.endswith("/") else f"{read}/"
            assert covers(found, folder if kind is LocationKind.RAW_PREFIX else read), read
            if kind is LocationKind.DIR:
                assert covers(found, f"{read.rstrip('/')}/below/it"), read


@given(HOSTILE.filter(lambda key: key != "/"), KINDS, HOSTILE)
@example("a//", LocationKind.DIR, "b")
def test_it_is_never_narrower_than_what_is_written(
    key: str, kind: LocationKind, below: str
) -> None:
    written = location_as_written(f"s3://lake/{key}", kind)
    found = locations_of(f"s3://lake/{key}", kind)
    # As written `a//` is a folder in `a/`; of what is needed it is the wider one.
    assert written in found or key.endswith("//")
    for each in (key, key + below, f"{key}/{below}", below):
        assert covers(found, each) or not written.covers(each)


def test_a_folder_without_a_name_is_nothing_that_may_go() -> None:
    with pytest.raises(UnknownLocation, match="folder without a name"):
        location_as_written("s3://lake//")


@given(HOSTILE.filter(lambda key: key.strip("/.\\?# ") != ""))
def test_a_key_never_becomes_the_whole_bucket(key: str) -> None:
    assert all(each.key for each in locations_of(f"s3://lake/{key}")) or not key.strip("/")


@given(HOSTILE, st.sampled_from(["", "see ", "--in=", "('", "a,b: ", "{'x': "]), HOSTILE)
def test_what_is_embedded_in_a_line_is_found(key: str, before: str, after: str) -> None:
    text = f"{before}s3://lake/{key} {after}"
    if "s3:/" in key:
        return  # a second location begins there
    assert covers(locations_in(text), key.rstrip("/") or key)


@given(HOSTILE)
def test_a_url_with_quoted_key_means_that_key(key: str) -> None:
    assert covers(locations_of(f"https://lake.s3.eu-west-1.amazonaws.com/{quote(key)}"), key)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    for read in (locations_of, locations_in):
        with suppress(UnknownLocation):
            read(text)


def test_a_page_of_the_console_without_a_prefix_is_no_location() -> None:
    """Otherwise a link in a description would keep a whole bucket."""
    page = "https://s3.console.aws.amazon.com/s3/buckets/lake?region=eu-west-1&tab=objects"
    assert locations_in(f"see {page}") == ()
    with pytest.raises(UnknownLocation):
        locations_of(page)
