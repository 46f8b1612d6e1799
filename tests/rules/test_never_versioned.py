"""What is said of versions is no error in a bucket without any, nor bytes that do not exist."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, event, given, settings

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.pipeline import compile_files
from tests.policies import codes, compiled, whole
from tests.rules.strategies import policies

ABOUT_VERSIONS = {
    "FL301": "a: {prefix: a/, delete_after: 30d, old_versions: {delete_after: 7d}}\n"
    "  b: {prefix: a/b/, delete_after: 30d, old_versions: {delete_after: 9d}}",
    "FL302": "a: {prefix: a/, tags: {t: x}, delete_after: 30d, old_versions: {delete_after: 7d}}\n"
    "  b: {prefix: a/, tags: {u: x}, delete_after: 30d, old_versions: {delete_after: 9d}}",
    "FL303": "a: {prefix: a/, delete_after: 30d,"
    " old_versions: {warm_after: 7d, delete_after: 90d}}\n"
    "  b: {prefix: a/b/, delete_after: 30d, old_versions: {delete_after: 90d}}",
    "FL319": "a: {prefix: a/, delete_after: 30d, old_versions: {delete_after: 7d, keep_newest: 3}}",
    "FL320": "a: {prefix: a/, delete_after: 30d, old_versions: {delete_after: 7d},"
    " delete_markers: keep}",
}


def errors(found: tuple[Diagnostic, ...]) -> list[str]:
    return codes(tuple(each for each in found if each.severity is Severity.ERROR))


def test_versions_that_never_end_beside_a_count_are_reported_as_that_alone() -> None:
    text = (
        "versioning: enabled\nretain: {a: {prefix: a/, delete_after: 30d,"
        " old_versions: {keep_newest: {count: 3, delete_after: 90d}}}}"
    )
    assert codes(compiled(text).diagnostics) == ["FL313"]


@pytest.mark.parametrize("kind", ABOUT_VERSIONS)
def test_what_is_wrong_with_versions_alone_is_a_note_where_there_never_were_any(kind: str) -> None:
    retentions = f"retain:\n  {ABOUT_VERSIONS[kind]}\n"
    assert errors(compiled(f"versioning: enabled\n{retentions}").diagnostics) == [kind]
    off = compiled(f"versioning: off\n{retentions}")
    assert codes(off.diagnostics) == sorted({kind, "FL311"})
    assert {each.severity for each in off.diagnostics} == {Severity.NOTE}
    assert not off.failed


def test_it_stays_an_error_where_it_is_not_known_whether_there_are_versions() -> None:
    text = whole(f"versioning: off\nretain:\n  {ABOUT_VERSIONS['FL301']}\n")
    assert errors(compiled(text).diagnostics) == []
    assert errors(compiled(text.replace("versioning: off\n", "")).diagnostics) == ["FL301"]


@settings(deadline=None)
@given(policies())
def test_a_bucket_without_versions_compiles_whatever_is_said_of_versions(
    policy: dict[str, Any],
) -> None:
    policy["versioning"] = "off"
    found = compile_files({"p.yaml": json.dumps(policy).encode()}, with_remedies=False).diagnostics
    # S3 refuses these, and the last one contradicts itself, whatever the bucket keeps.
    assume(not {"FL203", "FL204", "FL213", "FL214", "FL702"} & set(codes(found)))
    for settings_ in (policy, *policy["retain"].values()):
        settings_.pop("old_versions", None)
    rest = compile_files({"p.yaml": json.dumps(policy).encode()}, with_remedies=False).diagnostics
    event("errors" if errors(rest) else "none")
    assert errors(found) == errors(rest)


BY_SIZE = """\
versioning: enabled
retain:
  small: {prefix: x/, size: {under: 1MiB}, delete_after: 30d, old_versions: {delete_after: 7d}}
  large: {prefix: x/, size: {over: %s}, delete_after: 30d, old_versions: {delete_after: 7d}}
  rest: {prefix: x/, delete_after: 30d}
"""


def test_deleting_frees_nothing_only_where_there_are_bytes() -> None:
    assert "FL310" not in codes(compiled(BY_SIZE % "1048575B").diagnostics)
    (found,) = (
        each for each in compiled(BY_SIZE % "1MiB").diagnostics if each.kind.code == "FL310"
    )
    assert found.severity is Severity.ERROR  # an object of 1 MiB exactly is in none of the two
