"""Warnings about a bucket's program: when they speak, and above all when they are silent."""

from __future__ import annotations

import pytest

from firnline.language.check import Known
from firnline.language.project import Project
from firnline.pipeline import compile_files
from firnline.s3.terms import Days
from tests.places import span_of
from tests.policies import codes, compiled, whole

HEAD = "firnline: policy/v1\npolicy: {name}\nowner: lab\nwhy: an example\n"
UPLOADS = "uploads: {abort_after: 7d}\n"


def _policy(name: str, buckets: str, rest: str = "") -> str:
    return f"{HEAD.format(name=name)}applies_to: [{{account: lab, buckets: {buckets}}}]\n{rest}"


def _codes(fragment: str) -> list[str]:
    return codes(compiled(fragment).diagnostics)


# FL506


def test_uploads_may_be_spoken_of_by_another_policy_of_the_bucket() -> None:
    team = _policy("team", "[one, two]", "versioning: off\n")
    platform = _policy("platform", '["*", "!two"]', UPLOADS)
    (found,) = compiled({"team.yaml": team, "platform.yaml": platform}).diagnostics
    assert found.kind.code == "FL506"
    assert span_of(found).path == "policies/team.yaml"
    assert found.notes == ("for example in `two`",)


@pytest.mark.parametrize(
    "spoken",
    [
        "uploads: {abort_after: never}",
        "retain: {x: {prefix: x/, delete_after: 30d, uploads: {abort_after: 7d}}}",
        "uploads: {abort_after: never, per_bucket: {b: {abort_after: 7d}}}",
    ],
)
def test_a_policy_that_mentions_uploads_gets_no_warning_about_them(spoken: str) -> None:
    assert compiled(_policy("p", "b", f"versioning: off\n{spoken}")).diagnostics == ()


def test_uploads_are_not_missed_where_a_file_could_not_be_read() -> None:
    files = {"a.yaml": _policy("a", "b"), "uploads.yaml": _policy("u", "b", "uploads: {7d")}
    assert _codes_of(files) == ["FL002"]
    assert codes(compiled(_policy("p", "b", "uploads: {abort_after: 7}")).diagnostics) == ["FL105"]


def _codes_of(files: dict[str, str]) -> list[str]:
    return codes(compiled(files).diagnostics)


# FL507


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("delete_after: never", ["FL507"]),
        ("delete_after: never, old_versions: {archive_after: 30d}", ["FL507"]),
        ("delete_after: never, old_versions: {delete_after: never}", []),
        ("delete_after: never, old_versions: {delete_after: 30d}", []),
        ("delete_after: never, old_versions: {delete_after: 30d, keep_newest: 3}", []),
    ],
)
def test_old_versions_stay_for_ever_only_if_somebody_says_so(
    rest: str, expected: list[str]
) -> None:
    kept = f"retain: {{x: {{prefix: x/, {rest}}}}}"
    assert _codes(f"versioning: enabled\n{kept}") == expected
    assert _codes(f"versioning: suspended\n{kept}") == expected


def test_old_versions_end_by_a_wider_retention_or_another_policy() -> None:
    kept = "versioning: enabled\nretain: {x: {prefix: x/, delete_after: never}}\n"
    assert _codes(f"{kept}old_versions: {{delete_after: 30d}}") == []
    platform = _policy("platform", '"*"', f"{UPLOADS}old_versions: {{delete_after: 30d}}\n")
    assert _codes_of({"a.yaml": _policy("a", "b", kept), "platform.yaml": platform}) == []


def test_no_warning_about_old_versions_of_what_no_policy_keeps() -> None:
    assert _codes("versioning: enabled") == []
    assert _codes("versioning: off\nretain: {x: {prefix: x/, delete_after: never}}") == []


# FL403


@pytest.mark.parametrize(
    ("versioning", "rest", "expected"),
    [
        ("off", "delete_after: 6d", ["FL403"]),
        ("off", "delete_after: 7d", []),
        ("enabled", "delete_after: 3d, old_versions: {delete_after: 3d}", ["FL403"]),
        ("enabled", "delete_after: 3d, old_versions: {delete_after: 4d}", []),
        # What is deleted is the newest noncurrent version.
        (
            "enabled",
            "delete_after: 1d, old_versions: {delete_after: 1d,"
            " keep_newest: {count: 1, delete_after: 30d}}",
            [],
        ),
        ("suspended", "delete_after: 3d, old_versions: {delete_after: 30d}", ["FL403"]),
    ],
)
def test_data_is_deleted_too_soon_if_its_bytes_are(
    versioning: str, rest: str, expected: list[str]
) -> None:
    found = _codes(f"versioning: {versioning}\nretain: {{x: {{prefix: x/, {rest}}}}}")
    assert found == expected


def test_the_floor_is_the_projects() -> None:
    files = {"p.yaml": whole("retain: {x: {prefix: x/, delete_after: 20d}}").encode()}
    assert compile_files(files, Known(Project(floor=Days(20)))).diagnostics == ()
    (found,) = compile_files(files, Known(Project(floor=Days(30)))).diagnostics
    assert found.message == "gone after 20d; the floor is 30d"


