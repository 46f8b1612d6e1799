"""Reads that are spelled another way have other texts and the same rules."""

from __future__ import annotations

from firnline import testing
from firnline.fleet.live import read_live_json
from firnline.s3.read_shape import read_configuration
from firnline.testing.faults import Fault

ACCOUNT, BUCKET = "111122223333", "acme-models"

MOVES = [{"Days": 30, "StorageClass": "GLACIER"}, {"Days": 200, "StorageClass": "DEEP_ARCHIVE"}]
ON_A_DAY = {"Date": "2030-01-31T00:00:00Z"}
RULES = (
    {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Transitions": MOVES},
    {"ID": "b", "Status": "Enabled", "Filter": {"Prefix": "b/"}, "Expiration": ON_A_DAY},
    {
        "ID": "c",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "c/", "Tags": [{"Key": "k", "Value": "v"}]}},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 3},
    },
)


def test_each_read_has_another_text_and_the_same_rules(aws: testing.Emulator) -> None:
    client = aws.client("s3", ACCOUNT)
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_lifecycle_configuration(
        Bucket=BUCKET,
        LifecycleConfiguration={"Rules": RULES},  # type: ignore[typeddict-item]  # plain dicts
    )
    plain = read_live_json(client, BUCKET)
    aws.middleware.faults.add(Fault(bucket=BUCKET, rewritten=True, times=3))
    reads = [read_live_json(client, BUCKET) for _ in range(3)]
    assert aws.middleware.faults.pending == ()
    orders = {tuple(rule["ID"] for rule in each["Rules"]) for each in reads if each}
    assert len(orders) == 3
    meant = [read_configuration(each).in_order for each in (plain, *reads) if each]
    assert len(meant) == 4
    assert set(meant) == {meant[0]}
