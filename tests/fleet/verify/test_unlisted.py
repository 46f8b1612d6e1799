"""A bucket that a policy covers, and that the lock does not have, is told."""

from __future__ import annotations

import yaml

from firnline.fleet.questions import ListedBucket
from firnline.fleet.verify.kinds import BUCKET_UNLISTED
from firnline.fleet.verify.unlisted import Tagged, decided_by_tags, not_covered, tag_keys, unlisted
from firnline.language.read_files import read_files
from tests.fleet.small_world import FLEET, LOCK_OF_FACTS, POLICY, STAGING, account

STAGE = account("staging", STAGING, "us-east-1")


def names(*buckets: str, region: str = "us-east-1") -> list[str]:
    lock = f"firnline: fleet-lock/v1\ndigest: sha256:{'0' * 64}\n{LOCK_OF_FACTS}"
    files = {"fleet.yaml": FLEET, "ml.yaml": POLICY, "fleet.lock.yaml": lock}
    folder, _ = read_files({name: text.encode() for name, text in files.items()})
    assert folder.lock is not None
    listed = [Tagged(ListedBucket(STAGE, name, region)) for name in buckets]
    return [each.message.split("`")[3] for each in unlisted(listed, folder)]


def test_the_examples_of_the_kind() -> None:
    for example, expected in ((BUCKET_UNLISTED.wrong, ["acme-new"]), (BUCKET_UNLISTED.right, [])):
        assert names(*yaml.safe_load(str(example))["buckets"]) == expected


def test_a_region_that_the_fleet_file_does_not_list_is_not_covered() -> None:
    assert names("acme-new", region="eu-west-1") == []


def test_where_tags_decide_they_are_read_and_count() -> None:
    by_tag = POLICY.replace('buckets: "acme-*"', 'buckets: "acme-*", tags: {data: ml}')
    files = {"fleet.yaml": FLEET, "ml.yaml": by_tag}
    folder, found = read_files({name: text.encode() for name, text in files.items()})
    assert not found
    bucket = ListedBucket(STAGE, "acme-new", "us-east-1")
    assert decided_by_tags([bucket], folder) == [bucket]
    assert tag_keys(folder) == {"data"}
    without, tagged = Tagged(bucket), Tagged(bucket, (("data", "ml"),))
    assert list(unlisted([without], folder)) == []
    assert [each.kind for each in unlisted([tagged], folder)] == [BUCKET_UNLISTED]
    assert not_covered([without, tagged], folder) == {STAGING: 1}
