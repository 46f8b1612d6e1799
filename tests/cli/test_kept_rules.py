"""What each command says where rules of others are kept: theirs are told as theirs."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest

from firnline.cli import main
from firnline.cli.schema import printed
from firnline.language.checks.lock_examples import FLEET, lock_file
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from tests.cli.reference_files import needed, write_references

Captured = pytest.CaptureFixture[str]
RULES = [
    {
        "ID": "by-hand",
        "Status": "Enabled",
        "Filter": {"Prefix": "tmp/"},
        "Expiration": {"Days": 20},
    },
    {
        "ID": "old-style",
        "Status": "Enabled",
        "Filter": {"Prefix": "old/"},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
    },
    {
        "ID": "end-of-project",
        "Status": "Enabled",
        "Filter": {"Prefix": "project/"},
        "Expiration": {"Date": "2030-01-31T00:00:00Z"},
    },
]
POLICY = """\
firnline: policy/v1
policy: lab
owner: lab-team
why: scratch and archives of the lab
applies_to: [{account: lab, buckets: lab-data}]
foreign_rules: keep
retain:
  models: {prefix: models/, warm_after: 30d, delete_after: 90d}
uploads: {abort_after: 7d}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    files = {"fleet.yaml": FLEET.encode(), "lab.yaml": POLICY.encode()}
    read, _ = read_files(files)
    assert read.fleet is not None
    listed = "".join(f"        - '{json.dumps(each)}'\n" for each in RULES)
    lock = lock_file(lock_digest(read.fleet, read.policies), f"      foreign_rules:\n{listed}")
    files["fleet.lock.yaml"] = lock.encode()
    for name, content in files.items():
        path = tmp_path / "policies" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def said(capsys: Captured, *words: str, code: int = 0) -> str:
    assert main(list(words)) == code
    out, err = capsys.readouterr()
    return out + err


def test_check_says_how_many_rules_of_others_are_kept(capsys: Captured) -> None:
    assert "; 3 rules of others are kept on 1 bucket" in said(capsys, "check")


def test_compile_marks_them_with_their_ids(capsys: Captured) -> None:
    lines = said(capsys, "compile", "--out", "text").splitlines()
    (ours,) = (line for line in lines if "models/" in line)
    (theirs,) = (line for line in lines if "tmp/" in line)
    assert "kept" not in ours
    assert "[kept rule `by-hand`] · deleted after 20d" in theirs


def test_explain_names_the_kept_rule_where_no_retention_decides(capsys: Captured) -> None:
    out = said(capsys, "explain", "s3://lab-data/tmp/x")
    assert "objects, delete markers: nobody: a rule of others, kept rule `by-hand`" in out
    assert "deleted for good, by kept rule `by-hand`" in out
    assert "by `firnline/" in said(capsys, "explain", "s3://lab-data/models/x")
    out = said(capsys, "explain", "s3://lab-data/elsewhere")
    assert "none, no retention covers them: they stay" in out


