"""Delete markers have no tags: what is said of them for a prefix holds for all below it."""

from __future__ import annotations

import pytest

from firnline.pipeline import Compilation
from tests.policies import codes, compiled

TAGGED = "b: {prefix: a/, tags: {x: y}, delete_after: never, old_versions: {delete_after: 30d}}"


def _removes_markers(compilation: Compilation) -> set[str]:
    (bucket,) = compilation.buckets
    return {rule.filter.prefix for rule in bucket.rules.rules if rule.removes_sole_markers}


@pytest.mark.parametrize(("said", "removed"), [("keep", set()), ("expire", {"a/"})])
def test_what_is_said_of_markers_goes_before_what_old_versions_imply(
    said: str, removed: set[str]
) -> None:
    keeps = f"a: {{prefix: a/, delete_after: never, delete_markers: {said}}}"
    compilation = compiled(f"versioning: enabled\nretain: {{{keeps}, {TAGGED}}}")
    assert set(codes(compilation.diagnostics)) <= {"FL507"}
    assert _removes_markers(compilation) == removed


@pytest.mark.parametrize(("said", "removed"), [("keep", set()), ("expire", {""})])
def test_what_is_said_of_all_markers_goes_before_what_narrower_old_versions_imply(
    said: str, removed: set[str]
) -> None:
    top = f"versioning: enabled\ndelete_markers: {said}\nold_versions: {{delete_after: never}}\n"
    compilation = compiled(f"{top}retain: {{{TAGGED}}}")
    assert codes(compilation.diagnostics) == []
    assert _removes_markers(compilation) == removed


def test_a_narrower_word_about_markers_goes_before_a_wider_one() -> None:
    narrow = TAGGED.replace("tags: {x: y}, ", "").replace("}}", "}, delete_markers: expire}")
    compilation = compiled(f"versioning: enabled\ndelete_markers: keep\nretain: {{{narrow}}}")
    assert _removes_markers(compilation) == {"a/"}


ENDS = "a: {prefix: a/, delete_after: 7d, old_versions: {delete_after: 7d}}"


def test_markers_kept_everywhere_contradict_a_deletion_anywhere() -> None:
    compilation = compiled(f"versioning: enabled\ndelete_markers: keep\nretain: {{{ENDS}}}")
    assert codes(compilation.diagnostics) == ["FL320"]
    cured = ENDS.replace("}}", "}, delete_markers: expire}")
    right = compiled(f"versioning: enabled\ndelete_markers: keep\nretain: {{{cured}}}")
    assert not right.failed
    assert _removes_markers(right) == {"a/"}


def test_markers_may_be_left_to_the_deletion_of_objects() -> None:
    compilation = compiled(f"versioning: enabled\ndelete_markers: with_objects\nretain: {{{ENDS}}}")
    assert not compilation.failed
    assert _removes_markers(compilation) == set()


def test_where_no_policy_mentions_markers_they_are_removed_wherever_old_versions_end() -> None:
    compilation = compiled(f"versioning: enabled\nretain: {{{TAGGED}}}")
    assert _removes_markers(compilation) == {"a/"}
