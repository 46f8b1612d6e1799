"""Some accounts and waves of a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firnline.rollout.chosen import NoSuchAccount, WaveBefore, chosen
from firnline.rollout.plan import Plan
from tests.rollout.plans import PLAN, planned


def labels(plan: Plan) -> list[str]:
    return [each.label for each in plan.accounts]


@pytest.mark.parametrize(
    ("patterns", "fitting"),
    [
        ((), ["canary", "first", "second", "last"]),
        (("*st",), ["first", "last"]),
        (("!canary",), ["first", "second", "last"]),
        (("first", "last", "!l*"), ["first"]),
    ],
)
def test_accounts_are_chosen_by_their_labels(patterns: tuple[str, ...], fitting: list[str]) -> None:
    assert labels(chosen(PLAN, patterns, ())) == fitting


def test_a_label_that_fits_nothing_is_no_empty_plan() -> None:
    with pytest.raises(NoSuchAccount, match="no account `prod` has buckets here: canary, first"):
        chosen(PLAN, ("prod",), ())
    with pytest.raises(NoSuchAccount, match="there is no wave 4: 1, 2, 3"):
        chosen(PLAN, (), (4,))


def test_a_wave_comes_after_those_before_it() -> None:
    with pytest.raises(WaveBefore, match="wave 1 is not deployed yet: canary"):
        chosen(PLAN, (), (2,))
    done = replace(PLAN, accounts=(planned("canary", 1, writes=False), *PLAN.accounts[1:]))
    assert labels(chosen(done, (), (2,))) == ["first", "second"]
    assert labels(chosen(PLAN, (), (1, 2))) == ["canary", "first", "second"]


def test_the_digest_is_that_of_the_whole_plan() -> None:
    """So that the jobs of several waves deploy what one plan said."""
    assert chosen(PLAN, ("canary",), (1,)).digest == PLAN.digest
