"""A waiver that nothing needs is taken out of its file, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from firnline.cli.fixing import plan_fixes
from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Known
from firnline.language.syntax import Content
from firnline.pipeline import check_files
from tests.policies import codes, whole

NEEDED = "{code: FL309, why: keys begin so, expires: 2026-12-31}"
IDLE = "{code: FL403, why: once, expires: 2026-12-31}"
ALSO_IDLE = "{code: FL502, why: once, expires: 2026-12-31}"
REST = "retain: {r: {prefix: /r/, delete_after: 9d}}\n"


def _found(files: dict[str, Content]) -> tuple[Diagnostic, ...]:
    return check_files(files, Known(today=date(2026, 11, 21))).diagnostics


def _mended(waivers: str, rest: str = REST) -> tuple[str, list[str]]:
    files: dict[str, Content] = {"p.yaml": whole(rest + waivers).encode()}
    plan = plan_fixes(files, lambda each: _found(dict(each)), unsafe=False)
    text = plan.files["p.yaml"]
    assert isinstance(text, bytes)
    return text.decode(), codes(plan.notes)


@pytest.mark.parametrize(
    ("waivers", "left"),
    [
        (f"waivers: [{IDLE}, {NEEDED}]\n", f"waivers: [{NEEDED}]\n"),
        (f"waivers: [{NEEDED}, {IDLE}]  # both\n", f"waivers: [{NEEDED}]  # both\n"),
        (f"waivers:\n  - {IDLE}  # gone\n  - {NEEDED}\n", f"waivers:\n  - {NEEDED}\n"),
        (
            f"waivers:\n  - {NEEDED}\n  # stays\n  - {IDLE}\n",
            f"waivers:\n  - {NEEDED}\n  # stays\n",
        ),
    ],
)
def test_one_of_several_goes_and_the_others_stay_as_they_are(waivers: str, left: str) -> None:
    assert _mended(waivers) == (whole(REST + left), [])


def test_where_none_is_needed_the_whole_list_goes() -> None:
    rest = "retain: {r: {prefix: r/, delete_after: 9d}}\n"
    assert _mended(f"waivers: [{IDLE}, {ALSO_IDLE}]\n", rest) == (whole(rest), [])


def test_a_waiver_over_several_lines_is_left_to_a_person() -> None:
    long = "waivers:\n  - code: FL403\n    why: once\n    expires: 2026-12-31\n"
    assert _mended(long) == (whole(REST + long), [])
