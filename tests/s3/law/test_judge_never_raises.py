"""Whatever it is handed, the law gives a verdict, and what S3 would read it reads alike."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.s3.law.judge import judge
from firnline.s3.law.verdict import BucketFacts, Verdict
from firnline.s3.shape import to_s3
from firnline.s3.terms import BucketType, Partition
from tests.rules.strategies import policies

MEMBERS = [
    "Rules",
    "ID",
    "Status",
    "Filter",
    "Prefix",
    "And",
    "Tag",
    "Tags",
    "Key",
    "Value",
    "ObjectSizeGreaterThan",
    "ObjectSizeLessThan",
    "Expiration",
    "Days",
    "Date",
    "ExpiredObjectDeleteMarker",
    "Transitions",
    "StorageClass",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "NoncurrentDays",
    "NewerNoncurrentVersions",
    "AbortIncompleteMultipartUpload",
    "DaysAfterInitiation",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, -1, 30, 2**31 - 1, 2**31, 2**63, 10**4000])
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["Enabled", "GLACIER", "STANDARD_IA", "2030-01-01", "1" * 400, "\ud800"])
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.binary(max_size=3)
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(MEMBERS) | SCALARS, inner, max_size=4)
    ),
    max_leaves=20,
)


def members(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Any of these members, each now and then of a wrong type."""
    return st.fixed_dictionaries(
        {}, optional={name: each | SCALARS for name, each in values.items()}
    )


