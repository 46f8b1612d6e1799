"""Every check says truly what it is asked about, what it may report and what it has to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import attrgetter

import pytest

from firnline.catalog import catalog
from firnline.cli.checks import CHECKS
from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.language.check import Check, Known, Needs, Turn
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from firnline.rules.coverage import programs_of
from firnline.rules.problems import problems
from tests.policies import TODAY, files_of, project_of

DECLARED = {kind for check in CHECKS for kind in check.kinds if check.turn is not Turn.FIRST}
UNDO = """\
firnline: policy/v1
policy: db
owner: lab
why: a test
applies_to: [{account: lab, buckets: lab-data}]
uploads: {abort_after: 7d}
promises: {undo: {prefix: db/, old_versions: {keep_at_least: 30d}}}
"""


def watched(check: Check) -> Check:
    """The same check, which fails where it reports a kind that it does not declare."""

    def run(*handed: object) -> Iterator[Diagnostic]:
        for found in check.run(*handed):
            assert found.kind in check.kinds, f"{check.run.__module__} reports {found.kind.code}"
            yield found

    return replace(check, run=run)


@pytest.mark.parametrize("kind", catalog(), ids=attrgetter("name"))
def test_a_check_reports_no_kind_that_it_does_not_declare(kind: Kind) -> None:
    known = Known(project_of(kind.wrong), TODAY)
    compile_files(files_of(kind.wrong), known, tuple(map(watched, CHECKS)))


@pytest.mark.parametrize("kind", sorted(DECLARED, key=attrgetter("code")), ids=attrgetter("name"))
def test_a_kind_is_reported_by_the_checks_that_declare_it_alone(kind: Kind) -> None:
    others = [check for check in CHECKS if kind not in check.kinds]
    folder, unreadable = read_files(files_of(kind.wrong))
    known = Known(project_of(kind.wrong), TODAY)
    found = problems(others, folder, list(programs_of(folder)), known, unreadable).found
    assert kind not in {each.kind for each in found}


@pytest.mark.parametrize(
    "check",
    [check for check in CHECKS if Needs.TODAY in check.needs],
    ids=lambda c: c.kinds[0].name,
)
def test_a_check_that_needs_the_date_does_not_run_without_it(check: Check) -> None:
    files = files_of(check.kinds[0].wrong)
    assert check.kinds[0] not in {each.kind for each in compile_files(files).diagnostics}


@pytest.mark.parametrize(
    "kind",
    sorted(
        {kind for check in CHECKS if Needs.LOCK in check.needs for kind in check.kinds}
        - {kind for check in CHECKS if Needs.LOCK not in check.needs for kind in check.kinds},
        key=attrgetter("code"),
    ),
    ids=attrgetter("name"),
)
def test_before_there_is_a_lock_nothing_is_concluded_about_buckets(kind: Kind) -> None:
    files = files_of(kind.wrong)
    found = compile_files(files, Known(lock=False))
    assert kind not in {each.kind for each in found.diagnostics}
    assert not found.buckets


def test_a_promise_about_old_versions_waits_for_the_lock_where_nothing_is_known() -> None:
    files = files_of(UNDO + "retain: {db: {prefix: db/, delete_after: never}}\n")
    assert not compile_files(files, Known(lock=False)).failed
    (found,) = compile_files(files).diagnostics
    assert (found.kind.code, found.notes) == ("FL407", ())
    assert found.message == "nothing says whether `lab-data` keeps noncurrent versions"


def test_what_breaks_the_promise_whatever_the_bucket_is_told_before_there_is_a_lock() -> None:
    rest = "retain: {db: {prefix: db/, delete_after: never, old_versions: {delete_after: 7d}}}\n"
    for known in (Known(), Known(lock=False)):
        (found,) = compile_files(files_of(UNDO + rest), known).diagnostics
        assert found.message == "`db` deletes noncurrent versions at 7d"
    (found,) = compile_files(files_of(UNDO + "versioning: off\n"), Known(lock=False)).diagnostics
    assert found.message == "`lab-data` keeps no noncurrent versions: its versioning is off"
