"""Cases derived by hand from the design and from S3's documentation, each with its reason."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.position import Span
from firnline.pipeline import compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.prove.meets import prove
from firnline.s3.compare.difference import Difference, facts
from firnline.s3.compare.same import differences
from firnline.s3.compare.witness import steps_of as told_from
from firnline.s3.compare.witness import witness_of
from firnline.s3.model import MinimumSize, RuleSet
from firnline.s3.terms import Versioning
from tests.places import in_file, span_of
from tests.rules.prove import notation

PREAMBLE = {
    "firnline": "policy/v1",
    "policy": "example",
    "owner": "lab",
    "why": "a case",
    "applies_to": "[{account: lab, buckets: lab-data}]",
    "versioning": "off",
}
STARTS = ("STANDARD", "STANDARD_IA", "GLACIER_IR", "INTELLIGENT_TIERING")
FOLDER = Path(__file__).parent / "cases"


def cases(family: str) -> list[Any]:
    # As text throughout, as policies are read: `off` and `1:30` stay what was written.
    found = yaml.load((FOLDER / f"{family}.yaml").read_text("utf-8"), yaml.CBaseLoader)
    return [pytest.param(case, id=case["id"]) for case in found]


def test_there_are_three_hundred_cases_and_each_has_a_name_and_a_reason() -> None:
    every = [case.values[0] for path in FOLDER.glob("*.yaml") for case in cases(path.stem)]
    assert len({case["id"] for case in every}) == len(every) >= 300
    assert all(case["why"] for case in every)


@pytest.mark.parametrize("case", cases("policies"))
def test_a_policy_is_refused_or_does_what_it_says(case: dict[str, Any]) -> None:
    compilation = compile_files(_files(case["policy"]), with_remedies="reports" in case)
    found: dict[str, list[str]] = {}
    for each in compilation.diagnostics:
        labels = [f"{label} also {_begins(in_file(place))}" for place, label in each.also]
        told = [f"at {_begins(span_of(each))}", each.message, *labels, *each.notes, each.help]
        found.setdefault(each.kind.code, []).append(" ".join(told))
    reports = case.get("reports", {})
    errors = {each.kind.code for each in compilation.diagnostics if has_errors([each])}
    assert errors <= reports.keys() <= found.keys(), found  # advice, such as of cost, is no matter
    for code, words in reports.items():
        for word in words:
            assert any(word in text for text in found[code]), (word, found[code])
    if "stories" in case:
        (bucket,) = compilation.buckets
        versioning = bucket.bucket.versioning or Versioning.OFF
        for text, story in case["stories"].items():
            item = notation.item(text)
            assert notation.told(bucket.rules, versioning, item) == story, text


@pytest.mark.parametrize("case", cases("pairs"))
def test_two_lists_of_rules_are_the_same_or_differ_where_it_is_said(case: dict[str, Any]) -> None:
    one, other = (_side(case, side) for side in ("one", "other"))
    said = case.get("bucket", "unknown").split(" ")
    versioning = None if said[0] == "unknown" else Versioning(said[0])
    known = facts(versioning, object_lock="locks" in said)
    for left, right in ((one, other), (other, one)):
        found = list(differences(left, right, known))
        _as_said(found, case["differs"])
        _shown(found, left, right)
    if not case["differs"]:
        _nothing_tells_them_apart(one, other, known.versionings, locks=known.locks)


@pytest.mark.parametrize("case", cases("mutants"))
def test_a_changed_rule_is_noticed_by_whom_it_is_said(case: dict[str, Any]) -> None:
    bucket = _compiled(case["policy"])
    assert bucket.program is not None
    ending = case.get("rule")
    changed = [rule for rule in bucket.rules.rules if ending is None or not _is(rule.id, ending)]
    assert len(changed) == len(bucket.rules.rules) - (ending is not None), bucket.rules
    if "becomes" in case:
        changed.append(notation.rule(case["becomes"], "mutant"))
    mutant = replace(bucket.rules, rules=tuple(changed))
    found = list(prove(bucket.program, mutant).differences)
    _as_said(found, case["noticed"])
    _shown(found, bucket.rules, mutant)


def _files(said: str | dict[str, str]) -> dict[str, bytes]:
    """A policy, or several by the names of their files, with what each needs besides."""
    texts = {"policy.yaml": said} if isinstance(said, str) else said
    return {name: _whole(text).encode() for name, text in texts.items()}


def _whole(text: str) -> str:
    begun = {line.partition(":")[0] for line in text.splitlines()}
    lines = PREAMBLE.items() if "firnline" not in begun else ()
    return "".join(f"{key}: {value}\n" for key, value in lines if key not in begun) + text


def _begins(span: Span) -> str:
    """The key with which the line of a span begins: a retention's name, where each has its own."""
    return span.source.line(span.line).strip().partition(":")[0]


