"""CloudFormation and SAM templates: what CloudFormation sends, and what only a deployment knows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.diagnostics.fix import apply
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.language.check import Known
from firnline.lint import Circumstances
from firnline.lint.check import check_lifecycle_file
from firnline.lint.sources.cloudformation.rules import loose
from firnline.pipeline import check_files, compile_files
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in, marked_text, place_of_mark, places

VERSIONED = {"Status": "Enabled"}
OLD_ENDS = {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}


def found(
    *rules: Any, parameters: Json | None = None, said: Versioning | None = None, **properties: Any
) -> tuple[Diagnostic, ...]:
    """In a template with one versioned bucket."""
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "VersioningConfiguration": VERSIONED,
            "LifecycleConfiguration": {"Rules": list(rules)},
            **properties,
        },
    }
    document = {"Parameters": parameters or {}, "Resources": {"Lake": bucket}}
    return check_lifecycle_file(json.dumps(document).encode(), "t.json", Circumstances(said))


def rule(**members: Any) -> Json:
    return {"Id": "r", "Status": "Enabled", "Prefix": "tmp/", **members}


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [each.kind.code for each in diagnostics]


def refused(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """What S3 or CloudFormation refuses, and what is not known; no hazards."""
    known = {"FL246", "FL247", *(f"FL{number}" for number in range(220, 240))}
    return [code for code in codes(diagnostics) if code in known]


YAML = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties: {Handler: !Sub "${Stage}.main"}
  Raw:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub
        - raw-${Name}
        - {Name: !GetAtt Function.Arn}
      VersioningConfiguration: {Status: Enabled}
      LifecycleConfiguration:
        Rules:
          - Id: raw
            Status: Enabled
            Prefix: raw/
            Transitions:
              - {StorageClass: STANDARD_IA, TransitionInDays: 40}
              - StorageClass: GLACIER
                TransitionInDays: «50»
            NoncurrentVersionExpirationInDays: 30
"""


def test_a_yaml_template_is_pointed_at_in_its_own_words() -> None:
    diagnostics = found_in(YAML, path="stack.yaml")
    assert (place_of_mark(YAML), marked_text(YAML)) in places(diagnostics, "FL232")
    (first,) = [each for each in diagnostics if each.kind.code == "FL232"]
    assert first.about == 'Bucket "Raw" rule "raw"'
    assert first.notes[0].startswith("if CloudFormation sends this, S3 answers InvalidArgument")


def test_a_yaml_template_is_checked_by_check_alone() -> None:
    files = {"policies/stack.yaml": YAML.replace("«50»", "90").encode()}
    assert not check_files(files, Known()).failed
    assert compile_files(files).failed


@pytest.mark.parametrize(
    "older",
    [
        {"Transition": {"StorageClass": "GLACIER", "TransitionInDays": 60}},
        {"Transitions": [{"StorageClass": "Glacier", "TransitionInDays": "60"}]},
    ],
)
def test_older_spellings_mean_the_same(older: Json) -> None:
    assert refused(found(rule(**older, ExpirationInDays=60, **OLD_ENDS))) == ["FL233"]
    assert refused(found(rule(**older, ExpirationInDays=400, **OLD_ENDS))) == []


@pytest.mark.parametrize(
    "older",
    [
        {"NoncurrentVersionTransition": {"StorageClass": "GLACIER", "TransitionInDays": 60}},
        {"NoncurrentVersionTransitions": [{"StorageClass": "GLACIER", "TransitionInDays": 60}]},
    ],
)
def test_old_versions_may_end_by_the_older_property(older: Json) -> None:
    assert refused(found(rule(**older, NoncurrentVersionExpirationInDays=60))) == ["FL233"]


def test_any_scope_goes_with_any_other() -> None:
    """CloudFormation sends a `Filter` for each, so S3's two schemas never meet."""
    assert not refused(
        found(
            rule(Id="a", Prefix="a/", ExpirationInDays=30, **OLD_ENDS),
            {
                "Id": "b",
                "Status": "Enabled",
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            },
            rule(
                Id="c",
                Prefix="c/",
                TagFilters=[{"Key": "k", "Value": "v"}],
                ObjectSizeGreaterThan="131072",
                ExpirationInDays=30,
                **OLD_ENDS,
            ),
            rule(
                Id="d",
                Prefix="d/",
                NoncurrentVersionExpiration={"NoncurrentDays": 7, "NewerNoncurrentVersions": 3},
            ),
        )
    )


