"""Makes trouble in the sandbox, behind Pulumi's back, for the pages that are about it.

python -m tests.docs.outside_change add|remove|edit|mend|deny|allow BUCKET
"""

from __future__ import annotations

import json
import os
import sys
import urllib.request
from collections.abc import Callable

from firnline.fleet.accounts import Access, Clients
from firnline.fleet.live import read_live_json
from firnline.s3.shape import Json
from sandbox.world.accounts import BUCKETS, Bucket

BY_HAND: Json = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "exports/"},
    "Expiration": {"Days": 3},
}


def main() -> None:
    what, name = sys.argv[1:]
    (bucket,) = (each for each in BUCKETS if each.name == name)
    {
        "add": lambda: _change(bucket, lambda rules: [*rules, BY_HAND]),
        "remove": lambda: _change(bucket, lambda rules: [r for r in rules if r != BY_HAND]),
        "edit": lambda: _change(bucket, lambda rules: _with_first(rules, "Disabled")),
        "mend": lambda: _change(bucket, lambda rules: _with_first(rules, "Enabled")),
        "deny": lambda: _deny(bucket),
        "allow": lambda: _ask_the_front("DELETE"),
    }[what]()


def _change(bucket: Bucket, change: Callable[[list[Json]], list[Json]]) -> None:
    role = f"arn:aws:iam::{bucket.account.id}:role/retention"
    client = Clients().s3(Access(bucket.account.id, role, bucket.region))
    live = read_live_json(client, bucket.name)
    assert live is not None, f"{bucket.name} has a configuration to change"
    changed: Json = {"Rules": change(live["Rules"])}
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket.name, LifecycleConfiguration={"Rules": changed["Rules"]}
    )


def _with_first(rules: list[Json], status: str) -> list[Json]:
    return [{**rules[0], "Status": status}, *rules[1:]]


def _deny(bucket: Bucket) -> None:
    fault = {
        "operation": "GetBucketVersioning",
        "bucket": bucket.name,
        "status": 403,
        "code": "AccessDenied",
        "message": "Access Denied",
        "times": 9,
    }
    _ask_the_front("POST", json.dumps(fault).encode())


def _ask_the_front(method: str, body: bytes | None = None) -> None:
    url = f"{os.environ['AWS_ENDPOINT_URL']}/_firnline/faults"
    request = urllib.request.Request(url, body, method=method)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request):
        pass


if __name__ == "__main__":
    main()
