"""A lifecycle configuration comes back as it was put."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline import testing
from firnline.s3 import read_shape
from firnline.s3.xml_tree import Element
from firnline.testing.lifecycle_rules import rules_of
from firnline.testing.lifecycle_xml import read_configuration, write_configuration

STAGING = "210987654321"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def rule(**members: Any) -> dict[str, Any]:
    return {"ID": "firnline/acme/a", "Status": "Enabled", "Filter": {"Prefix": "a/"}, **members}


CONFIGURATIONS: dict[str, list[Any]] = {
    "size bound 0 in And": [
        rule(Filter={"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 0}}, Expiration={"Days": 180})
    ],
    "both sizes and tags": [
        rule(
            Filter={
                "And": {
                    "Prefix": "",
                    "ObjectSizeGreaterThan": 131071,
                    "ObjectSizeLessThan": 5 << 30,
                    "Tags": [{"Key": "team", "Value": "fraud"}, {"Key": "class", "Value": ""}],
                }
            },
            Transitions=[{"Days": 30, "StorageClass": "STANDARD_IA"}],
        )
    ],
    "newest noncurrent versions": [
        rule(
            NoncurrentVersionExpiration={"NoncurrentDays": 7, "NewerNoncurrentVersions": 3},
            NoncurrentVersionTransitions=[
                {
                    "NoncurrentDays": 1,
                    "StorageClass": "GLACIER_IR",
                    "NewerNoncurrentVersions": 2,
                }
            ],
        )
    ],
    "dates": [
        rule(
            Expiration={"Date": datetime(2031, 1, 1, tzinfo=UTC)},
            Transitions=[{"Date": datetime(2030, 1, 1, tzinfo=UTC), "StorageClass": "GLACIER"}],
        )
    ],
    "several rules, in an order of their own": [
        rule(ID="z", Filter={}, AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}),
        rule(
            ID="a", Status="Disabled", Filter={"ObjectSizeGreaterThan": 0}, Expiration={"Days": 1}
        ),
        rule(ID="m", Filter={"Prefix": ""}, Expiration={"ExpiredObjectDeleteMarker": True}),
        rule(
            ID="b",
            Filter={"Tag": {"Key": "k", "Value": "v"}},
            Transitions=[
                {"Days": 91, "StorageClass": "DEEP_ARCHIVE"},
                {"Days": 1, "StorageClass": "GLACIER_IR"},
            ],
        ),
    ],
    "names that need escaping": [
        rule(ID='<&>"ü🧊', Filter={"Prefix": " a&b<c>/ü\t\r\n🧊 "}, Expiration={"Days": 1})
    ],
}


@pytest.mark.parametrize("rules", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_boto3_reads_what_boto3_put(aws: testing.Emulator, bucket: str, rules: list[Any]) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == rules


@pytest.mark.parametrize("rules", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_the_rules_that_are_carried_out_are_those_that_boto3_reads(
    aws: testing.Emulator, bucket: str, rules: list[Any]
) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    stored = aws.middleware.state.lifecycles.current(bucket)
    assert stored is not None
    live: Any = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert rules_of(bucket, stored) == read_shape.read_configuration(live)


def test_the_xml_has_the_same_elements_in_the_same_order(bucket: str, speak: Any) -> None:
    rules = (
        "<Rule><Filter><And><Prefix>a/&#13;</Prefix>"
        "<ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></And></Filter>"
        "<Status>Enabled</Status><ID>x</ID><Expiration><Days>007</Days></Expiration></Rule>"
        "<Rule><ID>y</ID><Expiration><Date>2030-01-01T00:00:00+00:00</Date></Expiration>"
        "<Filter/><Status>Enabled</Status></Rule>"
    )
    put(
        speak,
        bucket,
        f'<LifecycleConfiguration xmlns="{NAMESPACE}">{rules}</LifecycleConfiguration>',
    )
    assert speak("GET", f"/{bucket}?lifecycle").body == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<LifecycleConfiguration xmlns="{NAMESPACE}">{rules}</LifecycleConfiguration>'
    )


def test_indentation_and_a_missing_namespace_do_not_matter(bucket: str, speak: Any) -> None:
    put(
        speak,
        bucket,
        """<LifecycleConfiguration>
             <Rule> <ID>x</ID> <Filter/> <Status>Enabled</Status>
               <Expiration> <Days>1</Days> </Expiration> </Rule>
           </LifecycleConfiguration>""",
    )
    assert (
        "<Rule><ID>x</ID><Filter/><Status>Enabled</Status>"
        "<Expiration><Days>1</Days></Expiration></Rule>"
    ) in speak("GET", f"/{bucket}?lifecycle").body


@pytest.mark.parametrize("nameless", ["", "<ID/>", "<ID></ID>"])
def test_a_rule_without_id_gets_one_of_48_characters_that_stays(
    aws: testing.Emulator, bucket: str, speak: Any, nameless: str
) -> None:
    put(
        speak,
        bucket,
        f"<LifecycleConfiguration><Rule>{nameless}<Filter/><Status>Enabled</Status>"
        "<Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>",
    )
    s3 = aws.client("s3", account=STAGING)
    first, second = (
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] for _ in range(2)
    )
    assert first == second
    assert len(first[0]["ID"]) == 48


# What XML 1.0 can carry.
_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
_TEXT = st.text(_CHARACTERS | st.sampled_from("\t\n\r<&>]\"'"))
_NAMES = st.sampled_from(["Prefix", "Filter", "And", "Tag", "Days", "Key"])
_LEAVES = st.builds(Element, _NAMES, _TEXT.filter(lambda text: not text.isspace()))
_ELEMENTS = st.recursive(
    _LEAVES,
    lambda children: st.builds(
        lambda name, inside: Element(name, "", tuple(inside)),
        _NAMES,
        st.lists(children, min_size=1, max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=150)
@given(st.lists(_ELEMENTS, max_size=4))
def test_whatever_is_written_is_read_back(elements: list[Element]) -> None:
    rules = (Element("Rule", "", (Element("ID", "x"), *elements)),)
    written = write_configuration(testing.Configuration(rules, "all_storage_classes_128K"))
    read = read_configuration(written.encode(), "all_storage_classes_128K")
    assert read.rules == rules


def put(speak: Any, bucket: str, body: str) -> None:
    digest = base64.b64encode(hashlib.md5(body.encode()).digest()).decode()
    assert speak("PUT", f"/{bucket}?lifecycle", body, Content_MD5=digest).status == 200
