"""A stack of the sandbox and an address of AWS, or the reverse, never meet."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.targets.pulumi_aws.declared_providers import addresses
from firnline.targets.pulumi_aws.world import WORLDS_MIXED, Endpoint, endpoints, judge_world

OF_AWS = [
    "https://s3.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com",
    "https://s3.dualstack.eu-west-1.amazonaws.com",
    "https://s3-fips.us-gov-west-1.amazonaws.com",
    "https://s3.cn-north-1.amazonaws.com.cn",
    "https://s3.eu-west-1.api.aws",
    "https://bucket.vpce-1a2b.s3.us-east-1.vpce.amazonaws.com",
]
LAB = "http://127.0.0.1:5000"
ELSEWHERE = [
    "http://127.0.0.1:5000",
    "http://localhost:4566",
    "https://s3.amazonaws.com.evil.example",
    "https://notamazonaws.com",
    "https://minio.acme.example",
    "",
]


@pytest.mark.parametrize("url", OF_AWS)
def test_aws_is_known_by_its_hosts(url: str) -> None:
    assert judge_world("aws", [Endpoint("S3", url)]) is None
    assert code(judge_world("sandbox", [Endpoint("S3", url)])) == "FL711"


@pytest.mark.parametrize("url", ELSEWHERE)
def test_everything_else_is_not_aws(url: str) -> None:
    assert code(judge_world("aws", [Endpoint("S3", url)])) == "FL711"
    assert judge_world("sandbox", [Endpoint("S3", url)]) is None


def test_a_world_that_nobody_knows_is_refused() -> None:
    assert code(judge_world("sandobx", [Endpoint("S3", OF_AWS[0])])) == "FL711"


def test_one_service_in_the_other_world_is_enough_and_is_named() -> None:
    here, there = Endpoint("S3", "http://127.0.0.1:5000"), Endpoint("STS", "https://sts.api.aws")
    for world, stranger in (("sandbox", there), ("aws", here)):
        found = judge_world(world, [here, there])
        assert found is not None
        assert f"but {stranger.service} is looked for at {stranger.url}" in found.message


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Nothing of the machine's own, and profiles that lead to the sandbox."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "TF_AWS_"))]:
        monkeypatch.delenv(name)
    config = tmp_path / "config"
    config.write_text(PROFILES)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    return monkeypatch


PROFILES = f"""\
[profile lab]
region = eu-west-1
endpoint_url = {LAB}
[profile lab-sts]
services = lab-sts
[services lab-sts]
sts =
  endpoint_url = {LAB}
"""


def test_without_settings_all_services_are_of_aws(no_settings: pytest.MonkeyPatch) -> None:
    del no_settings
    assert [each.is_aws for each in endpoints("eu-west-1")] == [True, True]


@pytest.mark.parametrize(
    ("variable", "value", "led_away"),
    [
        ("AWS_ENDPOINT_URL", LAB, {"S3", "STS"}),
        ("AWS_ENDPOINT_URL_S3", LAB, {"S3"}),
        ("AWS_ENDPOINT_URL_STS", LAB, {"STS"}),
        ("AWS_S3_ENDPOINT", LAB, {"S3"}),
        ("TF_AWS_S3_ENDPOINT", LAB, {"S3"}),
        ("AWS_STS_ENDPOINT", LAB, {"STS"}),
        ("TF_AWS_STS_ENDPOINT", LAB, {"STS"}),
        ("AWS_PROFILE", "lab", {"S3", "STS"}),
        ("AWS_PROFILE", "lab-sts", {"STS"}),
    ],
)
def test_every_way_of_configuring_an_endpoint_counts_for_its_service(
    no_settings: pytest.MonkeyPatch, variable: str, value: str, led_away: set[str]
) -> None:
    no_settings.setenv(variable, value)
    found = endpoints("eu-west-1")
    assert {each.service for each in found if not each.is_aws} == led_away
    assert code(judge_world("aws", found)) == "FL711"
    assert all(each.url == LAB for each in found if not each.is_aws)


@pytest.mark.parametrize(
    ("profile", "declared", "led_away"),
    [
        ("lab", {}, {"S3", "STS"}),
        ("lab-sts", {}, {"STS"}),
        (None, {"s3": LAB}, {"S3"}),
        (None, {"sts": LAB, "s3": LAB}, {"S3", "STS"}),
        ("lab", {"s3": OF_AWS[0]}, {"STS"}),
    ],
)
def test_what_a_provider_is_given_counts_for_it(
    no_settings: pytest.MonkeyPatch,
    profile: str | None,
    declared: dict[str, str],
    led_away: set[str],
) -> None:
    del no_settings
    found = endpoints("eu-west-1", profile=profile, declared=declared)
    assert {each.service for each in found if not each.is_aws} == led_away


def test_a_profile_that_does_not_exist_leads_nowhere(no_settings: pytest.MonkeyPatch) -> None:
    del no_settings
    assert endpoints("eu-west-1", profile="no-such") == []


def test_the_endpoints_of_a_provider_are_read_as_pulumi_sends_them() -> None:
    assert addresses(None) == {}
    assert addresses('[{"iam": "https://iam", "s3": ""}, {"sts": "http://x"}]') == {
        "sts": "http://x"
    }


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> str | None:
        assert isinstance(example, str)
        read = yaml.safe_load(example)
        return code(judge_world(read["world"], [Endpoint(*each) for each in read["endpoints"]]))

    assert found(WORLDS_MIXED.wrong) == "FL711"
    assert found(WORLDS_MIXED.right) is None


def code(found: Diagnostic | None) -> str | None:
    return found.kind.code if found else None
