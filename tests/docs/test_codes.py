"""A code means the same for ever: what docs/codes.txt says of codes and names is never undone."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from dataclasses import replace

import pytest

from docs import codes
from docs.codes import Line, State
from firnline.catalog import catalog
from firnline.diagnostics.kinds import Kind
from sandbox.paths import CHECKOUT

REUSED_BEFORE_THE_LIST_BEGAN = ["FL242", "FL243", "FL244"]


@pytest.fixture(scope="module")
def lines() -> tuple[Line, ...]:
    return codes.read(codes.FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def kind() -> Kind:
    return next(kind for kind in catalog() if kind.code == "FL301")


def test_the_list_agrees_with_the_catalog(lines: tuple[Line, ...]) -> None:
    assert list(codes.contradictions(lines, catalog())) == []


def test_each_code_has_one_name_now_and_no_name_is_of_two_codes(lines: tuple[Line, ...]) -> None:
    current = [line for line in lines if line.state in (State.CURRENT, State.RETIRED)]
    assert max(Counter(line.code for line in current).values()) == 1
    names = [line.name for line in lines if line.state is not State.REUSED]
    assert max(Counter(names).values()) == 1


def test_no_further_code_is_reused(lines: tuple[Line, ...]) -> None:
    reused = [line.code for line in lines if line.state is State.REUSED]
    assert reused == REUSED_BEFORE_THE_LIST_BEGAN


def test_no_line_that_was_committed_is_taken_out(lines: tuple[Line, ...]) -> None:
    """It may get a word behind it, which stays as well."""
    said = subprocess.run(
        ["git", "log", "-p", "--format=", "--", str(codes.FILE)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    removed = re.findall(r"^-(FL\d{3} .+)$", said.stdout, re.MULTILINE)
    kept = {
        (line.code, line.name, state) for line in lines for state in (line.state, State.CURRENT)
    }
    for line in codes.read("\n".join(removed)):
        assert (line.code, line.name, line.state) in kept, f"docs/codes.txt no longer has {line}"


def test_a_kind_that_gets_another_name_is_noticed(kind: Kind) -> None:
    renamed = [replace(kind, name="shorter-parent")]
    assert list(codes.contradictions([Line("FL301", "longer-child")], renamed)) == [
        "FL301 was longer-child and is now shorter-parent: mark the old line `renamed`, "
        "and add `FL301 shorter-parent`"
    ]


def test_a_renamed_kind_is_fine_where_its_old_name_stays(kind: Kind) -> None:
    marked = codes.read("FL301 longer-child renamed\nFL301 shorter-parent\n")
    assert list(codes.contradictions(marked, [replace(kind, name="shorter-parent")])) == []


def test_a_kind_that_disappears_is_noticed_until_its_code_is_retired() -> None:
    assert list(codes.contradictions([Line("FL301", "longer-child")], [])) == [
        "FL301 longer-child is gone: mark its line `retired`"
    ]
    assert list(codes.contradictions(codes.read("FL301 longer-child retired"), [])) == []


def test_a_retired_code_is_not_taken_again(kind: Kind) -> None:
    marked = codes.read("FL301 longer-child retired\nFL301 longer-child\n")
    assert list(codes.contradictions(marked, [kind])) == [
        "FL301 is retired: give longer-child a code that was never used"
    ]


def test_a_new_kind_gets_a_line_in_its_place_and_no_other_line_changes(kind: Kind) -> None:
    listed = "# the comment\nFL300 before\nFL302 other retired\nFL303 old renamed\nFL303 after\n"
    renamed_elsewhere = replace(kind, code="FL300", name="renamed")
    assert codes.with_new(listed, [renamed_elsewhere]) == listed
    assert codes.with_new(listed, [kind]) == listed.replace(
        "FL302 other", "FL301 longer-child\nFL302 other"
    )


def test_a_kind_that_is_not_listed_yet_is_noticed(kind: Kind) -> None:
    assert list(codes.contradictions([], [kind])) == [
        "FL301 longer-child is not listed: run `make docs`"
    ]
