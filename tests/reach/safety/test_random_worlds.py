"""Random registries and storage, from `gc refs` to `gc audit`: nothing needed is an orphan.

The oracle knows the form of the lines (docs/references.md) and the rules of safety alone, and none
of the code: what any reading of a reference may mean is needed, and only what is written down as
not needed, or lies in the folder of a run that nobody knows, may be an orphan, once it is old.
"""

from __future__ import annotations

import csv
import json
import random
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from firnline.cli import main
from tests.inventory.facts.written import VERSIONS, write
from tests.reach.registries.fleets import fleet_folder, gc_refs

FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
MADE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
ID = "0123456789abcdef" * 2
SEGMENTS = (
    *("a", "ab", "a-b", "a.b", "a b", "a%20b", "a+b", "a#1", "a?v=1", "a%23", "é", "e\u0301", ""),
    *(ID, ID.replace("0", "1"), "artifacts", "checkpoints", "%2F"),
)
BUCKETS = ("lab-one", "lab-two")
LEAST, QUIET = 7, 7
Line = dict[str, Any]


@pytest.mark.slow
def test_no_random_world_has_a_needed_orphan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    orphans = 0
    for seed in range(WORLDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        world = World(random.Random(seed))
        found = audited(world, folder, capsys)
        for where, reason in found.items():
            assert world.may_be_orphan(*where), (seed, where, reason, world.lines)
        orphans += len(found)
    assert orphans > WORLDS  # otherwise it shows nothing


WORLDS = 40


def audited(
    world: World, folder: Path, capsys: pytest.CaptureFixture[str]
) -> dict[tuple[str, str], str]:
    """The orphans, by bucket and key."""
    program = folder / "print.jsonl"
    program.write_text("".join(json.dumps(each) + "\n" for each in world.printed), encoding="utf-8")
    (folder / "paths.json").write_text(json.dumps([{"uri": each} for each in world.uris]))
    command = "[cat, ../print.jsonl]"
    fleet_folder(
        folder,
        f"  mine: {{exec: {{command: {command}}}}}\n"
        '  paths: {json: {file: ../paths.json, path: "[*].uri", may_be_empty: a new registry}}\n',
    )
    refs, csv_file = folder / "refs.jsonl", folder / "unneeded.csv"
    assert gc_refs(folder, "--out", str(refs)) == 0, capsys.readouterr()
    manifests = [
        str(write(folder / bucket, world.rows(bucket), FIELDS, bucket=bucket, made=MADE))
        for bucket in BUCKETS
    ]
    audit = ["gc", "audit", *manifests, "--references", str(refs), "--out", f"csv:{csv_file}"]
    assert main(audit) == 0, capsys.readouterr()
    capsys.readouterr()
    with csv_file.open(encoding="utf-8", newline="") as lines:
        rows = [each for each in csv.DictReader(lines) if each["class"] == "orphan"]
    return {(each["bucket"], each["key"]): each["reason"] for each in rows}


class World:
    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        keys = sorted({self._key() for _ in range(40)})
        self.stored = {
            (dice.choice(BUCKETS), key): dice.choice((1, 6, 8, 30, 30, 300)) for key in keys if key
        }
        self.lines = [self._line() for _ in range(dice.randint(2, 12))]
        self.uris = [self._uri() for _ in range(dice.randint(0, 2))]
        now = datetime.now(UTC).isoformat()
        certificate = {"began": now, "ended": now, "pages": 1, "count": 1, "independent_count": 1}
        always = {
            "reference": {"bucket": "elsewhere", "key": "x", "because": ["so that it is not empty"]}
        }
        self.printed = [always, *self.lines, {"certificate": certificate}]

    def rows(self, bucket: str) -> list[dict[str, Any]]:
        return [
            {
                "Key": key,
                "Size": 1000,
                "StorageClass": "STANDARD",
                "LastModifiedDate": MADE - timedelta(days=age),
                "VersionId": "v",
                "IsLatest": True,
                "IsDeleteMarker": False,
            }
            for (in_bucket, key), age in self.stored.items()
            if in_bucket == bucket
        ]

    def may_be_orphan(self, bucket: str, key: str) -> bool:
        if self.stored[bucket, key] < LEAST or self._is_needed(bucket, key):
            return False
        unneeded = [
            prefix
            for said in self._said("unneeded")
            for in_bucket, prefix in (as_written(said),)
            if in_bucket == bucket and covers(said.get("kind", "dir"), prefix, key)
        ]
        if unneeded:
            return not any(self._is_loud(bucket, prefix) for prefix in unneeded)
        return any(not self._is_loud(bucket, folder) for folder in self._of_missing(bucket, key))

    def _is_needed(self, bucket: str, key: str) -> bool:
        by_uri = [{"uri": each} for each in self.uris]
        return any(
            in_bucket == bucket and covers(said.get("kind", "dir"), reading, key)
            for said in (*self._said("reference"), *by_uri)
            for in_bucket, reading in readings(said)
        )

    def _is_loud(self, bucket: str, prefix: str) -> bool:
        return any(
            in_bucket == bucket and covers("dir", prefix, key) and age < QUIET
            for (in_bucket, key), age in self.stored.items()
        )

    def _of_missing(self, bucket: str, key: str) -> list[str]:
        """Folders of runs that nobody knows, in which the key lies."""
        found = []
        for said in self._said("root"):
            in_bucket, root = as_written(said)
            start = f"{root}/" if root else ""
            if in_bucket != bucket or not key.startswith(start):
                continue
            id, slash, _ = key[len(start) :].partition("/")
            if (
                slash
                and re.fullmatch(said["known_ids"], id)
                and not self._names(bucket, f"{start}{id}")
            ):
                found.append(f"{start}{id}")
        return found

    def _names(self, bucket: str, folder: str) -> bool:
        return any(
            in_bucket == bucket and f"{reading}/".startswith(f"{folder}/")
            for said in (*self._said("reference"), *({"uri": each} for each in self.uris))
            for in_bucket, reading in readings(said)
        )

    def _said(self, kind: str) -> list[Line]:
        return [each[kind] for each in self.lines if kind in each]

    def _line(self) -> Line:
        where = self._where()
        match self._dice.choice(("reference", "reference", "unneeded", "unneeded", "root")):
            case "reference":
                strength = self._dice.choice(("hold", "pin", "live", "soft"))
                return {"reference": {**where, "strength": strength, "because": ["a"]}}
            case "unneeded":
                return {"unneeded": {**where, "reason": "run_failed", "because": ["a"]}}
            case _:
                where.pop("kind", None)
                return {"root": {**where, "known_ids": "[0-9a-f]{32}", "what": "runs"}}

    def _where(self) -> Line:
        kind = self._dice.choice(
            ({}, {}, {"kind": "exact"}, {"kind": "rawprefix"}, {"kind": "dir"})
        )
        if self._dice.random() < 0.5:
            return {"uri": self._uri(), **kind}
        slash = self._dice.choice(("", "", "/"))
        return {"bucket": self._dice.choice(BUCKETS), "key": f"{self._near()}{slash}", **kind}

    def _uri(self) -> str:
        scheme = self._dice.choice(("s3", "s3", "s3a", "S3", "s3n"))
        slash = self._dice.choice(("", "", "/"))
        bucket, key = self._dice.choice(BUCKETS), self._near()
        if self._dice.random() < 0.1:
            return f"https://{bucket}.s3.eu-west-1.amazonaws.com/{key}{slash}"
        return f"{scheme}://{bucket}/{key}{slash}"

    def _near(self) -> str:
        """A key that is stored, or what is above it, perhaps spelt in another way."""
        (_, key) = self._dice.choice(sorted(self.stored))
        parts = key.split("/")
        key = "/".join(parts[: self._dice.randint(1, len(parts))]) or "a"
        respelt = (str, str, str, unquote, lambda text: unicodedata.normalize("NFC", text))
        spelt = self._dice.choice(respelt)(key)
        return spelt if spelt.strip("/") else "a"

    def _key(self) -> str:
        return "/".join(self._dice.choices(SEGMENTS, k=self._dice.randint(1, 5)))


def covers(kind: str, said: str, key: str) -> bool:
    match kind:
        case "exact":
            return key == said
        case "rawprefix":
            return key.startswith(said)
        case _:
            return said == "" or f"{key}/".startswith(f"{said}/")


def as_written(said: Line) -> tuple[str, str]:
    """Bucket and key; of a folder without the slash at its end."""
    if "uri" not in said:
        bucket, key = said["bucket"], said["key"]
    elif virtual := re.match(r"https://([^.]+)\.s3\.[a-z0-9-]+\.amazonaws\.com/(.*)", said["uri"]):
        bucket, key = virtual.groups()
    else:
        bucket, _, key = said["uri"].partition("://")[2].partition("/")
    return bucket, key.removesuffix("/") if said.get("kind", "dir") == "dir" else key


def readings(said: Line) -> set[tuple[str, str]]:
    bucket, written = as_written(said)
    if "uri" not in said:
        return {(bucket, written), (bucket, written.rstrip("/"))}
    decoded = {written, unquote(written)}
    forms = {unicodedata.normalize(form, each) for form in ("NFC", "NFD") for each in decoded}
    single = {re.sub("/{2,}", "/", each) for each in decoded | forms}
    cut = {re.split("[#?]", written)[0]}
    all_of_them = {written, *(each for each in decoded | forms | single | cut if each.strip("/"))}
    return {(bucket, each) for each in all_of_them | {each.rstrip("/") for each in all_of_them}}
