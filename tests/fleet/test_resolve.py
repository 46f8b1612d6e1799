import re

from firnline.fleet.questions import ListedBucket
from firnline.fleet.resolve import Plan, Question, plan_lock, question_of
from firnline.fleet.scan import FoundBucket, Scan
from firnline.pipeline import compile_files
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning
from tests.fleet.small_world import FLEET, FOREIGN_RULE, OUR_RULE, POLICY, PROD, account

FILES = {"policies/fleet.yaml": FLEET.encode(), "policies/ml.yaml": POLICY.encode()}
ACCOUNT = account("prod", PROD, "us-east-1", "eu-west-1")
LOCK = "policies/fleet.lock.yaml"


def live(*rules: object, header: str = "all_storage_classes_128K") -> Json:
    return {"Rules": list(rules), "TransitionDefaultMinimumObjectSize": header}


def found(
    name: str = "acme-models-use1",
    configuration: Json | None = None,
    *,
    covered: bool = True,
    versioning: Versioning = Versioning.ENABLED,
) -> FoundBucket:
    bucket = ListedBucket(ACCOUNT, name, "us-east-1")
    return FoundBucket(bucket, covered, versioning, False, configuration)


def plan(*buckets: FoundBucket, before: str | None = None) -> Plan:
    files = FILES | ({LOCK: before.encode()} if before else {})
    return plan_lock(question_of("policies", files), scanned(*buckets))


def scanned(*buckets: FoundBucket, elsewhere: tuple[ListedBucket, ...] = ()) -> Scan:
    return Scan(buckets, others=0, elsewhere=elsewhere, unread=(), failures=())


def question(**changed: str) -> Question:
    files = FILES | {f"policies/{name}.yaml": text.encode() for name, text in changed.items()}
    return question_of("policies", files)


def codes(asked: Question) -> list[str]:
    return [error.kind.code for error in asked.errors]


def test_the_lock_that_is_written_belongs_to_the_files() -> None:
    buckets = found(), found("acme-models-euw1"), found("acme-dev")
    compilation = compile_files(FILES | {LOCK: plan(*buckets).text.encode()})
    assert "FL708" not in {each.kind.code for each in compilation.diagnostics}


def test_rules_of_ours_change_nothing_in_the_lock() -> None:
    assert plan(found(configuration=live(OUR_RULE))).text == plan(found()).text


def test_the_minimum_size_we_put_changes_nothing_in_the_lock() -> None:
    ours = live(OUR_RULE, header="varies_by_storage_class")
    assert plan(found(configuration=ours)).text == plan(found()).text


def test_foreign_rules_are_recorded_and_told() -> None:
    planned = plan(found(configuration=live(OUR_RULE, FOREIGN_RULE)))
    assert '"ID": "by-hand"' in planned.text
    assert "minimum_size: all_storage_classes_128K" in planned.text
    assert [(each.account, each.bucket, each.rule_id) for each in planned.foreign] == [
        ("prod", "acme-models-use1", "by-hand")
    ]


def test_changes_are_told_bucket_by_bucket() -> None:
    before = plan(found(), found("acme-old")).text
    now = found(configuration=live(FOREIGN_RULE), versioning=Versioning.SUSPENDED)
    assert plan(now, found("acme-new"), before=before).changes == (
        "~ prod/acme-models-use1: versioning enabled → suspended;"
        " minimum size not recorded → all_storage_classes_128K;"
        " foreign rule `by-hand` is new",
        "+ prod/acme-new: us-east-1, versioning enabled",
        "- prod/acme-old",
    )


def test_a_foreign_rule_that_went_is_told() -> None:
    before = plan(found(configuration=live(FOREIGN_RULE))).text
    (change,) = plan(found(), before=before).changes
    assert change.endswith("foreign rule `by-hand` is gone")


def test_a_changed_digest_is_told() -> None:
    before = re.sub("sha256:.*", "sha256:" + "0" * 64, plan(found()).text)
    assert plan(found(), before=before).changes[-1].startswith("~ digest")


def test_a_bucket_named_exactly_in_a_region_that_is_not_listed_is_told() -> None:
    named = ListedBucket(ACCOUNT, "acme-models-use1", "ap-south-1")
    unnamed = ListedBucket(ACCOUNT, "acme-other", "ap-south-1")
    planned = plan_lock(question(), scanned(elsewhere=(unnamed, named)))
    assert planned.out_of_reach == (named,)


def test_a_bucket_out_of_reach_that_is_excluded_is_not_told() -> None:
    named = ListedBucket(ACCOUNT, "acme-models-euw1", "eu-central-1")
    everywhere = POLICY.replace("account: prod", 'account: "*"')
    excluded = everywhere.replace(
        "applies_to:\n", 'applies_to:\n  - {account: prod, buckets: ["acme-*", "!*-euw1"]}\n'
    )
    for policy, told in ((everywhere, (named,)), (excluded, ())):
        asked = question(ml=policy)
        assert asked.errors == ()
        assert plan_lock(asked, scanned(elsewhere=(named,))).out_of_reach == told


def test_a_broken_lock_does_not_keep_it_from_being_replaced() -> None:
    asked = question_of("policies", FILES | {LOCK: b"<<<<<<< HEAD\n\x00"})
    assert not asked.errors
    assert asked.old is None


def test_a_lock_under_another_name_is_the_one_that_is_replaced() -> None:
    text = plan(found()).text.encode()
    assert question_of("policies", FILES | {"policies/found.yaml": text}).lock_path == (
        "policies/found.yaml"
    )


def test_mistakes_in_the_files_are_to_be_cured_first() -> None:
    assert codes(question(fleet=FLEET.replace("namespace: acme", "namespac: acme"))) != []
    assert codes(question(ml=POLICY.replace("account: prod", "account: prd"))) == ["FL109"]
    assert codes(question(ml=POLICY.replace("delete_after: 14d", "delete_after: 0d"))) == ["FL208"]


def test_what_only_the_lock_can_tell_is_no_hindrance() -> None:
    frees_nothing = POLICY.replace(", old_versions: {delete_after: 7d}", "")
    asked = question(ml=frees_nothing.replace("why: an", "versioning: enabled\nwhy: an"))
    assert not asked.errors


def test_policies_that_meet_on_no_bucket_are_no_hindrance() -> None:
    other = POLICY.replace("policy: ml", "policy: other").replace("14d", "15d")
    assert not question(other=other.replace("acme-*", "acme-d*")).errors


def test_a_bucket_given_up_may_refuse_to_be_read() -> None:
    released = FLEET + "releases: {prod/acme-old: {leave: keep, why: handed over}}\n"
    before = plan(found(), found("acme-old", covered=False)).text.encode()
    files = FILES | {"policies/fleet.yaml": released.encode(), LOCK: before}
    wanted = question_of("policies", files).wanted
    assert wanted.locked - wanted.released == {(PROD, "acme-models-use1")}
