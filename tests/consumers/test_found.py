"""What keys and prefixes show, against examples from the layouts' own documentation."""

from __future__ import annotations

import pytest

from docs import layouts
from firnline.consumers.found import (
    Evidence,
    Found,
    Near,
    enclosing,
    of_key,
    of_prefixes,
    outermost,
    reached,
)
from firnline.consumers.table import LAYOUTS
from firnline.consumers.table_formats import DELTA_LAKE, HUDI, ICEBERG

UUID = "0193eb65-597a-7ca0-82a5-8b526d519060"
RUN = "0123456789abcdef0123456789abcdef"
SHOWN = {
    "l/_delta_log/00000000000000000000.json": ("Delta Lake table", "l/"),
    "_delta_log/00000000000000000010.checkpoint.parquet": ("Delta Lake table", ""),
    f"l/_delta_log/00000000000000000010.checkpoint.{UUID}.json": ("Delta Lake table", "l/"),
    "l/_delta_log/00000000000000000010.checkpoint.0000000001.0000000002.parquet": (
        "Delta Lake table",
        "l/",
    ),
    "l/_delta_log/_last_checkpoint": ("Delta Lake table", "l/"),
    f"w/db/t/metadata/00012-{UUID}.metadata.json": ("Iceberg table", "w/db/t/"),
    f"w/db/t/metadata/00012-{UUID}.gz.metadata.json": ("Iceberg table", "w/db/t/"),
    f"w/db/t/metadata/00012-{UUID}.zstd.metadata.json": ("Iceberg table", "w/db/t/"),
    f"w/metadata/{UUID}.gz.metadata.json": ("Iceberg table", "w/"),
    "w/metadata/v3.metadata.json": ("Iceberg table", "w/"),
    "h/.hoodie/hoodie.properties": ("Hudi table", "h/"),
    "infra/terraform.tfstate": ("Terraform state", "infra/terraform.tfstate"),
    "env:/dev/vpc.tfstate": ("Terraform state", "env:/dev/vpc.tfstate"),
    "es/indices/abcdefghijklmnopqrstuv/0/snap-abcdefghijklmnopqrstuv.dat": (
        "Elasticsearch or OpenSearch snapshot repository",
        "es/",
    ),
    "indices/abcdefghijklmnopqrst-_/12/index-3": (
        "Elasticsearch or OpenSearch snapshot repository",
        "",
    ),
    "pg/backup/main/backup.info": ("pgBackRest stanza", "pg/backup/main/"),
    "archive/main/archive.info.copy": ("pgBackRest stanza", "archive/main/"),
    "db/wal_005/000000010000000000000001.lz4": ("WAL-G archive", "db/wal_005/"),
    "db/basebackups_005/base_1_backup_stop_sentinel.json": (
        "WAL-G archive",
        "db/basebackups_005/",
    ),
    "full-1/xtrabackup_info.lz4.00000000000000000000": ("XtraBackup backup", "full-1/"),
    f"athena/{UUID}.csv.metadata": ("folder of Athena query results", "athena/"),
    "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/02/a.json.gz": (
        "CloudTrail trail",
        "AWSLogs/123456789012/CloudTrail/",
    ),
    "t/AWSLogs/o-abc123/123456789012/CloudTrail-Digest/eu-west-1/x": (
        "CloudTrail trail",
        "t/AWSLogs/o-abc123/123456789012/CloudTrail-Digest/",
    ),
    "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/01/02/a.log.gz": (
        "folder of load balancer access logs",
        "AWSLogs/123456789012/elasticloadbalancing/",
    ),
    "AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/01/02/a.log.gz": (
        "folder of VPC flow logs",
        "AWSLogs/123456789012/vpcflowlogs/",
    ),
    "f/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/x.gz": (
        "folder of VPC flow logs",
        "f/AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/",
    ),
    f"ml/3/{RUN}/artifacts/model/MLmodel": ("MLflow artifact root", "ml/"),
    f"ml/3/models/m-{RUN}/artifacts/MLmodel": ("MLflow artifact root", "ml/"),
    "sm/job-7/output/model.tar.gz": ("folder of SageMaker training jobs", "sm/"),
    "r/checkpoint-500/optimizer.pt": ("folder of training checkpoints", "r/"),
    "r/epoch=3-step=1200.ckpt": ("folder of training checkpoints", "r/"),
    "j/debug-output/events/000000000000/000000000000_worker_0.tfevents": (
        "SageMaker Debugger output",
        "j/",
    ),
    "tb/events.out.tfevents.1700000000.host.1.0": ("folder of TensorBoard events", "tb/"),
}
ALIKE = [
    "my_delta_log/00000000000000000000.json",
    "l/_delta_log",
    "l/_delta_log/readme.json",
    "l/_delta_log_old/00000000000000000000.json",
    "l/_delta_log/0.json",
    "metadata/x.json",
    f"w/old_metadata/00012-{UUID}.metadata.json",
    "w/metadata/report.metadata.json",
    "h/hoodie/hoodie.properties",
    "h/.hoodie/other.properties",
    "infra/terraform.tfstate.backup",
    "infra/terraform.tfstate/readme.md",
    "infra/terraform.tfstate.tflock",
    "indices/2026/0/index-3",
    "es/index.latest",
    "backup/main/other.info",
    "mywal_005/x",
    f"athena/{UUID}.csv",
    "AWSLogs/1234/CloudTrail/x",
    f"ml/churn/{RUN}/artifacts/MLmodel",
    "r/checkpoint-best/optimizer.pt",
    "tb/events.out.tfevents.txt",
]


