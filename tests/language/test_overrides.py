"""What is different in some accounts and buckets."""

from __future__ import annotations

from typing import Any

from firnline.pipeline import Compilation
from firnline.s3.shape import to_s3
from tests.policies import codes, compiled

FLEET = (
    "firnline: fleet/v1\nnamespace: acme\naccounts:\n"
    '  prod: {id: "111122223333", regions: us-east-1}\n'
    '  staging: {id: "444455556666", regions: us-east-1}\n'
)
HEAD = (
    "firnline: policy/v1\npolicy: p\nowner: lab\nwhy: an example\nversioning: off\n"
    "applies_to: [{account: [prod, staging], buckets: [data, dev-data]}]\n"
    "uploads: {abort_after: never}\n"
)


def _compiled(rest: str, versioning: str = "off") -> Compilation:
    head = HEAD.replace("versioning: off", f"versioning: {versioning}")
    return compiled({"fleet.yaml": FLEET, "p.yaml": head + rest})


def _expiration(compilation: Compilation, bucket: str) -> dict[str, Any]:
    (found,) = (each for each in compilation.buckets if each.bucket.key.endswith(bucket))
    (rule,) = to_s3(found.rules)["Rules"]
    return {key: value for key, value in rule.items() if key not in ("ID", "Filter", "Status")}


def test_an_override_replaces_single_keys_where_its_pattern_matches() -> None:
    compilation = _compiled(
        "retain: {x: {prefix: x/, cold_after: 10d, delete_after: 190d,"
        ' per_bucket: {"dev-*": {delete_after: 130d}}, per_account: {staging: {cold_after: 5d}}}}'
    )
    assert compilation.diagnostics == ()
    moves = {"Days": 10, "StorageClass": "GLACIER_IR"}
    assert _expiration(compilation, "prod/us-east-1/data") == {
        "Transitions": [moves],
        "Expiration": {"Days": 190},
    }
    assert _expiration(compilation, "staging/us-east-1/dev-data") == {
        "Transitions": [{**moves, "Days": 5}],
        "Expiration": {"Days": 130},
    }


def test_overrides_merge_into_the_maps_below_them() -> None:
    compilation = _compiled(
        "old_versions: {cold_after: 3d, delete_after: 190d,"
        " per_bucket: {data: {delete_after: 160d}}}\n"
        "per_account: {staging: {old_versions: {cold_after: 1d}}}\n",
        versioning="enabled",
    )
    assert compilation.diagnostics == ()
    found = _expiration(compilation, "staging/us-east-1/data")
    assert found["NoncurrentVersionExpiration"] == {"NoncurrentDays": 160}
    assert found["NoncurrentVersionTransitions"][0]["NoncurrentDays"] == 1


def test_a_move_that_the_shorter_life_does_not_reach_is_dropped_and_said() -> None:
    compilation = _compiled(
        "retain: {x: {prefix: x/, cold_after: 60d, delete_after: 180d,"
        " per_account: {staging: {delete_after: 44d}}}}"
    )
    assert codes(compilation.diagnostics) == ["FL324"]
    assert not compilation.failed
    assert _expiration(compilation, "staging/us-east-1/data") == {"Expiration": {"Days": 44}}
    assert "Transitions" in _expiration(compilation, "prod/us-east-1/data")


def test_two_overrides_that_disagree_on_one_bucket_are_one_setting_said_twice() -> None:
    disagree = (
        "retain: {x: {prefix: x/, delete_after: 90d, per_account: {staging: {delete_after: 30d}},"
        ' per_bucket: {"dev-*": {delete_after: 20d}}}}'
    )
    assert codes(_compiled(disagree).diagnostics) == ["FL702"]
    assert _compiled(disagree.replace("20d", "30d")).diagnostics == ()


def test_an_override_is_checked_as_what_it_makes_of_the_policy() -> None:
    found = _compiled(
        "retain: {x: {prefix: x/, cold_after: 60d, delete_after: 180d,"
        " per_account: {staging: {cold_after: 200d}}},"
        " y: {prefix: x/y/, cold_after: 60d, delete_after: 180d,"
        " per_account: {prod: {delete_after: 400d}}}}"
    ).diagnostics
    assert codes(found) == ["FL203", "FL301"]


def test_an_override_for_nobody_is_an_error() -> None:
    found = _compiled(
        "retain: {x: {prefix: x/, delete_after: 9d, per_account: {stagin: {delete_after: 3d}}}}"
    ).diagnostics
    assert codes(found) == ["FL109"]
    assert found[0].help == "write `staging`"


def test_an_override_may_not_change_what_is_spoken_of() -> None:
    found = _compiled(
        "retain: {x: {prefix: x/, delete_after: 9d, per_account: {staging: {prefix: y/}}}}"
    ).diagnostics
    assert codes(found) == ["FL103"]
