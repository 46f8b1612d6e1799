"""`firnline check`: what rules do to the layouts of readers, by names and by what is stored."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.inventory.facts.written import VERSIONS, write
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled")
MADE = datetime(2026, 11, 20, tzinfo=UTC)
BIG = 400_000
FIELDS = (*VERSIONS, "Size", "LastModifiedDate", "StorageClass")
DELTA = "lake/orders/_delta_log/00000000000000000007.json"
ICEBERG = "ice/t/metadata/00001-0193eb65-597a-7ca0-82a5-8b526d519060.metadata.json"
STATE = "infra/prod/terraform.tfstate"
SHARD = "es/indices/abcdefghijklmnopqrstuv/0/index-AbCd"
STORED = (DELTA, "lake/orders/part-0.parquet", ICEBERG, "ice/t/data/0.parquet", STATE, SHARD)
NAMED = {
    "Delta Lake table `lake/orders/`": "lake/",
    "Iceberg table `ice/t/`": "ice/t/metadata/",
    "Terraform state `infra/prod/terraform.tfstate`": "infra/",
    "Elasticsearch or OpenSearch snapshot repository `es/`": "es/",
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> str:
    return inventory(tmp_path_factory.mktemp("lab"), [row(each) for each in STORED])


def row(key: str, days: int = 100, size: int = BIG, **other: Any) -> dict[str, Any]:
    return {
        "Key": key,
        "VersionId": f"{days}",
        "IsLatest": True,
        "IsDeleteMarker": False,
        "Size": size,
        "LastModifiedDate": MADE - timedelta(days=days),
        "StorageClass": "STANDARD",
        **other,
    }


def inventory(folder: Path, rows: Iterable[dict[str, Any]]) -> str:
    return str(write(folder, list(rows), FIELDS, "Parquet", bucket="lab-data", made=MADE))


def policy(text: str) -> str:
    Path("policies/p.yaml").write_text(whole(text))
    return "policies"


def rules(*rules: dict[str, Any]) -> str:
    whole = [{"ID": f"r{nth}", "Status": "Enabled", **each} for nth, each in enumerate(rules)]
    Path("rules.json").write_text(json.dumps({"Rules": whole}))
    return "rules.json"


def found(capsys: Captured, *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    main(["check", "--select", "FL63", "--out", "json", "--today", "2026-11-21", *words])
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["diagnostics"]
    return told


def test_no_lifecycle_file_archives_a_layout_that_is_stored_without_a_warning_that_names_it(
    manifest: str, capsys: Captured
) -> None:
    moves = [
        {"Filter": {"Prefix": prefix}, "Transitions": [{"Days": 30, "StorageClass": to}]}
        for prefix in NAMED.values()
        for to in ("GLACIER", "DEEP_ARCHIVE")
    ]
    told = found(capsys, rules(*moves), "--inventory", manifest)
    assert {each["code"] for each in told} == {"FL630"}
    messages = [each["message"] for each in told]
    for named in NAMED:
        for to in ("GLACIER", "DEEP_ARCHIVE"):
            assert sum(named in each and f"to {to} at 30d" in each for each in messages) == 1


def test_no_policy_archives_a_layout_that_is_stored_without_a_warning_that_names_it(
    manifest: str, capsys: Captured
) -> None:
    units = [
        f"  r{nth}: {{prefix: {prefix}, archive_after: 90d, delete_after: never}}\n"
        for nth, prefix in enumerate(NAMED.values())
    ]
    told = found(capsys, policy(f"retain:\n{''.join(units)}"), "--inventory", manifest)
    assert [(each["code"], each["at"]["line"]) for each in told] == [
        ("FL630", 8 + nth) for nth in range(len(NAMED))
    ]
    for named, each in zip(NAMED, told, strict=True):
        assert named in each["message"]
        assert [way["do"] for way in each["remedy"]] == ["drop", "advise", "advise"]
        assert "such as STANDARD_IA" in each["help"]
        assert "until it is restored" in " ".join(each["notes"])


def test_a_warning_says_how_much_is_taken_and_when_the_first_of_it(
    manifest: str, capsys: Captured
) -> None:
    text = policy("retain: {lake: {prefix: lake/, delete_after: 120d}}")
    (one,) = found(capsys, text, "--inventory", manifest)
    assert one["code"] == "FL631"
    assert one["layout"] == {
        "layout": "Delta Lake table",
        "bucket": "lab-data",
        "prefixes": ["lake/orders/"],
        "count": 1,
        "evidence": "shown",
        "parts": ["transaction log", "data files"],
        "loss": "deleted",
        "of_old_versions": False,
        "days": 120,
        "from": None,
        "storage_class": None,
        "instead": one["layout"]["instead"],
        "stored": {
            "as_of": "2026-11-20T00:00:00Z",
            "objects": 2,
            "bytes": 2 * BIG,
            "first_day": "2026-12-10",
            "at_least": False,
            "at_most": False,
        },
    }
    assert "`VACUUM`" in one["help"]
    assert "safe to delete by age: nothing below the table" in one["notes"][1]
    assert any("2 objects, 781KiB, the first is due on 2026-12-10" in n for n in one["notes"])


def test_only_what_lies_in_the_layout_counts_and_not_what_is_archived_already(
    tmp_path: Path, capsys: Captured
) -> None:
    stored = inventory(
        tmp_path,
        [
            row(DELTA, size=900),
            row("lake/orders/old.parquet", StorageClass="DEEP_ARCHIVE"),
            row("lake/orders/new.parquet", 10),
            row("lake/orders_export/x.parquet"),
        ],
    )
    text = policy("retain: {r: {prefix: lake/, archive_after: 30d, delete_after: never}}")
    (one,) = found(capsys, text, "--inventory", stored)
    counted = one["layout"]["stored"]
    assert (counted["objects"], counted["first_day"]) == (1, "2026-12-10")
    text = policy(
        "retain: {r: {prefix: lake/orders/_delta_log/, archive_after: 30d, delete_after: never}}"
    )
    (one,) = found(capsys, text, "--inventory", stored)
    assert any(
        "nothing that this would take now: S3 moves nothing under 128KiB" in note
        for note in one["notes"]
    )


def test_the_undo_of_a_state_is_its_old_versions_unless_the_newest_stay(
    tmp_path: Path, capsys: Captured
) -> None:
    rows = [row(STATE, 3), *(row(STATE, 10 * nth, IsLatest=False) for nth in range(1, 4))]
    stored = inventory(tmp_path, rows)
    text = "versioning: enabled\nretain: {s: {prefix: infra/, delete_after: never, "
    one = found(
        capsys, policy(f"{text}old_versions: {{delete_after: 15d}}}}}}"), "--inventory", stored
    )[0]
    assert one["code"] == "FL632"
    assert one["layout"]["stored"]["objects"] == 3
    assert one["layout"]["stored"]["first_day"] == "2026-11-15"
    kept = policy(f"{text}old_versions: {{keep_newest: 5, delete_after: 15d}}}}}}")
    assert found(capsys, kept, "--inventory", stored) == []
    ends = {"Filter": {"Prefix": "infra/"}, "NoncurrentVersionExpiration": {"NoncurrentDays": 15}}
    (one,) = found(capsys, rules(ends), "--inventory", stored, "--versioning", "enabled")
    assert one["code"] == "FL632"
    assert "let the newest stay, with `NewerNoncurrentVersions`" in one["help"]
    assert found(capsys, rules(ends), "--inventory", stored, "--versioning", "off") == []


def test_what_prefixes_name_is_told_without_an_inventory(capsys: Captured) -> None:
    text = policy(
        "retain: {log: {prefix: lake/orders/_delta_log/, delete_after: never},"
        " all: {prefix: lake/orders/2020/, delete_after: 90d}}"
    )
    (one,) = found(capsys, text)
    assert one["code"] == "FL631"
    assert "the data files of the Delta Lake table `lake/orders/`" in one["message"]
    assert one["layout"]["stored"] is None
    expires = {"Filter": {"Prefix": "prod.tfstate"}, "Expiration": {"Date": "2030-01-01T00:00:00Z"}}
    (one,) = found(capsys, rules(expires))
    assert "this deletes the Terraform state `prod.tfstate` on 2030-01-01" in one["message"]
    assert one["layout"]["from"] == "2030-01-01"


def test_what_is_only_alike_or_is_read_at_once_is_no_finding(
    tmp_path: Path, capsys: Captured
) -> None:
    alike = [
        "a/my_delta_log/00000000000000000001.json",
        "a/_delta_log_old/00000000000000000001.json",
        "a/metadata/x.json",
        "a/metadata/table.metadata.json.txt",
        "a/terraform.tfstate.backup",
        "a/indices/2026/0/index-1",
        "a/hoodie/hoodie.properties",
        "AWSLogs/123456789012/CloudTrail/eu-west-1/2026/01/01/x.json.gz",
    ]
    stored = inventory(tmp_path, [row(each) for each in [*alike, DELTA]])
    moves = {"Transitions": [{"Days": 30, "StorageClass": "GLACIER_IR"}]}
    deletes = {"Expiration": {"Days": 30}}
    names = [{"Filter": {"Prefix": prefix}, **deletes} for prefix in ("a/", "AWSLogs/")]
    assert (
        found(capsys, rules({"Filter": {"Prefix": ""}, **moves}, *names), "--inventory", stored)
        == []
    )


def test_a_finding_can_be_waived_and_what_names_say_is_not_told_twice(
    manifest: str, capsys: Captured
) -> None:
    text = (
        "retain: {log: {prefix: lake/orders/_delta_log/, delete_after: 90d}}\n"
        "waivers: [{code: FL631, why: a copy that nobody reads, expires: 2027-01-31}]"
    )
    assert found(capsys, policy(text), "--inventory", manifest) == []
    assert found(capsys, policy(text)) == []
    named = policy(text.partition("\n")[0])
    (one,) = found(capsys, named, "--inventory", manifest)
    assert one["layout"]["stored"]["objects"] == 1


def test_a_lifecycle_file_is_not_told_twice_either(manifest: str, capsys: Captured) -> None:
    moves = {"Transitions": [{"Days": 90, "StorageClass": "GLACIER"}]}
    for prefix in ("lake/orders/_delta_log/", "lake/orders/_delta_log/0000"):
        file = rules({"Filter": {"Prefix": prefix}, **moves})
        (one,) = found(capsys, file, "--inventory", manifest)
        assert one["layout"]["stored"]["objects"] == 1


def test_where_tags_decide_that_are_not_known_the_number_is_the_most(
    manifest: str, capsys: Captured
) -> None:
    moves = {"Transitions": [{"Days": 120, "StorageClass": "GLACIER"}]}
    both = {"And": {"Prefix": "lake/", "Tags": [{"Key": "a", "Value": "b"}]}}
    (one,) = found(capsys, rules({"Filter": both, **moves}), "--inventory", manifest)
    counted, unknown = one["notes"][0], one["notes"][-1]
    assert "this takes at most 2 objects, 781KiB, the first is due on 2026-12-10 at the" in counted
    assert "whether these objects match the filter is not known" in unknown
    assert (one["layout"]["stored"]["at_least"], one["layout"]["stored"]["at_most"]) == (0, 1)
    large = {"And": {"Prefix": "lake/", "ObjectSizeGreaterThan": 1}}
    (one,) = found(capsys, rules({"Filter": large, **moves}), "--inventory", manifest)
    assert "this takes 2 objects, 781KiB, the first is due on 2026-12-10, by" in one["notes"][0]
    assert not one["layout"]["stored"]["at_most"]


def test_a_waiver_that_only_what_is_stored_needs_is_not_called_unused(
    manifest: str, capsys: Captured
) -> None:
    text = policy(
        "retain: {lake: {prefix: lake/, delete_after: 90d}}\n"
        "waivers: [{code: FL631, why: a copy that nobody reads, expires: 2027-01-31}]"
    )
    assert found(capsys, text, "--inventory", manifest) == []
    main(["check", text, "--today", "2026-11-21"])
    assert "FL605" not in capsys.readouterr().out


def test_many_layouts_of_one_kind_are_one_finding(tmp_path: Path, capsys: Captured) -> None:
    tables = [f"lake/{nth:03}/_delta_log/00000000000000000001.json" for nth in range(500)]
    stored = inventory(tmp_path, map(row, tables))
    text = policy("retain: {r: {prefix: lake/, delete_after: 90d}}")
    (one,) = found(capsys, text, "--inventory", stored)
    assert "500 Delta Lake tables (`lake/000/`, `lake/001/`, `lake/002/`, …)" in one["message"]
    assert one["layout"]["stored"]["objects"] == 500


def test_a_listing_tells_the_same_as_an_inventory(manifest: str, capsys: Captured) -> None:
    created = (MADE - timedelta(days=100)).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = [
        {"Key": each, "Size": BIG, "LastModified": created, "StorageClass": "STANDARD"}
        for each in STORED
    ]
    Path("listing.json").write_text(json.dumps({"Contents": rows}))
    text = policy("retain: {r: {prefix: '', archive_after: 90d, delete_after: 2y}}")
    by_listing = found(capsys, text, "--inventory", "listing.json")
    by_inventory = found(capsys, text, "--inventory", manifest)
    assert len(by_listing) == 8
    for one, other in zip(by_listing, by_inventory, strict=True):
        assert one["message"] == other["message"]
        counted = ("objects", "bytes", "first_day")
        assert all(one["layout"]["stored"][c] == other["layout"]["stored"][c] for c in counted)


def test_a_move_to_intelligent_tiering_archives_where_a_bucket_has_archive_tiers(
    tmp_path: Path, capsys: Captured
) -> None:
    file = rules(
        {
            "Filter": {"Prefix": ""},
            "Transitions": [{"Days": 30, "StorageClass": "INTELLIGENT_TIERING"}],
        }
    )
    tiered: dict[str, Any] = {
        "StorageClass": "INTELLIGENT_TIERING",
        "IntelligentTieringAccessTier": "ARCHIVE",
    }
    for tier, codes in (("ARCHIVE_ACCESS", ["FL630"]), ("ARCHIVE_INSTANT_ACCESS", [])):
        other = {**tiered, "IntelligentTieringAccessTier": tier}
        rows = [row(DELTA), row("lake/orders/part-0.parquet"), row("tmp/x", **other)]
        fields = (*FIELDS, "IntelligentTieringAccessTier")
        made = write(tmp_path / tier, rows, fields, "Parquet", bucket="lab-data", made=MADE)
        told = found(capsys, file, "--inventory", str(made))
        assert [each["code"] for each in told] == codes
    policies = policy(
        "storage_classes: {warm: INTELLIGENT_TIERING}\n"
        "retain: {r: {prefix: lake/, warm_after: 30d, delete_after: never}}"
    )
    made = write(
        tmp_path / "again",
        [row(DELTA), row("x", **tiered)],
        fields,
        "Parquet",
        bucket="lab-data",
        made=MADE,
    )
    (one,) = found(capsys, policies, "--inventory", str(made))
    assert "to INTELLIGENT_TIERING at 30d" in one["message"]
    assert one["layout"]["stored"]["objects"] == 1


def test_what_only_looks_like_an_iceberg_table_is_told_as_such_until_an_inventory_decides_it(
    manifest: str, capsys: Captured
) -> None:
    moves = {"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}
    levels = {
        "warehouse/sales/orders/metadata/": "warning",
        "team/photos/metadata/": "note",
        "photos/metadata/": None,
        "metadata/": None,
    }
    file = rules(*({"Filter": {"Prefix": prefix}, **moves} for prefix in levels))
    told = {f"{each['layout']['prefixes'][0]}metadata/": each for each in found(capsys, file)}
    assert {each: told[each]["severity"] if each in told else None for each in levels} == levels
    assert found(capsys, file, "--inventory", manifest) == []
    unit = "{prefix: warehouse/sales/orders/metadata/, archive_after: 90d, delete_after: never}"
    text = policy(f"retain: {{r: {unit}}}")
    (one,) = found(capsys, text)
    assert "what looks like the Iceberg table `warehouse/sales/orders/`" in one["message"]
    assert "if it is no Iceberg table, waive this finding" in one["help"]
    assert one["layout"]["evidence"] == "likely"
    assert found(capsys, text, "--inventory", manifest) == []
    archives = policy(
        "retain: {r: {prefix: ice/t/metadata/, archive_after: 9d, delete_after: never}}"
    )
    assert [each["severity"] for each in found(capsys, archives)] == ["note"]
    (one,) = found(capsys, archives, "--inventory", manifest)
    assert (one["layout"]["evidence"], one["severity"]) == ("shown", "warning")


def test_what_is_deleted_before_it_is_moved_is_told_as_deleted_alone(
    tmp_path: Path, capsys: Captured
) -> None:
    rows = [row(DELTA), row("lake/orders/a/1.parquet", 5), row("lake/orders/b/2.parquet", 5)]
    stored = inventory(tmp_path, rows)
    moves = {
        "Filter": {"Prefix": "lake/"},
        "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
    }

    def codes(deleted: str, days: int, *words: str) -> list[str]:
        ends = {"Filter": {"Prefix": deleted}, "Expiration": {"Days": days}}
        return sorted(each["code"] for each in found(capsys, rules(moves, ends), *words))

    named = {**moves, "Filter": {"Prefix": "lake/orders/_delta_log/"}}
    ends = {"Filter": {"Prefix": "lake/"}, "Expiration": {"Days": 10}}
    assert [each["code"] for each in found(capsys, rules(named, ends))] == ["FL631"]
    assert codes("lake/", 10, "--inventory", stored) == ["FL631"]
    assert codes("lake/", 91, "--inventory", stored) == ["FL630", "FL631"]
    part = rules(moves, {"Filter": {"Prefix": "lake/orders/a/"}, "Expiration": {"Days": 90}})
    one, other = found(capsys, part, "--inventory", stored)
    assert (one["code"], other["code"]) == ("FL630", "FL631")
    assert "this takes 2 objects" in one["notes"][0]
    assert "another rule deletes 1 more before" in one["notes"][0]


def test_a_review_tells_of_a_change_what_the_inventory_recognises(
    manifest: str, capsys: Captured
) -> None:
    lake = "  lake: {prefix: lake/, delete_after: 120d}\n"
    Path("before").mkdir()
    policy(f"retain:\n{lake}")
    Path("policies/p.yaml").rename("before/p.yaml")
    metadata = "  m: {prefix: warehouse/a/b/metadata/, archive_after: 90d, delete_after: never}\n"
    ice = "  ice: {prefix: ice/, archive_after: 90d, delete_after: never}\n"
    policy(f"retain:\n{ice}{metadata}{lake}")

    def new(*words: str) -> list[str]:
        capsys.readouterr()
        main(["diff", "before", "policies", "--out", "json", *words])
        told = json.loads(capsys.readouterr().out)["findings"]["new"]
        return [each["message"] for each in told if each["code"].startswith("FL63")]

    (named,) = new()
    assert "what looks like the Iceberg table `warehouse/a/b/`" in named
    (stored,) = new("--inventory", manifest, "--as-of", "2026-11-21")
    assert "the metadata and data files of the Iceberg table `ice/t/`" in stored
