"""A stack of the sandbox never calls AWS, and a stack of AWS never calls the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline.s3.shape import Json
from tests.end_to_end.outside import Outside, watched
from tests.end_to_end.stack import Aws, Project
from tests.end_to_end.test_component import infra_project

COMMANDS = {
    "preview": ("preview",),
    "up": ("up", "--yes", "--skip-preview"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}
EACH_COMMAND = [
    pytest.param(words, id=name, marks=() if name in ("up", "destroy") else pytest.mark.slow)
    for name, words in COMMANDS.items()
]
ON_AWS: dict[str, str | None] = {"AWS_ENDPOINT_URL": None}


@pytest.fixture
def outside() -> Iterator[Outside]:
    with watched() as outside:
        yield outside


@pytest.fixture
def infra(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    yield from infra_project(aws, tmp_path)


@pytest.mark.parametrize("command", EACH_COMMAND)
def test_a_stack_of_the_sandbox_sends_aws_no_request(
    project: Project, outside: Outside, command: tuple[str, ...]
) -> None:
    before = recorded(project)
    refused = project.pulumi(*command, **ON_AWS, **outside.variables)
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "the stack belongs to the sandbox" in refused
    assert "Traceback" not in refused
    assert outside.asked == []
    assert recorded(project) == before


@pytest.mark.parametrize("command", EACH_COMMAND)
def test_a_stack_of_aws_sends_the_sandbox_no_request(
    project: Project, aws: Aws, command: tuple[str, ...]
) -> None:
    project.edit("Pulumi.sandbox.yaml", ("world: sandbox", "world: aws"))
    before, asked = recorded(project), len(aws.operations())
    refused = project.pulumi(*command)
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "the stack belongs to AWS" in refused
    assert "Traceback" not in refused
    assert aws.operations()[asked:] == []
    assert recorded(project) == before


def test_only_the_program_stops_a_destroy(project: Project, outside: Outside) -> None:
    """What `PULUMI_RUN_PROGRAM` is for, and the proof that the watch outside sees a request."""
    without: dict[str, str | None] = {"PULUMI_RUN_PROGRAM": None}
    ran = project.pulumi("destroy", "--yes", **ON_AWS, **without, **outside.variables)
    assert "FL711" not in ran
    assert any("amazonaws.com" in line for line in outside.asked)


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL_STS", "TF_AWS_STS_ENDPOINT"])
def test_the_sandboxs_s3_does_not_go_with_the_sts_of_aws(
    project: Project, outside: Outside, variable: str
) -> None:
    sts = {variable: "https://sts.us-east-1.amazonaws.com"}
    refused = project.pulumi("refresh", "--yes", **sts, **outside.variables)
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "but STS is looked for at https://sts.us-east-1.amazonaws.com" in unwrapped(refused.text)
    assert outside.asked == []


def test_a_provider_that_comes_before_the_component_sends_the_wrong_world_no_request(
    infra: Project, outside: Outside
) -> None:
    refused = infra.pulumi("preview", **ON_AWS, **outside.variables)
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "Traceback" not in refused
    assert outside.asked == []


@pytest.mark.parametrize(
    "argument",
    ['endpoints=[{"sts": "https://sts.us-east-1.amazonaws.com"}],', 'profile="on-aws",'],
    ids=["endpoints", "profile"],
)
def test_a_provider_that_is_told_to_go_to_the_wrong_world_is_not_registered(
    infra: Project, outside: Outside, argument: str
) -> None:
    config = infra.folder / "aws-config"
    config.write_text(
        "[profile on-aws]\nregion = us-east-1\nignore_configured_endpoint_urls=true\n"
    )
    infra.edit("__main__.py", ("    ACCOUNT,\n", f"    ACCOUNT,\n    {argument}\n"))
    refused = infra.pulumi("preview", AWS_CONFIG_FILE=str(config), **outside.variables)
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "STS is looked for at https://sts" in unwrapped(refused.text)
    assert "Traceback" not in refused
    assert outside.asked == []


def test_the_default_provider_of_the_stack_is_judged_too(infra: Project, outside: Outside) -> None:
    given = 'aws:endpoints: [{"s3": "https://s3.us-east-1.amazonaws.com"}]'
    infra.edit("Pulumi.sandbox.yaml", ("config:\n", f"config:\n  {given}\n"))
    refused = infra.pulumi("preview", **outside.variables)
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert outside.asked == []


def recorded(project: Project) -> dict[str, tuple[Json, Json]]:
    """The state without its order and dates, which the engine writes anew with every command."""
    return {
        each["urn"]: (each.get("inputs", {}), each.get("outputs", {}))
        for each in project.resources()
    }


def unwrapped(text: str) -> str:
    """Without the line breaks of a drawn diagnostic."""
    return " ".join(text.replace("|", " ").split())
