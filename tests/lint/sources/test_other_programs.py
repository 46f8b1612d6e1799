"""Files of other stores and tools: recognised by what is in them, and told what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.cli import main
from firnline.lint import is_lifecycle_file
from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json
from tests.lint.marked import found_in

GCS_RULE = {"action": {"type": "Delete"}, "condition": {"age": 9}}
AZURE = {"name": "a", "type": "Lifecycle", "definition": {"actions": {"baseBlob": {}}}}
R2 = {"id": "a", "enabled": True, "deleteObjectsTransition": {"condition": {"maxAge": 86400}}}
CLOUDS: dict[str, tuple[Json, str, str]] = {
    "GCS": ({"rule": [GCS_RULE]}, "Google Cloud Storage", "S3 only"),
    "GCS, in a bucket": ({"lifecycle": {"rule": [GCS_RULE]}}, "Google Cloud Storage", "S3 only"),
    "Azure": ({"rules": [AZURE]}, "Azure Blob Storage", "S3 only"),
    "Azure, a policy": ({"policy": {"rules": [AZURE]}}, "Azure Blob Storage", "S3 only"),
    "R2": ({"rules": [R2]}, "Cloudflare R2", "r2.cloudflarestorage.com"),
}
HCL = """\
# who may delete what
resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = var.bucket
}
"""
MANIFEST = """\
apiVersion: s3.aws.upbound.io/v1beta1
kind: BucketLifecycleConfiguration
---
apiVersion: s3.aws.upbound.io/v1beta1
kind: Bucket
"""


@pytest.mark.parametrize(("document", "called", "todo"), CLOUDS.values(), ids=CLOUDS)
def test_another_clouds_rules_are_called_that(document: Json, called: str, todo: str) -> None:
    (only,) = check_lifecycle_file(json.dumps(document).encode(), "rules.json")
    assert only.kind.code == "FL248"
    assert called in only.message
    assert todo in only.help


@pytest.mark.parametrize("path", ["main.tf", "main.tofu", "<stdin>"])
def test_hcl_gets_the_two_commands_that_evaluate_it(path: str) -> None:
    assert is_lifecycle_file(path, HCL.encode())
    (only,) = found_in(HCL, path=path)
    assert only.kind.code == "FL248"
    assert "`terraform plan -out=plan.bin`" in only.help
    assert "`terraform show -json plan.bin | firnline check -`" in only.help


def test_the_log_of_a_plan_is_told_from_the_plan() -> None:
    said = {"@level": "info", "@message": "Terraform 1.9.8", "type": "version"}
    (only,) = found_in("".join(f"{json.dumps(said)}\n" for _ in range(2)), path="<stdin>")
    assert (only.kind.code, only.message) == (
        "FL248",
        "this is Terraform's log, which has no values",
    )
    assert "`terraform show -json plan.bin | firnline check -`" in only.help


def test_nothing_tells_to_delete_a_file(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("main.tf", HCL), ("empty.yaml", "\n"), ("list.yaml", "- 1\n")):
        (tmp_path / name).write_text(text)
        assert main(["check", str(tmp_path / name)]) == 1
    assert "delete the file" not in capsys.readouterr().out


def test_a_controllers_manifest_is_called_that() -> None:
    assert is_lifecycle_file("rule.yaml", MANIFEST.encode())
    (only,) = found_in(MANIFEST, path="rule.yaml")
    assert (only.kind.code, "Kubernetes manifest" in only.message) == ("FL248", True)


@pytest.mark.parametrize(
    "text", ["apiVersion: apps/v1\nkind: Deployment\n", "firnline: policy/v1\npolicies: x\n"]
)
def test_yaml_that_is_not_about_s3_is_no_lifecycle_file(text: str) -> None:
    assert not is_lifecycle_file("a.yaml", text.encode())


ENDS = {"Days": 9, "DeleteMarker": False, "Date": "0001-01-01T00:00:00Z"}
OLD_ENDS = {"NoncurrentDays": 3, "NewerNoncurrentVersions": 0}
UNSET = {"Date": "0001-01-01T00:00:00Z", "StorageClass": ""}


def minio(*rules: Json) -> list[str]:
    document = json.dumps({"Rules": list(rules)}).encode()
    return [each.kind.code for each in check_lifecycle_file(document, "export.json")]


@pytest.mark.parametrize("scope", [{"RuleFilter": {"Prefix": "a/"}}, {"Filter": {"Prefix": "a/"}}])
def test_minios_export_is_one_finding_and_its_zeros_are_unset(scope: Json) -> None:
    rule = {
        "ID": "r",
        "Status": "Enabled",
        **scope,
        "AbortIncompleteMultipartUpload": {},
        "Expiration": ENDS,
        "NoncurrentVersionExpiration": OLD_ENDS,
        "Transition": UNSET,
    }
    marker = {**rule, "ID": "m", "Expiration": {"DeleteMarker": True}}
    assert minio(rule) == ["FL248"]
    assert minio(marker) == ["FL248"]


def test_minios_rule_without_a_filter_is_for_the_whole_bucket() -> None:
    rule = {"ID": "r", "Status": "Enabled", "Expiration": ENDS}
    assert minio(rule)[:2] == ["FL248", "FL240"]


def test_minios_list_of_rules_is_read_like_its_export() -> None:
    rule = {"ID": "r", "Status": "Enabled", "Expiration": ENDS}
    listed = {"status": "success", "config": {"Rules": [rule]}}
    found = check_lifecycle_file(json.dumps(listed).encode(), "ls.json")
    assert [each.kind.code for each in found][:2] == ["FL248", "FL240"]


def test_minios_rules_are_known_by_a_member_of_its_guides() -> None:
    move = {"Days": 90, "StorageClass": "GLACIER", "RequestedDate": True}
    rule: Json = {"ID": "t", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Transition": move}
    assert minio(rule) == ["FL248"]


def test_minio_is_asked_for_s3s_spelling() -> None:
    rule = {"ID": "r", "Status": "Enabled", "Expiration": ENDS}
    first, *_ = check_lifecycle_file(json.dumps({"Rules": [rule]}).encode(), "export.json")
    assert "MinIO" in first.message
    assert "--endpoint-url" in first.help
    assert "firnline check -" in first.help


TEXT = "ALL_STORAGE_CLASSES_128K\nRULES\tr\tEnabled\nEXPIRATION\t30\nFILTER\ta/\n"
TABLE = "---------\n|  GetBucketLifecycleConfiguration  |\n+---+\n"


@pytest.mark.parametrize("output", [TEXT, TABLE, TEXT.split("\n", 1)[1]])
def test_the_aws_clis_output_for_people_is_asked_for_as_json(output: str) -> None:
    assert is_lifecycle_file("<stdin>", output.encode())
    (only,) = found_in(output, path="<stdin>")
    assert only.kind.code == "FL248"
    assert "--output json" in only.help


def test_json_under_any_name_is_a_lifecycle_file() -> None:
    rules = b'{"Rules": []}'
    assert is_lifecycle_file("stack.template", rules)
    assert not is_lifecycle_file("stack.template", b'{"firnline": "policy/v1"}')
    assert not is_lifecycle_file("policy.yaml", rules)


def test_rules_of_google_in_xml_are_not_read_as_those_of_s3() -> None:
    rule = "<Rule><Action><Delete/></Action><Condition><Age>30</Age></Condition></Rule>"
    content = f"<LifecycleConfiguration>{rule}</LifecycleConfiguration>".encode()
    (found,) = check_lifecycle_file(content, "lifecycle.xml")
    assert found.kind.code == "FL248"
    assert "Google Cloud Storage" in found.message
