"""What the commands of `firnline gc` say of a file that is none of theirs: which, why, and what to
do."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest

from firnline.cli import main
from tests.cli.test_gc_audit import manifest, references

__all__ = ["manifest"]
Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled")
FLEET = """\
firnline: fleet/v1
namespace: acme
accounts: {prod: {id: "111122223333", regions: us-east-1}}
registries: {models: {json: {file: models.json, path: artifacts}}}
"""
WRITE_ONE = "name the file that `firnline gc refs --out FILE` wrote"
WRITE_IT = "write it with `firnline gc refs --out absent.jsonl` where the registries can be reached"
AN_AUDIT = "name what `firnline gc audit --out json:FILE` or `parquet:FILE` wrote"
AN_INVENTORY = "name the manifest.json of an inventory, or write one with `firnline inventory list"


@pytest.fixture(autouse=True)
def files(manifest: str) -> str:
    references()
    whole = Path("refs.jsonl").read_bytes()
    Path("folder").mkdir()
    Path("empty").touch()
    Path("refs.jsonl.gz").write_bytes(gzip.compress(whole))
    Path("cut.jsonl").write_bytes(whole[:-30])
    Path("latin.jsonl").write_bytes(whole.replace(b"alias champion", b"alias \xe9"))
    Path("later.jsonl").write_bytes(whole.replace(b"references/v1", b"references/v2"))
    Path("list.json").write_text("[]")
    Path("object.json").write_text(json.dumps({"buckets": []}))
    Path("other.json").write_text(json.dumps({"schema_version": 9}))
    Path("text").write_text("text")
    Path("bytes").write_bytes(b"\xff\xfe")
    Path("half.parquet").write_bytes(b"PAR1")
    Path("unproved").mkdir()
    Path("unproved/manifest.json").write_text("{}")
    Path("policies").mkdir()
    Path("policies/fleet.yaml").write_text(FLEET)
    return manifest


def said(capsys: Captured, *words: str, code: int = 2) -> str:
    try:
        ended = main(["gc", *words])
    except SystemExit as end:
        ended = int(end.code or 0)
    captured = capsys.readouterr()
    assert (ended, captured.out) == (code, "")
    return " ".join(captured.err.split())


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("absent/manifest.json", f"absent/manifest.json is not there: {AN_INVENTORY}"),
        ("my-bucket", f"my-bucket is not there: {AN_INVENTORY}"),
        ("absent@2026-11-28", f"absent@2026-11-28 is not there: {AN_INVENTORY}"),
        ("s3://", "s3:// names no bucket: write s3://BUCKET/…/manifest.json"),
        ("text", "text is no inventory: name its manifest.json"),
        ("unproved/manifest.json", "manifest.checksum beside it, which S3 writes last: download"),
        ("folder@2026-11-28", "folder has no files: name the folder with the Parquet files"),
        ("", "argument INVENTORY: nothing is named"),
    ],
)
def test_what_is_no_inventory(named: str, problem: str, capsys: Captured) -> None:
    assert problem in said(capsys, "audit", named, "--references", "refs.jsonl")


NO_REFERENCES = [
    ("absent.jsonl", f"absent.jsonl is not there: {WRITE_IT}, or name another file"),
    ("folder", f"folder is a folder, not a file: {WRITE_ONE}"),
    ("text", f"text is no references file: {WRITE_ONE}"),
    ("object.json", f"object.json is no references file: {WRITE_ONE}"),
    ("refs.jsonl.gz", "refs.jsonl.gz is compressed by gzip: decompress it (`gunzip --keep`)"),
    ("s3://lab/refs.jsonl", "is read from disk: `aws s3 cp s3://lab/refs.jsonl .`"),
    ("later.jsonl", "is of the form references/v2, and this version of Firnline reads"),
    ("-", "references are not read from stdin: save them in a file, and name"),
    ("", "argument --references: nothing is named"),
]
DAMAGED = [
    ("empty", "empty is empty: write it again with `firnline gc refs --out FILE`"),
    ("bytes", "bytes begins with a byte order mark, so another program saved it: write it again"),
    ("cut.jsonl", "write it again with `firnline gc refs --out cut.jsonl`"),
    ("latin.jsonl", "latin.jsonl is damaged: it is not UTF-8 throughout: delete it, and"),
]


@pytest.mark.parametrize(("named", "problem"), NO_REFERENCES)
def test_what_is_no_references_file(named: str, problem: str, files: str, capsys: Captured) -> None:
    assert problem in said(capsys, "audit", files, "--references", named)
    assert problem in said(capsys, "why", "s3://lab/exp", "--references", named)


@pytest.mark.parametrize(("named", "problem"), DAMAGED)
def test_a_damaged_references_file_gives_no_verdict(
    named: str, problem: str, files: str, capsys: Captured
) -> None:
    assert problem in said(capsys, "audit", files, "--references", named, code=1)
    assert problem in said(capsys, "why", "s3://lab/exp", "--references", named, code=1)


def test_references_that_are_read_twice_do_not_come_through_a_pipe(
    files: str, capsys: Captured
) -> None:
    os.mkfifo("pipe")
    with Popen(["cp", "refs.jsonl", "pipe"], stderr=DEVNULL):
        told = said(capsys, "audit", files, "--references", "pipe")
    assert "pipe is a pipe or a device, and references are read more than once: save them" in told


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("absent", f"absent is not there: {AN_AUDIT}; leave --previous out where there is none"),
        ("folder", f"folder is a folder, not a file: {AN_AUDIT}"),
        ("empty", f"empty is empty: {AN_AUDIT}"),
        ("text", "text is no earlier audit: it is not JSON (line 1"),
        ("bytes", "bytes is no earlier audit: it is not JSON"),
        (
            "list.json",
            f"list.json is no earlier audit: it is JSON, but of something else: {AN_AUDIT}",
        ),
        ("object.json", "object.json is no earlier audit: it is JSON, but of something else"),
        ("half.parquet", "half.parquet is no earlier audit: its Parquet is damaged"),
        ("other.json", "other.json is no earlier audit: its `schema_version` is not 1"),
        ("", "argument --previous: nothing is named"),
    ],
)
def test_what_is_no_earlier_audit(named: str, problem: str, files: str, capsys: Captured) -> None:
    words = ("audit", files, "--references", "refs.jsonl", "--previous", named)
    assert problem in said(capsys, *words)


@pytest.mark.parametrize(
    ("out", "problem"),
    [
        ("json:folder", "folder is a folder: name a file in it"),
        ("parquet:absent/x", "absent/x cannot be written, as there is no folder absent"),
        ("parquet", "name the file of --out parquet:FILE"),
    ],
)
def test_an_output_that_cannot_be_written_is_named_before_anything_is_read(
    out: str, problem: str, capsys: Captured
) -> None:
    words = ("audit", "absent/manifest.json", "--references", "absent.jsonl", "--out", out)
    assert problem in said(capsys, *words)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--previous", "absent"), "absent is not there: name an earlier one"),
        (("--out", "text"), "text is no references file: --out replaces nothing else"),
        (("--out", "cut.jsonl"), "so the last complete answers are not known: to compare"),
        (("--out", "absent/refs"), "as there is no folder absent: make it first"),
        (("policies/fleet.yaml",), "policies/fleet.yaml is a file: name the folder"),
    ],
)
def test_what_references_are_not_compared_with(
    words: tuple[str, ...], problem: str, capsys: Captured
) -> None:
    assert problem in said(capsys, "refs", *words)


def test_references_are_not_compared_with_an_empty_file(capsys: Captured) -> None:
    earlier = said(capsys, "refs", "--previous", "empty", code=1)
    assert "empty is empty: name an earlier one" in earlier
    replaced = said(capsys, "refs", "--out", "empty", code=1)
    assert "empty is empty: --out replaces nothing else: delete it" in replaced


def test_a_fleet_without_registries_is_told_how_one_is_written(capsys: Captured) -> None:
    Path("policies/fleet.yaml").write_text("".join(FLEET.splitlines(keepends=True)[:-1]))
    assert "names no registries: add some, such as `registries: {models:" in said(capsys, "refs")


def test_mlflow_check_says_which_registries_are_of_mlflow(capsys: Captured) -> None:
    assert "has no registry of MLflow: add one" in said(capsys, "mlflow-check")
    Path("policies/fleet.yaml").write_text(
        FLEET.replace("{models:", '{ml: {mlflow: {tracking_uri: "sqlite:///a"}}, models:')
    )
    told = said(capsys, "mlflow-check", "--registry", "models")
    assert "no registry of MLflow is named: name `--registry ml`" in told
