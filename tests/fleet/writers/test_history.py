"""Between which meanings do the rules of a bucket flip, and who is told to stop?"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.json import diagnostic_json
from firnline.fleet.writers.conflict import conflict_diagnostic, letter
from firnline.fleet.writers.event_history import Pace
from firnline.fleet.writers.events import read_event
from firnline.fleet.writers.history import History, history
from firnline.s3.compare.difference import Facts, facts
from firnline.s3.terms import Versioning
from tests.fleet.writers.records import CLI, CUSTODIAN, TERRAFORM, record, rule

SHORT, LONG, NONE = rule(30), rule(90), None

# Several spellings of each of four meanings, and what is not known.
ALIKE: dict[str, tuple[object, ...]] = {
    "A": (
        [rule(30), rule(7, "tmp", "tmp/")],
        [rule(7, "tmp", "tmp/"), rule(30)],
        [rule(30, "other"), rule(7, "x", "tmp/"), rule(99, "later")],
    ),
    "B": ([rule(90), rule(7, "tmp", "tmp/")], [rule(7, "a", "tmp/"), rule(90, "b")]),
    "C": (rule(1, "all", ""), [rule(1, "all", ""), rule(1, "logs")]),
    "D": ("removed", {**rule(5), "Status": "Disabled"}),
    "?": (None,),
}
SPELLED = st.sampled_from(sorted(ALIKE)).flatmap(
    lambda meaning: st.tuples(st.just(meaning), st.sampled_from(ALIKE[meaning]))
)


def written(*rules: object, agents: tuple[str, ...] = (TERRAFORM, CUSTODIAN)) -> History:
    """One write an hour, by each agent in turn."""
    return history(
        filter(None, (read_event(_record(each, hour, agents)) for hour, each in enumerate(rules))),
        Facts(locks=True),
    )


def _record(rules: object, hour: int, agents: tuple[str, ...]) -> dict[str, Any]:
    removes = {"eventName": "DeleteBucketLifecycle"} if rules == "removed" else {}
    told = None if rules == "removed" else rules
    return record(told, hours=hour, agent=agents[hour % len(agents)], **removes)


def flips_of(found: History) -> list[int]:
    return [len(each.flips) for each in found.conflicts]


@given(st.lists(SPELLED, max_size=14))
def test_conflicts_are_pairs_of_meanings_that_follow_each_other_three_times(
    said: list[tuple[str, object]],
) -> None:
    found = written(*(rules for _, rules in said))
    counted = Counter(
        frozenset(pair)
        for pair in pairwise(meaning for meaning, _ in said)
        if "?" not in pair and len(set(pair)) == 2
    )
    expected = sorted(count for count in counted.values() if count >= 3)
    assert sorted(flips_of(found)) == expected
    names = {turn.meaning: meaning for turn, (meaning, _) in zip(found.turns, said, strict=True)}
    for conflict in found.conflicts:
        assert counted[frozenset(names[each] for each in conflict.meanings)] == len(conflict.flips)


def test_writing_the_same_again_is_no_flip() -> None:
    assert flips_of(written(SHORT, SHORT, LONG, LONG, LONG)) == []
    assert flips_of(written(SHORT, LONG, SHORT)) == []
    assert flips_of(written(SHORT, LONG, SHORT, LONG)) == [3]


def test_three_writers_in_turn_are_in_conflict_once_a_pair_flipped_three_times() -> None:
    third = rule(1)
    assert flips_of(written(SHORT, LONG, third, SHORT, LONG, third, SHORT)) == []
    assert flips_of(written(SHORT, LONG, third, SHORT, LONG, third, SHORT, LONG)) == [3]


def test_a_write_of_unknown_rules_is_no_flip_and_neither_is_the_next_one() -> None:
    assert flips_of(written(SHORT, LONG, NONE, SHORT, LONG)) == []


def test_records_that_are_there_twice_or_in_another_order_change_nothing() -> None:
    records = [
        record(rules, hours=hour, agent=agent)
        for hour, (rules, agent) in enumerate(((SHORT, TERRAFORM), (LONG, CUSTODIAN)) * 2)
    ]
    writes = [each for each in map(read_event, records) if each]
    shuffled = history([*reversed(writes), *writes], Facts(locks=True))
    assert shuffled == history(writes, Facts(locks=True))
    assert flips_of(shuffled) == [3]


def test_what_a_bucket_without_versions_cannot_tell_apart_is_the_same() -> None:
    kept = {**rule(30), "NoncurrentVersionExpiration": {"NoncurrentDays": 7}}
    writes = [
        each
        for hour in range(4)
        if (each := read_event(record((rule(30), kept)[hour % 2], hours=hour)))
    ]
    assert flips_of(history(writes, facts(Versioning.OFF))) == []
    assert flips_of(history(writes, facts(Versioning.ENABLED))) == [3]


def test_the_diagnostic_names_both_writers_an_object_and_what_ends_it() -> None:
    found = conflict_diagnostic(written(SHORT, LONG, SHORT, LONG), facts(Versioning.OFF))
    assert found is not None
    assert found.message == (
        "its rules changed 3 times between A and B, from 2026-11-01 10:00:00 UTC to"
        " 2026-11-01 12:00:00 UTC"
    )
    assert found.notes == (
        "A was written by Terraform 1.9.5 as role ci-deploy (session gha-17): 2 times, last at"
        " 2026-11-01 11:00:00 UTC",
        "B was written by Cloud Custodian 0.9.53 (policy `s3-log-expiry`) as role ci-deploy"
        " (session gha-17): 2 times, last at 2026-11-01 12:00:00 UTC",
        "rule in both, but different: `logs`",
        "for example logs/x, of 0 bytes, in STANDARD, 30 days old: deleted for good at 30d under A,"
        " deleted for good at 90d under B",
        "the newest write, at 2026-11-01 12:00:00 UTC, left B live",
    )
    terraform, custodian = (each["text"] for each in diagnostic_json(found)["remedy"])
    assert terraform.startswith("stop Terraform 1.9.5: put a `removed` block")
    assert "drop `configure-lifecycle` from the policy `s3-log-expiry`" in custodian


def test_rules_that_only_one_meaning_has_are_named() -> None:
    few, many = [rule(7)], [rule(7), *(rule(9, f"c7n-{each}", f"{each}/") for each in range(7))]
    found = conflict_diagnostic(written(few, many, few, many), Facts(locks=True))
    assert found is not None
    assert "rules only in B: `c7n-0`, `c7n-1`, `c7n-2`, `c7n-3`, `c7n-4` and 2 more" in found.notes


def test_one_writer_of_both_is_told_to_keep_one_of_its_stacks() -> None:
    histories = written(SHORT, LONG, SHORT, LONG, agents=(TERRAFORM,))
    found = conflict_diagnostic(histories, Facts(locks=True))
    assert found is not None
    assert found.help.startswith("Terraform 1.9.5 wrote both: find the two workspaces")


@pytest.mark.parametrize(
    ("agent", "remedy"),
    [
        (CLI, "have that person change the rules in the other tool, or deny"),
        ("[APN/1.0 Pulumi/1.0]", "run `pulumi state delete` on its `BucketLifecycleConfiguration`"),
        ("cloudformation.amazonaws.com", "`DeletionPolicy: Retain` on the bucket"),
        ("ssm.amazonaws.com", "find what is set up there to write it"),
        ("[Boto3/1.35]", "find what writes (its user agent is `Boto3/1.35`)"),
        ("", "find what writes (its user agent is `not told`)"),
    ],
)
def test_each_tool_has_a_remedy_of_its_own(agent: str, remedy: str) -> None:
    found = conflict_diagnostic(
        written(SHORT, LONG, SHORT, LONG, agents=(TERRAFORM, agent)), Facts(locks=True)
    )
    assert found is not None
    assert remedy in found.help


def test_another_stack_of_ours_is_told_to_release_the_bucket() -> None:
    ours, theirs = rule(7, "firnline/acme/tmp"), rule(9, "firnline/lab/tmp")
    pulumi = ("[APN/1.0 Pulumi/1.0]",)
    found = conflict_diagnostic(
        written(ours, theirs, ours, theirs, agents=pulumi), Facts(locks=True)
    )
    assert found is not None
    assert "stop Firnline's stack of namespace `acme`: take the bucket out" in found.help
    assert "or stop Firnline's stack of namespace `lab`: take the bucket out" in found.help


def test_who_repeats_a_meaning_once_is_not_told_to_stop() -> None:
    turns = [(SHORT, TERRAFORM), (LONG, CUSTODIAN)] * 2 + [(LONG, TERRAFORM)]
    records = [record(each, hours=hour, agent=by) for hour, (each, by) in enumerate(turns)]
    found = conflict_diagnostic(
        history(filter(None, map(read_event, records)), Facts(locks=True)), Facts(locks=True)
    )
    assert found is not None
    assert found.help.startswith("stop Terraform 1.9.5: ")
    assert "or stop Cloud Custodian 0.9.53" in found.help


def test_two_roles_with_one_tool_are_told_apart() -> None:
    records = [
        record((SHORT, LONG)[hour % 2], hours=hour, agent=TERRAFORM, role=("ci", "lab")[hour % 2])
        for hour in range(4)
    ]
    found = conflict_diagnostic(
        history(filter(None, map(read_event, records)), Facts(locks=True)), Facts(locks=True)
    )
    assert found is not None
    assert "stop Terraform 1.9.5 as role ci (session gha-17): put" in found.help
    assert "or stop Terraform 1.9.5 as role lab (session gha-17): put" in found.help


def test_meanings_have_letters_as_columns_of_a_spreadsheet() -> None:
    assert [letter(each) for each in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA")
    ]


def test_cloudtrail_is_asked_twice_a_second_at_most() -> None:
    clock = [100.0]
    slept: list[float] = []
    pace = Pace(lambda: clock[0], slept.append)
    pace.wait()
    clock[0] += 0.2
    pace.wait()
    clock[0] += 0.9
    pace.wait()
    assert slept == [pytest.approx(0.3)]
