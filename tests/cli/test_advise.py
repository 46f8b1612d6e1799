"""`firnline advise`: what is stored and prices in, a policy out."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.digest import lock_digest
from firnline.language.read_files import folder_of, read_each
from sandbox.paths import CHECKOUT

Captured = pytest.CaptureFixture[str]
GIB = 2**30
NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)
WHEN = ["--as-of", "2026-11-29"]
pytestmark = pytest.mark.usefixtures("socket_disabled", "folder")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    listing("models/", count=9, size=500 * GIB, days=100)
    return tmp_path


def listing(prefix: str, *, count: int, size: int, days: int) -> None:
    """Each object is `days` older than the one before."""
    objects = [
        {
            "Key": f"{prefix}{number}",
            "Size": size,
            "LastModified": (NOW - number * timedelta(days=days)).isoformat(),
        }
        for number in range(count)
    ]
    Path("listing.json").write_text(json.dumps({"Contents": objects}))


def advise(capsys: Captured, *words: str) -> tuple[str, str]:
    """What stands on stdout and on stderr, where the policy is in its file too."""
    where = ["--inventory", "listing.json", "--bucket", "lab"]
    Path("policies/lab.yaml").unlink(missing_ok=True)
    code = main(["advise", *where, "--owner", "ml", *WHEN, *words])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    Path("policies").mkdir(exist_ok=True)
    Path("policies/lab.yaml").write_text(captured.out)
    return captured.out, captured.err


def forecast(capsys: Captured, *words: str) -> Any:
    where = ["--inventory", "listing.json", "--bucket", "lab"]
    assert main(["forecast", "policies", *where, *WHEN, *words, "--out", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def in_all(policy: str) -> list[float]:
    """What its lines say that they save within the months."""
    said = re.findall(r"saves (-?)\$([0-9,]+\.[0-9]+) in 12 months", policy)
    said += re.findall(r"a month, ()\$([0-9,]+\.[0-9]+) in 12 months", policy)
    return [float(f"{sign}{digits.replace(',', '')}") for sign, digits in said]


def test_what_is_proposed_passes_check_and_is_in_canonical_order(capsys: Captured) -> None:
    advise(capsys)
    assert main(["check", "policies", "--today", "2026-11-29"]) == 0
    assert "nothing wrong" in capsys.readouterr().err
    assert main(["fmt", "--check", "policies"]) == 0


def test_the_lines_sum_up_to_what_the_forecast_of_the_policy_says(capsys: Captured) -> None:
    policy, _ = advise(capsys, "--may-delete", "models/=400d")
    told = forecast(capsys)
    lines = in_all("\n".join(_settings(policy)))
    assert len(lines) > 1
    assert sum(lines) == pytest.approx(told["saved_usd"], abs=0.01 * len(lines))


def _settings(policy: str) -> list[str]:
    return [line for line in policy.splitlines() if not line.startswith("#")]


def test_no_current_object_is_deleted_unless_it_may_be(capsys: Captured) -> None:
    policy, _ = advise(capsys)
    assert re.findall(r"delete_after: (\S+)", policy) == ["never", "never"]
    policy, _ = advise(capsys, "--may-delete", "models/=400d")
    assert re.findall(r"delete_after: (\S+)", policy) == ["never", "400d"]


def test_without_reads_only_classes_that_answer_in_milliseconds_are_proposed(
    capsys: Captured,
) -> None:
    policy, _ = advise(capsys)
    assert "cold_after: 90d" in policy
    assert "archive_after" not in policy


def test_json_follows_its_schema_and_has_the_numbers_of_the_forecast(capsys: Captured) -> None:
    policy, _ = advise(capsys)
    told = forecast(capsys)
    where = ["--inventory", "listing.json", "--bucket", "lab", "--owner", "ml"]
    Path("policies/lab.yaml").write_text("")
    assert main(["advise", *where, *WHEN, "--out", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["schema", "advise"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(found)
    assert found["saved_usd"] == told["saved_usd"]
    assert found["break_even_month"] == told["break_even_month"]
    assert sum(line["saved_usd"] for line in found["lines"]) == pytest.approx(told["saved_usd"])
    assert found["policy"] == "\n".join([*_settings(policy), ""])


POLICY = """\
firnline: policy/v1
policy: ml
owner: ml-platform
why: training
applies_to:
  - account: "*"
    buckets: lab
retain:
  models:
    prefix: models/
    warm_after: 180d
    delete_after: never
