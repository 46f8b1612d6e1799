"""Rules that people published in issues, reviews and guides: what is found, and what is not."""

from __future__ import annotations

import json

import pytest

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.lint import Circumstances
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in
from tests.places import span_of

ENABLED, OFF = Versioning.ENABLED, Versioning.OFF
ANY_VERSIONING = [None, Versioning.ENABLED, Versioning.SUSPENDED, Versioning.OFF]
STATE_FILES = {
    "NoncurrentVersionTransitions": [
        {"NoncurrentDays": 30, "StorageClass": "STANDARD_IA"},
        {"NoncurrentDays": 60, "StorageClass": "GLACIER"},
    ],
    "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
}


def rule(prefix: str, **actions: object) -> Json:
    return {"ID": f"r{prefix}", "Status": "Enabled", "Filter": {"Prefix": prefix}, **actions}


def expiration(**when: object) -> Json:
    return {"Expiration": when}


def old_versions(days: int, **count: int) -> Json:
    return {"NoncurrentVersionExpiration": {"NoncurrentDays": days, **count}}


def move(days: int, storage_class: str) -> Json:
    return {"Transitions": [{"Days": days, "StorageClass": storage_class}]}


def findings(*rules: Json, versioning: Versioning | None = None) -> list[Diagnostic]:
    text = json.dumps({"Rules": rules}, indent=1)
    return list(found_in(text, Circumstances(versioning=versioning)))


def codes(*rules: Json, versioning: Versioning | None = None) -> set[str]:
    return {each.kind.code for each in findings(*rules, versioning=versioning)}


def one(code: str, found: list[Diagnostic]) -> Diagnostic:
    (diagnostic,) = [each for each in found if each.kind.code == code]
    return diagnostic


def pointed_at(diagnostic: Diagnostic) -> str:
    span = span_of(diagnostic)
    return span.source.text[span.start : span.end]


@pytest.mark.parametrize("versioning", ANY_VERSIONING)
def test_a_date_in_the_past_also_expires_what_is_created_tomorrow(
    versioning: Versioning | None,
) -> None:
    """noobaa/noobaa-core#8551, apache/ozone#10883."""
    past = expiration(Date="2024-01-01T00:00:00.000Z")
    assert codes(rule("small/", **past), versioning=versioning) - {"FL310"} == {"FL244"}


@pytest.mark.parametrize("versioning", ANY_VERSIONING)
def test_a_date_for_the_whole_bucket_is_found_once(versioning: Versioning | None) -> None:
    """noobaa/noobaa-core#8551."""
    found = findings(rule("", **expiration(Date="2024-01-01T00:00:00.000Z")), versioning=versioning)
    assert "created later" in one("FL240", found).message
    assert {each.kind.code for each in found} - {"FL310"} == {"FL240"}


@pytest.mark.parametrize("versioning", [None, ENABLED])
def test_nobody_is_told_to_end_old_versions_sooner_than_after_a_day(
    versioning: Versioning | None,
) -> None:
    """How Cloud Custodian's development policy empties a bucket: both ends at one day."""
    assert codes(rule("", **expiration(Days=1), **old_versions(1)), versioning=versioning) == {
        "FL240"
    }


def test_old_versions_end_but_their_delete_markers_stay() -> None:
    """rustfs/rustfs#5951, runs-on/runs-on#329, aws/aws-cdk#14752."""
    only_old = rule("", **old_versions(1))
    unknown = one("FL243", findings(only_old))
    assert any(note.startswith("only where the bucket keeps") for note in unknown.notes)
    assert codes(only_old, versioning=ENABLED) == {"FL243"}
    assert "FL243" not in codes(only_old, versioning=OFF)
    cleaned = {**only_old, **expiration(ExpiredObjectDeleteMarker=True)}
    assert codes(cleaned, versioning=ENABLED) == set()


def test_old_state_files_leave_glacier_after_30_of_90_days() -> None:
    """tfutils/tfscaffold's bootstrap; wellcomecollection/platform-infrastructure#108."""
    for versioning in (None, ENABLED):
        short = one("FL502", findings(rule("", **STATE_FILES), versioning=versioning))
        assert short.message == "30 days in GLACIER, and 90 are billed"
        assert pointed_at(short) == "90"
    assert "FL502" not in codes(rule("", **STATE_FILES), versioning=OFF)