DAYS = st.integers(-1, 200)
MOVES = st.lists(
    members(
        Days=DAYS,
        Date=st.sampled_from(["2030-01-01T00:00:00Z", "2031-01-01"]),
        StorageClass=st.sampled_from(["STANDARD_IA", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"]),
    ),
    max_size=4,
)
PREDICATES = {
    "Prefix": st.sampled_from(["", "a/", "a/b"]),
    "ObjectSizeGreaterThan": st.integers(-1, 9),
    "ObjectSizeLessThan": st.integers(-1, 9),
}
TAG = members(Key=st.sampled_from("kK"), Value=st.just("v"))
RULES = members(
    ID=st.sampled_from("ab"),
    Status=st.just("Enabled"),
    Prefix=st.sampled_from(["", "a/"]),
    Filter=members(**PREDICATES, Tag=TAG, And=members(**PREDICATES, Tags=st.lists(TAG))),
    Expiration=members(Days=DAYS, ExpiredObjectDeleteMarker=st.booleans()),
    Transitions=MOVES,
    NoncurrentVersionExpiration=members(NoncurrentDays=DAYS, NewerNoncurrentVersions=DAYS),
    AbortIncompleteMultipartUpload=members(DaysAfterInitiation=DAYS),
)
BUCKETS = st.builds(
    BucketFacts,
    st.sampled_from(BucketType),
    st.booleans(),
)
PLACES = {
    "partition": st.sampled_from(Partition),
    "as_of": st.none() | st.dates(),
}


def is_sound(verdict: Verdict) -> bool:
    return verdict.accepted == (not verdict.findings) and all(
        each.code and each.message and each.status >= 400 and "{" not in each.refusal.code
        for each in verdict.findings
    )


@given(ANYTHING, ANYTHING)
def test_any_value_has_a_verdict(configuration: object, header: object) -> None:
    assert is_sound(judge(configuration, header=header))


@given(st.lists(RULES | ANYTHING, max_size=3), BUCKETS, PLACES["partition"], PLACES["as_of"])
def test_anything_like_rules_has_a_verdict(
    rules: list[Any], bucket: BucketFacts, partition: Partition, as_of: date | None
) -> None:
    assert is_sound(judge({"Rules": rules}, bucket, partition, as_of))


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_any_bytes_have_a_verdict(body: bytes) -> None:
    assert not judge(body).accepted


@given(st.lists(RULES, max_size=3), st.integers(0, 400))
def test_xml_that_is_cut_off_has_a_verdict(rules: list[Any], length: int) -> None:
    assert is_sound(judge(to_xml(rules)[:length]))


CLEAN_RULES = st.fixed_dictionaries(
    {"Status": st.sampled_from(["Enabled", "on"])},
    optional={
        "ID": st.sampled_from("ab"),
        "Prefix": st.sampled_from(["", "a/"]),
        "Filter": st.sampled_from(
            [
                {},
                {"Prefix": "a/"},
                {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": ""}]}},
                {"And": {"Tags": [{"Key": "k", "Value": "v"}]}},
                {"Tag": {"Key": "k", "Value": "v"}, "ObjectSizeLessThan": 3},
            ]
        ),
        "Expiration": st.fixed_dictionaries(
            {}, optional={"Days": DAYS, "ExpiredObjectDeleteMarker": st.booleans()}
        ),
        "Transitions": st.lists(
            st.fixed_dictionaries(
                {"StorageClass": st.sampled_from(["STANDARD_IA", "GLACIER", "COLD", "STANDARD"])},
                optional={"Days": DAYS, "Date": st.just("2030-01-01T00:00:00Z")},
            ),
            min_size=1,
            max_size=3,
        ),
        "NoncurrentVersionExpiration": st.fixed_dictionaries(
            {}, optional={"NoncurrentDays": DAYS, "NewerNoncurrentVersions": DAYS}
        ),
    },
)


@given(st.lists(CLEAN_RULES, max_size=3))
def test_xml_and_boto3s_shape_have_the_same_verdict(rules: list[Any]) -> None:
    assert judge(to_xml(rules)) == judge({"Rules": rules})


@given(policies())
def test_what_the_compiler_emits_is_accepted(policy: dict[str, Any]) -> None:
    for bucket in compile_files(
        {"p.yaml": json.dumps(policy).encode()}, with_remedies=False
    ).buckets:
        configuration = to_s3(bucket.rules)
        header = configuration.pop("TransitionDefaultMinimumObjectSize")
        assert judge(configuration, header=header).findings == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff\xfe<\x00",
        b"<LifecycleConfiguration>\xe9</LifecycleConfiguration>",
        b'<?xml version="1.0" encoding="utf-7"?><LifecycleConfiguration/>',
        b"<!DOCTYPE a><LifecycleConfiguration/>",
        b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><LifecycleConfiguration>&d;'
        b"</LifecycleConfiguration>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><LifecycleConfiguration>&b;'
        b"</LifecycleConfiguration>",
        b"<LifecycleConfiguration>" + b"<Rule>" * 100_000,
        b"<LifecycleConfiguration><Rule>text<ID>a</ID></Rule></LifecycleConfiguration>",
        b"<Error><Code>NoSuchBucket</Code></Error>",
    ],
)
def test_what_is_no_lifecycle_document_is_malformed(body: bytes) -> None:
    assert judge(body).code == "MalformedXML"


@pytest.mark.parametrize(
    ("element", "accepted"),
    [
        ("<Days>30</Days>", True),
        ("<Days> 30 </Days>", True),
        ("<Days>30.0</Days>", False),
        ("<Days>thirty</Days>", False),
        ("<Days/>", False),
        ("<Days>" + "9" * 5000 + "</Days>", False),
        ("<Days>3</Days><Days>4</Days>", False),
        ("<Days><Days>3</Days></Days>", False),
        ("<Date>2030-01-02T00:00:00Z</Date>", True),
        ("<Date>2030-01-02T02:00:00+02:00</Date>", True),
        ("<Date>2030-01-02</Date>", False),
        ("<Date>20200101</Date>", False),
        ("<Date>Wed, 02 Jan 2030 00:00:00 GMT</Date>", False),
        ("<Date>10000-01-01T00:00:00Z</Date>", False),
        ("<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>", True),
        ("<ExpiredObjectDeleteMarker>True</ExpiredObjectDeleteMarker>", False),
        ("<Hours>3</Hours>", False),
    ],
)
def test_values_are_read_as_xml_has_them(element: str, accepted: bool) -> None:
    body = (
        '<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule><Filter/>'
        f"<Status>Enabled</Status><Expiration>{element}</Expiration></Rule>"
        "</LifecycleConfiguration>"
    )
    assert judge(body.encode()).accepted == accepted


@pytest.mark.parametrize(
    "number",
    [10**5000, -(10**5000), float("nan"), float("inf"), 10**400],
    ids=["huge", "minus huge", "nan", "infinite", "large"],
)
def test_numbers_that_cannot_be_written_down_have_a_verdict(number: float) -> None:
    rule = {"ID": number, "Status": number, "Filter": {"ObjectSizeLessThan": number}}
    when = {"Days": number, "Date": number, number: number}
    rules = [{**rule, "Expiration": when, "Transitions": [when, number]}]
    assert not judge({"Rules": rules, number: 1}, header=number).accepted


def test_ten_thousand_rules_all_have_their_say() -> None:
    rule = {"ID": "same", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}
    verdict = judge({"Rules": [rule] * 10_000})
    assert verdict.findings[0].path == "Rules[1000]"
    assert {each.path for each in verdict.findings} >= {
        "Rules[9999].ID",
        "Rules[0].Expiration.Days",
    }


def test_old_style_prefixes_that_overlap_are_found_among_a_thousand() -> None:
    rules = [
        {"ID": str(n), "Status": "Enabled", "Prefix": "a" * n, "Expiration": {"Days": 1}}
        for n in range(1000)
    ]
    assert len(judge({"Rules": rules}).findings) == 999


def test_every_finding_is_told_with_the_path_of_the_guilty_element() -> None:
    rule = {
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "", "Tags": [{"Key": "k", "Value": "v" * 257}]}},
        "Expiration": {"Days": 10},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 0},
    }
    good = {"Status": "Enabled", "Filter": {}, "Expiration": {"Date": datetime(2030, 1, 1)}}
    assert [each.path for each in judge({"Rules": [good, rule]}).findings] == [
        "Rules[1].Filter.And.Tags[0].Value",
        "Rules[1].AbortIncompleteMultipartUpload",
        "Rules[1].AbortIncompleteMultipartUpload.DaysAfterInitiation",
        "Rules[1].Expiration.Days",
    ]


def to_xml(rules: list[Any]) -> bytes:
    """As botocore would write it, whatever the values."""
    written = "".join(f"<Rule>{_inside(rule)}</Rule>" for rule in rules)
    document = f"<LifecycleConfiguration>{written}</LifecycleConfiguration>"
    return document.encode("utf-8", "replace")


def _inside(value: Any) -> str:
    if not isinstance(value, dict):
        shown = str(value).lower() if isinstance(value, bool) else _shown(value)
        return escape(shown)
    parts = []
    for name, each in value.items():
        element = {"Transitions": "Transition", "Tags": "Tag"}.get(name, name)
        items = each if isinstance(each, list) else [each]
        parts += [f"<{element}>{_inside(item)}</{element}>" for item in items]
    return "".join(parts)


def _shown(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # an integer of too many digits
        return "9" * 5000