def test_a_single_tag_is_no_whole_bucket() -> None:
    tagged = {"Id": "t", "Status": "Enabled", "TagFilters": [{"Key": "k", "Value": "v"}]}
    assert "FL240" not in codes(found({**tagged, "ExpirationInDays": 30}))
    untagged = {"Id": "t", "Status": "Enabled", "ExpirationInDays": 30}
    assert "FL240" in codes(found(untagged))


DAYS = {"Type": "Number", "Default": 5}
OPEN = [
    {"Ref": "Days"},
    {"Fn::If": ["IsProd", 30, 5]},
    {"Fn::GetAtt": ["Other", "Days"]},
    {"Fn::FindInMap": ["Map", "a", "b"]},
    {"Fn::Sub": "${Days}"},
]


@pytest.mark.parametrize("days", OPEN, ids=lambda each: next(iter(each)))
def test_what_a_deployment_decides_is_no_fault(days: Json) -> None:
    """5 would be one: `Default` is no promise."""
    moves = {"Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}]}
    found_here = found(rule(**moves, ExpirationInDays=days, **OLD_ENDS), parameters={"Days": DAYS})
    assert refused(found_here) == ["FL246"]
    assert found_here[0].message.startswith("`ExpirationInDays`: ")


@pytest.mark.parametrize(
    "days",
    [
        {"Ref": "Days"},
        {"Fn::If": ["IsProd", 5, 5]},
        {"Fn::If": ["IsProd", {"Ref": "Days"}, "5"]},
        {"Fn::Sub": "${Days}"},
        {"Fn::Join": ["", ["5"]]},
    ],
    ids=str,
)
def test_what_has_one_possible_value_is_known(days: Json) -> None:
    one = {"Type": "String", "Default": "5", "AllowedValues": ["5"]}
    moves = {"Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}]}
    found_here = found(rule(**moves, ExpirationInDays=days, **OLD_ENDS), parameters={"Days": one})
    assert refused(found_here) == ["FL233"]


def test_a_prefix_that_is_not_known_is_no_whole_bucket() -> None:
    assert refused(found(rule(Prefix={"Ref": "Prefix"}, ExpirationInDays=30, **OLD_ENDS))) == [
        "FL246"
    ]


def test_no_value_is_absent() -> None:
    absent = {"Ref": "AWS::NoValue"}
    assert refused(found(rule(ExpirationInDays=absent))) == ["FL222"]
    assert refused(found(absent, rule(**OLD_ENDS))) == []


@pytest.mark.parametrize(
    "loop",
    [
        {"Fn::If": ["IsProd", rule(**OLD_ENDS), {"Ref": "AWS::NoValue"}]},
        {"Fn::Transform": {"Name": "AWS::Include"}, "Status": "Enabled"},
    ],
)
def test_a_rule_that_is_not_known_hides_no_other(loop: Json) -> None:
    wrong = rule(Id="w", Prefix="w/", NoncurrentVersionExpirationInDays=0)
    assert set(refused(found(loop, wrong))) == {"FL229", "FL246"}


def test_a_bucket_without_versioning_counts_as_one_that_is_created_and_that_is_said() -> None:
    unset: dict[str, Any] = {"VersioningConfiguration": {"Ref": "AWS::NoValue"}}
    (idle,) = found(rule(**OLD_ENDS), **unset)
    assert any("the template sets no versioning" in note for note in idle.notes)
    assert "FL310" not in codes(found(rule(ExpirationInDays=30), **unset))
    assert "FL310" in codes(found(rule(ExpirationInDays=30), **unset, said=Versioning.ENABLED))


def test_object_lock_means_versioning() -> None:
    locked = found(
        rule(ExpirationInDays=30),
        VersioningConfiguration={"Ref": "AWS::NoValue"},
        ObjectLockEnabled=True,
    )
    assert "FL310" in codes(locked)


def test_a_directory_bucket_takes_less() -> None:
    bucket = {
        "Type": "AWS::S3Express::DirectoryBucket",
        "Properties": {"LifecycleConfiguration": {"Rules": [rule(**OLD_ENDS)]}},
    }
    document = json.dumps({"Resources": {"Fast": bucket}}).encode()
    assert refused(check_lifecycle_file(document, "t.json")) == ["FL238"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("ID", "Id"), ("id", "Id"), ("ExpirationInDay", "ExpirationInDays")],
)
def test_a_property_that_cloudformation_does_not_have_is_the_only_finding(
    written: str, meant: str
) -> None:
    value: Any = 30 if written.startswith("E") else "r"
    members = {"Status": "Enabled", "Prefix": "tmp/", written: value, **OLD_ENDS}
    diagnostics = found(members)
    assert refused(diagnostics) == ["FL239"]
    only = diagnostics[0]
    assert only.message == f"CloudFormation has no property `{written}` here"
    if loose(written) != loose(meant):
        assert (only.help, only.fix) == (f"did you mean `{meant}`?", None)
        return
    assert only.help == f"write `{meant}`"
    assert only.fix is not None
    assert only.fix.safe
    fixed, _ = apply(only.fix.edits[0].span.source.text, [only.fix])
    assert f'"{meant}": ' in fixed
    assert f'"{written}": ' not in fixed


@pytest.mark.parametrize(
    "members",
    [
        {"Expiration": {"Days": 30}},
        {"Filter": {"Prefix": "a/"}, "ExpirationInDays": 30},
        {"Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]},
    ],
)
def test_s3s_own_names_are_refused_and_read_as_what_they_mean(members: Json) -> None:
    """No other finding is a mere consequence of that."""
    without_prefix = {"Id": "r", "Status": "Enabled", **OLD_ENDS}
    written = {**without_prefix, **members} if "Filter" in members else rule(**members, **OLD_ENDS)
    diagnostics = found(written)
    assert refused(diagnostics) == ["FL239"]
    (only,) = [each for each in diagnostics if each.kind.code == "FL239"]
    if "Transitions" in members:
        assert only.help == "write `TransitionInDays`"
    else:
        assert only.help.startswith("CloudFormation says it with `")


@pytest.mark.parametrize(
    "resources",
    [
        {"Lake": {"Type": "AWS::S3::Bucket"}},
        {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}},
    ],
)
def test_a_template_without_lifecycle_rules_is_normal(resources: Json) -> None:
    (only,) = check_lifecycle_file(json.dumps({"Resources": resources}).encode(), "t.json")
    assert (only.kind.code, only.severity) == ("FL247", Severity.NOTE)


def test_buckets_that_a_macro_adds_are_not_known() -> None:
    resources = {"Fn::ForEach::Buckets": ["Name", ["a"], {"B${Name}": {"Type": "AWS::S3::Bucket"}}]}
    document = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    assert refused(check_lifecycle_file(json.dumps(document).encode(), "t.json")) == ["FL246"]


def in_template(resources: Json, **members: Any) -> list[tuple[str, str]]:
    document = json.dumps({"Resources": resources, **members}).encode()
    found_there = check_lifecycle_file(document, "template.json")
    return [(each.kind.code, each.message) for each in found_there]


PLAIN: Json = {"Queue": {"Type": "AWS::SQS::Queue"}}


@pytest.mark.parametrize(
    ("type", "what"),
    [
        ("AWS::CloudFormation::Stack", "nested stack"),
        ("AWS::CloudFormation::StackSet", "stack set"),
        ("AWS::Serverless::Application", "nested application"),
        ("My::S3::Bucket::MODULE", "module"),
    ],
)
def test_buckets_of_another_template_are_said_to_be_unknown(type: str, what: str) -> None:
    (one,) = in_template({"N": {"Type": type, "Properties": {}}, **PLAIN})
    assert one == ("FL246", f"the buckets of this {what} are not known: `N`")
    (six,) = in_template({f"N{number}": {"Type": type} for number in range(6)})
    assert six[1].endswith(f"{what}s are not known: `N0`, `N1`, `N2`, `N3`, `N4` and 1 more")


@pytest.mark.parametrize(
    "members",
    [
        {"Transform": "Mine"},
        {"Transform": ["AWS::Serverless-2016-10-31", "Mine"]},
        {"Transform": {"Name": "Mine", "Parameters": {}}},
        {"Fn::Transform": {"Name": "Mine"}},
    ],
)
def test_a_macro_may_change_the_buckets(members: Json) -> None:
    (found_there,) = in_template(PLAIN, **members)
    assert found_there == (
        "FL246",
        "the macro `Mine` may add buckets, or change those that are here",
    )


@pytest.mark.parametrize(
    "macro",
    ["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"],
)
def test_macros_of_aws_that_add_no_bucket_are_not_mentioned(macro: str) -> None:
    assert [code for code, _ in in_template(PLAIN, Transform=macro)] == ["FL247"]


def test_rules_of_outposts_are_named_and_not_judged() -> None:
    rules = {"LifecycleConfiguration": {"Rules": [rule(ExpirationInDays=0)]}}
    outposts = {"Type": "AWS::S3Outposts::Bucket", "Properties": rules}
    assert in_template({"O": outposts}) == [
        ("FL253", "rules of S3 on Outposts: nothing is said of them")
    ]
    assert [code for code, _ in in_template({"O": {**outposts, "Properties": {}}})] == ["FL247"]


@pytest.mark.parametrize("name", ["Fn::ForEach::Buckets", "Fn::Transform"])
def test_a_template_is_known_by_a_loop_alone(name: str) -> None:
    (found_there,) = in_template({name: ["N", ["a"], {"B${N}": {"Type": "AWS::S3::Bucket"}}]})
    assert found_there == ("FL246", f"`{name}`: CloudFormation adds resources here")


@pytest.mark.parametrize("value", [2024, True])
def test_a_scalar_stands_for_text(value: object) -> None:
    tags = [{"Key": "year", "Value": value}, {"Key": value, "Value": "x"}]
    members = {"Id": value, "Prefix": value, "TagFilters": tags, "ExpirationInDays": 30}
    assert refused(found(rule(**members, **OLD_ENDS))) == []


@pytest.mark.parametrize(("prefix", "count"), [("a/", 1), (None, 2)])
def test_tags_that_may_all_be_absent_go_with_any_action(prefix: str | None, count: int) -> None:
    tag = {"Fn::If": ["C", {"Key": "k", "Value": "v"}, {"Ref": "AWS::NoValue"}]}
    members = {"Prefix": prefix, "TagFilters": [tag] * count}
    uploads = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 5}}
    assert refused(found(rule(**members, **uploads))) == ["FL246"]
    certain = {**members, "TagFilters": [tag, {"Key": "k", "Value": "v"}]}
    assert set(refused(found(rule(**certain, **uploads)))) == {"FL225", "FL246"}


