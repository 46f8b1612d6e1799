"""A wrong argument of `rules_from` ends a program with words, not with a traceback."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, get_args

import pulumi
import pytest

from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws import rules_from
from firnline.targets.pulumi_aws.policy_file import VersioningName
from tests.end_to_end import documented_program


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "retention.yaml"
    file.write_text(documented_program.files()["retention.yaml"], encoding="utf-8")
    return file


def said_of(versioning: Any, policy: Path) -> str:
    with pytest.raises(pulumi.RunError) as stopped:
        rules_from(policy, namespace="features", versioning=versioning)
    return str(stopped.value)


def test_the_literal_type_has_the_values_that_a_policy_has() -> None:
    assert set(get_args(VersioningName)) == {each.value for each in Versioning}


def test_a_misspelt_versioning_is_answered_with_the_one_that_was_meant(policy: Path) -> None:
    for written, meant in (
        ("Enabled", "write `enabled`"),
        ("suspend", "did you mean `suspended`?"),
    ):
        assert said_of(written, policy) == (
            f"`versioning` of `rules_from` is `{written}`, which is not how a bucket is versioned:"
            f" {meant}"
        )


@pytest.mark.parametrize("written", [None, True, "yes please", "", ["enabled"]])
def test_any_other_versioning_is_answered_with_all_there_are(written: Any, policy: Path) -> None:
    assert said_of(written, policy).endswith("write `enabled`, `suspended` or `off`")


def test_an_output_is_said_to_come_too_late(policy: Path) -> None:
    async def program() -> str:  # an Output needs an event loop
        return said_of(pulumi.Output.from_input("enabled"), policy)

    said = asyncio.run(program())
    assert said.startswith("`versioning` of `rules_from` is an Output, but")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"nowhere\.yaml"):
        rules_from(tmp_path / "nowhere.yaml", namespace="features", versioning="off")
