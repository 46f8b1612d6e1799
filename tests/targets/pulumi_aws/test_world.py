"""A stack of the sandbox and an address of AWS, or the reverse, never meet."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.targets.pulumi_aws.world import WORLDS_MIXED, endpoint_of_s3, judge_world

OF_AWS = [
    "https://s3.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com",
    "https://s3.dualstack.eu-west-1.amazonaws.com",
    "https://s3-fips.us-gov-west-1.amazonaws.com",
    "https://s3.cn-north-1.amazonaws.com.cn",
    "https://s3.eu-west-1.api.aws",
    "https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com",
]
ELSEWHERE = [
    "http://127.0.0.1:5000",
    "http://localhost:4566",
    "https://s3.amazonaws.com.evil.example",
    "https://notamazonaws.com",
    "https://minio.acme.example",
    "",
]


@pytest.mark.parametrize("endpoint", OF_AWS)
def test_aws_is_known_by_its_hosts(endpoint: str) -> None:
    assert judge_world("aws", endpoint) is None
    assert code(judge_world("sandbox", endpoint)) == "FL711"


@pytest.mark.parametrize("endpoint", ELSEWHERE)
def test_everything_else_is_not_aws(endpoint: str) -> None:
    assert code(judge_world("aws", endpoint)) == "FL711"
    assert judge_world("sandbox", endpoint) is None


def test_a_world_that_nobody_knows_is_refused() -> None:
    assert code(judge_world("sandobx", "https://s3.amazonaws.com")) == "FL711"


@pytest.mark.parametrize("way", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "profile"])
def test_every_way_of_configuring_an_endpoint_counts(
    way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.write_text("[profile lab]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:5000\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    assert endpoint_of_s3("eu-west-1") == "https://s3.eu-west-1.amazonaws.com"
    if way == "profile":
        monkeypatch.setenv("AWS_PROFILE", "lab")
    else:
        monkeypatch.setenv(way, "http://127.0.0.1:5000")
    assert endpoint_of_s3("eu-west-1") == "http://127.0.0.1:5000"


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> str | None:
        assert isinstance(example, str)
        return code(judge_world(**yaml.safe_load(example)))

    assert found(WORLDS_MIXED.wrong) == "FL711"
    assert found(WORLDS_MIXED.right) is None


def code(found: Diagnostic | None) -> str | None:
    return found.kind.code if found else None
