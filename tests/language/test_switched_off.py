"""Whoever switches an action off is led to `never`, and to nothing that deletes."""

from __future__ import annotations

import pytest

from tests.language.test_synonyms import translated
from tests.policies import compiled, whole

OFF = ["disabled", "off", "none", "no", "Never", "forever"]


@pytest.mark.parametrize("written", OFF)
@pytest.mark.parametrize(
    ("fragment", "code", "written_instead"),
    [
        ("old_versions: {}", "FL104", "`old_versions: {{delete_after: never}}`"),
        ("uploads: {}", "FL104", "`uploads: {{abort_after: never}}`"),
        ("uploads: {{abort_after: {}}}", "FL105", "never"),
        ("old_versions: {{delete_after: {}}}", "FL105", "never"),
        ("retain: {{t: {{prefix: t/, delete_after: {}}}}}", "FL105", "never"),
    ],
)
def test_an_action_that_is_switched_off_is_answered_with_never(
    fragment: str, code: str, written_instead: str, written: str
) -> None:
    text = f"versioning: enabled\n{fragment.format(written)}"
    (found,) = compiled(text).diagnostics
    assert found.kind.code == code
    assert found.help == f"write {written_instead.format()}"
    after = translated(whole(text))
    assert "never" in after
    assert code not in [each.kind.code for each in compiled(after).diagnostics]


@pytest.mark.parametrize("written", ["disabled", "off", "never"])
def test_delete_markers_that_are_switched_off_are_kept(written: str) -> None:
    (found,) = compiled(f"versioning: enabled\ndelete_markers: {written}").diagnostics
    assert found.help == "write `keep`"


@pytest.mark.parametrize("written", ["30", "30d", "30 days"])
def test_an_age_where_a_map_of_settings_stands_becomes_its_setting(written: str) -> None:
    text = whole(f"versioning: enabled\nold_versions: {written}\nuploads: {written}")
    after = translated(text)
    assert "old_versions: {delete_after: 30d}\n" in after
    assert "uploads: {abort_after: 30d}\n" in after


@pytest.mark.parametrize("written", ["0", "0 days", "00"])
def test_no_days_are_never_answered_with_an_age_that_s3_refuses(written: str) -> None:
    (found,) = compiled(f"retain: {{t: {{prefix: t/, delete_after: {written}}}}}").diagnostics
    assert found.help == "write never if nothing ends here, else 1d, the earliest that S3 accepts"
    assert found.fix is None


@pytest.mark.parametrize(
    "fragment",
    [
        "old_versions: disabled",
        "old_versions: {delete_after: 0}",
        "retain: {t: {prefix: t/, delete_after: 9d, old_versions: disabled}}",
    ],
)
def test_a_setting_that_cannot_be_read_is_not_reported_as_missing_too(fragment: str) -> None:
    found = compiled(f"versioning: enabled\n{fragment}").diagnostics
    assert [each.kind.code for each in found] in (["FL104"], ["FL105"])


def test_other_retentions_are_still_judged_beside_one_that_cannot_be_read() -> None:
    found = compiled(
        "versioning: enabled\nretain: {t: {prefix: t/, delete_after: 9d, old_versions: disabled},"
        " u: {prefix: u/, delete_after: 9d}}"
    ).diagnostics
    assert {each.kind.code for each in found} == {"FL104", "FL310"}