@pytest.mark.parametrize("key", SHOWN)
def test_a_key_shows_its_layout_and_where_that_begins(key: str) -> None:
    found = of_key(key)
    assert found is not None
    assert (found.layout.called, found.root) == SHOWN[key]
    assert found.holds(key)


@pytest.mark.parametrize("key", ALIKE)
def test_a_key_that_is_only_alike_shows_nothing(key: str) -> None:
    assert of_key(key) is None


def test_every_layout_has_an_example_a_source_and_a_way_to_clean_it() -> None:
    assert {called for called, _ in SHOWN.values()} == {each.called for each in LAYOUTS}
    for each in LAYOUTS:
        assert all(source.url.startswith("https://") for source in each.sources)
        assert each.sources
        assert each.instead
        assert each.by_age


def test_the_prefix_of_a_rule_shows_a_layout_where_its_name_is_certain() -> None:
    named = of_prefixes(
        ["l/_delta_log/", "h/.hoodie/", "a/b.tfstate", "env:/dev/", "x/wal_005/", "metadata/"]
    )
    assert {(each.layout.called, each.root) for each in named} == {
        ("Delta Lake table", "l/"),
        ("Hudi table", "h/"),
        ("Terraform state", "a/b.tfstate"),
        ("Terraform state", "env:/"),
        ("WAL-G archive", "x/wal_005/"),
    }
    assert of_prefixes(["my_delta_log/", "lake/", "", "env/", "a.tfstates/"]) == ()


@pytest.mark.parametrize(
    ("prefixes", "looks"),
    [
        (["warehouse/db/t/metadata/"], {"warehouse/db/t/": "likely"}),
        (["Prod-Warehouse/t/metadata"], {"Prod-Warehouse/t/": "likely"}),
        (["hive/sales.db/t/metadata/"], {"hive/sales.db/t/": "likely"}),
        (["iceberg/metadata/x"], {"iceberg/": "likely"}),
        (["a/t/metadata/", "a/t/metadata/snap-"], {"a/t/": "likely"}),
        (["t/metadata/", "t/data/day=1/"], {"t/": "likely"}),
        (["a/t/metadata/", "a/data/"], {"a/t/": "possible"}),
        (["a/t/metadata/snap-8", "a/t/metadata/"], {"a/t/": "shown"}),
        (["w/t/metadata/v3.metadata.json"], {"w/t/": "shown"}),
        (["w/t/metadata/00012-0193eb65-"], {"w/t/": "shown"}),
        (["metadata/", "data/", "t/metadata/", "warehouse/metadata/", "a/b/my_metadata/"], {}),
    ],
)
def test_a_prefix_may_look_like_that_of_an_iceberg_table(
    prefixes: list[str], looks: dict[str, str]
) -> None:
    assert {each.root: each.evidence.value for each in of_prefixes(prefixes)} == looks


def test_what_is_only_possible_says_nothing_of_what_lies_beside_it() -> None:
    possible = Found(ICEBERG, "a/t/", Evidence.POSSIBLE)
    likely = Found(ICEBERG, "a/t/", Evidence.LIKELY)
    assert [each.called for each in reached(possible, "a/t/metadata/")] == ["metadata"]
    assert [reached(possible, each) for each in ("a/", "a/t/", "a/t/data/")] == [()] * 3
    assert [each.called for each in reached(likely, "a/t/data/")] == ["data files"]


def test_layouts_near_a_prefix_are_those_at_above_and_below_it() -> None:
    roots = ["", "a/", "a/b/", "a/b/c/", "a/c/", "a0/", "b/"]
    near = Near(Found(DELTA_LAKE, each) for each in reversed(roots))
    for prefix in ("", "a", "a/", "a/b", "a/b/c/d/", "c/"):
        right = [each for each in roots if each.startswith(prefix) or prefix.startswith(each)]
        assert [each.root for each in near.to(prefix)] == right[::-1]


def test_a_table_inside_another_one_of_its_kind_counts_there() -> None:
    outer, inner = Found(HUDI, "h/"), Found(HUDI, "h/.hoodie/metadata/")
    other = Found(DELTA_LAKE, "h/x/")
    assert outermost([inner, other, outer]) == (outer, other)
    assert enclosing([inner, outer])[inner] is outer


@pytest.mark.parametrize(
    ("prefix", "parts"),
    [
        ("", ["transaction log", "data files"]),
        ("lake/o", ["transaction log", "data files"]),
        ("lake/o/", ["transaction log", "data files"]),
        ("lake/o/_", ["transaction log", "data files"]),
        ("lake/o/_delta_log/", ["transaction log"]),
        ("lake/o/_delta_log/0", ["transaction log"]),
        ("lake/o/day=1/", ["data files"]),
        ("lake/p/", []),
        ("lake/orders/", []),
    ],
)
def test_a_rule_reaches_the_parts_in_which_a_key_may_begin_with_its_prefix(
    prefix: str, parts: list[str]
) -> None:
    assert [each.called for each in reached(Found(DELTA_LAKE, "lake/o/"), prefix)] == parts


def test_the_page_on_layouts_is_that_of_the_table() -> None:
    assert layouts.FILE.read_text(encoding="utf-8") == layouts.page(), "run `make docs`"
