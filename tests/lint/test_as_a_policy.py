"""What a retention earns as a policy, the same rules earn as a lifecycle file.

Each retention is written twice: in a policy, and as the one rule that somebody would write for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Known
from firnline.lint import Circumstances
from firnline.lint.check import check_lifecycle_file
from firnline.pipeline import Compilation, check_files
from firnline.s3.shape import to_s3
from firnline.s3.terms import Versioning
from tests.places import span_of
from tests.policies import TODAY

SAME = {"FL301", "FL310", "FL319", "FL502"}
"""Kinds that both have, of the same retentions. The others have a reason:

- FL302 becomes FL245, where the two rules that overlap expire at different ages; so does FL301 of a
  retention that a wider tag cuts short, where a third retention decides for what both match;
- FL303 only exists for policies: transitions of several rules add up in S3, and a rule has no way
  to state that there be none;
- FL304 and FL241 are found in a file where a rule repeats what a wider one does already; a policy
  must repeat it, as its narrowest retention decides alone;
- FL240, FL242, FL243, FL244 only exist for files: policies have FL404, say how long noncurrent
versions stay, remove delete markers with them, and have no dates.
"""
IF_NOTHING_INTERFERES = SAME - {"FL301"}
"""Of these, a policy is judged by what each retention requires, and a file by what rules do."""
IN_FILES_ALONE = {"FL240", "FL241", "FL242", "FL304"}
"""Of compiled rules as well: what a narrower retention repeats is there twice."""

CLASSES = {"warm": "STANDARD_IA", "archive": "DEEP_ARCHIVE"}
DAYS = st.sampled_from([30, 60, 91, 150, 300, 400])


@dataclass(frozen=True)
class OldVersions:
    moves: dict[str, int]
    delete: int
    keep: int | None


@dataclass(frozen=True)
class Retention:
    prefix: str
    tag: str | None
    moves: dict[str, int]
    delete: int
    old: OldVersions | None

    def as_yaml(self) -> str:
        parts = [f'prefix: "{self.prefix}"']
        parts += [f'tags: {{t: "{self.tag}"}}'] if self.tag else []
        parts += [f"{tier}_after: {days}d" for tier, days in self.moves.items()]
        parts.append(f"delete_after: {self.delete}d")
        if self.old:
            old = [f"{tier}_after: {days}d" for tier, days in self.old.moves.items()]
            old.append(f"delete_after: {self.old.delete}d")
            old += [f"keep_newest: {self.old.keep}"] if self.old.keep else []
            parts.append(f"old_versions: {{{', '.join(old)}}}")
        return f"{{{', '.join(parts)}}}"

    def as_rule(self) -> dict[str, Any]:
        rule: dict[str, Any] = {"Status": "Enabled", "Filter": self._filter()}
        rule["Expiration"] = {"Days": self.delete}
        if self.moves:
            rule["Transitions"] = list(_moves(self.moves, "Days"))
        if self.old:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": self.old.delete}
            if self.old.keep:
                rule["NoncurrentVersionExpiration"]["NewerNoncurrentVersions"] = self.old.keep
            if self.old.moves:
                moves = list(_moves(self.old.moves, "NoncurrentDays"))
                rule["NoncurrentVersionTransitions"] = moves
        return rule

    def _filter(self) -> dict[str, Any]:
        tag = {"Key": "t", "Value": self.tag}
        if self.prefix and self.tag:
            return {"And": {"Prefix": self.prefix, "Tags": [tag]}}
        return {"Prefix": self.prefix} if self.prefix else {"Tag": tag} if self.tag else {}


def _moves(moves: dict[str, int], unit: str) -> Iterator[dict[str, Any]]:
    for tier, days in moves.items():
        yield {unit: days, "StorageClass": CLASSES[tier]}


MOVES = st.fixed_dictionaries(
    {},
    optional={
        "warm": st.sampled_from([0, 30, 60]),
        "archive": st.sampled_from([60, 90, 120, 200]),
    },
)
OLD = st.builds(
    OldVersions,
    st.fixed_dictionaries({}, optional={"archive": st.sampled_from([7, 30])}),
    st.sampled_from([7, 30, 60, 180, 190]),
    st.sampled_from([None, 1, 3]),
)
RETENTIONS = st.lists(
    st.builds(
        Retention,
        st.sampled_from(["", "a/", "a/b/", "c/"]),
        st.sampled_from([None, None, "1", "2"]),
        MOVES,
        DAYS,
        st.none() | OLD,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: (each.prefix, each.tag),
)


HEAD = """\
firnline: policy/v1
policy: p
owner: o
why: w
applies_to: [{account: lab, buckets: lab-x}]
uploads: {abort_after: 7d}
"""


def as_a_policy(retentions: list[Retention], versioning: Versioning) -> set[tuple[str, int]]:
    found = _compilation(retentions, versioning).diagnostics
    return _by_retention(found, HEAD.count("\n") + 2)


def _compilation(retentions: list[Retention], versioning: Versioning) -> Compilation:
    lines = [f"  r{place}: {each.as_yaml()}\n" for place, each in enumerate(retentions)]
    text = f"{HEAD}versioning: {versioning.value}\nretain:\n{''.join(lines)}"
    return check_files({"p.yaml": text.encode()}, Known(today=TODAY))


def as_a_file(retentions: list[Retention], versioning: Versioning) -> set[tuple[str, int]]:
    rules = [json.dumps({"ID": f"r{n}"} | each.as_rule()) for n, each in enumerate(retentions)]
    text = '{"Rules": [\n' + ",\n".join(rules) + "\n]}"
    said = Circumstances(versioning=versioning)
    return _by_retention(check_lifecycle_file(text.encode(), "r.json", said), 1)


def _by_retention(found: tuple[Diagnostic, ...], lines_before: int) -> set[tuple[str, int]]:
    """Which kinds are reported, and at which retention or rule, from 0."""
    return {(each.kind.code, span_of(each).line - lines_before - 1) for each in found}


def places_of(code: str, found: set[tuple[str, int]]) -> set[int]:
    return {where for each, where in found if each == code}


def kinds(found: set[tuple[str, int]]) -> set[str]:
    return {code for code, _ in found}


@settings(max_examples=200)
@example(
    [
        Retention("", "1", {}, 30, None),
        Retention("a/", "1", {}, 60, None),
        Retention("a/b/", None, {}, 60, None),
    ],
    Versioning.OFF,
)
@given(RETENTIONS, st.sampled_from([Versioning.ENABLED, Versioning.OFF]))
def test_both_ways_to_write_it_earn_the_same(
    retentions: list[Retention], versioning: Versioning
) -> None:
    if versioning is Versioning.OFF:
        assume(not any(each.old for each in retentions))
    in_file = as_a_file(retentions, versioning)
    assume(not any("FL220" <= code <= "FL239" for code in kinds(in_file)))  # S3 would refuse it
    in_policy = as_a_policy(retentions, versioning)

    cut_short, in_rules = places_of("FL301", in_policy), places_of("FL301", in_file)
    assert in_rules <= cut_short
    assert cut_short - in_rules <= places_of("FL245", in_file)
    if not kinds(in_policy) & {"FL301", "FL302", "FL303"}:
        assert kinds(in_file) & IF_NOTHING_INTERFERES == kinds(in_policy) & IF_NOTHING_INTERFERES


@settings(max_examples=60)
@given(st.sampled_from(["a/", "a/b/"]), st.sampled_from(["", "a/"]), DAYS, DAYS)
def test_two_that_overlap_are_ambiguous_in_a_policy_and_noted_in_a_file(
    prefix: str, of_the_tagged: str, one: int, other: int
) -> None:
    assume(prefix != of_the_tagged)
    two = [
        Retention(prefix, None, {}, one, None),
        Retention(of_the_tagged, "1", {}, other, None),
    ]
    assert ("FL302" in kinds(as_a_policy(two, Versioning.OFF))) == (one != other)
    assert ("FL245" in kinds(as_a_file(two, Versioning.OFF))) == (one != other)


@settings(max_examples=60)
@given(RETENTIONS, st.sampled_from([Versioning.ENABLED, Versioning.OFF]))
def test_what_a_policy_compiles_to_earns_nothing_that_the_policy_did_not(
    retentions: list[Retention], versioning: Versioning
) -> None:
    if versioning is Versioning.OFF:
        retentions = [replace(each, old=None) for each in retentions]
    compilation = _compilation(retentions, versioning)
    assume(compilation.buckets and not compilation.failed)
    text = json.dumps(to_s3(compilation.buckets[0].rules))
    found = check_lifecycle_file(text.encode(), "r.json", Circumstances(versioning=versioning))
    in_policy = {each.kind.code for each in compilation.diagnostics}
    assert {each.kind.code for each in found} - in_policy <= IN_FILES_ALONE
