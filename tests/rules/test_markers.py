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


def test_where_nobody_speaks_of_markers_they_go_wherever_old_versions_end() -> None:
    compilation = compiled(f"versioning: enabled\nretain: {{{TAGGED}}}")
    assert _removes_markers(compilation) == {"a/"}
