"""The properties that carry most weight fail soon where one line of the code is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.running import Clone, cloned
from tests.planted import Fault, planted


@dataclass(frozen=True, slots=True)
class Watched(Fault):
    """A fault, and the test that must see it."""

    test: str


# Seconds, on cores that do other work as well; alone, each takes a few.
SOON = 240  # a copy without compiled bytecode, on a busy machine, takes its time
_OPTIONS = ("-p", "no:cacheprovider", "--hypothesis-profile", "negative control")
FAULTS = (
    Watched(
        "rules/lower.py",
        "        expires=ends,\n",
        "        expires=ends and Days(ends - 1),\n",
        "tests/rules/test_rules_do_what_is_required.py::"
        "test_what_compiles_does_to_every_key_what_the_narrowest_retention_requires",
    ),
    Watched(
        "s3/read_shape.py",
        'larger_than=inner.get("ObjectSizeGreaterThan"),',
        "larger_than=None,",
        "tests/rules/test_rules_do_what_is_required.py::"
        "test_what_s3_returns_reads_back_as_the_same_rules",
    ),
    Watched(
        "s3/compare/effect.py",
        "return max(possible,",
        "return min(possible,",
        "tests/s3/compare/test_same.py::test_the_verdict_is_that_of_trying_everything",
    ),
    Watched(
        "s3/simulate/batch.py",
        "return self._answers[bisect_right(self._ages, days)]",
        "return self._answers[bisect_right(self._ages, days - 1)]",
        "tests/s3/simulate/test_batch.py::test_stories_are_those_of_the_reference",
    ),
    Watched(
        "rules/holds.py",
        "        if meeting:\n",
        "        if meeting and not meeting:\n",
        "tests/rules/test_holds.py::test_no_rule_of_any_policy_destroys_what_a_hold_covers",
    ),
    Watched(
        "language/overrides.py",
        "            if before and not _same(before[1], value):\n",
        "            if before and not before:\n",
        "tests/language/test_overrides.py::"
        "test_overrides_mean_the_same_at_whatever_level_they_are_written",
    ),
    Watched(
        "language/model.py",
        "any(entry.excludes(bucket) for entry in naming)",
        "any(entry.excludes(bucket) for entry in naming if entry.is_for(account, region))",
        "tests/language/test_coverage.py::"
        "test_resolve_and_compile_cover_what_some_entry_includes_and_none_excludes",
    ),
    Watched(
        "rules/prove/promised_cells.py",
        "*alike[:1]]",
        "*alike[:0]]",
        "tests/rules/prove/test_promised.py::"
        "test_a_promise_with_tags_judges_exactly_the_objects_that_have_them",
    ),
    Watched(
        "s3/conformance/item.py",
        "decides=bool(acting) and not hidden)",
        "decides=True)",
        "tests/s3/conformance/test_asked_fields.py::"
        "test_a_field_that_decides_nothing_about_such_an_item_is_never_asked_for",
    ),
    Watched(
        "language/layout/render.py",
        "    page.lines(block.tail, column)\n",
        "",
        "tests/language/test_layout.py::"
        "test_formatting_keeps_meaning_and_comments_and_is_done_once",
    ),
    Watched(
        "rules/diff/cells_apart.py",
        "        if old == new:\n",
        "        if old is new:\n",
        "tests/rules/diff/test_changes.py::"
        "test_something_changes_exactly_where_the_proof_finds_a_difference",
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    with cloned(tmp_path_factory.mktemp("copy")) as clone:
        yield clone


def run_tests(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    """Raises `TimeoutExpired` where they do not end soon."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", *_OPTIONS, tests],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder / 'compiler'}"},
        capture_output=True,
        text=True,
        timeout=SOON,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.module)
def test_a_wrong_line_is_seen_by_its_property(fault: Watched, copy: Clone) -> None:
    with planted(fault, copy):
        ran = run_tests(copy.folder, fault.test)
    assert ran.returncode == 1, ran.stdout  # tests ran, and one failed
    failed = re.findall(r"^FAILED (\S+)", ran.stdout, re.MULTILINE)
    assert failed == [fault.test], ran.stdout


@pytest.mark.slow
def test_without_a_fault_the_same_properties_hold(copy: Clone) -> None:
    ran = run_tests(copy.folder, FAULTS[2].test)
    assert ran.returncode == 0, ran.stdout
