"""Formatting: canonical order and spacing, and every comment stays where it belongs."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firnline.language.layout import Formatted, format_file
from firnline.language.layout.parse import Parser
from firnline.language.syntax import read
from firnline.pipeline import compile_files
from tests.golden_files import Golden
from tests.language.comment_owners import owners
from tests.language.scribe import Scribe
from tests.policies import codes, whole
from tests.rules.strategies import policies

NASTY = sorted((Path(__file__).parent / "layout").glob("*.before.yaml"))
# Comments above the first entry of a map that a blank line sets apart stay first in it.
SET_APART = {"blank-lines", "sections"}


def formatted(content: bytes) -> str:
    result = format_file(content, "policies/p.yaml")
    assert isinstance(result, Formatted), result
    return result.after


def plain(content: bytes) -> str:
    return content.decode("utf-8-sig").replace("\r\n", "\n")


def name_of(path: Path) -> str:
    return path.name.split(".")[0]


@pytest.mark.parametrize("before", NASTY, ids=name_of)
def test_a_nasty_file_becomes_what_was_looked_at(before: Path, golden: Golden) -> None:
    after = before.with_name(f"{name_of(before)}.after.yaml")
    golden.text(after, formatted(before.read_bytes()))
    assert formatted(after.read_bytes()).encode() == after.read_bytes()


@pytest.mark.parametrize("before", NASTY, ids=name_of)
def test_each_comment_of_a_nasty_file_stays_at_its_entry(before: Path) -> None:
    text, after = plain(before.read_bytes()), plain(formatted(before.read_bytes()).encode())
    if name_of(before) in SET_APART:
        assert Counter(each[0] for each in owners(text)) == Counter(
            each[0] for each in owners(after)
        )
    else:
        assert owners(text) == owners(after)


@pytest.mark.parametrize("before", NASTY, ids=name_of)
def test_a_nasty_file_means_what_it_meant(before: Path) -> None:
    compilation = compile_files({"p.yaml": before.read_bytes()})
    again = compile_files({"p.yaml": formatted(before.read_bytes()).encode()})
    assert codes(again.diagnostics) == codes(compilation.diagnostics)
    assert [each.rules for each in again.buckets] == [each.rules for each in compilation.buckets]


def test_names_keep_their_order() -> None:
    text = whole(
        "retain:\n  z: {prefix: z/, delete_after: 7d}\n  a: {prefix: a/, delete_after: 7d}"
    )
    assert formatted(text.encode()) == text.rstrip("\n") + "\n"


@pytest.mark.parametrize(
    "content",
    [
        whole("retain: {tmp: {prefix: tmp/, delete_after: 7}}").encode(),
        whole("retian: {}").encode(),
        b"policy: [\n",
        b"owner: lab\nfirnline: policy/v1\n",
        b"\xff",
        b"",
    ],
    ids=["shape", "unknown key", "syntax", "kind", "encoding", "nothing"],
)
def test_a_file_with_errors_of_syntax_or_shape_is_reported_instead(content: bytes) -> None:
    found = format_file(content, "p.yaml")
    assert isinstance(found, tuple)
    assert found


def test_a_file_whose_meaning_is_wrong_is_formatted() -> None:
    text = whole("retain: {tmp: {delete_after: 7d, cold_after: 30d, prefix: tmp/}}").encode()
    assert "{prefix: tmp/, cold_after: 30d, delete_after: 7d}" in formatted(text)


def test_a_lock_is_left_alone() -> None:
    lock = b"digest:   sha256:" + b"0" * 64 + b"\naccounts:   {}\n"
    assert formatted(b"firnline:   fleet-lock/v1\n" + lock).encode().endswith(lock)


@pytest.mark.parametrize(
    "spelling",
    ["? owner\n: lab\n", "applies_to: [{account: lab, ? buckets : lab-data}]\n"],
    ids=["in a block", "in braces"],
)
def test_a_spelling_that_nobody_uses_is_left_as_it_is_and_told(spelling: str) -> None:
    text = whole("").replace("owner: lab\n", "") if "owner" in spelling else whole(spelling)
    content = (text.strip("\n") + "\n" + (spelling if "owner" in spelling else "")).encode()
    result = format_file(content, "p.yaml")
    assert isinstance(result, Formatted)
    assert result.left_alone
    assert not result.changed


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), st.integers(0, 2**32), st.sampled_from(["\n", "\r\n"]))
def test_formatting_keeps_meaning_and_comments_and_is_done_once(
    document: dict[str, Any], seed: int, line_end: str
) -> None:
    text = Scribe(random.Random(seed)).write(document).replace("\n", line_end)
    compilation = compile_files({"p.yaml": text.encode()})
    after = formatted(text.encode())
    again = compile_files({"p.yaml": after.encode()})
    assert codes(again.diagnostics) == codes(compilation.diagnostics)
    assert [each.rules for each in again.buckets] == [each.rules for each in compilation.buckets]
    assert formatted(after.encode()) == after
    before, after = text.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    assert told(after) == told(before)
    for comment, place, path in owners(after):
        assert comment.split(" ", 2)[2] == f"{place} /{'/'.join(path)}", (comment, place, path)


def told(text: str) -> Counter[str]:
    return Counter(each.strip() for each in re.findall(r"#.*", text))


@settings(max_examples=100, deadline=None)
@given(policies(), st.integers(0, 2**32))
def test_formatted_text_is_modest(document: dict[str, Any], seed: int) -> None:
    after = formatted(Scribe(random.Random(seed)).write(document).encode())
    assert after.endswith("\n")
    assert not after.startswith("\n")
    assert "\n\n\n" not in after
    assert not after.endswith("\n\n")
    assert not re.search(r"[ \t]$", after, re.MULTILINE)


def test_damaged_files_are_formatted_or_reported_and_never_crash() -> None:
    chance = random.Random(20261121)
    for number in range(1500):
        text = plain(chance.choice(NASTY).read_bytes())
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.choice([0, 0, 1, 5]))
            sign = chance.choice(["", "\n", " ", "# x\n", " # x", "\t", ",", ":", "- ", "? ", "["])
            text = text[:start] + sign + text[end:]
        result = format_file(text.encode(), "p.yaml")
        if isinstance(result, Formatted) and result.left_alone is None:
            assert formatted(result.after.encode()) == result.after, (number, text)


def test_the_oracle_of_these_tests_sees_a_comment_that_is_elsewhere() -> None:
    assert owners("a: 1\n# x\nb: 2\n") != owners("a: 1\nb: 2\n# x\n")
    root, _ = read(b"a: 1 # x\n", "p.yaml")
    assert root is not None
    parser = Parser("a: 1 # x\n")
    parser.document(root)
    assert parser.comments == ["# x"]