"""


def test_where_a_policy_covers_the_bucket_its_retention_is_changed(capsys: Captured) -> None:
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(POLICY)
    where = ["--inventory", "listing.json", "--bucket", "lab"]
    assert main(["advise", *where, *WHEN, "--out", "text:advice.diff", "--out", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["diff"] == Path("advice.diff").read_text()
    assert data["changes"][0]["set"] == {"warm_after": "30d", "cold_after": "90d"}
    assert main(["schema", "advise"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(data)
    subprocess.run(["git", "apply", "advice.diff"], check=True)
    after = Path("policies/ml.yaml").read_text()
    assert re.search(r"warm_after: 30d  # instead of 180d: saves \$[0-9,.]+ in 12 months", after)
    assert re.search(r"cold_after: 90d  # GLACIER_IR: saves \$[0-9,.]+ a month", after)
    assert re.findall(r"delete_after: (\S+)", after) == ["never"]
    assert not main(["fmt", "--check", "policies"])
    assert not main(["check", "policies", "--inventory", "listing.json", "--today", "2026-11-29"])
    Path("before.yaml").write_text(POLICY)
    assert main(["forecast", "before.yaml", "policies", *where, *WHEN, "--out", "json"]) == 0
    told = capsys.readouterr().out
    saved = json.loads(told[told.index("{") :])["saved_usd"]
    (change,) = data["changes"]
    assert [line["keys"] for line in change["lines"]] == [["warm_after"], ["cold_after"]]
    assert change["saved_usd"] == pytest.approx(saved)
    assert sum(line["saved_usd"] for line in change["lines"]) == pytest.approx(saved)
    assert all(line["saved_usd"] > 1 for line in change["lines"])
    assert sum(in_all(after)) == pytest.approx(saved, abs=0.02)


def test_a_tier_that_is_dropped_is_named_beside_the_first_key_that_changes(
    capsys: Captured,
) -> None:
    Path("policies").mkdir()
    now = POLICY.replace("warm_after: 180d", "warm_after: 270d\n    cold_after: 300d")
    Path("policies/ml.yaml").write_text(now)
    where = ["--inventory", "listing.json", "--bucket", "lab", "--class", "GLACIER_IR"]
    assert main(["advise", *where, *WHEN]) == 0
    assert (
        "    cold_after: 90d  # instead of 300d, without warm_after: saves $144.33 in 12 months\n"
    ) in capsys.readouterr().out


def test_today_costs_in_advice_what_it_costs_in_the_report_whatever_policies_delete(
    capsys: Captured,
) -> None:
    Path("policies").mkdir()
    delete = POLICY.replace("warm_after: 180d", "warm_after: 30d").replace("never", "300d")
    Path("policies/ml.yaml").write_text(delete)
    where = ["--inventory", "listing.json", "--bucket", "lab", *WHEN]
    assert main(["advise", *where, "--out", "json"]) == 0
    advice = capsys.readouterr()
    data = json.loads(advice.out)
    assert main(["report", *where, "--out", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert data["today_usd_a_month"] == report["whole"]["usd_a_month"]
    assert data["first_month_usd"]["before"] < 0.5 * data["today_usd_a_month"]
    today, first = data["today_usd_a_month"], data["first_month_usd"]
    last = data["last_month_usd"]
    assert (
        f"lab costs ${today:,.2f} a month today; with what is proposed ${first['after']:,.2f} in"
        f" month 1 and ${last['after']:,.2f} in month 12, without it ${first['before']:,.2f} in"
        f" month 1 and ${last['before']:,.2f} in month 12\n"
    ) in advice.err


def test_nothing_is_advised_where_nothing_is_stored_and_nothing_will_be(
    capsys: Captured,
) -> None:
    where = ["advise", "--bucket", "lab", "--owner", "ml", "--inventory", "listing.json"]
    assert main([*where, "--as-of", "2020-01-01"]) == 2
    assert "nothing is stored as of 2020-01-01" in capsys.readouterr().err
    Path("listing.json").write_text('{"Contents": []}')
    assert main([*where, *WHEN]) == 2
    assert capsys.readouterr().err == "firnline advise: nothing is stored as of 2026-11-29\n"
    assert main([*where, *WHEN, "--ingest", "new/=900GiB/month"]) == 0
    assert 'why: "tiers that pay by what will be written"' in capsys.readouterr().out


def test_old_versions_are_only_said_to_be_kept_where_the_bucket_keeps_any(
    capsys: Captured,
) -> None:
    listing("prod/terraform.tfstate", count=9, size=500 * GIB, days=100)
    keys = Path("listing.json").read_text().replace("terraform.tfstate0", "x.tfstate")
    Path("listing.json").write_text(keys)
    _, off = advise(capsys)
    assert "the bucket is taken to keep none" in off
    assert "are undone from them" not in off
    _, on = advise(capsys, "--versioning", "enabled")
    assert "old versions around `prod/x.tfstate` are kept" in on


@pytest.mark.parametrize("odd", ["runs/*/", "a\nb/", "a\tb/", "s3://lab/x/", "a\u200bb/"])
def test_what_lies_in_a_folder_that_no_policy_can_name_counts_to_what_is_above(
    capsys: Captured, odd: str
) -> None:
    listing(f"models/{odd}", count=9, size=500 * GIB, days=100)
    policy, said = advise(capsys)
    assert re.findall("prefix: (.*?)(?:  #.*)?\n", policy)[-1] == "models/"
    is_told = re.search("note: no policy can name `models/.*: what is there counts to the", said)
    assert bool(is_told) is not odd.startswith("s3:")  # below models/ it is a name as any other
    assert main(["check", "policies", "--today", "2026-11-29"]) == 0


def test_a_new_policy_beside_a_lock_needs_the_lock_to_be_written_again(capsys: Captured) -> None:
    Path("policies").mkdir()
    written = {"fleet": FLEET, "uploads": policy_file("lab-*")}
    written["fleet.lock"] = lock_file(fresh_digest(FLEET, written["uploads"]))
    for name, text in written.items():
        Path(f"policies/{name}.yaml").write_text(text)
    where = ["--inventory", "listing.json", "--bucket", "lab-data", "--owner", "ml", *WHEN]
    assert main(["advise", *where, "--out", "text:advice.diff"]) == 0
    assert "run `firnline resolve` once it is there" in capsys.readouterr().err
    subprocess.run(["git", "apply", "advice.diff"], check=True)
    added = Path("policies/lab-data.yaml").read_text()
    assert "cold_after: 90d" in added
    assert main(["check", "policies"]) == 1
    assert "error[FL708]" in capsys.readouterr().out
    Path("policies/fleet.lock.yaml").write_text(
        lock_file(fresh_digest(FLEET, written["uploads"], added))
    )
    assert main(["check", "policies"]) == 0


def fresh_digest(fleet: str, *policies: str) -> str:
    files = {f"policies/{place}.yaml": text.encode() for place, text in enumerate(policies)}
    folder, _ = folder_of(read_each({"policies/fleet.yaml": fleet.encode(), **files}))
    assert folder.fleet
    return lock_digest(folder.fleet, folder.policies)


def test_a_policy_that_says_how_long_is_not_contradicted(capsys: Captured) -> None:
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(POLICY)
    where = ["--inventory", "listing.json", "--bucket", "lab", *WHEN]
    assert main(["advise", *where, "--may-delete", "models/a=30d"]) == 2
    assert "a policy says already how long" in capsys.readouterr().err


def test_a_prefix_has_one_age_at_which_it_may_be_deleted(capsys: Captured) -> None:
    where = ["--inventory", "listing.json", "--bucket", "lab", *WHEN]
    twice = ["--may-delete", "tmp/=90d", "--may-delete", "tmp/=30d"]
    assert main(["advise", *where, *twice]) == 2
    assert "--may-delete tmp/ stands twice: with 90d and 30d" in capsys.readouterr().err


def test_a_policy_that_may_cover_the_bucket_by_a_pattern_is_resolved_first(
    capsys: Captured,
) -> None:
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(POLICY.replace("buckets: lab", 'buckets: "la*"'))
    where = ["--inventory", "listing.json", "--bucket", "lab", *WHEN]
    assert main(["advise", *where]) == 2
    assert "run `firnline resolve` first" in capsys.readouterr().err


def test_the_example_of_the_docs_is_what_is_printed(capsys: Captured) -> None:
    summary = str(CHECKOUT / "docs/examples/acme-ml-artifacts-use1.parquet")
    given = ["--summary", summary, "--as-of", "2026-11-30", "--owner", "ml-platform"]
    assert main(["advise", *given, "--may-delete", "experiments/=365d"]) == 0
    shown = capsys.readouterr()
    page = (CHECKOUT / "docs/advise.md").read_text()
    told = re.findall(r"^```(?:yaml|text)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert told == [shown.err, shown.out[shown.out.index("firnline: policy/v1") :]]
    Path("policies").mkdir()
    Path("policies/lab.yaml").write_text(shown.out)
    assert main(["check", "policies", "--summary", summary, "--today", "2026-11-30"]) == 0
    assert "nothing wrong" in capsys.readouterr().err


def test_a_warm_tier_may_come_thirty_days_before_an_archive_that_is_there(
    capsys: Captured,
) -> None:
    listing("models/", count=99, size=500 * GIB, days=1)
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(POLICY.replace("warm_after: 180d", "archive_after: 70d"))
    where = ["--inventory", "listing.json", "--bucket", "lab"]
    assert main(["advise", *where, *WHEN, "--out", "json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert change["set"] == {"warm_after": "30d"}


def test_check_warns_until_somebody_is_written_as_the_owner(capsys: Captured) -> None:
    where = ["--inventory", "listing.json", "--bucket", "lab"]
    assert main(["advise", *where, *WHEN, "--out", "text:policies.yaml"]) == 0
    assert "write the team that answers for what is deleted" in capsys.readouterr().err
    assert main(["check", "policies.yaml", "--today", "2026-11-29", "--out", "concise"]) == 0
    shown = capsys.readouterr().out
    line = Path("policies.yaml").read_text().splitlines().index("policy: lab") + 2
    assert f"policies.yaml:{line}:8: warning FL614 `CHANGE-ME` names nobody" in shown
    assert "owner: CHANGE-ME  #" in Path("policies.yaml").read_text()


@pytest.mark.parametrize(("newest", "changed"), [("", 0), (", keep_newest: NEWEST", 1)])
def test_no_tier_is_proposed_that_costs_more_as_old_versions_of_the_retention_end_soon(
    newest: str, changed: int, capsys: Captured
) -> None:
    newest = newest.replace("NEWEST", "{count: 1, delete_after: 400d}")
    Path("policies").mkdir()
    kept = "versioning: enabled\nretain:\n  raw: {prefix: raw/, delete_after: never, OLD}\n"
    policy = POLICY.replace("retain:\n", kept).replace("OLD", "old_versions: {delete_after: never}")
    soon = f"delete_after: 100d\n    old_versions: {{delete_after: 1d{newest}}}\n"
    policy = policy.replace("    warm_after: 180d\n    delete_after: never\n", f"    {soon}")
    Path("policies/ml.yaml").write_text(policy)
    listing("models/", count=9, size=500 * GIB, days=10)
    where = ["--inventory", "listing.json", "--bucket", "lab", "--class", "GLACIER_IR"]
    assert main(["advise", *where, *WHEN, "--out", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["changes"]) == changed


def test_what_a_person_must_write_names_the_class_of_the_tier(capsys: Captured) -> None:
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(POLICY)
    where = ["--inventory", "listing.json", "--bucket", "lab", "--class", "INTELLIGENT_TIERING"]
    assert main(["advise", *where, *WHEN]) == 0
    told = "warm_after: 30d, storage_classes: {warm: INTELLIGENT_TIERING}; write it by hand"
    assert told in capsys.readouterr().err


def test_what_does_not_fit_the_policies_is_refused_by_its_title_and_code(capsys: Captured) -> None:
    Path("policies").mkdir()
    never = "delete_after: never\n    old_versions: {delete_after: never}\n"
    kept = POLICY.replace("retain:", "versioning: enabled\nretain:")
    Path("policies/ml.yaml").write_text(kept.replace("delete_after: never\n", never))
    listing("tmp/", count=9, size=500 * GIB, days=10)
    where = ["--inventory", "listing.json", "--bucket", "lab", "--may-delete", "tmp/=100d"]
    assert main(["advise", *where, *WHEN]) == 2
    told = capsys.readouterr().err
    assert "with it, deleting frees no storage where versions are kept: this only adds a" in told
    assert told.endswith("(FL310)\n")


def test_old_versions_that_policies_delete_in_the_whole_bucket_count_for_what_is_new(
    capsys: Captured,
) -> None:
    Path("policies").mkdir()
    Path("policies/ml.yaml").write_text(
        POLICY + "versioning: enabled\nold_versions: {delete_after: 1d}\n"
    )
    listing("tmp/", count=9, size=500 * GIB, days=10)
    where = ["--inventory", "listing.json", "--bucket", "lab", "--may-delete", "tmp/=60d"]
    assert main(["advise", *where, *WHEN, "--out", "json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [line["key"] for line in lines if line["prefix"] == "tmp/"] == ["delete_after"]