@pytest.mark.parametrize(("known", "is_certain"), [(1000, False), (1001, True)])
def test_a_rule_that_may_be_absent_is_one_too_many_only_where_it_is_there(
    known: int, is_certain: bool
) -> None:
    rules = [rule(Id=str(n), Prefix=f"{n}/", **OLD_ENDS) for n in range(known)]
    maybe = {"Fn::If": ["C", rule(Id="x", **OLD_ENDS), {"Ref": "AWS::NoValue"}]}
    (count,) = (each for each in found(maybe, *rules) if each.kind.code == "FL237")
    assert ("only where the condition `C` holds" in count.notes) is not is_certain


CUT_SHORT = rule(
    Id="bad",
    ExpirationInDays=10,
    Transitions=[{"StorageClass": "GLACIER", "TransitionInDays": 30}],
    **OLD_ENDS,
)
ABSENT = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("branches", "where"),
    [
        ((CUT_SHORT, ABSENT), ["only where the condition `IsProd` holds"]),
        ((ABSENT, CUT_SHORT), ["only where the condition `IsProd` does not hold"]),
        ((rule(**OLD_ENDS), CUT_SHORT), ["only where the condition `IsProd` does not hold"]),
    ],
)
@pytest.mark.parametrize("wrap", ["rule", "rules", "property"])
def test_a_rule_in_a_branch_is_judged_as_one_that_may_be_there(
    branches: tuple[Json, Json], where: list[str], wrap: str
) -> None:
    one, other = branches
    match wrap:
        case "rule":
            reported = found({"Fn::If": ["IsProd", one, other]})
        case "rules":
            rules = {"Fn::If": ["IsProd", [one], [other]]}
            reported = found(LifecycleConfiguration={"Rules": rules})
        case _:
            property = {"Fn::If": ["IsProd", {"Rules": [one]}, {"Rules": [other]}]}
            reported = found(LifecycleConfiguration=property)
    (refusal,) = (each for each in reported if each.kind.code == "FL233")
    assert [note for note in refusal.notes if "condition" in note] == where
    assert codes(reported).count("FL246") == 1


def test_what_is_wrong_beside_a_branch_whether_it_is_there_or_not_has_no_condition() -> None:
    everything = rule(Id="all", Prefix="", ExpirationInDays=9, **OLD_ENDS)
    reported = found({"Fn::If": ["IsProd", CUT_SHORT, rule(**OLD_ENDS)]}, everything)
    (ends,) = (each for each in reported if each.kind.code == "FL240")
    assert not any("condition" in note for note in ends.notes)


def test_each_cause_of_unknown_values_is_noted_by_itself() -> None:
    reported = found(
        rule(Prefix={"Fn::Sub": "${Env}/"}, ExpirationInDays={"Ref": "Days"}, **OLD_ENDS),
        {"Fn::If": ["IsProd", rule(**OLD_ENDS), ABSENT]},
        parameters={"Env": {"Type": "String"}, "Days": DAYS},
    )
    assert [each.message for each in reported if each.kind.code == "FL246"] == [
        "`Prefix`: decided by the parameter `Env`",
        "`ExpirationInDays`: decided by the parameter `Days`",
        "`Rules[1]`: decided by the condition `IsProd`",
    ]
