"""A Pulumi YAML program, as docs/other-languages.md shows it, deploys the component package."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Final

import pytest

from firnline.fleet.live import read_live_json
from sandbox.engine.find import find_engine
from sandbox.engine.yaml_host import find_yaml_host
from sandbox.paths import CHECKOUT
from tests.docs.pages import blocks
from tests.end_to_end.stack import Aws, Project, make_project
from tests.targets.pulumi_aws.test_package_schema import SCHEMA

pytestmark = pytest.mark.slow

PAGE: Final = "docs/other-languages.md"
ACCOUNT, BUCKET = "210987654321", "acme-features"
BY_HAND: Final = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "x/"},
    "Expiration": {"Days": 3},
}


@pytest.fixture(scope="module")
def infra(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The documented files beside a folder `firnline`, and a bucket with rules applied."""
    find_yaml_host(CHECKOUT, find_engine(CHECKOUT))
    folder = tmp_path_factory.mktemp("package")
    package = folder / "firnline" / "component_package"
    shutil.copytree(CHECKOUT / "component_package", package, ignore=shutil.ignore_patterns(".venv"))
    (package / ".venv").symlink_to(CHECKOUT / ".venv")
    project = make_project(folder / "infra", aws)
    (project.folder / "firnline.toml").unlink()
    for block in blocks(PAGE):
        if block.file and block.file.startswith("infra/"):
            (folder / block.file).write_text(block.content, encoding="utf-8")
    (project.folder / "Pulumi.prod.yaml").unlink()
    (project.folder / "Pulumi.sandbox.yaml").write_text("config:\n  firnline:world: sandbox\n")
    aws.fail_no_more()
    aws.client(ACCOUNT).create_bucket(Bucket=BUCKET)
    for words in (("stack", "init", "sandbox"), ("up", "--yes", "--skip-preview")):
        ran = project.pulumi(*words)
        assert ran.code == 0, ran.text
    yield project
    aws.client(ACCOUNT).delete_bucket(Bucket=BUCKET)


@pytest.fixture
def program(infra: Project) -> Iterator[Project]:
    """Its files afterwards are what they were."""
    kept = {name: (infra.folder / name).read_text() for name in ("Pulumi.yaml", "retention.yaml")}
    yield infra
    for name, text in kept.items():
        (infra.folder / name).write_text(text)


def live_ids(aws: Aws) -> list[str]:
    live = read_live_json(aws.client(ACCOUNT), BUCKET)
    return sorted(rule["ID"] for rule in live["Rules"]) if live else []


OURS: Final = ["firnline/features/features/*", "firnline/features/features/daily"]


def test_the_engine_prints_the_schema_that_the_repository_has(infra: Project) -> None:
    package = infra.folder.parent / "firnline" / "component_package"
    ran = infra.pulumi("package", "get-schema", str(package))
    assert ran.code == 0, ran.text
    printed = json.loads(ran.text[ran.text.index("{\n") :])
    assert printed.pop("config") == {}
    assert printed == json.loads(SCHEMA.read_text(encoding="utf-8"))


def test_the_program_writes_the_rules_and_then_finds_nothing_to_do(
    infra: Project, aws: Aws
) -> None:
    assert live_ids(aws) == OURS
    assert infra.steps() == []


def test_a_rule_of_somebody_else_stops_it_and_stays(program: Project, aws: Aws) -> None:
    client = aws.client(ACCOUNT)
    live = client.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    program.edit("retention.yaml", ("delete_after: 90d", "delete_after: 120d"))
    put = client.put_bucket_lifecycle_configuration
    put(Bucket=BUCKET, LifecycleConfiguration={"Rules": [*live, BY_HAND]})  # type: ignore[list-item]
    try:
        refused = program.up()
        assert live_ids(aws) == ["by-hand", *OURS]
    finally:
        put(Bucket=BUCKET, LifecycleConfiguration={"Rules": live})
    assert refused.code != 0
    assert "error[FL409]: a bucket has live rules that Firnline did not write" in refused
    assert "this write would remove: `by-hand`" in refused


def test_what_deletes_sooner_waits_for_an_approval(program: Project) -> None:
    program.edit("retention.yaml", ("delete_after: 90d", "delete_after: 60d"))
    refused = program.pulumi("preview")
    assert refused.code != 0
    assert "gate[FL401]" in refused
    assert "firnline: approvals/v1" in refused


def test_a_mistake_in_a_policy_is_drawn_without_a_traceback(program: Project) -> None:
    program.edit("retention.yaml", ("delete_after: 90d", "delete_after: 20d"))
    refused = program.pulumi("preview")
    assert refused.code != 0
    assert (
        "error[FL203]: an expiration comes before a transition\n     --> retention.yaml" in refused
    )
    assert not [sign for sign in ("Traceback", "<class", ".py") if sign in refused]


def test_two_of_one_program_for_one_bucket_are_refused(program: Project) -> None:
    text = (program.folder / "Pulumi.yaml").read_text()
    start, end = text.index("  features:\n"), text.index("outputs:\n")
    second = text[start:end].replace("features:", "second:", 1)
    program.edit("Pulumi.yaml", ("outputs:\n", f"{second}outputs:\n"))
    refused = program.pulumi("preview")
    assert refused.code != 0
    assert "error[FL724]" in refused


def test_a_provider_of_the_other_world_is_refused(program: Project) -> None:
    amazon = '      endpoints: [{s3: "https://s3.us-east-1.amazonaws.com"}]\n'
    program.edit("Pulumi.yaml", ("      allowedAccountIds", f"{amazon}      allowedAccountIds"))
    refused = program.pulumi("preview")
    assert refused.code != 0
    assert "error[FL711]" in refused
    assert "(`endpoints` of the provider)" in refused


def test_destroy_leaves_the_rules(infra: Project, aws: Aws) -> None:
    destroyed = infra.pulumi("destroy", "--yes", "--skip-preview")
    assert destroyed.code == 0, destroyed.text
    assert infra.resources() == []
    assert live_ids(aws) == OURS
    assert ("DeleteBucketLifecycle", BUCKET) not in aws.operations()
