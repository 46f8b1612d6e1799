"""`firnline check --inventory`: what policies miss of what is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from firnline.cli import main
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled")
LISTING = "listing.json"
TODAY = "2026-11-28"
EXPERIMENTS = {f"experiments/{number}": 2**20 for number in range(20)}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")  # as wide as the sentences that are looked for


def stored(objects: Mapping[str, int]) -> None:
    rows = [
        {
            "Key": key,
            "Size": size,
            "LastModified": "2026-10-01T00:00:00Z",
            "StorageClass": "STANDARD",
        }
        for key, size in objects.items()
    ]
    Path(LISTING).write_text(json.dumps({"Contents": rows}))


def check(capsys: Captured, policy: str, *words: str) -> tuple[int, str, str]:
    Path("policies/p.yaml").write_text(whole(policy))
    capsys.readouterr()
    code = main(["check", "--inventory", LISTING, "--today", TODAY, *words])
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), " ".join(err.split())


MISTYPED = "retain: {e: {prefix: experiment/, delete_after: 90d}}"


def test_a_listing_is_of_the_bucket_that_is_named(capsys: Captured) -> None:
    stored(EXPERIMENTS)
    two = whole(MISTYPED).replace("lab-data", "[lab-data, other]")
    assert "other" in two
    code, _, err = check(capsys, two)
    assert (code, "name that one alone with `--bucket`" in err) == (2, True)
    code, out, _ = check(capsys, two, "--bucket", "other")
    assert code == 0
    assert "20 object versions (20MiB) of `other`" in out


def test_a_mistyped_prefix_is_named_with_what_was_meant_and_how_much_is_there(
    capsys: Captured,
) -> None:
    stored(EXPERIMENTS)
    code, out, _ = check(capsys, MISTYPED)
    assert code == 0
    assert "warning[FL315]: a retention matches nothing of what is stored" in out
    assert "policies/p.yaml:7:22" in out
    assert "`experiments/` has 20 object versions" in out
    assert "help: did you mean `experiments/`?" in out


def test_the_prefix_that_was_meant_is_written_as_a_fix_that_a_person_must_want(
    capsys: Captured,
) -> None:
    stored(EXPERIMENTS)
    check(capsys, MISTYPED, "--fix")
    assert "prefix: experiment/" in Path("policies/p.yaml").read_text()
    code, out, err = check(capsys, MISTYPED, "--fix", "--unsafe-fixes")
    assert (code, out) == (0, "")
    assert "1 fix made in 1 file" in err
    assert "prefix: experiments/" in Path("policies/p.yaml").read_text()


def test_a_prefix_is_not_corrected_where_that_would_let_something_end_sooner(
    capsys: Captured,
) -> None:
    stored(EXPERIMENTS)
    kept = (
        "retain: {e: {prefix: experiment/, delete_after: 90d}, k: {prefix: '', delete_after: 9y}}"
    )
    _, out, err = check(capsys, kept, "--fix", "--unsafe-fixes")
    assert "prefix: experiment/" in Path("policies/p.yaml").read_text()
    assert "FL315" in out
    assert "fix made" not in err


def test_what_no_retention_matches_is_told_with_its_largest_prefixes(capsys: Captured) -> None:
    stored({**EXPERIMENTS, "tmp/a/1": 2**30, "tmp/b/1": 2**30, "x": 1})
    _, out, _ = check(capsys, "retain: {e: {prefix: experiments/, delete_after: 90d}}")
    assert "warning[FL317]: no retention matches a part of what is stored" in out
    assert "3 object versions (2GiB) of `lab-data` (listed in listing.json) match no" in out
    assert "below `tmp/`: 2 object versions (2GiB)" in out


def test_findings_are_waived_like_all_others(capsys: Captured) -> None:
    stored({**EXPERIMENTS, "tmp/a/1": 2**30})
    waivers = "waivers: [{code: FL317, why: it is moved out, expires: 2026-12-31}]"
    _, out, _ = check(
        capsys, f"retain: {{e: {{prefix: experiments/, delete_after: 90d}}}}\n{waivers}"
    )
    assert out == ""


def test_reads_that_are_not_there_stop_the_check(capsys: Captured) -> None:
    stored(EXPERIMENTS)
    policy = "retain: {e: {prefix: experiments/, delete_after: 90d}}"
    code, _, err = check(capsys, policy, "--reads", "nosuch.csv")
    assert code == 2
    assert "nosuch.csv" in err


def test_nothing_is_said_of_a_prefix_in_buckets_of_which_nothing_is_known(capsys: Captured) -> None:
    stored(EXPERIMENTS)
    others = "applies_to: [{account: lab, buckets: [lab-data, lab-other]}]\n"
    Path("policies/p.yaml").write_text(whole(f"{others}{MISTYPED}"))
    code, _, err = check(capsys, f"{others}{MISTYPED}")
    assert code == 2
    assert "does not say which bucket it is of" in err


def test_tables_are_stale_after_the_age_that_the_settings_state(capsys: Captured) -> None:
    stored(EXPERIMENTS)
    kept = "retain: {e: {prefix: '', delete_after: never}}"
    assert check(capsys, kept)[1] == ""
    Path("firnline.toml").write_text('[max_age]\ntables = "4w"\n')
    _, out, _ = check(capsys, kept)
    assert "warning[FL903]" in out
    assert "the table of S3's rules is of 2026-09-21, 68 days old" in out
    waived = "waivers: [{code: FL903, why: until the upgrade, expires: 2026-12-31}]"
    assert check(capsys, f"{kept}\n{waived}")[1] == ""


def test_what_facts_leave_open_is_said_and_not_guessed(capsys: Captured) -> None:
    stored(EXPERIMENTS)
    tagged = "retain: {e: {prefix: experiments/, tags: {stage: scratch}, delete_after: 90d}}"
    code, out, err = check(capsys, tagged)
    assert (code, out) == (0, "")
    assert "of `lab-data` (listed in listing.json) does not say which tags objects have" in err


def test_what_does_not_pay_is_found_as_by_a_forecast(capsys: Captured) -> None:
    row = {"Key": "runs/1", "Size": 2**42, "LastModified": "2026-11-01T00:00:00Z"}
    rows = [{**row, "StorageClass": "DEEP_ARCHIVE"}]
    Path(LISTING).write_text(json.dumps({"Contents": rows}))
    _, out, _ = check(capsys, "retain: {r: {prefix: runs/, delete_after: 60d}}")
    assert "warning[FL502]" in out
    assert "in DEEP_ARCHIVE, and 180 are billed" in out.replace("| ", "")
    waived = "waivers: [{code: FL502, why: it is billed once, expires: 2026-12-31}]"
    policy = f"retain: {{r: {{prefix: runs/, delete_after: 60d}}}}\n{waived}"
    assert check(capsys, policy)[1] == ""
    (told,) = json.loads(check(capsys, policy, "--out", "sarif")[1])["runs"][0]["results"]
    (suppression,) = told["suppressions"]
    assert (told["ruleId"], suppression["justification"]) == (
        "FL502",
        "it is billed once (waived until 2026-12-31)",
    )


def test_what_no_rule_ends_is_told_with_how_much_it_is(capsys: Captured) -> None:
    row = {"Key": "models/1", "Size": 2**40, "StorageClass": "STANDARD"}
    versions = [
        {**row, "VersionId": "2", "IsLatest": True, "LastModified": "2026-11-01T00:00:00Z"},
        {**row, "VersionId": "1", "IsLatest": False, "LastModified": "2026-10-01T00:00:00Z"},
    ]
    Path(LISTING).write_text(json.dumps({"Versions": versions}))
    policy = "versioning: enabled\nretain: {m: {prefix: models/, delete_after: never}}"
    _, out, _ = check(capsys, policy)
    assert out.count("warning[FL507]") == 1
    assert "`lab-data` stores 1 noncurrent version (1TiB) now, for $23.55 a month" in out
