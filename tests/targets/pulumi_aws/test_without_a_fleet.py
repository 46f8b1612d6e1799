"""A program with a policy file alone is sent to no fleet file, lock or command that needs one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter

import pytest

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.diagnostics.text import to_text
from firnline.examples import files_of
from firnline.fleet.live import Live
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.guard import judge, judge_answer, not_settled
from firnline.targets.pulumi_aws.policy_file import compile_for
from tests.targets.pulumi_aws.rules import expiring, rules, write
from tests.test_catalog import KINDS

FLEET_ALONE = re.compile(r"fleet file|\bthe lock\b|firnline (resolve|show)")
SEVEN, EIGHT, NINE = rules(expiring(7)), rules(expiring(8)), rules(expiring(9))
BY_HAND = "{ID: by-hand, Status: Enabled, Filter: {Prefix: x/}, Expiration: {Days: 3}}"
NO_BUCKET = Live(None, bucket_exists=False)


def refusals(*, in_fleet: bool) -> Iterator[Diagnostic | None]:
    """All that the guard can say."""
    create, update = write(EIGHT, from_lock=in_fleet), write(EIGHT, SEVEN, from_lock=in_fleet)
    disabled = expiring(7, "firnline/lab/tmp/old", "Disabled")
    yield judge(rules(BY_HAND), create)
    yield judge(NINE, create)
    yield judge(NINE, update)
    yield judge(None, update)
    yield judge(rules(expiring(7), disabled), update)
    yield judge(rules(disabled), create)
    yield not_settled(SEVEN, update)
    for each in (create, update):
        yield judge_answer(NO_BUCKET, each, preview=False)


def test_the_guard_sends_to_aws_where_no_fleet_file_knows_the_bucket() -> None:
    for refusal in refusals(in_fleet=False):
        assert refusal is not None
        assert not FLEET_ALONE.search(to_text([refusal])), to_text([refusal])


def test_the_guard_sends_to_the_fleet_where_one_knows_the_bucket() -> None:
    for refusal in refusals(in_fleet=True):
        assert refusal is not None
        assert FLEET_ALONE.search(to_text([refusal])), to_text([refusal])


# What `gc` deletes takes registries, and those are in the fleet file.
@pytest.mark.parametrize(
    "kind", [each for each in KINDS if each.code != "FL327"], ids=attrgetter("code")
)
def test_a_policy_file_is_judged_in_words_that_hold_without_a_fleet(kind: Kind) -> None:
    files = files_of(kind.wrong)
    _, _, found = compile_for(files, "features", "retention.yaml", Versioning.ENABLED)
    for each in found:
        assert not FLEET_ALONE.search("\n".join([each.message, each.help or "", *each.notes])), each