# FL404

EVERYTHING = 'versioning: off\nretain: {all: {prefix: "", delete_after: 30d}}\n'


@pytest.mark.parametrize(
    ("buckets", "expected"),
    [
        ("[lab-a, lab-b]", []),
        ('"lab-*"', ["FL404"]),
        ('[lab-a, "lab-b-*"]', ["FL404"]),
        ('"!lab-a"', ["FL404"]),
        ('[lab-a, "!lab-b"]', []),
    ],
)
def test_everything_may_go_in_buckets_that_are_named(buckets: str, expected: list[str]) -> None:
    assert _codes_of({"p.yaml": _policy("p", buckets, EVERYTHING + UPLOADS)}) == expected


@pytest.mark.parametrize(
    "less",
    [
        'retain: {all: {prefix: "", delete_after: never}}',
        'retain: {all: {prefix: "", tags: {scratch: "yes"}, delete_after: 30d}}',
        "retain: {all: {prefix: tmp/, delete_after: 30d}}",
    ],
)
def test_a_pattern_may_reach_any_bucket_of_which_something_stays(less: str) -> None:
    assert _codes_of({"p.yaml": _policy("p", '"*"', f"versioning: off\n{less}\n{UPLOADS}")}) == []


def test_an_override_for_some_buckets_counts_there() -> None:
    rest = (
        'versioning: off\nretain: {all: {prefix: "", delete_after: never,'
        ' per_bucket: {"lab-*": {delete_after: 30d}}}}\n'
    )
    assert _codes_of({"p.yaml": _policy("p", '["lab-*", "web-*"]', rest + UPLOADS)}) == ["FL404"]


# FL502


@pytest.mark.parametrize(
    ("classes", "rest", "expected"),
    [
        ("", "warm_after: 30d, delete_after: 59d", ["FL502"]),
        ("", "warm_after: 30d, delete_after: 60d", []),
        ("", "cold_after: 0d, delete_after: 89d", ["FL502"]),
        ("", "cold_after: 0d, delete_after: 90d", []),
        ("", "archive_after: 1d, delete_after: 180d", ["FL502"]),
        ("", "archive_after: 1d, delete_after: 181d", []),
        ("", "archive_after: 1d, delete_after: never", []),
        ("warm: INTELLIGENT_TIERING", "warm_after: 0d, delete_after: 7d", []),
        ("cold: GLACIER", "cold_after: 1d, delete_after: 90d", ["FL502"]),
        ("warm: ONEZONE_IA", "warm_after: 1d, delete_after: 30d", ["FL502"]),
    ],
)
def test_the_stay_in_the_last_class_is_compared_with_what_is_billed(
    classes: str, rest: str, expected: list[str]
) -> None:
    chosen = f"storage_classes: {{{classes}}}\n" if classes else ""
    assert _codes(f"{chosen}retain: {{x: {{prefix: x/, {rest}}}}}") == expected


@pytest.mark.parametrize(
    ("old", "expected"),
    [
        ("delete_after: 29d", ["FL502"]),
        ("delete_after: 30d", []),
        # On it goes into the archive, 10 days after it was deleted and 70 after it became cold.
        ("archive_after: 10d, delete_after: 400d", ["FL502"]),
        ("archive_after: 30d, delete_after: 400d", []),
        # From GLACIER_IR nothing moves to STANDARD_IA.
        ("warm_after: 1d, delete_after: 40d", []),
    ],
)
def test_a_deleted_object_stays_in_its_class_as_an_old_version(
    old: str, expected: list[str]
) -> None:
    fragment = (
        "versioning: enabled\nretain: {x: {prefix: x/, cold_after: 40d, delete_after: 100d,"
        f" old_versions: {{{old}}}}}}}"
    )
    assert _codes(fragment) == expected
    if expected:
        assert codes(compiled(fragment.replace("enabled", "suspended")).diagnostics) == expected


def test_old_versions_have_moves_and_an_end_of_their_own() -> None:
    old = "versioning: enabled\nold_versions: {cold_after: 30d, delete_after: 119d}"
    (found,) = compiled(old).diagnostics
    assert found.message == "89 days in GLACIER_IR, and 90 are billed"
    assert found.help == "write 120d or more, which costs nothing, or drop the transition"
    assert compiled(old.replace("119d", "120d")).diagnostics == ()
    assert codes(compiled(old.replace("enabled", "off")).diagnostics) == ["FL311"]


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("versionig: off\nretain: {tmp: {prefix: tmp/, delete_after: 7d}}", "FL103"),
        ("versioning: of\nretain: {tmp: {prefix: tmp/, delete_after: 7d}}", "FL104"),
        ("versioning: enabled\nretain: {tmp: {prefix: tmp/, delete_after: 0d}}", "FL208"),
    ],
    ids=["a key misspelt", "a value misspelt", "a day that S3 refuses"],
)
def test_what_cannot_be_read_is_no_second_mistake(policy: str, code: str) -> None:
    found = codes(compiled(policy + "\nuploads: {abort_after: 7d}").diagnostics)
    assert found == [code]
