"""What `firnline init` writes without a question runs in the sandbox as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline.fleet.live import read_live_json
from firnline.s3.compare.same import same
from firnline.s3.read_shape import read_configuration
from tests.end_to_end.stack import Aws, Project, make_project

BUCKET = "acme-ml-artifacts-dev-use1"


@pytest.fixture
def begun(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    """A folder in which `firnline init` was run, and a bucket that has no rules yet."""
    aws.fail_no_more()
    before = aws.live()
    aws.put(BUCKET, None)
    project = make_project(tmp_path / "my-retention", aws)
    (project.folder / "firnline.toml").unlink()
    ran = project.run("firnline", "init")
    assert ran.code == 0, ran.text
    yield project
    aws.restore(before)


def test_a_project_just_begun_puts_its_rules_on_the_bucket(begun: Project) -> None:
    resolved = begun.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
    checked = begun.run("firnline", "check", "--fail-on", "warning", "--today", "2026-11-28")
    assert (checked.code, "FL418" in checked, "warning[" in checked) == (0, True, False)
    assert begun.pulumi("stack", "init", "sandbox").code == 0
    refused = begun.pulumi("preview")
    assert refused.code != 0
    assert "gate[FL415]: a bucket that had no rules gets rules that delete" in refused
    agreed = begun.run(
        "firnline", "approve", "--base", "live", "--by", "me", "--deletes-up-to", "1TiB"
    )
    assert agreed.code == 0, agreed.text
    up = begun.up()
    assert up.code == 0, up.text

    live = read_live_json(begun.aws.client_of(BUCKET), BUCKET)
    assert live is not None
    assert same(read_configuration(live), begun.compiled()[BUCKET])
    assert {rule["ID"].split("/")[1] for rule in live["Rules"]} == {"my-retention"}
    assert begun.steps() == []
