"""Warnings that are accepted for a while."""

from __future__ import annotations

from datetime import date

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Known
from firnline.pipeline import check_files, compile_files
from tests.policies import codes, whole

WARNED = "retain: {a: {prefix: /a/, delete_after: 7d}, b: {prefix: /b/, delete_after: 7d}}\n"


def _checked(rest: str, today: date = date(2026, 11, 21)) -> tuple[Diagnostic, ...]:
    return check_files({"p.yaml": whole(rest).encode()}, Known(today=today)).diagnostics


def _codes(rest: str, today: date = date(2026, 11, 21)) -> list[str]:
    files = {"p.yaml": whole(WARNED + rest).encode()}
    return [each.kind.code for each in check_files(files, Known(today=today)).diagnostics]


def test_a_waiver_takes_warnings_of_its_code_or_name_away() -> None:
    assert _codes("") == ["FL309", "FL309"]
    assert _codes("waivers: [{code: FL309, why: so, expires: 2027-01-31}]") == []
    assert _codes("waivers: [{code: leading-slash, why: so, expires: 2027-01-31}]") == []


def test_a_waiver_of_one_retention_leaves_the_others() -> None:
    assert _codes("waivers: [{code: FL309, retention: a, why: so, expires: 2027-01-31}]") == [
        "FL309"
    ]


def test_a_waiver_ends_on_its_day_and_lasts_at_most_180_days() -> None:
    waiver = "waivers: [{code: FL309, why: so, expires: 2027-01-31}]"
    assert _codes(waiver, date(2027, 1, 30)) == []
    assert _codes(waiver, date(2027, 1, 31)) == ["FL604"]
    assert _codes(waiver, date(2026, 8, 4)) == []
    assert _codes(waiver, date(2026, 8, 3)) == ["FL606"]


def test_a_waiver_accepts_no_error_and_says_that_it_is_not_needed() -> None:
    files = {
        "p.yaml": whole(
            "retain: {a: {prefix: a*, delete_after: 7d}}\n"
            "waivers: [{code: FL308, why: so, expires: 2027-01-31}]"
        ).encode()
    }
    assert codes(check_files(files, Known(today=date(2026, 11, 21))).diagnostics) == [
        "FL308",
        "FL605",
    ]


def test_compiling_has_no_clock() -> None:
    files = {
        "p.yaml": whole(WARNED + "waivers: [{code: FL309, why: so, expires: 2020-01-31}]").encode()
    }
    assert compile_files(files).diagnostics == ()


def test_a_waiver_of_what_was_not_looked_for_is_not_judged() -> None:
    needs_an_inventory = "waivers: [{code: FL503, why: objects are big, expires: 2027-01-31}]"
    assert _codes(needs_an_inventory) == ["FL309", "FL309"]


def test_a_waiver_of_a_retention_that_is_not_there_says_so() -> None:
    found = _checked(
        "retain: {logs: {prefix: logs/, delete_after: 9d}}\n"
        "waivers: [{code: FL309, retention: log, why: so, expires: 2026-12-31}]"
    )
    told = {each.kind.code: each.help for each in found}
    assert told["FL109"] == "did you mean `logs`?"


def test_a_waiver_whose_name_is_nearly_that_of_a_warning_says_so() -> None:
    found = _checked("waivers: [{code: deleted-to-soon, why: so, expires: 2026-12-31}]")
    assert [(each.kind.code, each.help) for each in found] == [
        ("FL109", "did you mean `deleted-too-soon`?")
    ]
