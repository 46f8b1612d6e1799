"""What a person reads who imports rules that others have written."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.fleet.imported.imported import imported
from firnline.fleet.imported.model import ImportedBucket, ImportedPolicy, Relation
from firnline.fleet.imported.text import policy_text
from firnline.s3.model import MinimumSize
from firnline.s3.read_shape import read_rules
from firnline.s3.terms import Versioning

ON, OFF = Versioning.ENABLED, Versioning.OFF
VARIES = "varies_by_storage_class"


def rule(rule_id: str, prefix: str | dict[str, Any], **actions: Any) -> dict[str, Any]:
    filter = {"Prefix": prefix} if isinstance(prefix, str) else {"And": prefix}
    return {"ID": rule_id, "Filter": filter, "Status": "Enabled", **actions}


def of(
    *rules: dict[str, Any], versioning: Versioning | None = ON, header: str | None = None
) -> ImportedPolicy:
    bucket = ImportedBucket("lab", "lab-runs", versioning=versioning, object_lock=False)
    return imported(read_rules(list(rules), header), bucket)


def said(policy: ImportedPolicy) -> str:
    """Without what is the same in every policy of these tests."""
    text = policy_text(policy, "runs", "ml-platform", [("lab", ["lab-runs"])])
    lines = text.splitlines()
    head = ("firnline:", "policy:", "owner:", "why:", "applies_to:", "  - {account", "versioning:")
    kept = [line for line in lines if not line.startswith((*head, "#", "adopts:"))]
    return "\n".join(kept)


EXPIRES = {"Expiration": {"Days": 90}}
FREES = {"NoncurrentVersionExpiration": {"NoncurrentDays": 7}}
MARKERS = {"Expiration": {"ExpiredObjectDeleteMarker": True}}
ABORTS = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}


def moves(*chain: tuple[int, str]) -> dict[str, Any]:
    return {"Transitions": [{"Days": days, "StorageClass": into} for days, into in chain]}


def test_a_retention_names_the_rules_that_did_what_it_says_and_no_others() -> None:
    policy = of(rule("old", "", **EXPIRES), rule("abort", "", **ABORTS), versioning=OFF)
    assert said(policy) == (
        "retain:\n"
        "  # was `old`\n"
        '  everything: {prefix: "", delete_after: 90d}\n'
        "uploads: {abort_after: 7d}"
    )


def test_names_that_a_yaml_reader_takes_for_something_else_are_in_quotes() -> None:
    tagged = {"Prefix": "1e3", "Tags": [{"Key": "no", "Value": "yes"}]}
    policy = of(
        rule("null", "true/", **EXPIRES),
        rule("2024-01-01", "2024", Expiration={"Days": 3}),
        rule("runs", tagged, Expiration={"Days": 7}),
        versioning=OFF,
    )
    text = policy_text(policy, "yes", "off", [("0o7", ["123", "1e3"])])
    assert [line for line in text.splitlines() if not line.lstrip().startswith("#")] == [
        "firnline: policy/v1",
        'policy: "yes"',
        'owner: "off"',
        "why: imported from the lifecycle rules that these 2 buckets had before",
        "applies_to:",
        '  - {account: "0o7", buckets: ["123", "1e3"]}',
        "versioning: off",
        "retain:",
        '  1e3-no: {prefix: "1e3", tags: {"no": "yes"}, delete_after: 7d}',
        '  "2024": {prefix: "2024", delete_after: 3d}',
        '  "true": {prefix: true/, delete_after: 90d}',
        'adopts: ["null", "2024-01-01", runs]',
    ]


def test_what_is_refused_in_a_retention_with_a_quoted_name_concerns_its_rule_alone() -> None:
    policy = of(rule("star", "true/*", **EXPIRES), rule("t", "tmp/", **EXPIRES), versioning=OFF)
    assert policy.adopts == ("t",)


def test_a_cascade_becomes_tiers_with_the_classes_that_are_not_the_usual_ones() -> None:
    chain = moves((90, "STANDARD_IA"), (365, "GLACIER"), (2_557, "DEEP_ARCHIVE"))
    old = {"NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}]}
    ends = {"Expiration": {"Days": 3_653}, "NoncurrentVersionExpiration": {"NoncurrentDays": 365}}
    policy = of(rule("audit", "audit-logs/", **chain, **old, **ends), rule("u", "", **ABORTS))
    assert said(policy) == (
        "storage_classes: {cold: GLACIER}\n"
        "retain:\n"
        "  # was `audit`\n"
        "  audit-logs:\n"
        "    prefix: audit-logs/\n"
        "    warm_after: 90d\n"
        "    cold_after: 365d\n"
        "    archive_after: 7y\n"
        "    delete_after: 10y\n"
        "    old_versions: {cold_after: 30d, delete_after: 365d}\n"
        "delete_markers: with_objects  # as before: no rule of its own removed them\n"
        "uploads: {abort_after: 7d}"
    )
    assert policy.adopts == ("audit", "u")
    assert policy.relation is Relation.SAME


def test_prefixes_and_tag_values_with_the_same_story_are_one_retention() -> None:
    tagged = [
        rule(value, {"Prefix": "data/", "Tags": [{"Key": "class", "Value": value}]}, **EXPIRES)
        for value in ("tmp", "scratch")
    ]
    plain = [rule(name, f"{name}/", Expiration={"Days": 14}) for name in ("ci", "dev")]
    assert said(of(*tagged, *plain, versioning=OFF)) == (
        "retain:\n"
        "  # was `ci`, `dev`\n"
        "  ci-and-dev: {prefix: [ci/, dev/], delete_after: 14d}\n"
        "  # was `tmp`, `scratch`\n"
        "  data-class: {prefix: data/, tags: {class: [scratch, tmp]}, delete_after: 90d}"
    )


def test_a_list_of_prefixes_within_another_retention_is_named_after_them() -> None:
    short = {"Expiration": {"Days": 30}}
    rules = (
        rule("logs", "logs/", **EXPIRES),
        rule("a", "logs/a/", **short),
        rule("b", "logs/b/", **short),
    )
    names = [each.name for each in of(*rules, versioning=OFF).retentions]
    assert names == ["logs", "logs-a-and-b"]


def test_what_the_whole_bucket_has_is_said_at_the_top_level() -> None:
    rules = rule("all", "", **FREES, **MARKERS, **ABORTS), rule("logs", "logs/", **EXPIRES)
    assert said(of(*rules)) == (
        "retain:\n"
        "  logs: {prefix: logs/, delete_after: 90d}\n"
        "old_versions: {delete_after: 7d}\n"
        "uploads: {abort_after: 7d}"
    )


def test_a_wider_rule_that_acts_first_is_part_of_what_the_narrower_retention_says() -> None:
    rules = rule("all", "", **EXPIRES), rule("logs", "logs/", **moves((30, "STANDARD_IA")))
    late = rule("late", "logs/old/", Expiration={"Days": 400})
    policy = of(*rules, late, versioning=OFF)
    assert said(policy) == (
        "retain:\n"
        "  # was `all`\n"
        '  everything-else: {prefix: "", delete_after: 90d}\n'
        "  logs: {prefix: logs/, warm_after: 30d, delete_after: 90d}"
    )
    assert policy.comments == (
        "rule `late` never acted: rule `all` acts before it on the same objects",
    )


def test_an_age_that_a_wider_rule_never_lets_come_is_named() -> None:
    shorter = {"NoncurrentVersionExpiration": {"NoncurrentDays": 90}}
    longer = {"NoncurrentVersionExpiration": {"NoncurrentDays": 365}}
    tiers = moves((30, "STANDARD_IA"))
    policy = of(
        rule("models", "models/", **shorter), rule("prod", "models/prod/", **longer, **tiers)
    )
    assert policy.comments == (
        "the deletion of noncurrent versions at 365d of rule `prod` never took effect:"
        " rule `models` acts before it on the same objects",
    )


def test_where_two_filters_cross_a_retention_has_both() -> None:
    legal = {"Key": "class", "Value": "tmp"}
    tagged = {**rule("tmp", "", Expiration={"Days": 7}), "Filter": {"Tag": legal}}
    policy = of(rule("logs", "logs/", **moves((30, "GLACIER_IR"))), tagged, versioning=OFF)
    tmp, logs = policy.retentions
    assert (tmp.name, tmp.prefixes, logs.name) == ("tmp", ("", "logs/"), "logs")
    assert "# `logs/`: named too, as another retention speaks of its objects" in said(policy)
    later = {**rule("tmp", "", Expiration={"Days": 60}), "Filter": {"Tag": legal}}
    policy = of(rule("logs", "logs/", **moves((30, "GLACIER_IR"))), later, versioning=OFF)
    assert [each.name for each in policy.retentions] == ["tmp", "logs", "logs-tmp"]
    assert "# here `logs`, `tmp` act together" in said(policy)
    assert policy.relation is Relation.BUT_FOR_EMPTY_OBJECTS
    assert "objects of 0 bytes" in policy.comments[0]


def test_a_deletion_that_frees_nothing_stays_and_so_do_rules_of_the_same_objects() -> None:
    rules = rule("logs", "logs/", **EXPIRES), rule("cold", "logs/", **moves((1, "GLACIER")))
    policy = of(*rules, rule("u", "", **ABORTS))
    logs, cold = policy.kept
    assert "never freed" in logs.reason
    assert "FL310" in logs.reason
    assert cold.reason == "it acts on the same objects as rule `logs`, which has to stay"
    assert said(policy) == "uploads: {abort_after: 7d}\nforeign_rules: keep"
    assert policy.adopts == ("u",)


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        ({"Expiration": {"Date": "2027-01-01"}, **FREES}, "not dates (2027-01-01)"),
        (
            {
                "NoncurrentVersionTransitions": [
                    {"NoncurrentDays": 1, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}
                ]
            },
            "but not from being moved",
        ),
        (
            {
                **EXPIRES,
                "NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 3},
            },
            "FL319",
        ),
        (
            moves(
                (0, "INTELLIGENT_TIERING"),
                (1, "ONEZONE_IA"),
                (31, "GLACIER"),
                (200, "DEEP_ARCHIVE"),
            ),
            "move 4 times, and a policy has 3 tiers",
        ),
    ],
)
def test_what_a_policy_cannot_say_stays_with_the_reason(
    actions: dict[str, Any], reason: str
) -> None:
    policy = of(rule("x", "logs/", **actions), rule("u", "", **ABORTS))
    (kept,) = policy.kept
    assert reason in kept.reason
    assert policy.uploads == 7
    assert policy.relation is Relation.SAME


def test_rules_that_only_fit_beside_each_other_name_the_ages_that_do_not() -> None:
    rules = (
        rule("all", "", **moves((120, "DEEP_ARCHIVE"))),
        rule("logs", "logs/", **EXPIRES, **FREES),
    )
    kept = of(*rules).kept
    assert [each.rule.id for each in kept] == ["all", "logs"]
    assert "`logs/` end at 90d and would move to DEEP_ARCHIVE at 120d" in kept[0].reason
    # Where versions were never kept, an object that is older ends at once.
    assert of(*rules, versioning=OFF).kept == ()


def test_small_objects_that_moved_still_do_and_those_that_did_not_still_do_not() -> None:
    archive = moves((30, "GLACIER"))
    sized = {"Prefix": "raw/", "ObjectSizeGreaterThan": 0}
    policy = of(rule("raw", sized, **archive), versioning=OFF)
    (raw,) = policy.retentions
    assert (raw.over, raw.smallest_move) == (0, 1)
    assert policy.comments == (
        "`raw` moves objects under 128KiB too, as the rules did: a size in a filter lifts S3's"
        " minimum",
    )
    (raw,) = of(rule("raw", "raw/", **archive), versioning=OFF).retentions
    assert raw.smallest_move is None


def test_a_header_is_kept_where_it_makes_a_difference() -> None:
    cold = of(rule("raw", "raw/", **moves((30, "GLACIER"))), versioning=OFF, header=VARIES)
    assert cold.minimum_size is MinimumSize.VARIES
    assert "minimum_size_default: varies" in said(cold)
    warm = of(rule("raw", "raw/", **moves((30, "STANDARD_IA"))), versioning=OFF, header=VARIES)
    assert warm.minimum_size is MinimumSize.ALL_128K
    assert "makes no difference" in warm.comments[0]


def test_a_rule_for_delete_markers_never_acted_where_versions_were_never_kept() -> None:
    policy = of(rule("marks", "", **MARKERS), rule("u", "", **ABORTS), versioning=OFF)
    assert policy.comments == ("rule `marks` never acted: the bucket has never kept versions",)
    assert policy.adopts == ("marks", "u")


def test_a_rule_that_stays_and_that_the_provider_would_send_otherwise_is_named() -> None:
    tagged = {"Prefix": "logs/", "Tags": [{"Key": "class", "Value": "tmp"}]}
    policy = of(rule("x", tagged, Expiration={"Date": "2027-01-01"}))
    assert policy.comments[1].startswith("rule `x` would not arrive as written: ")
    assert "FL710" in policy.comments[1]


def test_disabled_rules_go_and_are_named() -> None:
    asleep = {**rule("asleep", "tmp/", **EXPIRES), "Status": "Disabled"}
    policy = of(rule("u", "", **ABORTS), asleep)
    assert policy.comments == ("rule `asleep` was disabled: nothing of it is here",)
    assert policy.adopts == ("u", "asleep")


def test_rules_without_an_id_are_imported_but_cannot_be_adopted() -> None:
    bare = rule("", "", **ABORTS)
    del bare["ID"]
    policy = of(bare)
    assert (policy.uploads, policy.adopts) == (7, ())
    assert "import from the live bucket" in policy.comments[0]


def test_rules_of_another_namespace_are_imported_like_any_others() -> None:
    policy = of(rule("firnline/import-1/x", "logs/", **EXPIRES, **FREES))
    assert policy.adopts == ("firnline/import-1/x",)


def test_a_rule_id_that_breaks_lines_stays_in_its_comment() -> None:
    policy = of(rule("a\nretain: {}", "logs/", **EXPIRES, **FREES))
    text = policy_text(policy, "runs", "ml-platform", [("lab", ["lab-runs"])])
    assert text.startswith("# rule `a\\nretain: {}` stays as it is: ")
    assert policy.retentions == ()


@pytest.mark.parametrize(
    ("name", "rules", "reason"),
    [
        ("lab--use1-az4--x-s3", [rule("x", "", **ABORTS)], "FL211"),
        ("lab-runs", [rule("x", "", **moves((1, "NEW_CLASS")))], "NEW_CLASS is not known"),
    ],
)
def test_where_nothing_can_be_said_all_rules_stay(
    name: str, rules: list[dict[str, Any]], reason: str
) -> None:
    policy = imported(read_rules(rules, None), ImportedBucket("lab", name, versioning=OFF))
    (kept,) = policy.kept
    assert reason in kept.reason
    assert policy.retentions == ()


def test_delete_markers_go_only_where_a_rule_removed_them() -> None:
    rules = rule("logs", "logs/", **FREES, **MARKERS), rule("raw", "raw/", **FREES)
    assert said(of(*rules)) == (
        "retain:\n"
        "  logs:\n"
        "    prefix: logs/\n"
        "    delete_after: never\n"
        "    old_versions: {delete_after: 7d}\n"
        "    delete_markers: expire\n"
        "  raw: {prefix: raw/, delete_after: never, old_versions: {delete_after: 7d}}\n"
        "delete_markers: keep  # as before: no rule of its own removed them"
    )