@cache
def _compiled(policy: str) -> BucketRules:
    compilation = compile_files(_files(policy))
    assert not compilation.failed, compilation.diagnostics
    (bucket,) = compilation.buckets
    return bucket


def _is(rule_id: str, ending: str) -> bool:
    return rule_id.endswith(f"/example/{ending}")


def _side(case: dict[str, Any], side: str) -> RuleSet:
    rules = notation.ruleset(case[side])
    varies = side in case.get("varies", [])
    return replace(rules, minimum_size=MinimumSize.VARIES) if varies else rules


def _as_said(found: list[Difference], said: dict[str, str]) -> None:
    """Exactly these sorts of things differ, one of each as it is said."""
    parts: dict[str, list[set[str]]] = {}
    for each in found:
        part = "old delete markers" if each.state.is_old_marker else each.state.clock.value
        parts.setdefault(part, []).append(notation.state_words(each))
    assert parts.keys() == said.keys(), parts
    for part, state in said.items():
        words = {word for word in state.split(", ") if word}
        assert any(words <= told for told in parts[part]), parts[part]


def _shown(found: list[Difference], one: RuleSet, other: RuleSet) -> None:
    """Whatever is said to differ does so in the simulator, run on the rules themselves."""
    prefixes = {rule.filter.prefix for rule in (*one.rules, *other.rules)}
    for difference in found:
        witness = witness_of(difference, prefixes)
        ours, theirs = (
            told_from(side, witness.versioning, witness.item, witness.today)
            for side in (one, other)
        )
        assert ours != theirs, witness
        assert (ours, theirs) == (witness.one, witness.other), witness


def _nothing_tells_them_apart(
    one: RuleSet, other: RuleSet, versionings: tuple[Versioning, ...], *, locks: bool
) -> None:
    rules = [*one.rules, *other.rules]
    keys = {rule.filter.prefix + "x" for rule in rules} | {rule.filter.prefix for rule in rules}
    tags = {rule.filter.tags[:10] for rule in rules} | {()}
    bounds = {rule.filter.larger_than or 0 for rule in rules}
    bounds |= {rule.filter.smaller_than or 0 for rule in rules}
    sizes = {size + more for size in bounds for more in (0, 1)} | {131_071, 131_072, 2**20}
    words = [f"{size}B" for size in sorted(sizes) if size < 2**50]
    places = ("", "old", "old, 1 newer", "old, 3 newer")
    for key, size, tagged, held in product(sorted(keys - {""}), words, sorted(tags), STARTS):
        for age, place in product((0, 9, 40), places):
            more = [size, f"in {held}", f"{age}d", *(["locked"] if locks and place else [])]
            labels = [f"{name}={value}" for name, value in tagged]
            item = notation.item(", ".join([key, *more, *labels, *([place] if place else [])]))
            for versioning in versionings:
                ours, theirs = (notation.told(side, versioning, item) for side in (one, other))
                assert ours == theirs, item