def test_three_rules_that_pay_back_only_leave_delete_markers_outside_of_their_prefix() -> None:
    """A guide's logs: every stay is long enough, noncurrent versions end soon, and nothing is cut
    short. Delete markers in `logs/` go after 2,555 days; elsewhere they stay.
    """
    classes = {30: "STANDARD_IA", 90: "GLACIER_IR", 365: "DEEP_ARCHIVE"}
    steps = [{"Days": days, "StorageClass": name} for days, name in classes.items()]
    logs = rule("logs/", Transitions=steps, **expiration(Days=2555))
    uploads = {**rule("", AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7}), "ID": "up"}
    warm = [{"NoncurrentDays": 30, "StorageClass": "STANDARD_IA"}]
    old = {**rule("", NoncurrentVersionTransitions=warm, **old_versions(90)), "ID": "old"}
    assert codes(logs, uploads, old, versioning=ENABLED) == {"FL243"}


@pytest.mark.parametrize("versioning", [None, ENABLED])
def test_the_newest_three_versions_of_what_expires_stay_for_ever(
    versioning: Versioning | None,
) -> None:
    """terraform-aws-modules/terraform-aws-s3-bucket#122."""
    found = findings(
        rule("", **expiration(Days=90), **old_versions(30, NewerNoncurrentVersions=3)),
        versioning=versioning,
    )
    assert {each.kind.code for each in found} == {"FL240", "FL319"}
    keeps = one("FL319", found)
    assert (keeps.severity, pointed_at(keeps)) == (Severity.WARNING, "3")
    assert "deleted" not in one("FL240", found).message


@pytest.mark.parametrize(
    ("outer", "days", "inner", "wanted"),
    [("", 7, "models/", 365), ("media/", 30, "media/manga/", 180)],
    ids=["a pattern of many", "a test of the backup engine"],
)
@pytest.mark.parametrize("versioning", [None, ENABLED, Versioning.SUSPENDED])
def test_old_versions_under_a_longer_prefix_die_with_those_above(
    outer: str, days: int, inner: str, wanted: int, versioning: Versioning | None
) -> None:
    rules = rule(outer, **old_versions(days)), rule(inner, **old_versions(wanted))
    cut = one("FL301", findings(*rules, versioning=versioning))
    assert (cut.severity, pointed_at(cut)) == (Severity.ERROR, str(wanted))
    assert f"{days}d" in cut.message
    assert "FL301" not in codes(*rules, versioning=OFF)


@pytest.mark.parametrize("versioning", ANY_VERSIONING)
def test_two_rules_move_twice_within_five_days(versioning: Versioning | None) -> None:
    """S3 requires 30 days in STANDARD_IA within one rule, and nothing between two."""
    rules = rule("", **move(30, "STANDARD_IA")), rule("logs/", **move(35, "GLACIER"))
    (short,) = findings(*rules, versioning=versioning)
    assert short.kind.code == "FL502"
    assert short.message == "5 days in STANDARD_IA, and 30 are billed"


def test_old_checkpoints_spend_29_of_180_days_in_deep_archive() -> None:
    frozen = [{"NoncurrentDays": 1, "StorageClass": "DEEP_ARCHIVE"}]
    old = rule("ckpt/", NoncurrentVersionTransitions=frozen, **old_versions(30))
    found = findings(old, versioning=ENABLED)
    assert {each.kind.code for each in found} == {"FL243", "FL502"}
    assert one("FL502", found).message == "29 days in DEEP_ARCHIVE, and 180 are billed"


def test_versions_that_only_move_stay_for_ever() -> None:
    """A course: objects expire after two years, and their noncurrent versions lie in an archive."""
    frozen = [{"NoncurrentDays": 15, "StorageClass": "DEEP_ARCHIVE", "NewerNoncurrentVersions": 1}]
    course = rule(
        "pinehead/",
        **move(30, "GLACIER"),
        **expiration(Days=730),
        NoncurrentVersionTransitions=frozen,
    )
    assert codes(course, versioning=ENABLED) == {"FL310"}


def test_what_is_due_for_a_move_and_a_delete_marker_moves_first() -> None:
    end = rule("logs/", **expiration(Days=30), **old_versions(90))
    moves = {**rule("logs/", **move(30, "GLACIER")), "ID": "move"}
    for versioning in (None, ENABLED, Versioning.SUSPENDED):
        assert codes(end, moves, versioning=versioning).isdisjoint({"FL241", "FL304"})
    assert "FL241" in codes(end, moves, versioning=OFF)  # here the deletion comes first


@pytest.mark.parametrize("versioning", ANY_VERSIONING)
def test_a_move_that_new_objects_never_take_counts_for_those_that_are_old_already(
    versioning: Versioning | None,
) -> None:
    """INTELLIGENT_TIERING wins over GLACIER_IR where both are overdue."""
    sooner = rule("logs/", **move(30, "GLACIER_IR"))
    later = {**rule("logs/", **move(60, "INTELLIGENT_TIERING")), "ID": "later"}
    assert codes(sooner, later, versioning=versioning).isdisjoint({"FL241", "FL304"})
