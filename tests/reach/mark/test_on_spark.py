"""An audit inside Spark is that of one machine; what is not proved whole gives no verdict."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from firnline.cli import main
from firnline.inventory.summary.file import read_summary
from firnline.inventory.summary.rows import RowKind
from firnline.reach.location import Location, LocationKind
from firnline.reach.reference_file import to_lines
from firnline.reach.reference_lines import Line
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)
from firnline.reach.source import Certificate
from tests import install
from tests.inventory.facts.written import MADE, VERSIONS, write
from tests.reach.mark.test_classes import _FLEET, _POLICY

FIELDS = (
    *VERSIONS,
    "Size",
    "LastModifiedDate",
    "StorageClass",
    "IntelligentTieringAccessTier",
    "ReplicationStatus",
    "ObjectLockRetainUntilDate",
    "ObjectLockLegalHoldStatus",
    "ObjectTags",
    "UploadId",
)
LIFECYCLE = {
    "Rules": [
        {
            "ID": "newest",
            "Filter": {"Prefix": "m/"},
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 1},
        }
    ]
}
READ = MADE + timedelta(hours=5)
SEGMENTS = ("m", "k", "h", "l", "ab", "a-", "a.", "x%2Fy", "e\u0301", "é", "", "1.pt", "2.pt", "😀")
CLASSES = ("STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "GLACIER")
DRIVER = """
import sys
from firnline.cli.gc_audit_on_spark import main
for words in sys.argv[1:]:
    print("exit", main(words.split("|")), flush=True)
