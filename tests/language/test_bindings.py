"""Promises, holds, references and registries: what they say, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest

from firnline.diagnostics.kinds import Severity
from firnline.language.check import Known
from firnline.language.fleet_registries import DynamoDb, JsonFile, Mlflow, SageMaker, Sql
from firnline.language.units import FOREVER, NEVER
from firnline.pipeline import Compilation, check_files, compile_files
from firnline.rules.program import timeline_of
from firnline.s3.model import Rule
from firnline.s3.terms import Clock, Days
from tests.policies import codes, compiled, files_of, whole

FLEET = (
    "firnline: fleet/v1\nnamespace: acme\n"
    'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
)
HOLD = "prefix: a/, ask_again: 2027-03-31, why: so, approved_by: legal"
MODELS = (
    "references: {from: [mlflow, table], grace: 2w}\n"
    "retain: {models: {prefix: models/, warm_after: 30d, delete_after: 365d,"
    " delete_when: unreferenced}}\n"
)


def test_what_promises_holds_and_references_say_is_read() -> None:
    compilation = compiled(
        "versioning: enabled\n"
        + MODELS.replace(
            "}}\n", "}, tmp: {prefix: tmp/, delete_after: 7d, old_versions: {delete_after: 7d}}}\n"
        )
        + "promises:\n"
        "  stay: {prefix: [a/, b/], keep_at_least: forever, old_versions: {keep_at_least: 30d}}\n"
        "  go: {prefix: tmp/, tags: {class: [tmp, raw], team: a}, gone_within: 5w}\n"
        f"holds: {{LIT-7: {{{HOLD}}}}}\n"
    )
    (policy,) = compilation.folder.policies
    stay, go = policy.promises
    assert [prefix.value for prefix in stay.prefixes] == ["a/", "b/"]
    assert stay.tags == ()
    assert [(tag.key.value, [value.value for value in tag.values]) for tag in go.tags] == [
        ("class", ["tmp", "raw"]),
        ("team", ["a"]),
    ]
    assert stay.keep_at_least is not None
    assert stay.keep_at_least.value is FOREVER
    assert stay.old_versions_at_least is not None
    assert stay.old_versions_at_least.value == Days(30)
    assert go.gone_within is not None
    assert go.gone_within.value == Days(35)
    (hold,) = policy.holds
    assert (hold.name.value, hold.approved_by) == ("LIT-7", "legal")
    assert hold.ask_again is not None
    assert hold.ask_again.value == date(2027, 3, 31)
    assert policy.references is not None
    assert policy.references.grace is not None
    assert [each.value for each in policy.references.registries] == ["mlflow", "table"]
    assert policy.references.grace.value == Days(14)
    (bucket,) = compilation.buckets
    assert bucket.program is not None
    assert bucket.program.promises == policy.promises
    assert bucket.program.holds == policy.holds


def test_a_promise_with_tags_is_about_objects_that_have_them_all() -> None:
    (policy,) = compiled(
        "promises: {p: {prefix: a/, tags: {class: [tmp, raw], team: x}, keep_at_least: 3d}}"
    ).folder.policies
    (promise,) = policy.promises
    assert promise.covers("a/b", (("class", "raw"), ("team", "x"), ("z", "z")))
    assert not promise.covers("a/b", (("class", "raw"),))
    assert not promise.covers("a/b", (("class", "final"), ("team", "x")))
    assert not promise.covers("b", (("class", "raw"), ("team", "x")))


def test_what_goes_when_unreferenced_never_ends_for_s3_and_keeps_its_moves() -> None:
    compilation = compiled(MODELS)
    assert codes(compilation.diagnostics) == ["FL326"]
    (bucket,) = compilation.buckets
    rule = _rule_of_models(compilation)
    assert rule.expires is None
    assert len(rule.transitions) == 1
    assert bucket.program is not None
    (unit,) = (each for each in bucket.program.units if each.retention)
    timeline = timeline_of(unit, Clock.OBJECTS)
    assert timeline is not None
    assert timeline.delete is not None
    assert timeline.ends is None
    assert timeline.delete.value is NEVER
    assert unit.retention is not None
    assert unit.retention.delete_when is not None
    age = unit.retention.delete_when.least_age
    assert age is not None
    assert age.value == Days(365)


def _rule_of_models(compilation: Compilation) -> Rule:
    (bucket,) = compilation.buckets
    (rule,) = (each for each in bucket.rules.rules if each.id.endswith("/models"))
    return rule


def test_what_goes_when_unreferenced_may_move_after_its_least_age() -> None:
    assert codes(compiled(MODELS.replace("30d", "400d")).diagnostics) == ["FL326"]
    shortened = MODELS.replace(
        "unreferenced}", "unreferenced, per_account: {lab: {delete_after: 7d}}}"
    )
    compilation = compiled(shortened)
    assert codes(compilation.diagnostics) == ["FL326"]
    assert _rule_of_models(compilation).transitions


def test_one_account_may_delete_by_age_and_another_when_unreferenced() -> None:
    by_age = MODELS.replace(", delete_when: unreferenced", "").replace(
        "365d", "365d, per_account: {lab: {delete_when: unreferenced}}"
    )
    compilation = compiled(by_age)
    assert codes(compilation.diagnostics) == ["FL326"]
    assert _rule_of_models(compilation).expires is None
    elsewhere = by_age.replace("{lab: {", "{other: {")
    assert _rule_of_models(compiled(elsewhere)).expires == Days(365)


def test_one_policy_says_never_and_another_unreferenced_is_said_twice() -> None:
    never = whole("policy: q\nretain: {m: {prefix: models/, warm_after: 30d, delete_after: never}}")
    found = compiled({"a.yaml": MODELS, "b.yaml": never}).diagnostics
    assert "FL702" in codes(found)


def test_the_registries_of_a_fleet_file_are_read_each_in_its_shape() -> None:
    fleet = compiled(
        {
            "policy.yaml": "uploads: {abort_after: 7d}",
            "fleet.yaml": FLEET + "registries:\n"
            "  a: {mlflow: {tracking_uri: https://mlflow.acme.example}}\n"
            "  b: {sagemaker: {account: lab, region: us-east-1}}\n"
            "  c: {dynamodb: {account: lab, region: us-east-1, table: models, path: s3_path,"
            " skip_when: {status: [deleted]}}}\n"
            '  d: {json: {file: s3://acme/models.json, path: "versions[*].artifact"}}\n'
            "  e: {sql: {url_env: REGISTRY_URL, query: select uri from models}}\n",
        }
    ).folder.fleet
    assert fleet is not None
    sources = [registry.source for registry in fleet.registries]
    assert [type(source) for source in sources] == [Mlflow, SageMaker, DynamoDb, JsonFile, Sql]
    table = sources[2]
    assert isinstance(table, DynamoDb)
    ((attribute, values),) = table.skip_when
    assert (attribute.value, [value.value for value in values]) == ("status", ["deleted"])


@pytest.mark.parametrize(
    ("registries", "code", "message"),
    [
        (
            "{a: {mlflow: {tracking_uri: https://me:hunter2@mlflow.example}}}",
            "FL104",
            "without user",
        ),
        ("{a: {sql: {url_env: postgres://me:hunter2@host/db, query: q}}}", "FL104", "environment"),
        ("{a: {sql: {url: postgres://host/db, query: q}}}", "FL103", "unknown key `url`"),
        ("{a: {}}", "FL104", "is empty"),
        (
            "{a: {sagemaker: {account: lab, region: us-east-1}, json: {file: f, path: p}}}",
            "FL104",
            "one of",
        ),
        ("{a: {sagemaker: {account: lba, region: us-east-1}}}", "FL109", "no account `lba`"),
        ("{a: {mlfow: {tracking_uri: https://mlflow.example}}}", "FL103", "unknown key `mlfow`"),
    ],
)
def test_a_wrong_registry_is_refused(registries: str, code: str, message: str) -> None:
    files = {"fleet.yaml": FLEET + f"registries: {registries}\n", "policy.yaml": "versioning: off"}
    found = compiled(files).diagnostics
    assert code in codes(found)
    assert any(message in each.message for each in found), found
    assert not any("hunter2" in f"{each.message} {each.help}" for each in found)


def test_a_registry_that_the_fleet_lacks_is_an_error_with_the_nearest_one() -> None:
    fleet = FLEET + "registries: {mlflow: {mlflow: {tracking_uri: https://m.example}}}\n"
    policy = MODELS.replace("[mlflow, table]", "mlfow")
    (found, _) = compiled({"fleet.yaml": fleet, "policy.yaml": policy}).diagnostics
    assert (found.kind.code, found.help) == ("FL109", "did you mean `mlflow`?")
    assert found.message == "the fleet has no registry `mlfow`"
    assert codes(compiled({"fleet.yaml": FLEET, "policy.yaml": policy}).diagnostics) == [
        "FL109",
        "FL326",
    ]


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("promises: {p: {prefix: a/}}", {"FL104"}),
        ("promises: {p: {keep_at_least: 3d}}", {"FL102"}),
        ("promises: {p: {prefix: a/, tags: {}, keep_at_least: 3d}}", {"FL104"}),
        (
            "promises: {p: {prefix: a/, keep_at_least: 3d, tags: {"
            + ", ".join(f"k{number}: x" for number in range(11))
            + "}}}",
            {"FL209"},
        ),
        ("promises: {P: {prefix: a/, keep_at_least: 3d}}", {"FL104"}),
        ("promises: {p: {prefix: a/, keep_at_least: never}}", {"FL105"}),
        ("promises: {p: {prefix: a/, keep_at_least: 0d}}", {"FL105"}),
        ("promises: {p: {prefix: a/, keep_at_least: 30}}", {"FL105"}),
        ("promises: {p: {prefix: a/, gone_within: forever}}", {"FL105"}),
        ("promises: {p: {prefix: a/, gone_within: never}}", {"FL105"}),
        ("promises: {p: {prefix: a/, old_versions: {}}}", {"FL102"}),
        ("promises: {p: {prefix: a/, keep_at_least: forever, gone_within: 9d}}", {"FL412"}),
        ("promises: {p: {prefix: a/, keep_at_least: 9d, gone_within: 9d}}", {"FL406"}),
        (
            "promises: {p: {prefix: a/, keep_at_least: 5d, old_versions: {keep_at_least: 5d},"
            " gone_within: 9d}}",
            {"FL412"},
        ),
        ("promises: {p: {prefix: s3://b/a/, keep_at_least: 3d}}", {"FL321"}),
        ('promises: {p: {prefix: "a/*/b", keep_at_least: 3d}}', {"FL308"}),
        ("promises: {p: {prefix: /a, keep_at_least: 3d}}", {"FL309"}),
        ("promises: {per_account: {prefix: a/, keep_at_least: 3d}}", {"FL104"}),
        (f"holds: {{per_bucket: {{{HOLD}}}}}", {"FL104"}),
        (f"holds: {{h: {{{HOLD}}}}}".replace("a/", '"a*"'), {"FL308"}),
        (f"holds: {{h: {{{HOLD}}}}}".replace("a/", "s3://b/a/"), {"FL321"}),
        (f"holds: {{h: {{{HOLD}}}}}".replace("2027-03-31", "2027-02-31"), {"FL110"}),
        (f"holds: {{h: {{{HOLD}}}}}".replace(", approved_by: legal", ""), {"FL102"}),
        (f"holds: {{h: {{{HOLD}, until: 2027-01-01}}}}", {"FL103"}),
        ("references: {from: a}", {"FL102"}),
        ("references: {from: [a, a], grace: 3d}", {"FL104"}),
        ("references: {from: a, grace: 0d}", {"FL105"}),
        (MODELS.replace("unreferenced}", "old}"), {"FL104"}),
        (MODELS.replace("365d", "never"), {"FL328"}),
        (MODELS.replace("365d", "0d"), {"FL208"}),
        (MODELS.partition("\n")[2], {"FL327"}),
        ("retain: {per_bucket: {prefix: a/, delete_after: 7d}}", {"FL104"}),
        ("archive_when: unreferenced", {"FL103"}),
        ("references: {from: a, grace: 3d, min_age: 0d}", {"FL105"}),
        ("runs: [a]", {"FL104"}),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_own_kind(fragment: str, expected: set[str]) -> None:
    assert set(codes(compiled(fragment).diagnostics)) == expected


@pytest.mark.parametrize(
    ("value", "help"),
    [
        ("keep_at_least: never", "write forever"),
        ("gone_within: forever", "write a day or more, such as 30d, 2w or 7y"),
        ("gone_within: 30 days", "write 30d"),
    ],
)
def test_the_help_for_a_span_fits_what_it_is_for(value: str, help: str) -> None:
    (found,) = compiled(f"promises: {{p: {{prefix: a/, {value}}}}}").diagnostics
    assert found.help == help


def test_a_hold_is_asked_about_from_its_day_and_never_ends_by_itself() -> None:
    files = files_of(f"holds: {{h: {{{HOLD}}}}}\nretain: {{a: {{prefix: a/, delete_after: 7d}}}}")
    assert check_files(files, Known(today=date(2027, 3, 30))).diagnostics == ()
    late = check_files(files, Known(today=date(2027, 3, 31)))
    assert [(each.kind.code, each.severity) for each in late.diagnostics] == [
        ("FL610", Severity.WARNING)
    ]
    assert late.buckets[0].rules.rules[0].expires is None
    assert compile_files(files).diagnostics == ()


def test_a_hold_that_is_asked_about_can_be_waived() -> None:
    rest = "waivers: [{code: FL610, why: court in May, expires: 2027-06-30}]\n"
    files = files_of(f"holds: {{h: {{{HOLD}}}}}\n{rest}")
    assert check_files(files, Known(today=date(2027, 4, 1))).diagnostics == ()
