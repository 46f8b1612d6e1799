"""What is written for Terraform arrives at S3 as it was compiled, when its provider has sent it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from firnline.cli import main
from firnline.cli.formats import FORMATS, Answer, FormatName
from firnline.language.model import Folder
from firnline.lint.sources.read import read_file
from firnline.pipeline import Compilation, compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.checks.foreign_rules import FOREIGN_RULES
from firnline.rules.program import Bucket
from firnline.s3.compare.same import same
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.terms import Days, Versioning
from firnline.s3.terraform_provider import as_sent
from firnline.targets.formats.rules_terraform import rule_block, to_terraform
from tests.rules.strategies import crossing_policies, policies

LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"


def compiled(*documents: dict[str, Any]) -> Compilation:
    files = {f"{number}.yaml": json.dumps(each).encode() for number, each in enumerate(documents)}
    return compile_files(files, with_remedies=False)


def resources(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["resource"][LIFECYCLE]
    return found


def planned(name: str, values: dict[str, Any]) -> bytes:
    """As `terraform show -json` prints a plan of that resource by a provider from 5.86 on."""
    resource = {
        "address": f"{LIFECYCLE}.{name}",
        "type": LIFECYCLE,
        "schema_version": 1,
        "values": values,
    }
    root = {"resources": [resource]}
    document = {"format_version": "1.2", "planned_values": {"root_module": root}}
    return json.dumps(document).replace("$${", "${").replace("%%{", "%{").encode()


def read_back(values: dict[str, Any]) -> RuleSet:
    (found,) = read_file(planned("this", values), "plan.json").configurations
    return read_rules(found.configuration["Rules"], found.header)


@given(policies() | crossing_policies())
def test_the_rules_that_are_read_back_from_terraform_mean_the_same(
    document: dict[str, Any],
) -> None:
    compilation = compiled(document)
    assume(compilation.buckets)
    (bucket,) = compilation.buckets
    (values,) = resources(json.loads(to_terraform(compilation))).values()
    assert same(as_sent(read_back(values)), bucket.rules)


def policy(name: str, account: str, bucket: Any, prefix: str) -> dict[str, Any]:
    return {
        "firnline": "policy/v1",
        "policy": name,
        "owner": "lab",
        "why": "an example",
        "applies_to": [{"account": account, "buckets": bucket}],
        "versioning": "off",
        "retain": {"r": {"prefix": prefix, "delete_after": "9d"}},
    }


def test_every_bucket_has_its_resource_and_every_account_its_provider() -> None:
    written = json.loads(
        to_terraform(
            compiled(
                policy("a", "lab", "data.a-b", "x/"),
                policy("b", "lab", "data-a-b", "x/"),
                policy("c", "2nd", "data-a-b", "x/"),
            )
        )
    )
    assert sorted(resources(written)) == ["_2nd_data-a-b", "lab_data-a-b", "lab_data__a-b"]
    aliases = [each["alias"] for each in written["provider"]["aws"]]
    assert aliases == ["_2nd", "lab"]
    used = {each["provider"] for each in resources(written).values()}
    assert used == {"aws._2nd", "aws.lab"}


def test_no_plan_may_destroy_the_rules_of_a_bucket() -> None:
    written = json.loads(to_terraform(compiled(policy("a", "lab", "data", "x/"))))
    assert [each["lifecycle"] for each in resources(written).values()] == [
        {"prevent_destroy": True}
    ]


def test_a_prefix_that_looks_like_a_template_stays_text() -> None:
    written = json.loads(to_terraform(compiled(policy("a", "lab", "data", "${var.x}/%{if y}/"))))
    (resource,) = resources(written).values()
    assert resource["rule"][0]["filter"] == [{"prefix": "$${var.x}/%%{if y}/"}]


def test_a_date_is_written_as_the_provider_reads_it() -> None:
    rule = Rule("a", Filter("x/"), expires=date(2027, 1, 31))
    assert rule_block(rule)["expiration"] == [{"date": "2027-01-31T00:00:00Z"}]


def test_a_rule_that_the_provider_would_send_otherwise_is_refused() -> None:
    """`FL710`: in a filter of several predicates an unset lower bound is sent as 0."""
    filter = Filter("x/", (("class", "scratch"),))
    rules = RuleSet((Rule("a", filter, expires=Days(9)),))
    bucket = BucketRules(Bucket("lab", "lab", "data", None, Versioning.OFF), rules, None, None)
    refuses = {each.name: each.refuses for each in FORMATS[Answer.RULES]}
    (refused,) = refuses[FormatName.TERRAFORM](Compilation(Folder(), (), (bucket,)))
    assert refused.kind.code == "FL710"
    assert list(refuses[FormatName.S3_JSON](Compilation(Folder(), (), (bucket,)))) == []


def test_foreign_rules_on_a_bucket_keep_everything_from_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert isinstance(FOREIGN_RULES.wrong, dict)
    for name, text in FOREIGN_RULES.wrong.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for format in ("terraform", "cloudformation"):
        assert main(["compile", ".", "--out", f"{format}:written"]) == 1
        assert "FL409" in capsys.readouterr().err
        assert not (tmp_path / "written").exists()


@pytest.mark.parametrize("format", ["terraform", "cloudformation"])
@pytest.mark.parametrize("buckets", ["data-*", ["data-*", "data"]], ids=["pattern", "both"])
def test_a_bucket_that_no_lock_names_keeps_everything_from_being_written(
    format: str,
    buckets: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "p.yaml").write_text(json.dumps(policy("a", "lab", buckets, "x/")))
    monkeypatch.chdir(tmp_path)
    assert main(["compile", "p.yaml", "--out", f"{format}:written"]) == 2
    assert "`lab/*/data-*` is a pattern" in capsys.readouterr().err
    assert not (tmp_path / "written").exists()
