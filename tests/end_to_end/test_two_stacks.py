"""An account is of one stack, and moves to another one without a moment without rules."""

from __future__ import annotations

import pytest

from tests.end_to_end.stack import Aws, Project

pytestmark = pytest.mark.slow


def refused(project: Project, stack: str) -> str:
    ran = project.pulumi("preview", "--stack", stack)
    assert ran.code != 0
    assert "Traceback" not in ran
    return ran.text


def up(project: Project, stack: str) -> None:
    ran = project.up("--stack", stack)
    assert ran.code == 0, ran.text


def test_an_account_moves_from_the_old_stack_first(project: Project, aws: Aws) -> None:
    before = aws.live()
    world = "firnline:world: sandbox"
    for name, config in (
        ("staging", f"{{firnline:accounts: ml-staging, {world}}}"),
        ("not-made-yet", f"{{{world}}}"),
    ):
        file = project.folder / f"Pulumi.{name}.yaml"
        file.write_text(f"config: {config}\n", encoding="utf-8")
    assert project.pulumi("stack", "init", "staging").code == 0
    assert "this stack deploys `ml-staging`, and so does Pulumi.sandbox.yaml" in " ".join(
        refused(project, "staging").replace("^", "").split()
    )

    project.edit("Pulumi.sandbox.yaml", ("[ml-staging, ", "["))
    told = refused(project, "staging")
    assert "cannot be read" not in told, "a stack that is not made yet has no buckets"
    assert "error[FL715]: two stacks of a project answer for the same buckets" in told
    assert "is in the state of the stack `sandbox`" in " ".join(told.replace("|", " ").split())
    assert aws.live() == before

    up(project, "sandbox")
    up(project, "staging")
    assert aws.live() == before
