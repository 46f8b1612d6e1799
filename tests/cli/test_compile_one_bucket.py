"""`firnline compile --bucket`: one bucket, and as JSON exactly what the AWS CLI takes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ParamValidationError
from botocore.stub import Stubber

from firnline.cli import main
from firnline.pipeline import compile_files
from firnline.s3.read_shape import read_configuration
from firnline.workspace import read_folder
from sandbox.paths import CHECKOUT

POLICIES = str(CHECKOUT / "policies")
BUCKETS = {each.bucket.name: each for each in compile_files(read_folder(POLICIES)).buckets}
Captured = pytest.CaptureFixture[str]


def put(bucket: str, **sent: object) -> None:
    """As the AWS CLI calls boto3, which checks every member before it sends anything."""
    client = boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with Stubber(client) as stub:
        stub.add_response("put_bucket_lifecycle_configuration", {}, {"Bucket": bucket, **sent})
        client.put_bucket_lifecycle_configuration(Bucket=bucket, **sent)  # type: ignore[arg-type]
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("bucket", BUCKETS)
@pytest.mark.usefixtures("socket_disabled")
def test_the_aws_cli_takes_what_is_printed_with_the_option_that_is_named(
    bucket: str, capsys: Captured
) -> None:
    assert main(["compile", POLICIES, "--bucket", bucket, "--out", "s3-json"]) == 0
    printed = capsys.readouterr()
    configuration = json.loads(printed.out)
    assert list(configuration) == ["Rules"]
    (header,) = re.findall(r"--transition-default-minimum-object-size (\w+)", printed.err)
    put(bucket, LifecycleConfiguration=configuration, TransitionDefaultMinimumObjectSize=header)
    sent = {**configuration, "TransitionDefaultMinimumObjectSize": header}
    assert read_configuration(sent) == BUCKETS[bucket].rules


def test_the_aws_cli_does_not_take_what_is_printed_for_many_buckets(capsys: Captured) -> None:
    main(["compile", POLICIES, "--out", "s3-json"])
    for document in (several := json.loads(capsys.readouterr().out)).values():
        with pytest.raises(ParamValidationError, match="TransitionDefaultMinimumObjectSize"):
            put("b", LifecycleConfiguration=document)
    with pytest.raises(ParamValidationError):
        put("b", LifecycleConfiguration=several)


def test_the_command_that_is_named_reads_the_file_that_was_written(
    tmp_path: Path, capsys: Captured
) -> None:
    bucket, file = next(iter(BUCKETS)), tmp_path / "rules.json"
    assert main(["compile", POLICIES, "--bucket", bucket, "--out", f"s3-json:{file}"]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"put-bucket-lifecycle-configuration --bucket {bucket} \\\n" in printed.err
    assert printed.err.endswith(f"--lifecycle-configuration file://{file}\n")
    assert "it replaces every rule that the bucket has" in printed.err
    assert list(json.loads(file.read_text())) == ["Rules"]


def test_every_format_is_narrowed_to_the_bucket(capsys: Captured) -> None:
    bucket = next(iter(BUCKETS))
    assert main(["compile", POLICIES, "--bucket", bucket]) == 0
    heads = [line for line in capsys.readouterr().out.splitlines() if line[0] != " "]
    assert [head.split()[0] for head in heads] == [BUCKETS[bucket].bucket.key]


def test_a_bucket_is_known_by_its_whole_name_too(capsys: Captured) -> None:
    key = next(iter(BUCKETS.values())).bucket.key
    assert main(["compile", POLICIES, "--bucket", key, "--out", "s3-json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["Rules"]


def test_a_mistyped_bucket_is_asked_about(capsys: Captured) -> None:
    bucket = next(iter(BUCKETS))
    assert main(["compile", POLICIES, "--bucket", bucket[:-1], "--out", "s3-json"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"`{bucket}`" in printed.err


def test_there_is_a_rule_even_where_nothing_is_asked_as_s3_takes_no_empty_list(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "p.yaml").write_text(
        "firnline: policy/v1\npolicy: p\nowner: lab\nwhy: an example\n"
        "applies_to: [{account: lab, buckets: lab-runs}]\n"
        "retain: {models: {prefix: models/, delete_after: never}}\n"
    )
    assert main(["compile", str(tmp_path), "--bucket", "lab-runs", "--out", "s3-json"]) == 0
    (rule,) = json.loads(capsys.readouterr().out)["Rules"]
    assert rule["Status"] == "Disabled"
