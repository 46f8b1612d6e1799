"""A DynamoDB table: read to the last page, counted apart, and not believed when anything is off."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from moto import mock_aws

from firnline.fleet.accounts import Access, Clients
from firnline.language.fleet import Fleet
from firnline.language.fleet_registries import DynamoDb
from firnline.language.read_files import read_files
from firnline.reach.collect import Opened, collect
from firnline.reach.experiments.judge import Judging
from firnline.reach.experiments.settings import RunSettings
from firnline.reach.reference_lines import Line
from firnline.reach.references import Reference, Unneeded
from firnline.reach.registries.dynamodb import SEGMENTS, DynamoDbTable
from firnline.reach.registries.world import World
from firnline.reach.source import Certificate
from firnline.reach.tally import Tally
from tests.reach.registries.broken import PAGE, BrokenTable, Fault
from tests.reach.registries.fleets import (
    answered,
    fleet_folder,
    found_in,
    gc_refs,
    problem_of,
    uris,
)

TABLE = "account: lab, region: us-east-1, table: models, path: uri"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@dataclass
class OfOneTable:
    """In place of `Clients`: every client is that of the table."""

    table: BrokenTable

    def client(self, service: str, access: Access) -> Any:
        assert (service, access.region) == ("dynamodb", "us-east-1")
        return self.table


def fleet_of(folder: Path) -> tuple[Fleet, DynamoDb]:
    policies = fleet_folder(folder, f"  models: {{dynamodb: {{{TABLE}}}}}\n")
    found, _ = read_files({"fleet.yaml": (policies / "fleet.yaml").read_bytes()})
    assert found.fleet is not None
    source = found.fleet.registries[0].source
    assert isinstance(source, DynamoDb)
    return found.fleet, source


def source_of(folder: Path, table: BrokenTable) -> DynamoDbTable:
    fleet, settings = fleet_of(folder)
    world = World(fleet, folder, {}, cast(Clients, OfOneTable(table)))
    return DynamoDbTable("models", settings, world)


def collected(folder: Path, table: BrokenTable) -> tuple[Tally, list[Line]]:
    tallies: list[Tally] = []
    read = source_of(folder, table).read
    registry = Opened("models", "dynamodb", read)
    judging = Judging(RunSettings(), NOON)
    lines = [line for _, _, line in collect([registry], lambda _: judging, lambda: NOON, tallies)]
    return tallies[0], lines


def test_every_page_of_every_segment_is_read_consistently_and_counted_again(
    tmp_path: Path,
) -> None:
    table = BrokenTable(SEGMENTS * PAGE * 3 + 2)
    tally, lines = collected(tmp_path, table)
    assert tally.references == table.size
    certificate = lines[-1]
    assert isinstance(certificate, Certificate)
    assert certificate.is_complete
    assert (certificate.count, certificate.pages) == (table.size, SEGMENTS * 3 + 2)
    assert all(request["ConsistentRead"] for request in table.requests)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault.TRUNCATES, "it changed meanwhile"),
        (Fault.SHRINKS, "it changed meanwhile"),
        (Fault.GROWS, "it changed meanwhile"),
        (Fault.REPEATS_TOKEN, "twice that it goes on behind the same item"),
        (Fault.ANSWERS_EMPTY, "a page that is not whole"),
        (Fault.LOSES_ITEMS, "a page that is not whole"),
        (Fault.TIMES_OUT, "Read timeout"),
        (Fault.UNREACHABLE, "Could not connect"),
        (Fault.DENIED, "allow it to these credentials"),
        (Fault.THROTTLED, "ProvisionedThroughputExceeded"),
    ],
)
def test_each_fault_is_one_sentence_and_no_verdict(fault: Fault, why: str, tmp_path: Path) -> None:
    tally, lines = collected(tmp_path, BrokenTable(SEGMENTS * PAGE * 3, fault))
    certificate = lines[-1]
    assert isinstance(certificate, Certificate)
    assert not certificate.is_complete
    (problem,) = certificate.problems
    assert why in problem
    assert ": " in problem
    refused = {Fault.TIMES_OUT, Fault.UNREACHABLE, Fault.DENIED, Fault.THROTTLED}
    assert tally.has_no_access == (fault in refused)


def test_without_a_fault_the_same_table_is_complete(tmp_path: Path) -> None:
    _, lines = collected(tmp_path, BrokenTable(SEGMENTS * PAGE * 3, Fault.NONE))
    assert cast(Certificate, lines[-1]).is_complete


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    def peak(size: int) -> int:
        source = source_of(tmp_path, BrokenTable(size))
        source.world.clients.table.requests = _Nothing()  # type: ignore[attr-defined]
        tracemalloc.start()
        assert sum(1 for _ in source.read()) == size + 1
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    # Bytes: 3,000 references more would take over a million, and what threads read ahead varies.
    assert peak(4000) < peak(1000) + 500_000


class _Nothing(list[Any]):
    def append(self, _: Any) -> None:
        return


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.client("dynamodb", region_name="us-east-1")


def made(client: Any, items: list[dict[str, Any]]) -> None:
    client.create_table(
        TableName="models",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "active", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "active-paths",
                "KeySchema": [{"AttributeName": "active", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for item in items:
        client.put_item(TableName="models", Item={key: {"S": v} for key, v in item.items()})


ITEMS = [
    {"id": "churn-1", "uri": "s3://acme/m/1", "by": "ann", "active": "yes"},
    {"id": "churn-2", "uri": "s3://acme/m/2/", "state": "deleted"},
    {"id": "churn-3", "uri": "s3://acme/m/3", "note": "fed by s3://acme/data/3.csv"},
]


def test_items_that_need_nothing_are_told_from_the_others_with_owner_and_reason(
    dynamodb: Any, tmp_path: Path
) -> None:
    made(dynamodb, ITEMS)
    fleet_folder(
        tmp_path, f"  models: {{dynamodb: {{{TABLE}, owner: by, skip_when: {{state: deleted}}}}}}\n"
    )
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 0
    found = [each for _, each in found_in(tmp_path / "refs")]
    needed = {each.location.key: each for each in found if isinstance(each, Reference)}
    assert set(needed) == {"m/1", "m/3", "data/3.csv"}
    assert (needed["m/1"].because, needed["m/1"].owner) == (("models churn-1",), "ann")
    assert [str(e.location) for e in found if isinstance(e, Unneeded)] == ["s3://acme/m/2/"]


def test_an_index_of_active_paths_is_counted_in_the_table(dynamodb: Any, tmp_path: Path) -> None:
    made(dynamodb, ITEMS)
    fleet_folder(tmp_path, f"  models: {{dynamodb: {{{TABLE}, index: active-paths}}}}\n")
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 0
    assert uris(tmp_path / "refs") == {"s3://acme/m/1/"}
    certificate = answered(tmp_path / "refs")["models"].certificate
    assert (certificate.count, certificate.independent_count) == (1, 1)


def test_an_item_without_a_location_and_an_index_that_is_missing_are_named(
    dynamodb: Any, tmp_path: Path
) -> None:
    made(dynamodb, [*ITEMS, {"id": "churn-4"}])
    fleet_folder(tmp_path, f"  models: {{dynamodb: {{{TABLE}}}}}\n")
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 1
    assert "churn-4 has no location" in problem_of(tmp_path / "refs", "models")
    fleet_folder(tmp_path, f"  models: {{dynamodb: {{{TABLE}, index: gone}}}}\n")
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 1
    assert "has no index `gone`" in problem_of(tmp_path / "refs", "models")


@pytest.mark.usefixtures("dynamodb")
def test_a_table_that_is_missing_gives_no_access_and_the_others_are_read(tmp_path: Path) -> None:
    policies = fleet_folder(
        tmp_path,
        f"  models: {{dynamodb: {{{TABLE}}}}}\n"
        '  manifest: {json: {file: m.json, path: "[*]"}}\n'
        "  in-s3: {json: {file: s3://acme/m.json, path: uris, count: total, account: lab}}\n",
    )
    (policies / "m.json").write_text('["s3://acme/a"]')
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="acme")
    s3.put_object(Bucket="acme", Key="m.json", Body=b'{"uris": ["s3://acme/b"], "total": 1}')
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 3
    assert uris(tmp_path / "refs") == {"s3://acme/a/", "s3://acme/b/"}
    assert "ResourceNotFound" in problem_of(tmp_path / "refs", "models")
    s3.delete_object(Bucket="acme", Key="m.json")
    assert gc_refs(tmp_path, "--registry", "in-s3", "--out", str(tmp_path / "refs")) == 3
    assert "NoSuchKey" in problem_of(tmp_path / "refs", "in-s3")
