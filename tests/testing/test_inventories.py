"""S3 Inventory: configured by S3's API, delivered once a day as the clock is advanced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline import testing
from firnline.fleet.inventory_bucket import InBucket, newest_inventories
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.manifest import InventoryFormat
from firnline.testing.faults import read_fault
from firnline.testing.fixture import S3WithLifecycle

OWNER = "999999999999"
STARTED = datetime(2026, 11, 27, 14, 27, 30, tzinfo=UTC)  # a Friday
DAILY = "s3://reports/all/acme/daily/"
RULE: Any = {
    "ID": "tmp",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 3},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 2},
}


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[S3WithLifecycle]:
    """A versioned bucket, and one for reports."""
    with testing.serve(started=STARTED, inventories=tmp_path / "mirror") as aws:
        client = aws.caller_client("s3")
        client.create_bucket(Bucket="acme")
        client.create_bucket(Bucket="reports")
        client.put_bucket_versioning(Bucket="acme", VersioningConfiguration={"Status": "Enabled"})
        yield S3WithLifecycle(client, aws)


def configuration(form: str = "CSV", **changes: Any) -> Any:
    return {
        "Id": "daily",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Destination": {
            "S3BucketDestination": {
                "Bucket": "arn:aws:s3:::reports",
                "Format": form,
                "Prefix": "all",
            }
        },
        "Schedule": {"Frequency": "Daily"},
        "OptionalFields": ["Size", "LastModifiedDate", "StorageClass", "ETag"],
        **changes,
    }


def configure(s3: S3WithLifecycle, form: str = "CSV", **changes: Any) -> None:
    s3.client.put_bucket_inventory_configuration(
        Bucket="acme", Id="daily", InventoryConfiguration=configuration(form, **changes)
    )


def rows(s3: S3WithLifecycle, uri: str, *columns: Column) -> list[tuple[Any, ...]]:
    with open_inventory([InBucket(s3.client, OWNER, uri)]) as facts:
        found = [row for batch in facts.batches(*columns) for row in batch.to_pylist()]
    return [tuple(row.values()) for row in found]


def listed(s3: S3WithLifecycle) -> Counter[tuple[str, str, bool, bool]]:
    """As the bucket is now, by its own list."""
    page = s3.client.list_object_versions(Bucket="acme")
    return Counter(
        (each["Key"], each["VersionId"], each["IsLatest"], marker)
        for name, marker in (("Versions", False), ("DeleteMarkers", True))
        for each in page.get(name, [])  # type: ignore[attr-defined]  # by name
    )


WHOLE = (Column.KEY, Column.VERSION_ID, Column.IS_LATEST, Column.IS_DELETE_MARKER)


@pytest.mark.parametrize("form", InventoryFormat)
def test_the_newest_inventory_is_what_the_bucket_holds(
    s3: S3WithLifecycle, form: InventoryFormat
) -> None:
    configure(s3, form.value)
    for key in ("tmp/a", "keep/b + c", "ü\n"):
        s3.put("acme", key, size=5, age=2)
        s3.put("acme", key, size=7, age=1)
    s3.client.delete_object(Bucket="acme", Key="keep/b + c")
    report = s3.advance(days=2)
    assert len(report.inventories) == 2
    (newest,) = (each.uri for each in newest_inventories(s3.client, OWNER, DAILY))
    assert newest == report.inventories[-1] == f"{DAILY}2026-11-29T01-00Z/manifest.json"
    assert Counter(rows(s3, newest, *WHOLE)) == listed(s3)
    sizes = Counter(rows(s3, newest, Column.KEY, Column.SIZE))
    assert sizes["tmp/a", 5] == sizes["tmp/a", 7] == sizes["keep/b + c", None] == 1


def test_each_is_of_its_own_day_after_what_is_due_at_midnight(s3: S3WithLifecycle) -> None:
    configure(s3)
    s3.client.put_bucket_lifecycle_configuration(
        Bucket="acme",
        LifecycleConfiguration={"Rules": [RULE]},
    )
    s3.put("acme", "tmp/a", size=5, age=1)
    report = s3.advance(days=9)
    held = [sorted(rows(s3, uri, *WHOLE[2:])) for uri in report.inventories]
    there, hidden, alone = [(True, False)], [(False, False), (True, True)], [(True, True)]
    # Three days old on the 29th, rounded up to the 30th; replaced for two days on 2 December; the
    # marker that hides nothing any more is three days old on the 3rd.
    assert held == [there, there, hidden, hidden, alone, [], [], [], []]
    made = [uri.split("/")[-2] for uri in report.inventories]
    assert made == [f"{STARTED + timedelta(days=n):%Y-%m-%d}T01-00Z" for n in range(1, 10)]


def test_an_inventory_of_current_versions_has_current_objects_alone(s3: S3WithLifecycle) -> None:
    configure(s3, IncludedObjectVersions="Current")
    s3.put("acme", "a", size=5, age=2)
    s3.put("acme", "a", size=7, age=1)
    s3.put("acme", "b", size=1, age=1)
    s3.client.delete_object(Bucket="acme", Key="b")
    (uri,) = s3.advance(days=1).inventories
    assert rows(s3, uri, Column.KEY, Column.SIZE) == [("a", 7)]


def test_a_filter_leaves_out_other_prefixes(s3: S3WithLifecycle) -> None:
    configure(s3, Filter={"Prefix": "in/"})
    s3.put("acme", "in/a", age=1)
    s3.put("acme", "out/a", age=1)
    (uri,) = s3.advance(days=1).inventories
    assert rows(s3, uri, Column.KEY) == [("in/a",)]


def test_a_weekly_one_is_of_sunday_and_of_what_is_there_then(s3: S3WithLifecycle) -> None:
    configure(s3, Schedule={"Frequency": "Weekly"})
    s3.client.put_bucket_lifecycle_configuration(
        Bucket="acme",
        LifecycleConfiguration={"Rules": [RULE]},
    )
    s3.put("acme", "tmp/a", size=5)
    s3.put("acme", "keep", size=5)
    report = s3.advance(days=14)
    assert [uri.split("/")[-2][:10] for uri in report.inventories] == ["2026-11-29", "2026-12-06"]
    first, second = (Counter(rows(s3, uri, *WHOLE[::3])) for uri in report.inventories)
    assert first == {("tmp/a", False): 1, ("keep", False): 1}
    # Hidden on 1 December, gone on the 3rd, its marker on the 4th.
    assert second == {("keep", False): 1}


def test_none_is_delivered_that_is_disabled_or_deleted(s3: S3WithLifecycle) -> None:
    configure(s3, IsEnabled=False)
    assert s3.advance(days=1).inventories == ()
    configure(s3)
    s3.client.delete_bucket_inventory_configuration(Bucket="acme", Id="daily")
    assert s3.advance(days=1).inventories == ()


def test_what_did_not_change_is_written_once(s3: S3WithLifecycle) -> None:
    configure(s3)
    s3.put("acme", "a", age=1)
    assert len(s3.advance(days=30).inventories) == 30
    found = s3.client.list_objects_v2(Bucket="reports", Prefix="all/acme/daily/data/")
    assert found["KeyCount"] == 1


def test_what_is_written_between_two_advances_is_in_the_next(s3: S3WithLifecycle) -> None:
    configure(s3)
    s3.put("acme", "a")
    s3.advance(days=1)
    s3.put("acme", "b")
    (uri,) = s3.advance(days=1).inventories
    assert set(rows(s3, uri, Column.KEY)) == {("a",), ("b",)}


def test_all_that_is_delivered_lies_on_disk_too(s3: S3WithLifecycle, tmp_path: Path) -> None:
    configure(s3)
    s3.put("acme", "a", size=9)
    (uri,) = s3.advance(days=1).inventories
    path = tmp_path / "mirror" / uri.removeprefix("s3://")
    with open_inventory([OnDisk(path)]) as facts:
        (batch,) = facts.batches(Column.KEY, Column.SIZE)
    assert batch.to_pylist() == [{"key": "a", "size": 9}]
    assert facts.as_of == datetime(2026, 11, 28, 1, tzinfo=UTC)


def test_one_is_delivered_on_demand(s3: S3WithLifecycle) -> None:
    configure(s3, Schedule={"Frequency": "Weekly"})
    s3.put("acme", "a")
    (uri,) = s3.aws.deliver_inventories()
    assert uri == f"{DAILY}2026-11-27T14-27Z/manifest.json"
    assert rows(s3, uri, Column.KEY) == [("a",)]


def test_a_configuration_is_read_as_it_was_put(s3: S3WithLifecycle) -> None:
    put = configuration(
        "Parquet",
        IncludedObjectVersions="Current",
        Filter={"Prefix": "a & b/"},
        Schedule={"Frequency": "Weekly"},
        OptionalFields=["Size", "BucketKeyStatus"],
    )
    s3.client.put_bucket_inventory_configuration(
        Bucket="acme", Id="daily", InventoryConfiguration=put
    )
    got = s3.client.get_bucket_inventory_configuration(Bucket="acme", Id="daily")
    assert got["InventoryConfiguration"] == put
    all_of_it = s3.client.list_bucket_inventory_configurations(Bucket="acme")
    assert all_of_it["InventoryConfigurationList"] == [put]


def test_a_configuration_that_is_not_there_is_an_error(s3: S3WithLifecycle) -> None:
    with pytest.raises(s3.client.exceptions.ClientError, match="NoSuchConfiguration"):
        s3.client.get_bucket_inventory_configuration(Bucket="acme", Id="daily")
    with pytest.raises(s3.client.exceptions.ClientError, match="NoSuchConfiguration"):
        s3.client.delete_bucket_inventory_configuration(Bucket="acme", Id="daily")


@pytest.mark.parametrize(
    "changes",
    [{"Id": "other"}, {"IncludedObjectVersions": "None"}, {"Schedule": {"Frequency": "Hourly"}}],
)
def test_a_configuration_that_s3_would_not_take_is_refused(
    s3: S3WithLifecycle, changes: dict[str, Any]
) -> None:
    with pytest.raises(s3.client.exceptions.ClientError, match="MalformedXML"):
        configure(s3, **changes)


def test_another_account_may_not_configure(s3: S3WithLifecycle) -> None:
    other = s3.aws.client("s3", account="210987654321")
    with pytest.raises(other.exceptions.ClientError, match="AccessDenied"):
        other.put_bucket_inventory_configuration(
            Bucket="acme", Id="daily", InventoryConfiguration=configuration()
        )


def test_the_day_of_expiry_is_that_of_the_live_rules_and_can_be_made_another(
    s3: S3WithLifecycle,
) -> None:
    configure(s3, OptionalFields=["LifecycleExpirationDate"])
    s3.client.put_bucket_lifecycle_configuration(
        Bucket="acme", LifecycleConfiguration={"Rules": [RULE]}
    )
    for key in ("tmp/a", "keep/b"):
        s3.put("acme", key, size=5, age=2)
        s3.put("acme", key, size=5, age=1)
    seen = []
    for effect in (None, {"expiry_shift_days": 2}, {"no_expiry": True}):
        if effect:
            s3.aws.middleware.faults.add(read_fault({"operation": "DeliverInventory", **effect}))
        (uri,) = s3.aws.deliver_inventories()
        found = rows(s3, uri, Column.KEY, Column.IS_LATEST, Column.EXPIRATION)
        assert {day for key, latest, day in found if key != "tmp/a" or not latest} == {None}
        seen += [day for key, latest, day in found if key == "tmp/a" and latest]
    assert seen == [
        datetime(2026, 11, 30, tzinfo=UTC),
        datetime(2026, 12, 2, tzinfo=UTC),
        None,
    ]
