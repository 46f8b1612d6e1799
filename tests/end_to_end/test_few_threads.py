"""The guard reads S3 while Pulumi waits for it: neither may take the other's threads."""

from __future__ import annotations

import pytest

from sandbox.world.accounts import BUCKETS
from tests.end_to_end.stack import Project


@pytest.mark.slow
def test_the_guard_answers_when_every_thread_of_pulumi_waits_for_a_registration(
    project: Project,
) -> None:
    # With `--parallel 1` the program has four threads for the registrations of seven buckets, and
    # each waits for the hook of its bucket. Were hooks to read in those threads, none would return.
    for name, days in (
        ("ml-artifacts", "180d"),
        ("training-logs", "90d"),
        ("research", "90d"),
        ("ci-scratch", "30d"),
    ):
        project.edit(
            f"policies/{name}.yaml",
            (f"    delete_after: {days}", f"    delete_after: {int(days[:-1]) + 1}d"),
        )
    changed = project.pulumi("up", "--yes", "--skip-preview", "--parallel", "1")
    assert changed.code == 0, changed.text
    assert f"~ {len(BUCKETS) + 1} updated" in changed, "the buckets, and what is read back"
