"""Of two places that conflict, a diagnostic shows both."""

from __future__ import annotations

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Place, Span
from firnline.lint.check import check_lifecycle_file

ENABLED = '"Status": "Enabled"'
DELETE = f'{ENABLED}, "Expiration": {{"Days": 400}}'
TAG = '{"Key": "team", "Value": "ml"}'
# «» marks what is wrong, ‹› what it conflicts with.
CONFLICTS = {
    "two rules of one ID": (
        f'{{"ID": ‹"a"›, "Filter": {{}}, {DELETE}}}, {{"ID": «"a"», "Filter": {{}}, {DELETE}}}'
    ),
    "the third rule of one ID": (
        f'{{"ID": ‹"a"›, "Filter": {{}}, {DELETE}}}, {{"ID": "b", "Filter": {{}}, {DELETE}}},'
        f' {{"ID": «"a"», "Filter": {{}}, {DELETE}}}'
    ),
    "a filter and a prefix": f'{{‹"Filter"›: {{}}, «"Prefix"»: "", {DELETE}}}',
    "a tag twice": (
        '{"Filter": {"And": {"Tags": [{"Key": ‹"k"›, "Value": "1"},'
        f' {{"Key": «"k"», "Value": "2"}}]}}}}, {DELETE}}}'
    ),
    "an empty range": (
        '{"Filter": {"And": {"ObjectSizeGreaterThan": ‹9›, "ObjectSizeLessThan": «5»}},'
        f" {DELETE}}}"
    ),
    "tags and uploads": (
        f'{{"Filter": {{‹"Tag"›: {TAG}}}, {ENABLED},'
        ' «"AbortIncompleteMultipartUpload"»: {"DaysAfterInitiation": 7}}'
    ),
    "sizes and uploads": (
        f'{{"Filter": {{"ObjectSizeLessThan": ‹9›}}, {ENABLED},'
        ' «"AbortIncompleteMultipartUpload"»: {"DaysAfterInitiation": 7}}'
    ),
    "days and a date": (
        f'{{"Filter": {{}}, {ENABLED},'
        ' "Expiration": {"Days": ‹9›, "Date": «"2030-01-01T00:00:00Z"»}}'
    ),
    "days and a marker": (
        f'{{"Filter": {{}}, {ENABLED},'
        ' "Expiration": {"Days": ‹9›, "ExpiredObjectDeleteMarker": «true»}}'
    ),
    "moves by days and by date": (
        f'{{"Filter": {{}}, {ENABLED}, "Transitions":'
        ' [{"Days": ‹1›, "StorageClass": "STANDARD_IA"},'
        ' {"Date": «"2030-01-01T00:00:00Z"», "StorageClass": "GLACIER"}]}'
    ),
    "a transition by days and an end by date": (
        f'{{"Filter": {{}}, {ENABLED}, "Transitions":'
        ' [{"Days": ‹1›, "StorageClass": "GLACIER"}],'
        ' "Expiration": {"Date": «"2030-01-01T00:00:00Z"»}}'
    ),
    "a transition by date and an end by days": (
        f'{{"Filter": {{}}, {ENABLED}, "Transitions":'
        ' [{"Date": ‹"2030-01-01T00:00:00Z"›, "StorageClass": "GLACIER"}],'
        ' "Expiration": {"Days": «9»}}'
    ),
    "a class twice": (
        f'{{"Filter": {{}}, {DELETE}, "Transitions": [{{"Days": 1, "StorageClass": ‹"GLACIER"›}},'
        ' {"Days": 100, "StorageClass": «"GLACIER"»}]}'
    ),
    "a transition to a warmer class": (
        f'{{"Filter": {{}}, {DELETE}, "Transitions": [{{"Days": ‹1›, "StorageClass": "GLACIER"}},'
        ' {"Days": «100», "StorageClass": "STANDARD_IA"}]}'
    ),
    "a transition too soon": (
        f'{{"Filter": {{}}, {DELETE}, "Transitions":'
        ' [{"Days": ‹30›, "StorageClass": "STANDARD_IA"},'
        ' {"Days": «40», "StorageClass": "GLACIER"}]}'
    ),
    "an end before the last transition": (
        f'{{"Filter": {{}}, {ENABLED}, "Transitions":'
        ' [{"Days": ‹400›, "StorageClass": "GLACIER"}, {"Days": 30, "StorageClass": "GLACIER_IR"}],'
        ' "Expiration": {"Days": «20»}}'
    ),
    "an end by date before a transition": (
        f'{{"Filter": {{}}, {ENABLED}, "Transitions":'
        ' [{"Date": ‹"2030-01-02T00:00:00Z"›, "StorageClass": "GLACIER"}],'
        ' "Expiration": {"Date": «"2030-01-01T00:00:00Z"»}}'
    ),
    "noncurrent versions end before they move": (
        f'{{"Filter": {{}}, {ENABLED}, "NoncurrentVersionTransitions":'
        ' [{"NoncurrentDays": ‹30›, "StorageClass": "GLACIER"}],'
        ' "NoncurrentVersionExpiration": {"NoncurrentDays": «20»}}'
    ),
    "newer versions under a rule-level prefix": (
        f'{{"Prefix": ‹"a/"›, {ENABLED}, "NoncurrentVersionExpiration":'
        ' {"NoncurrentDays": 20, "NewerNoncurrentVersions": «2»}}'
    ),
    "a filter after a rule-level prefix": (
        f'{{"Prefix": ‹"a/"›, {DELETE}}}, {{«"Filter"»: {{}}, {DELETE}}}'
    ),
    "a rule-level prefix after a filter": (
        f'{{‹"Filter"›: {{}}, {DELETE}}}, {{"Prefix": «"a/"», {DELETE}}}'
    ),
    "a rule-level prefix within another": (
        f'{{"Prefix": «"a/b/"», {DELETE}}}, {{"Prefix": ‹"a/"›, {DELETE}}}'
    ),
    "a rule-level prefix twice": f'{{"Prefix": ‹"a/"›, {DELETE}}}, {{"Prefix": «"a/"», {DELETE}}}',
}
XML = (
    "<LifecycleConfiguration><Rule><ID>a</ID><Filter/><Status>Enabled</Status><Transition>"
    "<Days>{move}</Days><StorageClass>GLACIER</StorageClass></Transition>"
    "<Expiration><Days>20</Days></Expiration></Rule></LifecycleConfiguration>"
)


