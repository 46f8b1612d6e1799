"""`--references` with `--inventory`: on which days does a rule take what is needed?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from firnline.reach.reference_lines import Line
from firnline.reach.references import Strength
from tests.cli.reference_files import needed, write_references
from tests.inventory.facts.written import VERSIONS, write
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
FILE = "references.jsonl"
LISTING = "listing.csv"
DELETES = "retain: {models: {prefix: models/, delete_after: 365d}}"
KEEPS = "retain: {models: {prefix: models/, delete_after: never}}"
CHURN = needed("models/churn/14", "model churn v14", "alias champion")
STORED = (
    ("models/churn/14/model.pkl", "2026-06-01T10:00:00Z", "STANDARD"),
    ("models/churn/14/weights", "2026-05-01T00:00:00Z", "STANDARD"),
    ("models/churn/140/x", "2019-05-01T00:00:00Z", "STANDARD"),
    ("models/fraud/3", "2025-11-20T23:59:59Z", "STANDARD"),
)
FIELDS = ("Size", "LastModifiedDate", "StorageClass")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("COLUMNS", "400")


def given(policy: str, *found: Line, before: str = KEEPS) -> None:
    for name, text in (("before", before), ("policies", policy)):
        Path(name).mkdir(exist_ok=True)
        Path(name, "p.yaml").write_text(whole(text))
    write_references(Path(FILE), found)
    rows = [f"{key},200000,{moment},{kept}\n" for key, moment, kept in STORED]
    Path(LISTING).write_text("".join(["key,size,last_modified,storage_class\n", *rows]))


def check(capsys: Captured, *words: str, stored: str = LISTING) -> tuple[int, str, str]:
    capsys.readouterr()
    told = ["--references", FILE, "--today", "2026-11-21", "--inventory", stored]
    code = main(["check", "policies", *told, *words])
    return code, *capsys.readouterr()


def messages(capsys: Captured, stored: str = LISTING) -> list[str]:
    out = check(capsys, "--out", "json", stored=stored)[1]
    return [each["message"] for each in json.loads(out)["diagnostics"]]


def test_the_day_of_the_first_object_of_each_model_is_named_and_the_earliest_comes_first(
    capsys: Captured,
) -> None:
    given(DELETES, needed("models/idle", "model idle v1"), CHURN, needed("models/fraud", "fraud"))
    code, out, _ = check(capsys)
    assert code == 1
    assert (
        "objects in `lab-data` are deleted 365d after they were written, and still needed:"
        " fraud (due since 2026-11-21), model churn v14 ← alias champion (from 2027-05-01 on),"
        " model idle v1 (nothing that is stored now)"
    ) in messages(capsys)
    keep = "keep ← model churn v14 ← alias champion (prod-mlflow)"
    assert f"models/churn/14/: {keep}; deleted: 2 objects, the first on 2027-05-01\n" in out
    assert "fraud (prod-mlflow); deleted: 1 object, due since 2026-11-21 and so on the next" in out
    assert "the days are those of what was stored at 2026-06-01 10:00Z" in out


def test_of_more_models_than_are_named_the_first_to_go_are(capsys: Captured) -> None:
    idle = [needed(f"models/{nth}", f"model m v{nth}") for nth in range(5)]
    given(DELETES, *idle, CHURN)
    (message,) = messages(capsys)
    assert "needed: model churn v14 ← alias champion (from 2027-05-01 on), model m v0" in message
    assert message.endswith("and 3 more")


def test_what_is_archived_has_a_day_too_unless_it_is_in_an_archive_already(
    capsys: Captured,
) -> None:
    given("retain: {m: {prefix: models/, archive_after: 90d, delete_after: never}}", CHURN)
    assert "from 2026-07-30 on" not in messages(capsys)[0]
    assert "(due since 2026-07-30)" in messages(capsys)[0]
    Path(LISTING).write_text(Path(LISTING).read_text().replace("STANDARD", "DEEP_ARCHIVE"))
    assert "(nothing that is stored now)" in messages(capsys)[0]


@pytest.mark.parametrize("form", ["CSV", "Parquet", "ORC"])
def test_an_inventory_of_all_versions_counts_what_is_current(
    form: str, tmp_path: Path, capsys: Captured
) -> None:
    given(DELETES, CHURN)

    def row(key: str, moment: datetime, *, latest: bool, marker: bool = False) -> dict[str, Any]:
        stored = {"Size": 9, "LastModifiedDate": moment, "StorageClass": "STANDARD"}
        kind = {"VersionId": f"{moment:%j}", "IsLatest": latest, "IsDeleteMarker": marker}
        return {"Key": key, **kind, **({"LastModifiedDate": moment} if marker else stored)}

    old, new = datetime(2026, 1, 1, 9, tzinfo=UTC), datetime(2026, 8, 1, 9, tzinfo=UTC)
    rows = [
        row("models/churn/14/a", old, latest=False),
        row("models/churn/14/a", new, latest=True),
        row("models/churn/14/b", old, latest=True, marker=True),
    ]
    if form == "CSV":
        rows = [
            {
                name: f"{value:%Y-%m-%dT%H:%M:%S.000Z}"
                if isinstance(value, datetime)
                else str(value).lower()
                if isinstance(value, bool)
                else value
                for name, value in each.items()
            }
            for each in rows
        ]
    manifest = write(tmp_path, rows, (*VERSIONS, *FIELDS), form, bucket="lab-data")
    code, out, _ = check(capsys, stored=str(manifest))
    assert code == 1
    assert "deleted: 1 object, on 2027-08-02" in out
    assert "what was stored at 2026-11-28 01:00Z" in out


def test_buckets_of_which_no_inventory_is_named_have_no_days(
    tmp_path: Path, capsys: Captured
) -> None:
    given(DELETES, CHURN)
    manifest = write(tmp_path, [], ("Bucket", "Key", *FIELDS), bucket="other")
    code, out, err = check(capsys, stored=str(manifest))
    assert code == 1
    assert "still needed: model churn v14 ← alias champion\n" in out
    assert "no inventory of `lab-data` is named, so its days are not known" in err


def test_an_inventory_that_cannot_be_read_is_no_verdict(tmp_path: Path, capsys: Captured) -> None:
    given(DELETES, CHURN)
    code, out, err = check(capsys, stored="missing.csv")
    assert (code, out) == (2, "")
    assert "missing.csv cannot be read" in err
    manifest = write(tmp_path, [], ("Bucket", "Key", "StorageClass"), bucket="lab-data")
    code, out, err = check(capsys, stored=str(manifest))
    assert (code, out) == (2, "")
    assert "needs: let S3 Inventory list Size" in err


def test_one_bucket_is_listed_once(capsys: Captured) -> None:
    given(DELETES, CHURN)
    code, _, err = check(capsys, "--inventory", LISTING)
    assert (code, "would count twice" in err) == (2, True)


def test_what_is_stored_needs_neither_a_change_nor_references(capsys: Captured) -> None:
    given(DELETES, CHURN)
    capsys.readouterr()
    assert main(["check", "policies", "--inventory", LISTING]) == 0
    assert "still needed" not in capsys.readouterr().out


def test_a_run_has_its_day_too(capsys: Captured) -> None:
    given(DELETES, needed("models/fraud", "run 7", strength=Strength.LIVE))
    code, out, _ = check(capsys)
    assert code == 0
    assert "warning[FL621]" in out
    assert "still needed: run 7 (due since 2026-11-21)" in out


@pytest.mark.parametrize("form", ["github", "sarif", "concise", "junit", "json"])
def test_every_output_of_check_has_the_day(form: str, capsys: Captured) -> None:
    given(DELETES, CHURN)
    assert "(from 2027-05-01 on)" in check(capsys, "--out", form)[1]


def diff(capsys: Captured, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    told = ["--references", FILE, "--as-of", "2026-11-21", "--inventory", LISTING]
    code = main(["diff", "before", "policies", "--bucket", "lab-data", *told, *words])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "markdown", "html", "sarif", "github"])
def test_a_diff_has_the_day(form: str, capsys: Captured) -> None:
    given(DELETES, CHURN)
    said = diff(capsys, "--out", form)[1].replace("\\", "")  # which escapes it in Markdown
    assert "alias champion (from 2027-05-01 on)" in said


def test_a_diff_has_the_day_as_data(capsys: Captured) -> None:
    given(DELETES, CHURN)
    found = json.loads(diff(capsys, "--out", "json")[1])
    assert main(["schema", "diff"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(found)
    (added,) = found["references"]["added"]
    assert added["stored_as_of"] == "2026-06-01T10:00:00Z"
    assert added["named"][0]["lost"] == {"first_day": "2027-05-01", "objects": 2}


def test_a_check_has_the_day_as_data_as_a_diff_has_it(capsys: Captured) -> None:
    given(DELETES, CHURN, needed("models/idle", "model idle v1"))
    report = json.loads(check(capsys, "--out", "json")[1])
    assert main(["schema", "report"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(report)
    (found,) = report["diagnostics"]
    lost = [each["lost"] for each in found["doomed"]["named"]]
    assert lost == [{"first_day": "2027-05-01", "objects": 2}, None]
    (added,) = json.loads(diff(capsys, "--out", "json")[1])["references"]["added"]
    assert {"code": found["code"], **found["doomed"]} == added


def test_without_an_inventory_a_check_has_what_is_doomed_without_days(capsys: Captured) -> None:
    given(DELETES, CHURN)
    capsys.readouterr()
    main(["check", "policies", "--references", FILE, "--today", "2026-11-21", "--out", "json"])
    (found,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert found["doomed"]["stored_as_of"] is None
    assert [each["lost"] for each in found["doomed"]["named"]] == [None]
