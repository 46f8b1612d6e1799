"""The 28 configurations that S3 rejects and the 8 that hurt, which other tools let pass."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from firnline.lint import NOTHING_SAID, Circumstances
from firnline.s3.terms import Partition, Versioning
from tests.lint.marked import found_in, marked_text, place_of_mark, places

NEVER_VERSIONED = Circumstances(versioning=Versioning.OFF)
CHINA = Circumstances(partition=Partition.CHINA)
BEFORE = '"ID": "r", "Status": "Enabled"'
TAG = '"Tag": {"Key": "team", "Value": "ml"}'
MARKER = '"ExpiredObjectDeleteMarker": true'
ABORT = '"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}'


class Case(NamedTuple):
    code: str
    text: str
    said: Circumstances = NOTHING_SAID


def rules(*inside: str) -> str:
    listed = ",\n    ".join(f"{{{each}}}" for each in inside)
    return f'{{\n  "Rules": [\n    {listed}\n  ]\n}}\n'


def rule(inside: str, filter: str = '"Prefix": "logs/"') -> str:
    return rules(f'{BEFORE}, "Filter": {{{filter}}}, {inside}')


def moves(*steps: str) -> str:
    listed = ", ".join(f"{{{step}}}" for step in steps)
    return f'"Transitions": [{listed}]'


def move(days: str, storage_class: str) -> str:
    return f'"Days": {days}, "StorageClass": "{storage_class}"'


MANY = [f'"ID": "r{n}", "Status": "Enabled", "Filter": {{"Prefix": "{n}/"}}' for n in range(1001)]
CASES: dict[str, Case] = {
    "R01 neither Filter nor Prefix": Case(
        "FL220", rules('"ID": «"r"», "Status": "Enabled", "Expiration": {"Days": 1}')
    ),
    "R02 duplicate rule IDs": Case(
        "FL235",
        rules(
            f'{BEFORE}, "Filter": {{"Prefix": "a/"}}, "Expiration": {{"Days": 1}}',
            '"ID": «"r"», "Status": "Enabled", "Filter": {"Prefix": "b/"},'
            ' "Expiration": {"Days": 1}',
        ),
        NEVER_VERSIONED,
    ),
    "R03 ID of 256 characters": Case(
        "FL235",
        rules(
            f'"ID": «"{"i" * 256}"», "Status": "Enabled", "Filter": {{"Prefix": "b/"}},'
            ' "Expiration": {"Days": 1}'
        ),
        NEVER_VERSIONED,
    ),
    "R04 rule with no action": Case(
        "FL222", rules('"ID": «"r"», "Status": "Enabled", "Filter": {"Prefix": "a/"}')
    ),
    "R05 Expiration Days 0": Case("FL229", rule('"Expiration": {"Days": «0»}')),
    "R06 Days and Date together": Case(
        "FL227", rule('"Expiration": {"Days": 1, "Date": «"2030-01-01T00:00:00Z"»}')
    ),
    "R07 ExpiredObjectDeleteMarker and Days": Case(
        "FL226", rule('"Expiration": {"ExpiredObjectDeleteMarker": «true», "Days": 1}')
    ),
    "R08 marker and tag filter": Case(
        "FL225", rule('"Expiration": {"ExpiredObjectDeleteMarker": «true»}', TAG)
    ),
    "R09 marker and size filter": Case(
        "FL225",
        rule('"Expiration": {"ExpiredObjectDeleteMarker": «true»}', '"ObjectSizeGreaterThan": 1'),
    ),
    "R10 abort and tag filter": Case(
        "FL225",
        rule('«"AbortIncompleteMultipartUpload"»: {"DaysAfterInitiation": 7}', TAG),
    ),
    "R11 abort and size filter": Case(
        "FL225",
        rule(
            '«"AbortIncompleteMultipartUpload"»: {"DaysAfterInitiation": 7}',
            '"ObjectSizeLessThan": 9',
        ),
    ),
    "R12 STANDARD_IA at 10 days, in China": Case(
        "FL232", rule(moves(move("«10»", "STANDARD_IA"))), CHINA
    ),
    "R13 transition 90, expire 30": Case(
        "FL233", rule(moves(move("90", "GLACIER")) + ', "Expiration": {"Days": «30»}')
    ),
    "R14 same class twice": Case(
        "FL232",
        rule(
            moves(move("0", "GLACIER"), '"Days": 100, "StorageClass": «"GLACIER"»'),
        ),
    ),
    "R15 GLACIER 30 then STANDARD_IA 90": Case(
        "FL232", rule(moves(move("30", "GLACIER"), move("«90»", "STANDARD_IA")))
    ),
    "R16 STANDARD_IA 30 then GLACIER 45": Case(
        "FL232", rule(moves(move("30", "STANDARD_IA"), move("«45»", "GLACIER")))
    ),
    "R17 Date expiry and Days transition": Case(
        "FL228",
        rule(moves(move("30", "GLACIER")) + ', "Expiration": {"Date": «"2030-01-01T00:00:00Z"»}'),
    ),
    "R18 Date not midnight UTC": Case(
        "FL230", rule('"Expiration": {"Date": «"2030-01-01T12:00:00Z"»}')
    ),
    "R19 noncurrent expire before noncurrent transition": Case(
        "FL233",
        rule(
            '"NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}],'
            ' "NoncurrentVersionExpiration": {"NoncurrentDays": «7»}'
        ),
    ),
    "R20 storage class COLD": Case("FL231", rule(moves('"Days": 1, "StorageClass": «"COLD"»'))),
    "R21 1,001 rules": Case(
        "FL237",
        rules(
            *(f'{each}, "Expiration": {{"Days": 1}}' for each in MANY[:1000]),
            MANY[1000].replace('"r1000"', '«"r1000"»') + ', "Expiration": {"Days": 1}',
        ),
    ),
    "R22 rule Prefix and Filter": Case(
        "FL220", rule('«"Prefix"»: "logs/", "Expiration": {"Days": 1}')
    ),
    "R23 NewerNoncurrentVersions without NoncurrentDays": Case(
        "FL234", rule('«"NoncurrentVersionExpiration"»: {"NewerNoncurrentVersions": 3}')
    ),
    "R24 size less-than below greater-than": Case(
        "FL224",
        rule(
            '"Expiration": {"Days": 1}',
            '"And": {"ObjectSizeGreaterThan": 9, "ObjectSizeLessThan": «5»}',
        ),
    ),
    "R25 duplicate tag keys": Case(
        "FL224",
        rule(
            '"Expiration": {"Days": 1}',
            '"And": {"Tags": [{"Key": "a", "Value": "1"}, {"Key": «"a"», "Value": "2"}]}',
        ),
    ),
    "R26 two predicates without And": Case(
        "FL223",
        rules(f'{BEFORE}, «"Filter"»: {{"Prefix": "a/", {TAG}}}, "Expiration": {{"Days": 1}}'),
    ),
    "R27 transition to STANDARD": Case(
        "FL231", rule(moves('"Days": 1, "StorageClass": «"STANDARD"»'))
    ),
    "R28 negative days": Case("FL229", rule('"Expiration": {"Days": «-1»}')),
    "H01 prefix /logs/": Case("FL309", rule('"Expiration": {"Days": 30}', '"Prefix": «"/logs/"»')),
    "H02 prefix log": Case("FL314", rule('"Expiration": {"Days": 30}', '"Prefix": «"log"»')),
    "H03 prefix logs/*.gz": Case(
        "FL308", rule('"Expiration": {"Days": 30}', '"Prefix": «"logs/*.gz"»')
    ),
    "H04 whole bucket in 1 day": Case("FL240", rule('"Expiration": {"Days": «1»}', "")),
    "H05 bucket-wide 30 d defeats audit/ 7 y": Case(
        "FL301",
        rules(
            '"ID": "all", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 30}',
            '"ID": "audit", "Status": "Enabled", "Filter": {"Prefix": "audit/"},'
            ' "Expiration": {"Days": «2555»}',
        ),
    ),
    "H06 DEEP_ARCHIVE 30 then delete 60": Case(
        "FL502", rule(moves(move("30", "DEEP_ARCHIVE")) + ', "Expiration": {"Days": «60»}')
    ),
    "H07 retention doubled on a versioned bucket": Case(
        "FL242",
        rule(
            '"Expiration": {"Days": «365»}, "NoncurrentVersionExpiration": {"NoncurrentDays": 365}'
        ),
        Circumstances(versioning=Versioning.ENABLED),
    ),
    "H07 the same where nobody says that versions are kept": Case(
        "FL242",
        rule(
            '"Expiration": {"Days": «365»}, "NoncurrentVersionExpiration": {"NoncurrentDays": 365}'
        ),
    ),
    "H07 a deletion that frees nothing": Case(
        "FL310",
        rule('"Expiration": {"Days": «365»}'),
        Circumstances(versioning=Versioning.SUSPENDED),
    ),
    "H08 two identical rules": Case(
        "FL241",
        rules(
            f'{BEFORE}, "Filter": {{"Prefix": "a/"}}, "Expiration": {{"Days": 1}}',
            '"ID": «"again"», "Status": "Enabled", "Filter": {"Prefix": "a/"},'
            ' "Expiration": {"Days": 1}',
        ),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_is_found_at_its_place(case: Case) -> None:
    found = found_in(case.text, case.said)
    assert (place_of_mark(case.text), marked_text(case.text)) in places(found, case.code)


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("R")])
def test_what_s3_rejects_is_told_with_s3s_own_words_and_by_no_other_refusal(name: str) -> None:
    found = found_in(CASES[name].text, CASES[name].said)
    refusals = [each for each in found if each.kind.code < "FL240"]
    assert {each.kind.code for each in refusals} == {CASES[name].code}
    assert all(each.notes[0].startswith("S3 answers ") for each in refusals)


def test_infrequent_access_at_10_days_is_taken_outside_of_china() -> None:
    assert found_in(CASES["R12 STANDARD_IA at 10 days, in China"].text) == ()


def test_all_of_the_table_is_here() -> None:
    numbers = {name.split()[0] for name in CASES}
    assert numbers == {*(f"R{n:02}" for n in range(1, 29)), *(f"H{n:02}" for n in range(1, 9))}
