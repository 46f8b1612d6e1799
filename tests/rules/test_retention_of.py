"""The ID of a rule names the retention that it was made from."""

from __future__ import annotations

from firnline.rules.retention_of import retention_of
from tests.policies import compiled

POLICY = """
versioning: enabled
retain:
  a-b:
    prefix: [a/, "b:c/"]
    tags: {team: [x, y]}
    warm_after: 30d
    delete_after: 90d
    old_versions: {keep_newest: {count: 2, delete_after: 9d}, delete_after: 5d}
uploads: {abort_after: 7d}
"""


def test_every_rule_that_is_compiled_names_its_retention() -> None:
    compilation = compiled(POLICY)
    (bucket,) = compilation.buckets
    named = [retention_of(rule.id) for rule in bucket.rules.rules]
    assert set(named) == {"example/a-b", "example"}


def test_other_rules_name_none() -> None:
    others = ["", "firnline", "firnline/acme/nothing-required", "by hand", "x/firnline/a/b/c"]
    assert [retention_of(each) for each in others] == [None] * len(others)
