"""What is written for CloudFormation is valid there; cfn-lint, which moto needs, is the judge."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given

from firnline.lint.sources.read import read_file
from firnline.lint.written import Form
from firnline.pipeline import compile_files
from firnline.s3.compare.same import same
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.terms import Days
from firnline.targets.formats.rules_cloudformation import lifecycle_configuration, to_cloudformation
from firnline.workspace import read_folder
from tests.rules.strategies import crossing_policies, policies
from tests.test_golden import CASES, GOLDEN


def template(properties: list[dict[str, Any]]) -> dict[str, Any]:
    """Buckets with these lifecycle configurations."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            f"Bucket{number}": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"LifecycleConfiguration": each},
            }
            for number, each in enumerate(properties)
        },
    }


def cfn_lint(properties: list[dict[str, Any]], folder: Path) -> tuple[int, str]:
    """Its exit code, and what it prints."""
    path = folder / "buckets.template.json"
    path.write_text(json.dumps(template(properties)))
    program = Path(sys.executable).with_name("cfn-lint")
    command = [str(program), "--regions", "us-east-1", "--", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout


@given(policies() | crossing_policies())
def test_the_rules_that_are_read_back_from_a_template_mean_the_same(
    document: dict[str, Any],
) -> None:
    compilation = compile_files({"p.yaml": json.dumps(document).encode()}, with_remedies=False)
    assume(compilation.buckets)
    (bucket,) = compilation.buckets
    (written,) = json.loads(to_cloudformation(compilation)).values()
    (found,) = read_file(json.dumps(template([written])).encode(), "template.json").configurations
    assert same(read_rules(found.configuration["Rules"], found.header), bucket.rules)


@pytest.mark.parametrize("case", CASES[::4])
def test_what_is_printed_is_read_as_what_it_is(case: str) -> None:
    """Nothing in it is taken for a slip in the AWS CLI's JSON."""
    compilation = compile_files(read_folder(GOLDEN / case))
    printed = to_cloudformation(compilation)
    read = read_file(printed.encode(), "buckets.json")
    assert read.diagnostics == ()
    named = {each.resource: each for each in read.configurations}
    assert named.keys() == {each.bucket.key for each in compilation.buckets if each.rules.rules}
    for each in compilation.buckets:
        if each.rules.rules:
            found = named[each.bucket.key]
            assert (found.form, found.bucket) == (Form.CLOUDFORMATION, each.bucket.name)
            assert same(read_rules(found.configuration["Rules"], found.header), each.rules)


@pytest.mark.parametrize(
    "document",
    [
        {"a/b/lake": {"Rules": [{"Status": "Enabled", "Prefix": "", "ExpirationInDays": 3}]}},
        {"a/b/lake": {"Rules": []}, "a/b/x": {"Rules": [{"Id": "x", "Status": "Enabled"}]}},
    ],
)
def test_it_is_known_by_its_names_and_keys(document: dict[str, Any]) -> None:
    read = read_file(json.dumps(document).encode(), "x.json")
    assert [each.form for each in read.configurations] == [Form.CLOUDFORMATION]
    assert [each.bucket for each in read.unconfigured] == ["lake"][: len(document) - 1]


@pytest.mark.parametrize(
    "document",
    [
        {"lake": {"Rules": [{"Id": "x", "Status": "Enabled", "ExpirationInDays": 3}]}},
        {"a/b/lake": {"Rules": [{"ID": "x", "Status": "Enabled", "ExpirationInDays": 3}]}},
        {"Rules": [{"Id": "x", "Status": "Enabled", "ExpirationInDays": 3}]},
    ],
)
def test_its_names_in_the_aws_clis_json_are_slips(document: dict[str, Any]) -> None:
    read = read_file(json.dumps(document).encode(), "x.json")
    assert [each.form for each in read.configurations] == [Form.JSON]
    assert {each.kind.code for each in read.diagnostics} == {"FL239"}


def test_what_every_golden_case_gives_is_valid(tmp_path: Path) -> None:
    properties: list[dict[str, Any]] = []
    for case in CASES:
        written = to_cloudformation(compile_files(read_folder(GOLDEN / case)))
        properties += json.loads(written).values()
    assert len(properties) > len(CASES)
    assert cfn_lint(properties, tmp_path) == (0, "")


def test_the_judge_sees_a_misspelt_member(tmp_path: Path) -> None:
    misspelt = {"Status": "Enabled", "Prefix": "", "ExpirationDays": 3}
    code, said = cfn_lint([{"Rules": [misspelt]}], tmp_path)
    assert code != 0
    assert "ExpirationDays" in said


def test_sizes_are_text_and_predicates_are_joined_by_cloudformation() -> None:
    filter = Filter("x/", (("t", "a"), ("u", "b")), larger_than=0, smaller_than=1 << 30)
    (rule,) = lifecycle_configuration(RuleSet((Rule("a", filter, expires=Days(9)),)))["Rules"]
    assert rule == {
        "Id": "a",
        "Status": "Enabled",
        "Prefix": "x/",
        "TagFilters": [{"Key": "t", "Value": "a"}, {"Key": "u", "Value": "b"}],
        "ObjectSizeGreaterThan": "0",
        "ObjectSizeLessThan": "1073741824",
        "ExpirationInDays": 9,
    }


def test_a_date_is_midnight_in_utc() -> None:
    (rule,) = lifecycle_configuration(
        RuleSet((Rule("a", Filter("x/"), expires=date(2027, 1, 31)),))
    )["Rules"]
    assert rule["ExpirationDate"] == "2027-01-31T00:00:00Z"