def test_the_schedule_fits_its_schema_and_names_them(capsys: Captured) -> None:
    main(["schedule", "--out", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, printed("schedule"))
    rows = {row["prefix"]: row for row in document["groups"][0]["rows"]}
    assert rows["tmp/"]["kept_rules"] == ["by-hand"]
    assert rows["project/"]["days"]["bytes"] == {
        "min": 0,
        "max": None,
        "no_max_because": "on-date",
        "max_by_rules": None,
        "from_date": "2030-01-31",
    }
    assert rows["models/"]["kept_rules"] == []
    main(["schedule", "--out", "html"])
    assert "kept rule `by-hand`" in capsys.readouterr().out


def test_an_expectation_that_fails_by_a_kept_rule_says_so(folder: Path, capsys: Captured) -> None:
    (folder / "policies" / "expectations.yaml").write_text(
        "firnline: expectations/v1\ncases:\n  stays: {key: tmp/x, expect: {30d: kept}}\n"
    )
    out = said(capsys, "test", code=1)
    assert "no retention covers it, but a rule of others that is kept acts" in out
    assert "kept rule `by-hand`" in out


LISTING = "list.json"
STORED = (
    ("models/a", 50),
    ("tmp/x", 15),
    ("old/a", 10),
    ("project/a", 100),
    ("other/x", 400),
)


@pytest.fixture
def listing(folder: Path) -> str:
    contents = [
        {
            "Key": key,
            "Size": 2**30,
            "LastModified": f"{date(2026, 11, 29) - timedelta(days=age)}T12:00:00Z",
            "StorageClass": "STANDARD",
        }
        for key, age in STORED
    ]
    (folder / LISTING).write_text(json.dumps({"Contents": contents}))
    return LISTING


def test_a_report_counts_what_they_delete_to_nobody(listing: str, capsys: Captured) -> None:
    as_of = ("--as-of", "2026-11-29", "--inventory", listing)
    out = said(capsys, "report", *as_of)
    assert "the policies and kept rules of others delete 1 object version" in out
    assert "Nobody can be asked about rules of others: 1 object (1GiB) deleted: tmp/." in out
    main(["report", *as_of, "--out", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, printed("retention-report"))
    lines = {line["prefix"]: line for line in document["prefixes"]}
    assert lines["tmp/"]["owners"] == ["nobody: a rule of others"]
    assert lines["tmp/"]["retentions"] == [{"kept_rules": ["by-hand"]}]
    assert lines["models/"]["owners"] == ["lab-team"]
    assert lines["other/"]["owners"] == [None]


def test_coverage_tells_what_rules_of_others_delete_apart(listing: str, capsys: Captured) -> None:
    main(["show", "--coverage", "--inventory", listing, "--out", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, printed("coverage"))
    (bucket,) = document["buckets"]
    assert bucket["of_others"]["objects"] == 2
    assert [each["prefix"] for each in bucket["prefixes"]] == ["old/", "other/"]
    out = said(capsys, "show", "--coverage", "--inventory", listing)
    assert "rules of others that are kept delete 2 object versions (2GiB" in out
    out = said(capsys, "check", "--inventory", listing, "--today", "2026-11-29")
    assert "2 object versions (2GiB) of `lab-data`" in out


def test_a_simulation_counts_what_happens_to_the_kept_rule(listing: str, capsys: Captured) -> None:
    until = ("--since", "2026-11-29", "--until", "2027-02-01")
    out = said(capsys, "simulate", listing, "--bucket", "lab-data", *until)
    assert "kept rule `by-hand`\n  deleted for good" in out
    assert "lab/models\n  " in out
    out = said(capsys, "simulate", listing, "--bucket", "lab-data", "--at", "2026-12-20")
    assert "kept rule `by-hand`" in out


def test_a_change_of_rules_of_others_is_called_theirs(folder: Path, capsys: Captured) -> None:
    shutil.copytree(folder / "policies", folder / "before")
    policy = folder / "policies" / "lab.yaml"
    policy.write_text(POLICY.replace("foreign_rules: keep", "foreign_rules: replace"))
    out = said(capsys, "diff", "before", "policies", "--fail-on", "never")
    assert "lost scope (keeps longer)  rule of others `by-hand`" in out
    main(["diff", "before", "policies", "--fail-on", "never", "--out", "json"])
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, printed("diff"))
    others = {each["where"]["text"]: each["rules_of_others"] for each in document["items"]}
    assert others["tmp/"] == ["by-hand"]


def test_what_a_registry_needs_and_a_kept_rule_deletes_is_doomed(
    folder: Path, capsys: Captured
) -> None:
    wanted = [needed("tmp/model"), needed("project/model"), needed("models/model")]
    references = str(write_references(folder / "refs.jsonl", wanted))
    out = said(capsys, "check", "--references", references, "--today", "2026-11-20", code=1)
    out = " ".join(out.split())
    assert "are deleted 20d after they were written by kept rule `by-hand`" in out
    assert "are deleted on 2030-01-31 by" in out
    assert "rule `end-of-project`, and still needed" in out
    assert "take it over with `adopts: [by-hand]`" in out
    assert "are deleted 90d after they were written, and" in out


def test_a_kept_rule_that_deletes_what_a_reader_needs_is_named(
    folder: Path, capsys: Captured
) -> None:
    lock = folder / "policies" / "fleet.lock.yaml"
    lock.write_text(lock.read_text().replace('"tmp/"', '"lake/orders/_delta_log/"'))
    out = " ".join(said(capsys, "check").split())
    assert "warning[FL63" in out
    assert "at 20d, by kept rule `by-hand`" in out


def test_nothing_is_proposed_where_rules_of_others_act(listing: str, capsys: Captured) -> None:
    wanted = ("advise", "--inventory", listing, "--bucket", "lab-data", "--as-of", "2026-11-29")
    out = said(capsys, *wanted)
    assert "nothing is proposed where rules of others act that the policies keep" in out
    assert "prefix: tmp/" not in out
    assert "prefix: other/" in out
    out = said(capsys, *wanted, "--may-delete", "tmp/=30d", code=2)
    assert "kept rule `by-hand` acts already below `tmp/`" in out
