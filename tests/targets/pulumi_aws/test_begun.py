"""Which rollout a run is part of, and which runs ended before they recorded what they changed."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.targets.pulumi_aws.begun import TOKEN, begun_in
from firnline.targets.pulumi_aws.rollout_run import BadRollout, RolloutRun, rollout_run

URN = f"urn:pulumi:prod::lab::{TOKEN}::rollout"
FIRST, UNDO = {"rollout": "a"}, {"rollout": "b", "restores": "a"}


def state(**runs: dict[str, str]) -> dict[str, Any]:
    return {URN: {"outputs": {"begun": runs}}}


def test_the_environment_says_what_a_run_is_part_of() -> None:
    assert rollout_run({}) == rollout_run({"FIRNLINE_ROLLOUT": ""}) == RolloutRun()
    both = {"FIRNLINE_ROLLOUT": "2026-11-30T10:15Z+b", "FIRNLINE_RESTORE": "a"}
    assert rollout_run(both) == RolloutRun("2026-11-30T10:15Z+b", "a")


@pytest.mark.parametrize("id", ["a b", "-a", "a\n", "ä", "a" * 101])
def test_other_ids_are_refused(id: str) -> None:
    with pytest.raises(BadRollout, match="FIRNLINE_RESTORE is no ID of a rollout"):
        rollout_run({"FIRNLINE_RESTORE": id})


def test_what_undoes_a_rollout_has_an_id_of_its_own() -> None:
    with pytest.raises(BadRollout, match="are both `a`"):
        rollout_run({"FIRNLINE_ROLLOUT": "a", "FIRNLINE_RESTORE": "a"})


def test_a_run_ended_early_unless_the_ledger_is_its_own() -> None:
    assert not begun_in({}, None).is_kept
    assert begun_in(state(one=FIRST), "one").rollouts == ()
    assert begun_in(state(one=FIRST), "other").rollouts == ("a",)
    assert begun_in(state(one=FIRST, two={}), None).rollouts == ("a", "")
    assert begun_in(state(one=FIRST, two=FIRST), None).rollouts == ("a",)


def test_an_undo_writes_nothing_that_could_be_taken_for_the_rollout() -> None:
    assert begun_in(state(one=FIRST, two=UNDO), None).rollouts == ("a",)
    assert begun_in(state(two=UNDO), None).rollouts == ("b",)
