"""Tables that `benchmarks dynamodb` reads: of moto over HTTP, or of arithmetic; and reading one.

`python -m benchmarks.dynamodb_table serve ITEMS` prints the port of moto's server and stays.
`python -m benchmarks.dynamodb_table read moto PORT` or `read fake ITEMS` prints what it took.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.memory import own_peak

ACCOUNT = "123456789012"
REGION = "us-east-1"
TABLE = "models"
_PAGE = 1_000
"""Items in a page of the fake: about a megabyte, as DynamoDB's are."""


def item(number: int) -> dict[str, dict[str, str]]:
    """A version of a model: two locations, an owner and a few words."""
    return {
        "id": {"S": f"churn-{number:08}"},
        "uri": {"S": f"s3://acme-ml/models/churn/v{number}/model.tar.gz"},
        "owner": {"S": f"person-{number % 200}"},
        "status": {"S": "deleted" if number % 10 == 0 else "active"},
        "data": {"S": f"s3://acme-data/{number % 5_000}/train.parquet"},
        "words": {"S": "what a person says of a model, in a sentence or two " * 12},
    }


@dataclass(frozen=True, slots=True)
class FakeTable:
    """In place of boto3's client: it pages as DynamoDB does, and computes its items."""

    items: int

    def describe_table(self, **_: Any) -> dict[str, Any]:
        return {"Table": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}}

    def scan(self, **request: Any) -> dict[str, Any]:
        segment, segments = request["Segment"], request["TotalSegments"]
        begin = self.items * segment // segments
        end = self.items * (segment + 1) // segments
        after = request.get("ExclusiveStartKey")
        first = int(after["id"]["S"].removeprefix("churn-")) + 1 if after else begin
        last = min(first + _PAGE, end)
        page: dict[str, Any] = {"Count": last - first}
        if request.get("Select") != "COUNT":
            page["Items"] = [item(number) for number in range(first, last)]
        if last < end:
            page["LastEvaluatedKey"] = {"id": item(last - 1)["id"]}
        return page


def read(client: Callable[[], Any]) -> dict[str, float]:
    """The table as `firnline gc refs` reads it, to the lines of a references file."""
    from firnline.reach.reference_lines import text_of, to_json
    from firnline.reach.source import Certificate

    source = _source(client())
    began = time.process_time()
    lines = size = 0
    for found in source.read():
        size += len(text_of(to_json(found)))
        lines += 1
    assert isinstance(found, Certificate)
    assert found.is_complete, found.problems
    return {
        "processor": time.process_time() - began,
        "bytes": own_peak(),
        "items": found.count,
        "lines": lines,
    }


def _source(client: Any) -> Any:
    from firnline.language.read_files import read_files
    from firnline.reach.registries.dynamodb import DynamoDbTable
    from firnline.reach.registries.world import World

    fleet = (
        "firnline: fleet/v1\nnamespace: acme\n"
        f'accounts: {{lab: {{id: "{ACCOUNT}", regions: {REGION}}}}}\n'
        "registries:\n"
        f"  models: {{dynamodb: {{account: lab, region: {REGION}, table: {TABLE}, path: uri,"
        " owner: owner, skip_when: {status: deleted}}}\n"
    )
    found, _ = read_files({"fleet.yaml": fleet.encode()})
    assert found.fleet is not None
    settings: Any = found.fleet.registries[0].source
    clients: Any = _OneClient(client)
    return DynamoDbTable(TABLE, settings, World(found.fleet, Path(), {}, clients))


@dataclass(frozen=True, slots=True)
class _OneClient:
    only: Any

    def client(self, _service: str, _access: Any) -> Any:
        return self.only


def moto_client(port: str) -> Any:
    import boto3

    return boto3.client(
        "dynamodb",
        region_name=REGION,
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )


def serve(items: int) -> None:
    """The items are put into moto's table without a request for each 25."""
    from moto.dynamodb.models import dynamodb_backends
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    moto_client(str(port)).create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table = dynamodb_backends[ACCOUNT][REGION].get_table(TABLE)
    for number in range(items):
        table.put_item(item(number))
    print(port, flush=True)
    sys.stdin.read()  # until who started it ends


def main(arguments: list[str]) -> None:
    match arguments:
        case ["serve", items]:
            serve(int(items))
        case ["read", "moto", port]:
            print(json.dumps(read(lambda: moto_client(port))))
        case ["read", "fake", items]:
            print(json.dumps(read(lambda: FakeTable(int(items)))))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
