"""Rules that were not made for a program break its promises where a policy with them would not
compile, and its holds where one of them may end what is under hold.
"""

from __future__ import annotations

import pytest

from firnline.pipeline import Compilation
from firnline.rules.prove.broken_by import Breach, broken_by
from tests.policies import codes, compiled

HOLD = "{prefix: %s, ask_again: 2999-12-31, why: discovery request, approved_by: legal}"


def of_policy(text: str) -> Compilation:
    found = compiled(text)
    assert not found.failed, found.diagnostics
    return found


def breaches(retain: str, said: str) -> list[Breach]:
    """What the rules of the retentions break of what another policy says of the same bucket."""
    rules = of_policy(retain).buckets[0].rules
    harmless = of_policy(f"versioning: enabled\nuploads: {{abort_after: 7d}}\n{said}")
    (bucket,) = harmless.buckets
    assert bucket.program is not None
    return list(broken_by(bucket.program, rules, rules.rules))


RETAINED = (
    "versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: 30d,"
    " old_versions: {delete_after: 7d}}}"
)


@pytest.mark.parametrize(
    "promise",
    [
        "{prefix: tmp/, keep_at_least: 30d}",
        "{prefix: tmp/x/, keep_at_least: 31d}",
        '{prefix: "", keep_at_least: 31d}',
        "{prefix: logs/, keep_at_least: forever}",
        "{prefix: tmp/, old_versions: {keep_at_least: 7d}}",
        "{prefix: tmp/, old_versions: {keep_at_least: 8d}}",
    ],
)
def test_a_promise_is_broken_where_the_policy_with_it_does_not_compile(promise: str) -> None:
    with_it = compiled(f"{RETAINED}\npromises: {{stay: {promise}}}")
    found = breaches(RETAINED, f"promises: {{stay: {promise}}}")
    assert bool(found) == with_it.failed, codes(with_it.diagnostics)
    assert all(each.rule is not None for each in found)


@pytest.mark.parametrize(
    ("prefix", "is_broken"), [("tmp/", True), ("tmp/x/", True), ('""', True), ("logs/", False)]
)
def test_a_hold_is_broken_by_a_rule_that_may_end_what_it_names(
    prefix: str, is_broken: bool
) -> None:
    found = breaches(RETAINED, f"holds: {{lit-7: {HOLD % prefix}}}")
    assert bool(found) == is_broken


@pytest.mark.parametrize(
    ("within", "retain"),
    [
        ("39d", "{tmp: {prefix: tmp/, delete_after: 30d, old_versions: {delete_after: 7d}}}"),
        ("38d", "{tmp: {prefix: tmp/, delete_after: 30d, old_versions: {delete_after: 7d}}}"),
        ("40d", "{tmp: {prefix: tmp/x/, delete_after: 7d, old_versions: {delete_after: 7d}}}"),
    ],
)
def test_bytes_that_stay_too_long_break_a_promise_as_in_a_policy(within: str, retain: str) -> None:
    """The program says what its own retentions keep; the other rules are judged."""
    promise = f"promises: {{gone: {{prefix: tmp/, gone_within: {within}}}}}"
    with_it = compiled(f"versioning: enabled\nretain: {retain}\n{promise}")
    kept = "{tmp: {prefix: tmp/, delete_after: 1d, old_versions: {delete_after: 1d}}}"
    (bucket,) = of_policy(f"versioning: enabled\nretain: {kept}\n{promise}").buckets
    rules = of_policy(f"versioning: enabled\nretain: {retain}").buckets[0].rules
    assert bucket.program is not None
    found = list(broken_by(bucket.program, rules, rules.rules))
    assert bool(found) == with_it.failed, codes(with_it.diagnostics)
    assert list(broken_by(bucket.program, bucket.rules, bucket.rules.rules)) == []