"""


def rows(some: random.Random) -> list[dict[str, Any]]:
    found = []
    for number in range(3000):
        first = some.choices([(), ("runs", "é")], [20, 1])[0]
        key = "/".join((*first, *some.choices(SEGMENTS, k=some.randint(1, 6))))
        if some.random() < 0.01:
            key = (key + "z" * 1024)[: 1024 - len(key.encode()) + len(key)]
        found.append(
            {
                "Key": key if key and some.random() < 0.5 else f"{key}/{number}",
                "Size": some.choice([0, 1, 200_000, 2**33]),
                "LastModifiedDate": MADE - timedelta(days=some.choice([1, 8, 20, 100, 100, 100])),
                "StorageClass": (of := some.choice(CLASSES)),
                "IntelligentTieringAccessTier": "FREQUENT" if of == CLASSES[2] else None,
                "VersionId": f"v{number}",
                "IsLatest": some.random() < 0.9,
                "IsDeleteMarker": some.random() < 0.05,
                "ReplicationStatus": some.choice([None, None, "PENDING"]),
                "ObjectLockRetainUntilDate": some.choice([None, None, MADE + timedelta(days=9)]),
                "ObjectLockLegalHoldStatus": some.choice([None, "Off", "On"]),
                "ObjectTags": some.choice(["", "team=a%26b&stage=prod", "team=c"]),
            }
        )
    found += [
        {"Key": f"m/{number}", "Size": 7, "LastModifiedDate": MADE, "UploadId": f"u{number}"}
        for number in range(9)
    ]
    latest: dict[str, int] = {}
    for number, row in enumerate(found[:3000]):
        row["IsLatest"] = row["IsLatest"] and latest.setdefault(str(row["Key"]), number) == number
    return found


def lines(some: random.Random) -> list[Line]:
    found: list[Line] = [
        Root(Location("b", LocationKind.DIR, "m"), "ab|a[-.]|x%2Fy", "runs"),
        Reference(Location("b", LocationKind.DIR, "runs/é"), Strength.LIVE, ("run é",), "ann"),
        CheckpointRule(
            Location("b", LocationKind.DIR, "runs/é"), ("*.pt",), 1, False, ("run é", "policy lab")
        ),
    ]
    for number in range(60):
        key = "/".join(some.choices(SEGMENTS, k=some.randint(2, 4)))
        place = Location("b", some.choice([*LocationKind]), key)
        if number % 2:
            strength = some.choice([*Strength])
            found.append(Reference(place, strength, (f"model {number}",), some.choice("abc")))
        else:
            reason = some.choice([*OrphanReason])
            found.append(Unneeded(place, reason, (f"run {number}",), None, some.choice("abc")))
    return found


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newest.json").write_text(json.dumps(LIFECYCLE))
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/lab.yaml").write_bytes(_POLICY)
    (tmp_path / "policies/fleet.yaml").write_bytes(_FLEET)
    some = random.Random(7)
    said = lines(some)
    whole = Certificate(READ, READ, 1, len(said), independent_count=len(said), counted_by="count")
    named = [("mlflow", "mlflow", each) for each in (*said, whole)]
    (tmp_path / "refs.jsonl").write_text("".join(to_lines(READ, named)), encoding="utf-8")
    write(tmp_path / "whole", rows(some), FIELDS, "Parquet", bucket="b", parts=5)
    write(tmp_path / "altered", rows(some), FIELDS, "Parquet", bucket="b")
    data = next((tmp_path / "altered").rglob("part-1.parquet"))
    content = bytearray(data.read_bytes())
    content[len(content) // 2] ^= 1
    data.write_bytes(bytes(content))
    return tmp_path


def submitted(project: Path, *commands: tuple[str, ...]) -> str:
    """What a driver on two threads prints, which runs these audits."""
    calm = ["spark.ui.enabled=false", "spark.ui.showConsoleProgress=false"]
    here = ["spark.driver.host=127.0.0.1", "spark.driver.bindAddress=127.0.0.1"]
    small = ["spark.sql.shuffle.partitions=2", "spark.driver.extraJavaOptions=-XX:+UseSerialGC"]
    conf = " ".join(f"--conf {each}" for each in (*calm, *here, *small))
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, *("|".join(each) for each in commands)],
        cwd=project,
        env={
            **os.environ,
            "PYTHONPATH": str(install.spark()),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": f"--master local[2] {conf} pyspark-shell",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def manifest(project: Path, name: str) -> str:
    return str(next((project / name).rglob("manifest.json")))


@pytest.mark.slow
def test_spark_gives_the_answer_and_summary_of_one_machine_and_none_on_an_altered_file(
    project: Path,
) -> None:
    files = ("--references", "refs.jsonl", "--policies", "policies")
    detail = ("--for", "policies", "--for", "newest.json", "--tag", "team", "--depth", "3")
    summary = ("--summary", (project / "spark.parquet").as_uri(), *detail)
    whole, altered = manifest(project, "whole"), manifest(project, "altered")
    told = submitted(
        project,
        (altered, *files, "--unneeded", str(project / "none")),
        (whole, *files, "--unneeded", str(project / "out"), "--sums", "spark.json", *summary),
    )
    exits = [line for line in told.splitlines() if line.startswith("exit")]
    assert exits == ["exit 2", "exit 0"], told
    assert (
        "names data files that are not there as S3 wrote them, by their sizes and MD5 (1 of 2)"
        in " ".join(told.split())
    )
    assert not (project / "none").exists()
    command = ["gc", "audit", whole, *files, "--out", "json:one.json", "--out", "parquet:one.pq"]
    assert main(command) == 0
    one = summed(project / "one.json")
    assert summed(project / "spark.json") == one
    classes = {share["class"] for share in one["buckets"][0]["shares"]}
    assert classes == {"active", "orphan", "recent", "kept", "unclassified"}
    assert one["missing"], "references without objects are compared, too"
    assert {share.get("reason") for share in one["buckets"][0]["shares"]} >= {
        "run_missing",
        "intermediate_checkpoint",
        "unreferenced",
    }
    assert main(["inventory", "summary", whole, "--into", "one.parquet", *detail]) == 0
    content = (project / "spark.parquet").read_bytes()
    assert content == (project / "one.parquet").read_bytes()
    (found,) = read_summary(content, "it").buckets
    assert found.cut.together
    assert max(len(stack) for stack in found.stacks) > 2
    assert {row.kind for row in found.rows} == {*RowKind}
    assert len(found.cut.prefixes) > 10, "it is cut at folders, too"
    assert unneeded(project / "out/what=unneeded/*.parquet") == unneeded(project / "one.pq")


def summed(file: Path) -> Any:
    """Sums of dollars are of floating-point numbers, in another order."""
    found = json.loads(file.read_text(), parse_float=lambda text: round(float(text), 4))
    for bucket in found["buckets"]:
        del bucket["facts"]  # which says in words which file it is
    return found


def unneeded(files: Path) -> list[str]:
    found = pl.read_parquet(files, hive_partitioning=False)
    assert found.schema["last_modified"] == pl.Datetime("us", "UTC")
    return sorted(map(repr, found.select(pl.exclude("objects", "usd_month")).rows()))