@pytest.mark.parametrize("rules", CONFLICTS.values(), ids=CONFLICTS)
def test_both_places_are_shown(rules: str) -> None:
    text = f'{{"Rules": [{rules}]}}'
    (found,) = errors(text.translate(dict.fromkeys(map(ord, "«»‹›"))), "rules.json")
    assert shown(found.place) == between(text, "«»")
    assert [shown(place) for place, _ in found.also] == [between(text, "‹›")]


def test_the_texts_of_both_say_which_is_which() -> None:
    text = CONFLICTS["two rules of one ID"].translate(dict.fromkeys(map(ord, "«»‹›")))
    (found,) = errors(f'{{"Rules": [{text}]}}', "rules.json")
    assert found.message == "another rule before this one has the same ID"
    assert [label for _, label in found.also] == ["this rule has the same ID"]


def test_in_xml_both_elements_are_shown() -> None:
    (found,) = errors(XML.format(move=30), "rules.xml")
    assert shown(found.place)[1] == "<Days>20</Days>"
    assert [shown(place)[1] for place, _ in found.also] == ["<Days>30</Days>"]


def test_what_conflicts_with_nothing_has_one_place() -> None:
    (found,) = errors(f'{{"Rules": [{{"Filter": {{}}, {ENABLED}, "Expiration": {{"Days": 0}}}}]}}')
    assert found.also == ()


def errors(text: str, path: str = "rules.json") -> list[Diagnostic]:
    found = check_lifecycle_file(text.encode(), path)
    return [each for each in found if each.severity.value == "error"]


def shown(place: Place) -> tuple[int, str]:
    """Where a place begins, and what it shows."""
    assert isinstance(place, Span)
    return place.start, place.source.text[place.start : place.end]


def between(text: str, marks: str) -> tuple[int, str]:
    """The same of what stands between two marks, as if there were no marks in the text."""
    start = text.index(marks[0])
    inside = text[start + 1 : text.index(marks[1])]
    return start - sum(text[:start].count(mark) for mark in "«»‹›"), inside
