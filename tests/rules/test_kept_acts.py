"""Who answers for an object on which a kept rule of others acts."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.rules.kept_acts import OWNER_OF_KEPT
from firnline.rules.owners_below import owners_below, possible_owners
from firnline.rules.program import Program
from firnline.s3.scope import Scope
from tests.policies import codes
from tests.rules.test_foreign_rules import KEEPING, TMP, compile_beside

TAGGED = TMP | {"Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "t", "Value": "x"}]}}}
OURS = "retain: {t: {prefix: tmp/keep/, delete_after: 3d}}\n"


def program_with(foreign: dict[str, Any], rest: str = OURS) -> Program:
    said = f"versioning: off\nforeign_rules: keep\n{rest}"
    (bucket,) = compile_beside(said, [foreign]).buckets
    assert bucket.program is not None
    return bucket.program


@pytest.mark.parametrize(
    ("foreign", "key", "tags", "owner"),
    [
        (TMP, "tmp/x", (), OWNER_OF_KEPT),
        (TMP, "tmp/keep/x", (), "lab"),
        (TMP, "x", (), None),
        (TAGGED, "tmp/x", (("t", "x"),), OWNER_OF_KEPT),
        (TAGGED, "tmp/x", (), None),
        (TMP | {"Status": "Disabled"}, "tmp/x", (), None),
    ],
)
def test_a_kept_rule_has_no_owner_and_a_retention_comes_first(
    foreign: dict[str, Any], key: str, tags: tuple[tuple[str, str], ...], owner: str | None
) -> None:
    program = program_with(foreign)
    point = Scope(key, tags, 1, 1)
    assert possible_owners(program, point, tags_known=True) == (owner,)


def test_where_tags_are_not_known_a_kept_rule_may_act_or_not() -> None:
    found = possible_owners(program_with(TAGGED), Scope("tmp/x", (), 1, 1), tags_known=False)
    assert found == (OWNER_OF_KEPT, None)


def test_the_owners_of_a_folder_are_also_those_of_rules_of_others() -> None:
    program = program_with(TMP)
    assert owners_below(program, "") == ("lab", OWNER_OF_KEPT)
    assert owners_below(program, "tmp/keep/") == ("lab",)
    assert owners_below(program, "other/") == ()


@pytest.mark.parametrize(
    ("prefix", "found"),
    [("", []), ("tmp/", []), ("tmp/t/deep/", ["FL310", "FL507"])],
)
def test_old_versions_that_a_kept_rule_deletes_do_not_stay(prefix: str, found: list[str]) -> None:
    ends = {
        "ID": "old-versions",
        "Status": "Enabled",
        "Filter": {"Prefix": prefix},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
    }
    said = {
        **KEEPING,
        "uploads": {"abort_after": "7d"},
        "retain": {
            "t": {"prefix": "tmp/t/", "delete_after": "9d"},
            "m": {"prefix": "tmp/m/", "delete_after": "never"},
        },
    }
    assert codes(compile_beside(said, [ends]).diagnostics) == found
