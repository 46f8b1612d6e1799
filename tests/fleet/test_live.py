from typing import Any

import pytest
from botocore.stub import Stubber

from firnline import testing
from firnline.fleet.accounts import NoAccess, requesting
from firnline.fleet.live import (
    read_is_empty,
    read_live,
    read_live_json,
    read_object_lock,
    read_versioning,
)
from firnline.fleet.questions import READ_LIFECYCLE
from firnline.s3.terms import Days, Versioning
from tests.fleet.small_world import FOREIGN_RULE, PROD, STAGING, put_rules


def test_a_bucket_without_a_configuration_is_a_normal_answer(aws: testing.Emulator) -> None:
    client = aws.client("s3", PROD)
    assert read_live(client, "acme-models-use1") is None
    assert read_live_json(client, "acme-models-use1") is None


def test_rules_are_read_as_they_were_put(aws: testing.Emulator) -> None:
    put_rules(aws, PROD, "acme-models-use1", FOREIGN_RULE)
    client = aws.client("s3", PROD)
    assert read_live_json(client, "acme-models-use1") == {
        "Rules": [FOREIGN_RULE],
        "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
    }
    live = read_live(client, "acme-models-use1")
    assert live is not None
    assert [rule.expires for rule in live.rules] == [Days(3)]


class NewerS3:
    """A client of a later botocore, by which a rule has a predicate that is not known here."""

    def get_bucket_lifecycle_configuration(self, **_: str) -> dict[str, Any]:
        return {"Rules": [FOREIGN_RULE | {"Filter": {"Prefix": "tmp/", "Unless": "pinned"}}]}


def test_a_live_rule_with_a_member_that_is_not_known_is_not_read_without_it() -> None:
    reading = requesting(PROD, READ_LIFECYCLE)
    with pytest.raises(NoAccess, match=r"`Rules\[0\].Filter.Unless` is nothing that this"), reading:
        read_live_json(NewerS3(), "acme-models-use1")  # type: ignore[arg-type]


def test_dates_are_told_in_utc(aws: testing.Emulator) -> None:
    dated = {**FOREIGN_RULE, "Expiration": {"Date": "2030-01-31T02:00:00+02:00"}}
    put_rules(aws, PROD, "acme-models-use1", dated)
    live = read_live_json(aws.client("s3", PROD), "acme-models-use1")
    assert live is not None
    assert live["Rules"][0]["Expiration"] == {"Date": "2030-01-31T00:00:00Z"}


@pytest.mark.parametrize(
    ("account", "bucket", "versioning"),
    [
        (PROD, "acme-models-use1", Versioning.ENABLED),
        (STAGING, "acme-dev", Versioning.SUSPENDED),
        (PROD, "acme-models-euw1", Versioning.OFF),
    ],
)
def test_versioning_is_off_where_s3_says_nothing(
    aws: testing.Emulator, account: str, bucket: str, versioning: Versioning
) -> None:
    assert read_versioning(aws.client("s3", account), bucket) is versioning


@pytest.mark.parametrize(
    ("page", "is_empty"),
    [
        ({}, True),
        ({"IsTruncated": True}, False),
        ({"Versions": [{"Key": "a"}]}, False),
        ({"DeleteMarkers": [{"Key": "a"}]}, False),
    ],
)
def test_a_bucket_is_empty_where_the_whole_answer_has_nothing(
    page: dict[str, Any], is_empty: bool, aws: testing.Emulator
) -> None:
    client = aws.client("s3", PROD)
    with Stubber(client) as s3:
        s3.add_response("list_object_versions", page, {"Bucket": "b", "MaxKeys": 1})
        assert read_is_empty(client, "b") is is_empty


def test_object_lock_is_off_where_s3_finds_no_configuration(aws: testing.Emulator) -> None:
    client = aws.client("s3", PROD)
    client.create_bucket(Bucket="acme-locked", ObjectLockEnabledForBucket=True)
    assert read_object_lock(client, "acme-locked")
    assert not read_object_lock(client, "acme-models-use1")
