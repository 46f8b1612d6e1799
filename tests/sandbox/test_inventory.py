"""`python -m sandbox inventory`: each bucket is listed every day, as S3 Inventory does it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from firnline.cli import main
from firnline.fleet.inventory_bucket import InBucket
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.table import Facts
from sandbox import emulator_process
from sandbox.environment import point_at
from sandbox.inventory import FORMATS
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State, read_state
from sandbox.world.accounts import BUCKETS, CENTRAL, DEV, INVENTORY
from sandbox.world.objects import versions_in

Sandbox = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxPaths]:
    paths = SandboxPaths(tmp_path_factory.mktemp("root"))
    emulator_process.up(paths)
    yield paths
    emulator_process.down(paths)


@pytest.fixture(scope="module")
def sandbox(paths: SandboxPaths) -> Sandbox:
    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "sandbox", "--root", str(paths.root), *words],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


def stored(facts: Facts) -> Counter[tuple[str, str, bool]]:
    columns = (Column.KEY, Column.VERSION_ID, Column.IS_DELETE_MARKER)
    with facts:
        return Counter(
            tuple(row.values()) for batch in facts.batches(*columns) for row in batch.to_pylist()
        )


def test_a_new_world_has_an_inventory_of_each_bucket_as_it_is(
    paths: SandboxPaths, sandbox: Sandbox
) -> None:
    told = dict(line.split() for line in sandbox("inventory").stdout.splitlines())
    assert sorted(told) == sorted(bucket.name for bucket in BUCKETS)
    assert told[DEV.name].startswith(f"s3://acme-inventory-use1/{DEV.name}/daily/2")
    path = Path(sandbox("inventory", DEV.name).stdout.strip())
    assert path == paths.inventories(_state(paths).world) / told[DEV.name].removeprefix("s3://")
    on_disk = stored(open_inventory([OnDisk(path)]))
    expected = versions_in(DEV, open_inventory([OnDisk(path)]).as_of)
    assert on_disk == Counter((each.key, each.version_id, each.is_marker) for each in expected)
    assert stored(open_inventory([in_s3(paths, told[DEV.name])])) == on_disk


def test_each_day_has_an_inventory_in_the_format_that_was_asked_for(sandbox: Sandbox) -> None:
    assert sandbox("inventory", "--format", "ORC").returncode == 0
    before = Path(sandbox("inventory", DEV.name).stdout.strip())
    assert '"fileFormat": "ORC"' in before.read_text()
    moved = sandbox("advance", "3d").stdout
    assert "acme-inventory" not in moved
    after = Path(sandbox("inventory", DEV.name).stdout.strip())
    days = sorted(each.name for each in after.parents[1].iterdir() if each.name != "data")
    assert after.parent.name == days[-1]
    assert [day[10:] for day in days[-3:]] == ["T01-00Z"] * 3
    assert stored(open_inventory([OnDisk(after)])) == stored(open_inventory([OnDisk(before)]))


def test_a_bucket_that_the_world_does_not_have_is_wrong_use(sandbox: Sandbox) -> None:
    asked = sandbox("inventory", "nowhere")
    assert (asked.returncode, asked.stdout) == (2, "")
    assert asked.stderr == "error: the sample world has no bucket `nowhere`\n"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("words", [["forecast", "--inventory"], ["inventory", "report"]])
def test_a_command_names_the_file_that_is_damaged_or_missing_and_tells_nothing_else(
    form: str,
    words: list[str],
    sandbox: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.json").write_text('{"Rules": []}')
    words = [words[0], "rules.json", *words[1:]] if words[0] == "forecast" else words
    assert sandbox("inventory", "--format", form).returncode == 0
    delivered = Path(sandbox("inventory", DEV.name).stdout.strip())
    copied = tmp_path / DEV.name / INVENTORY
    shutil.copytree(delivered.parents[1], copied)
    manifest = copied / delivered.parent.name / delivered.name

    def told() -> str:
        code = main([*words, str(manifest)])
        out, err = capsys.readouterr()
        assert (out == "") is bool(code)
        return " ".join(err.split()) if code else ""

    assert told() == ""
    name = json.loads(manifest.read_text())["files"][0]["key"].rpartition("/")[2]
    file = copied / "data" / name
    for damaged in (file, manifest):
        content = damaged.read_bytes()
        flipped = bytearray(content)
        flipped[len(content) // 2] ^= 1
        damaged.write_bytes(flipped)
        assert re.search(rf"{damaged.name} is not what S3 wrote, by (its|the) MD5", told())
        damaged.write_bytes(content)
    file.unlink()
    assert re.search(rf"names a data file that is not here, `\S*{name}`", told())


def in_s3(paths: SandboxPaths, uri: str) -> InBucket:
    """As the account reads it that owns the inventory buckets."""
    state = _state(paths)
    client = boto3.client(
        "s3",
        endpoint_url=state.endpoint,
        aws_access_key_id=state.access_key_id,
        aws_secret_access_key=state.secret_access_key,
        region_name="us-east-1",
    )
    return InBucket(client, CENTRAL.id, uri)


def _state(paths: SandboxPaths) -> State:
    state = read_state(paths.state)
    assert state is not None
    return state


def test_the_savings_on_the_buckets_of_one_region_are_one_sentence(sandbox: Sandbox) -> None:
    told = sandbox("savings")
    assert told.returncode == 0, told.stderr
    first, second = re.findall(r"\$([0-9.]+)", told.stdout)
    assert 0 < float(first) < float(second)
    assert "(5 buckets in us-east-1, prices of 2026-09-28, nothing new written)" in told.stdout
    assert all(len(line) <= 80 for line in told.stdout.splitlines())


def test_forecast_finds_what_is_known_of_a_bucket(paths: SandboxPaths, sandbox: Sandbox) -> None:
    """The role of its account may not read the inventory bucket: its owner, who calls, may."""
    environment = point_at(_state(paths), paths, os.environ, None).applied_to(os.environ)

    def forecast(*words: str) -> Any:
        ran = subprocess.run(
            [sys.executable, "-m", "firnline", "forecast", *words, "--months", "1", "--out=json"],
            cwd=CHECKOUT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    path = sandbox("inventory", DEV.name).stdout.strip()
    as_of = ("--as-of", Path(path).parent.name[:10])
    assert forecast("--bucket", DEV.name, *as_of) == forecast("--inventory", path, *as_of)
