"""What is different in some accounts and buckets."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.language.model import Policy, Timeline
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


@pytest.mark.parametrize(
    ("inner", "outer"),
    [("14d", "60d"), ("60d", "14d"), ("14d", "never")],
)
@pytest.mark.parametrize(
    "policy",
    [
        "old_versions: {delete_after: 90d, per_bucket: {data: {delete_after: INNER}}}\n"
        "per_account: {staging: {old_versions: {delete_after: OUTER}}}\n",
        "retain:\n  x:\n    prefix: x/\n    delete_after: never\n"
        "    old_versions: {delete_after: 90d, per_account: {staging: {delete_after: INNER}}}\n"
        "    per_account: {staging: {old_versions: {delete_after: OUTER}}}\n",
    ],
    ids=["policy", "retention"],
)
def test_overrides_that_disagree_at_two_levels_are_one_setting_said_twice(
    policy: str, inner: str, outer: str
) -> None:
    disagree = policy.replace("INNER", inner).replace("OUTER", outer)
    assert codes(_compiled(disagree, versioning="enabled").diagnostics) == ["FL702"]
    agree = policy.replace("INNER", inner).replace("OUTER", inner)
    assert _compiled(agree, versioning="enabled").diagnostics == ()


def test_one_duration_in_days_and_in_weeks_is_no_disagreement() -> None:
    found = _compiled(
        "retain: {x: {prefix: x/, delete_after: 90d, per_account: {staging: {delete_after: 14d}},"
        ' per_bucket: {"dev-*": {delete_after: 2w}}}}'
    ).diagnostics
    assert found == ()


def test_an_override_within_an_override_refines_it() -> None:
    compilation = _compiled(
        "old_versions: {delete_after: 90d}\n"
        "per_account: {staging: {old_versions:"
        " {delete_after: 14d, per_bucket: {data: {delete_after: 60d}}}}}\n",
        versioning="enabled",
    )
    assert compilation.diagnostics == ()
    places = ["prod/us-east-1/data", "staging/us-east-1/data", "staging/us-east-1/dev-data"]
    ends = [_expiration(compilation, place)["NoncurrentVersionExpiration"] for place in places]
    assert [end["NoncurrentDays"] for end in ends] == [90, 60, 14]


@pytest.mark.parametrize(
    "retention",
    [
        "old_versions: {warm_after: 30d, delete_after: 90d,"
        " per_account: {staging: {delete_after: 14d}}}",
        "old_versions: {warm_after: 30d, delete_after: 90d},"
        " per_account: {staging: {old_versions: {delete_after: 14d}}}",
    ],
)
def test_moves_are_dropped_at_whatever_level_the_shorter_life_is_written(retention: str) -> None:
    compilation = _compiled(
        f"retain: {{x: {{prefix: x/, delete_after: never, {retention}}}}}", versioning="enabled"
    )
    assert codes(compilation.diagnostics) == ["FL324"]
    found = _expiration(compilation, "staging/us-east-1/data")
    assert found["NoncurrentVersionExpiration"] == {"NoncurrentDays": 14}
    assert "NoncurrentVersionTransitions" not in found
    assert "NoncurrentVersionTransitions" in _expiration(compilation, "prod/us-east-1/data")


def test_a_tag_may_be_called_as_an_override_is() -> None:
    compilation = _compiled(
        "retain: {x: {prefix: x/, tags: {per_account: a}, delete_after: 90d,"
        " per_account: {staging: {delete_after: 30d}}}}"
    )
    assert compilation.diagnostics == ()
    for bucket in compilation.buckets:
        (rule,) = to_s3(bucket.rules)["Rules"]
        assert rule["Filter"]["And"]["Tags"] == [{"Key": "per_account", "Value": "a"}]


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
    assert found[0].help == "did you mean `staging`?"


def test_an_override_may_not_change_what_is_spoken_of() -> None:
    found = _compiled(
        "retain: {x: {prefix: x/, delete_after: 9d, per_account: {staging: {prefix: y/}}}}"
    ).diagnostics
    assert codes(found) == ["FL103"]


# Where an override is written, and whose settings it changes: as paths of keys.
_OLD, _X, _OLD_OF_X = ("old_versions",), ("retain", "x"), ("retain", "x", "old_versions")
_LEVELS = [((), _OLD), (_OLD, _OLD), (_X, _X), (_X, _OLD_OF_X), (_OLD_OF_X, _OLD_OF_X)]
_TIERS = ["warm_after", "cold_after", "archive_after"]
_WHO = [
    *(("per_account", pattern) for pattern in ("prod", "staging", "*")),
    *(("per_bucket", pattern) for pattern in ("data", "dev-*", "*data")),
]
_AGES = st.sampled_from(["10d", "2w", "14d", "60d", "never"])
_STATEMENTS = st.dictionaries(
    st.tuples(
        st.sampled_from(_LEVELS), st.sampled_from(_WHO), st.sampled_from([*_TIERS, "delete_after"])
    ),
    _AGES,
    max_size=6,
)
_SETTINGS = st.fixed_dictionaries({"delete_after": _AGES}, optional=dict.fromkeys(_TIERS, _AGES))
_DAYS = {"10d": 10, "2w": 14, "14d": 14, "60d": 60, "never": None}

Key = tuple[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, str], str]


@given(
    st.fixed_dictionaries(dict.fromkeys([_OLD, _X, _OLD_OF_X], _SETTINGS)),
    _STATEMENTS,
    st.sampled_from(["prod", "staging"]),
    st.sampled_from(["data", "dev-data"]),
)
def test_overrides_mean_the_same_at_whatever_level_they_are_written(
    base: dict[tuple[str, ...], dict[str, str]],
    statements: dict[Key, str],
    account: str,
    bucket: str,
) -> None:
    (policy,) = _compiled(_written(base, statements), versioning="enabled").folder.policies
    settled = policy.for_bucket(account, bucket)
    said: dict[tuple[tuple[str, ...], str], set[int | None]] = {}
    for ((_, target), (kind, pattern), key), age in statements.items():
        if fnmatchcase(account if kind == "per_account" else bucket, pattern):
            said.setdefault((target, key), set()).add(_DAYS[age])
    if any(len(ages) > 1 for ages in said.values()):
        assert "FL702" in codes(settled.remarks)
        return
    assert "FL702" not in codes(settled.remarks)
    for target, settings in base.items():
        expected = {key: _DAYS[age] for key, age in settings.items()}
        expected |= {key: age for (to, key), (age,) in said.items() if to == target}
        end = expected["delete_after"] if (target, "delete_after") in said else None
        for tier in _TIERS:
            day = expected.get(tier)
            if end is not None and day is not None and day >= end and (target, tier) not in said:
                del expected[tier]
        assert _ages(settled, target) == {key: age for key, age in expected.items() if age}


def _written(base: dict[tuple[str, ...], dict[str, str]], statements: dict[Key, str]) -> str:
    root: dict[str, Any] = {"retain": {"x": {"prefix": "x/"}}}
    for target, settings in base.items():
        _below(root, target).update(settings)
    for ((place, target), who, key), age in statements.items():
        _below(root, (*place, *who, *target[len(place) :]))[key] = age
    return "\n".join(f"{key}: {json.dumps(value)}" for key, value in root.items())


def _below(root: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for key in path:
        root = root.setdefault(key, {})
    return root


def _ages(policy: Policy, target: tuple[str, ...]) -> dict[str, int]:
    clocks = policy.whole_bucket if target == _OLD else policy.retentions[0].clocks
    timeline = clocks.objects if target == _X else clocks.old_versions
    assert isinstance(timeline, Timeline)
    ages = {move.name: int(move.after) for move in timeline.moves}
    return ages | ({"delete_after": int(timeline.ends)} if timeline.ends is not None else {})
