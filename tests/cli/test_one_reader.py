"""Whatever `check` reads, `diff`, `import`, `simulate` and `explain --rules` read as well."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
Json = dict[str, Any]
RULES = [{"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 9}}]
XML = """<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status>
<Filter><Prefix>tmp/</Prefix></Filter><Expiration><Days>9</Days></Expiration></Rule>
</LifecycleConfiguration>"""
YAML = "Rules:\n- {ID: a, Status: Enabled, Filter: {Prefix: tmp/}, Expiration: {Days: 9}}\n"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"


def lifecycle(name: str, bucket: str | None, days: int = 9, prefix: str | None = "tmp/") -> Json:
    rule = {
        "id": "expire",
        "status": "Enabled",
        "filter": [{} if prefix is None else {"prefix": prefix}],
        "expiration": [{"days": days}],
    }
    values = {"rule": [rule]} if bucket is None else {"bucket": bucket, "rule": [rule]}
    return {"address": f"{LIFECYCLE}.{name}", "type": LIFECYCLE, "values": values}


def versioning(name: str, bucket: str, status: str) -> Json:
    kind = "aws_s3_bucket_versioning"
    values = {"bucket": bucket, "versioning_configuration": [{"status": status}]}
    return {"address": f"{kind}.{name}", "type": kind, "values": values}


def plan(*resources: Json, unknown: Json | None = None) -> str:
    """`unknown`: by the name of a resource, what is known only after apply."""
    changes = [
        {"address": f"{LIFECYCLE}.{name}", "change": {"after_unknown": what}}
        for name, what in (unknown or {}).items()
    ]
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.11.1",
            "planned_values": {"root_module": {"resources": list(resources)}},
            "resource_changes": changes,
        }
    )


LATER = {"rule": [{"filter": [{"prefix": True}]}]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    (tmp_path / "plain.json").write_text(json.dumps({"Rules": RULES}))
    return tmp_path


FORMS = {
    "one.json": json.dumps({"LifecycleConfiguration": {"Rules": RULES}}),
    "list.json": json.dumps(RULES),
    "cli.yaml": YAML,
    "one.xml": XML,
    "many.json": json.dumps({"lab/us-east-1/logs": {"Rules": RULES}}),
    "plan.json": plan(lifecycle("logs", "logs")),
    "new-bucket.json": plan(lifecycle("logs", None)),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_read_by_every_command(name: str, capsys: Captured) -> None:
    Path(name).write_text(FORMS[name])
    assert main(["check", name]) == 0
    assert main(["diff", "plain.json", name, "--expect-no-changes"]) == 0
    capsys.readouterr()
    made = ["--created", "2026-05-01T12:00:00Z", "--versioning", "off"]
    assert main(["explain", "s3://logs/tmp/x", "--rules", name, *made]) == 0
    assert "2026-05-11  age 10d: deleted for good" in capsys.readouterr().out
    assert main(["simulate", "--rules", name, "--key", "tmp/x", *made]) == 0
    assert "2026-05-11" in capsys.readouterr().out
    assert main(["import", name, "--bucket", "logs", "--versioning", "off"]) == 0
    assert "tmp: {prefix: tmp/, delete_after: 9d}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [["simulate", "--key", "tmp/x"], ["explain", "s3://logs/tmp/x"]]
)
def test_rules_come_from_stdin_as_well(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FORMS["plan.json"].encode())))
    assert main([*command, "--rules", "-", "--versioning", "off"]) == 0
    assert "deleted for good" in capsys.readouterr().out


def test_plans_are_compared_by_bucket_and_else_by_resource(capsys: Captured) -> None:
    Path("before.json").write_text(
        plan(lifecycle("a", "logs", 30), lifecycle("new", None, 30), lifecycle("gone", "old", 30))
    )
    Path("after.json").write_text(
        plan(lifecycle("renamed", "logs", 20), lifecycle("new", None, 10), lifecycle("c", "fresh"))
    )
    assert main(["diff", "before.json", "after.json", "--out", "json"]) in (0, 5)
    report = json.loads(capsys.readouterr().out)
    assert report["buckets"] == {
        "compared": 4,
        "only_from": ["*/*/old"],
        "only_to": ["*/*/fresh"],
        "not_compared": [],
    }
    changed = {item["buckets"][0]: item["category"] for item in report["items"]}
    assert changed == {
        "*/*/logs": "deletes-sooner",
        f"*/*/{LIFECYCLE}.new": "deletes-sooner",
        "*/*/old": "lost-scope",
        "*/*/fresh": "new-scope",
    }
    assert main(["diff", "before.json", "after.json"]) in (0, 5)
    told = capsys.readouterr().out
    assert "on       logs\n" in told
    assert f"on       {LIFECYCLE}.new\n" in told
    assert "example  tmp/x, of" in told
    assert "*/*/" not in told


def test_a_bucket_that_was_not_named_yet_is_known_by_its_resource(capsys: Captured) -> None:
    Path("before.json").write_text(plan(lifecycle("a", None), lifecycle("b", "other")))
    Path("after.json").write_text(plan(lifecycle("a", "logs"), lifecycle("b", "other")))
    assert main(["diff", "before.json", "after.json", "--expect-no-changes"]) == 0
    assert "on 2 buckets" in capsys.readouterr().out


def test_a_plan_is_compared_with_policies(capsys: Captured) -> None:
    Path("policies").mkdir()
    Path("policies/lab.yaml").write_text(
        "firnline: policy/v1\npolicy: lab\nowner: ml\nwhy: tests\n"
        "applies_to: [{account: lab, buckets: lab-data}]\n"
        "versioning: off\nretain: {tmp: {prefix: tmp/, delete_after: 9d}}\n"
    )
    Path("plan.json").write_text(plan(lifecycle("a", "lab-data"), lifecycle("b", "other")))
    assert main(["diff", "policies", "plan.json", "--out", "json"]) in (0, 5)
    report = json.loads(capsys.readouterr().out)
    assert report["buckets"] == {
        "compared": 2,
        "only_from": [],
        "only_to": ["*/*/other"],
        "not_compared": [],
    }
    assert [item["buckets"] for item in report["items"]] == [["*/*/other"]]
    for name in ("lab-data", "lab/*/lab-data", f"{LIFECYCLE}.a"):
        words = ["diff", "policies", "plan.json", "--bucket", name, "--expect-no-changes"]
        assert main(words) == 0, name


def test_a_name_in_several_accounts_is_asked_for(capsys: Captured) -> None:
    Path("plan.json").write_text(plan(lifecycle("a", "logs")))
    many = {f"{account}/us-east-1/logs": {"Rules": RULES} for account in ("lab", "prod")}
    Path("many.json").write_text(json.dumps(many))
    assert main(["diff", "plan.json", "many.json"]) == 2
    assert "(lab/us-east-1/logs, prod/us-east-1/logs): say which one" in capsys.readouterr().err
    narrowed = ["--bucket", "prod/us-east-1/logs", "--expect-no-changes"]
    assert main(["diff", "plan.json", "many.json", *narrowed]) in (0, 5)


def test_the_bucket_is_chosen_by_name_or_resource(capsys: Captured) -> None:
    Path("plan.json").write_text(plan(lifecycle("a", "logs", 20), lifecycle("b", None, 30)))
    words = ["simulate", "--rules", "plan.json", "--versioning", "off", "--key", "tmp/x"]
    words += ["--created", "2026-05-01T12:00:00Z"]
    for name, day in (("logs", "2026-05-22"), (f"{LIFECYCLE}.b", "2026-06-01")):
        assert main([*words, "--bucket", name]) == 0
        assert day in capsys.readouterr().out
    explained = ["explain", "s3://a-new-bucket/tmp/x", "--rules", "plan.json"]
    assert main([*explained, "--bucket", f"{LIFECYCLE}.b"]) == 0
    assert "age 30d" in capsys.readouterr().out
    every = f"logs ({LIFECYCLE}.a); {LIFECYCLE}.b"
    for words_, said in (
        (
            words,
            f"rules of 2 buckets: name one with `--bucket`, by its name or its resource: {every}",
        ),
        ([*words, "--bucket", "lgos"], f"no rules of `lgos`: did you mean `logs`? it has {every}"),
        (explained, f"plan.json has no rules of `a-new-bucket`: it has {every}"),
    ):
        assert main(words_) == 2
        assert said in capsys.readouterr().err
    assert main(["diff", "plan.json", "plan.json", "--bucket", "lgos"]) == 2
    assert "neither snapshot has a bucket `lgos`; did you mean `logs`?" in capsys.readouterr().err


def test_nothing_is_said_of_what_is_known_only_after_apply(capsys: Captured) -> None:
    Path("plan.json").write_text(
        plan(lifecycle("a", "logs", prefix=None), lifecycle("b", "other"), unknown={"a": LATER})
    )
    simulate = ["simulate", "--key", "tmp/x", "--rules", "plan.json", "--bucket"]
    for words in (
        ["diff", "plan.json", "plain.json", "--bucket", "logs"],
        ["explain", "s3://logs/tmp/x", "--rules", "plan.json"],
        [*simulate, "logs"],
    ):
        assert main(words) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert "--> plan.json" in told.err
        assert f'in {LIFECYCLE}.a rule "expire"' in told.err
        assert (
            "`filter.prefix`: known only after `terraform apply`; so nothing can be said of what"
            " this rule does"
        ) in " ".join(word for word in told.err.split() if word != "|")
    assert main([*simulate, "other"]) == 0
    assert main(["diff", "plan.json", "plain.json", "--bucket", "other"]) in (0, 5)


def test_an_unknown_value_leaves_only_its_own_bucket_out_of_a_comparison(
    capsys: Captured,
) -> None:
    known = {"a": lifecycle("a", "logs"), "b": lifecycle("b", "other")}
    Path("before.json").write_text(plan(*known.values()))
    Path("after.json").write_text(
        plan(lifecycle("a", "logs", prefix=None), lifecycle("b", "other", 5), unknown={"a": LATER})
    )
    for words in (["before.json", "after.json"], ["after.json", "before.json"]):
        assert main(["diff", *words]) == 1
        told = capsys.readouterr()
        assert told.out.startswith("1 change on 1 bucket: ")
        assert "\nlogs: not compared, as what the rules do is not known yet\n" in told.out
        assert "warning[FL246]" in told.out
        assert main(["diff", *words, "--out", "json"]) == 1
        report = json.loads(capsys.readouterr().out)
        assert report["buckets"] == {
            "compared": 1,
            "only_from": [],
            "only_to": [],
            "not_compared": ["*/*/logs"],
        }
        assert [item["buckets"] for item in report["items"]] == [["*/*/other"]]
        assert main(["diff", *words, "--expect-no-changes"]) == 7
        assert main(["diff", *words, "--bucket", "other"]) in (0, 5)
    unchanged = plan(lifecycle("a", "logs", prefix=None), known["b"], unknown={"a": LATER})
    Path("after.json").write_text(unchanged)
    assert main(["diff", "before.json", "after.json", "--expect-no-changes"]) == 1


def test_a_bucket_that_only_one_plan_has_is_not_compared_where_its_rules_are_unknown(
    capsys: Captured,
) -> None:
    Path("before.json").write_text(plan(lifecycle("b", "other")))
    Path("after.json").write_text(
        plan(lifecycle("a", "logs", prefix=None), lifecycle("b", "other"), unknown={"a": LATER})
    )
    assert main(["diff", "before.json", "after.json", "--out", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["buckets"]["not_compared"] == ["*/*/logs"]
    assert report["buckets"]["only_to"] == []
    assert report["items"] == []


def test_where_it_is_not_known_what_was_before_no_gate_is_closed(capsys: Captured) -> None:
    Path("plan.json").write_text(plan(lifecycle("a", "logs", prefix=None), unknown={"a": LATER}))
    Path("p.yaml").write_text(whole('retain: {all: {prefix: "tmp/", delete_after: 30d}}\n'))
    Path("p.yaml").write_text(Path("p.yaml").read_text().replace("lab-data", "logs"))
    assert main(["check", "p.yaml", "--base", "plan.json"]) == 1
    assert "plan.json: what the rules of lab/*/logs do is not known yet" in capsys.readouterr().err


def test_a_forecast_needs_all_rules_of_its_buckets(capsys: Captured) -> None:
    Path("plan.json").write_text(plan(lifecycle("a", "logs", prefix=None), unknown={"a": LATER}))
    assert main(["forecast", "plan.json", "--ingest", "tmp/=1GiB/month"]) == 1
    assert "what the rules of logs do is not known yet" in capsys.readouterr().err


def test_an_id_that_is_not_known_yet_changes_nothing() -> None:
    Path("plan.json").write_text(
        plan(lifecycle("a", "logs"), unknown={"a": {"rule": [{"id": True}]}})
    )
    assert main(["diff", "plain.json", "plan.json", "--expect-no-changes"]) == 0


@pytest.mark.parametrize(
    ("status", "told"), [("Enabled", "hidden by a delete marker"), ("Disabled", "deleted for good")]
)
def test_the_versioning_in_a_plan_is_used(status: str, told: str, capsys: Captured) -> None:
    Path("plan.json").write_text(plan(lifecycle("a", "logs"), versioning("a", "logs", status)))
    assert main(["explain", "s3://logs/tmp/x", "--rules", "plan.json"]) == 0
    said = capsys.readouterr().out
    assert f"age 9d: {told}" in said
    assert f"versioning {'enabled' if status == 'Enabled' else 'off'}" in said
    assert "if the bucket keeps versions" not in said
    assert main(["diff", "plan.json", "plan.json", "--expect-no-changes"]) == 0


def test_a_bucket_without_a_configuration_is_compared_as_one_without_rules(
    capsys: Captured,
) -> None:
    key = "lab/us-east-1/logs"
    Path("none.json").write_text(json.dumps({key: None}))
    Path("some.json").write_text(json.dumps({key: {"Rules": RULES}}))
    assert main(["diff", "none.json", "some.json", "--out", "json"]) in (0, 5)
    report = json.loads(capsys.readouterr().out)
    assert report["buckets"] == {"compared": 1, "only_from": [], "only_to": [], "not_compared": []}
    assert [item["category"] for item in report["items"]] == ["new-scope"]
    assert main(["check", "none.json"]) == 0
    assert "no bucket in this file has lifecycle rules" in capsys.readouterr().out
    assert main(["explain", "s3://logs/tmp/x", "--rules", "none.json"]) == 0
    assert "nothing: no rule moves or deletes it" in capsys.readouterr().out


def test_two_configurations_of_one_bucket_are_refused(capsys: Captured) -> None:
    Path("plan.json").write_text(plan(lifecycle("a", "logs"), lifecycle("b", "logs", 30)))
    for words in (
        ["diff", "plan.json", "plain.json"],
        ["explain", "s3://logs/tmp/x", "--rules", "plan.json"],
    ):
        assert main(words) == 1
        assert "error[FL251]" in capsys.readouterr().err
    Path("both").mkdir()
    for name in ("a", "b"):
        Path(f"both/{name}.yaml").write_text(YAML)
    assert main(["diff", "both", "plain.json"]) == 1
    assert "both/a.yaml and both/b.yaml are both for one bucket" in capsys.readouterr().err


def test_a_plan_without_lifecycle_rules_removes_all(capsys: Captured) -> None:
    Path("plan.json").write_text(plan())
    assert main(["diff", "plan.json", "plain.json"]) in (0, 5)
    told = capsys.readouterr()
    assert "has no resource with S3 lifecycle rules" in " ".join(told.out.split())
    assert "new here, so all that happens there is new" in told.out
    assert main(["explain", "s3://logs/tmp/x", "--rules", "plan.json"]) == 2
    assert "plan.json has no lifecycle rules" in capsys.readouterr().err


def removing(name: str, bucket: str) -> str:
    """A plan that destroys the configuration of a bucket that stays."""
    before = lifecycle(name, bucket)
    change = {"actions": ["delete"], "before": before["values"], "after": None}
    document = json.loads(plan())
    document["resource_changes"] = [
        {"address": before["address"], "type": LIFECYCLE, "change": change}
    ]
    return json.dumps(document)


def test_a_configuration_that_a_plan_destroys_leaves_its_bucket_without_rules(
    capsys: Captured,
) -> None:
    Path("live.json").write_text(json.dumps({"lab/us-east-1/logs": {"Rules": RULES}}))
    Path("plan.json").write_text(removing("a", "logs"))
    assert main(["diff", "live.json", "plan.json", "--out", "json"]) in (0, 5)
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert report["buckets"] == {"compared": 1, "only_from": [], "only_to": [], "not_compared": []}
    assert [item["category"] for item in report["items"]] == ["lost-scope"]
    assert "FL252" in [each["code"] for each in report["findings"]["new"]]
    for name in ("logs", f"{LIFECYCLE}.a"):
        words = ["explain", "s3://logs/tmp/x", "--rules", "plan.json", "--bucket", name]
        assert main(words) == 0
        assert "nothing: no rule moves or deletes it" in capsys.readouterr().out
