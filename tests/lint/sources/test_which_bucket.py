"""A plan says of buckets that are still to be created which resources are theirs."""

from __future__ import annotations

from typing import Any

import pytest

from firnline.diagnostics.kinds import Severity
from firnline.lint import NOTHING_SAID, Circumstances
from firnline.s3.terms import Versioning
from tests.lint.sources.terraform_files import (
    LIFECYCLE,
    change,
    codes,
    expiration,
    filter_block,
    found_in_file,
    lifecycle,
    plan,
    resource,
    rule,
)

ENDS = rule(filter=filter_block(prefix="tmp/"), expiration=expiration(days=30))
BUCKET = "aws_s3_bucket"
VERSIONING = "aws_s3_bucket_versioning"
KEPT, ENDED, UNKNOWN = (Severity.ERROR, None, Severity.WARNING)
"""What is said of objects that end and whose noncurrent versions stay (FL310)."""


def versioned(address: str, status: str = "Enabled", **values: Any) -> dict[str, Any]:
    return resource(address, 0, versioning_configuration=[{"status": status}], **values)


def refers(address: str, *references: str, **members: Any) -> dict[str, Any]:
    """A resource of the configuration; Terraform lists each part of a reference as well."""
    named = [*references, *(each.rpartition(".")[0] for each in references)]
    return {"address": address, "expressions": {"bucket": {"references": named}}, **members}


def configured(*resources: dict[str, Any], **calls: Any) -> dict[str, Any]:
    return {"configuration": {"root_module": {"resources": resources, "module_calls": calls}}}


def frees(document: dict[str, Any], of: str = f"{LIFECYCLE}.logs") -> Severity | None:
    found = [
        each
        for each in found_in_file(document)
        if each.kind.code == "FL310" and (each.about or "").startswith(of)
    ]
    assert len(found) <= 1
    return found[0].severity if found else None


def test_by_reference_to_the_same_new_bucket() -> None:
    document = plan(
        lifecycle(ENDS),
        versioned(f"{VERSIONING}.models"),
        versioned(f"{VERSIONING}.logs", "Disabled"),
        **configured(
            refers(f"{LIFECYCLE}.logs", f"{BUCKET}.logs.id"),
            refers(f"{VERSIONING}.models", f"{BUCKET}.models.id"),
            refers(f"{VERSIONING}.logs", f"{BUCKET}.logs.bucket"),
        ),
    )
    assert frees(document) is ENDED


def test_by_reference_on_one_side_and_by_name_on_the_other() -> None:
    document = plan(
        lifecycle(ENDS),
        versioned(f"{VERSIONING}.logs", bucket="logs-2"),
        resource(f"{BUCKET}.logs", 0, bucket="logs-2"),
        **configured(refers(f"{LIFECYCLE}.logs", f"{BUCKET}.logs.id")),
    )
    assert frees(document) is KEPT


def test_through_the_bucket_of_another_resource() -> None:
    document = plan(
        lifecycle(ENDS),
        versioned(f"{VERSIONING}.logs"),
        **configured(
            refers(f"{LIFECYCLE}.logs", f"{VERSIONING}.logs.bucket"),
            refers(f"{VERSIONING}.logs", f"{BUCKET}.logs.id"),
        ),
    )
    assert frees(document) is KEPT


@pytest.mark.parametrize(
    ("key", "versioning", "expected"),
    [
        ('["a"]', '["a"]', KEPT),
        ('["a"]', '["b"]', UNKNOWN),
        ("[0]", "[0]", KEPT),
        ("[0]", "[1]", UNKNOWN),
    ],
)
def test_instances_of_the_same_key_belong_together(
    key: str, versioning: str, expected: Severity | None
) -> None:
    each = "each.key" if '"' in key else "count.index"
    document = plan(
        lifecycle(ENDS, address=f"{LIFECYCLE}.logs{key}"),
        versioned(f"{VERSIONING}.logs{versioning}"),
        *(resource(f"{BUCKET}.logs{index}", 0) for index in {key, versioning}),
        **configured(
            refers(f"{LIFECYCLE}.logs", f"{BUCKET}.logs", each),
            refers(f"{VERSIONING}.logs", f"{BUCKET}.logs", each),
        ),
    )
    assert frees(document) is expected


def test_for_each_over_the_buckets_themselves() -> None:
    over = {"for_each_expression": {"references": [f"{BUCKET}.logs"]}}
    document = plan(
        lifecycle(ENDS, address=f'{LIFECYCLE}.logs["a"]'),
        versioned(f'{VERSIONING}.logs["a"]'),
        versioned(f'{VERSIONING}.logs["b"]', "Disabled"),
        *(resource(f'{BUCKET}.logs["{key}"]', 0) for key in "ab"),
        **configured(
            refers(f"{LIFECYCLE}.logs", "each.value.id", **over),
            refers(f"{VERSIONING}.logs", f"{BUCKET}.logs", "each.key"),
        ),
    )
    assert frees(document) is KEPT


def test_through_an_argument_and_an_output_of_modules() -> None:
    def call(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
        return {"module": {"resources": resources, **members}}

    passed = {"expressions": {"bucket": {"references": ["module.store.id", "module.store"]}}}
    output = {"expression": {"references": [f"{BUCKET}.this.id", f"{BUCKET}.this"]}}
    document = plan(
        lifecycle(ENDS, address=f"module.rules.{LIFECYCLE}.this"),
        versioned(f"module.store.{VERSIONING}.this"),
        versioned(f"{VERSIONING}.other", "Disabled"),
        resource(f"module.store.{BUCKET}.this", 0),
        **configured(
            refers(f"{VERSIONING}.other", f"{BUCKET}.other.id"),
            store=call(refers(f"{VERSIONING}.this", f"{BUCKET}.this.id"), outputs={"id": output}),
            rules=passed | call(refers(f"{LIFECYCLE}.this", "var.bucket")),
        ),
    )
    assert frees(document, f"module.rules.{LIFECYCLE}.this") is KEPT


@pytest.mark.parametrize(
    "references",
    [
        (),
        ("local.bucket",),
        ("var.bucket",),
        ("random_id.suffix.hex",),
        (f"{BUCKET}.logs.id", f"{BUCKET}.models.id"),
    ],
)
def test_where_nobody_can_tell_the_versioning_of_no_other_bucket_counts(
    references: tuple[str, ...],
) -> None:
    document = plan(
        lifecycle(ENDS),
        versioned(f"{VERSIONING}.logs"),
        versioned(f"{VERSIONING}.models", "Disabled"),
        **configured(
            refers(f"{LIFECYCLE}.logs", *references),
            refers(f"{VERSIONING}.logs", *references),
            refers(f"{VERSIONING}.models", f"{BUCKET}.models.id"),
        ),
    )
    assert frees(document) is UNKNOWN


def test_versioning_that_is_known_after_apply_is_not_known() -> None:
    address = f"{VERSIONING}.logs"
    unknown = {"versioning_configuration": [{"status": True}]}
    document = plan(
        lifecycle(ENDS, bucket="lake"),
        resource(address, 0, bucket="lake", versioning_configuration=[{}]),
        resource_changes=[
            {"address": address, "change": {"actions": ["create"], "after_unknown": unknown}}
        ],
    )
    assert frees(document) is UNKNOWN


def two(bucket: str, other: str) -> dict[str, Any]:
    return plan(
        lifecycle(ENDS, address=f"{LIFECYCLE}.first"),
        lifecycle(ENDS, address=f"{LIFECYCLE}.second"),
        resource(f"{BUCKET}.logs", 0, bucket="lake-logs"),
        resource(f"{BUCKET}.models", 0),
        **configured(refers(f"{LIFECYCLE}.first", bucket), refers(f"{LIFECYCLE}.second", other)),
    )


@pytest.mark.parametrize("bucket", [f"{BUCKET}.logs.id", f"{BUCKET}.models.id"])
def test_two_resources_that_set_the_rules_of_one_bucket_are_an_error(bucket: str) -> None:
    (found,) = [each for each in found_in_file(two(bucket, bucket)) if each.kind.code == "FL251"]
    assert found.severity is Severity.ERROR
    assert found.about == f"{LIFECYCLE}.second"
    assert f"`{LIFECYCLE}.first`" in found.message


@pytest.mark.parametrize("other", [f"{BUCKET}.models.id", "local.bucket", "var.name"])
def test_two_resources_of_other_buckets_or_of_nobody_knows_which_are_none(other: str) -> None:
    document = two(f"{BUCKET}.logs.id", other)
    assert "FL251" not in {each.kind.code for each in found_in_file(document)}


def test_a_directory_bucket_is_known_by_its_name() -> None:
    tagged = rule(
        filter=filter_block(tag=[{"key": "a", "value": "b"}]), expiration=expiration(days=30)
    )
    directory = "aws_s3_directory_bucket.logs"
    document = plan(
        lifecycle(tagged),
        resource(directory, 0, bucket="logs--use1-az4--x-s3"),
        **configured(refers(f"{LIFECYCLE}.logs", f"{directory}.bucket")),
    )
    assert "FL238" in {each.kind.code for each in found_in_file(document)}


@pytest.mark.parametrize("said", [NOTHING_SAID, Circumstances(Versioning.ENABLED)])
@pytest.mark.parametrize("bucket", ["logs--use1-az4--x-s3", "logs"])
def test_a_directory_bucket_keeps_no_versions(bucket: str, said: Circumstances) -> None:
    ends = rule(filter=filter_block(prefix="a/"), expiration=expiration(days=30))
    found = codes(plan(lifecycle(ends, bucket=bucket)), said)
    assert found == ([] if bucket.endswith("--x-s3") else ["FL310"])


def new(*resources: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A plan that creates the bucket `logs`."""
    created = change(f"{BUCKET}.logs", "create", after_unknown={"versioning": True})
    references = refers(f"{LIFECYCLE}.logs", f"{BUCKET}.logs.id")
    bucket = resource(f"{BUCKET}.logs", 0, **members)
    changes = {"resource_changes": [created]}
    return plan(lifecycle(ENDS), bucket, *resources, **changes, **configured(references))


def test_a_new_bucket_without_versioning_counts_as_never_versioned() -> None:
    assert frees(new()) is ENDED
    early = {"date": None, "days": 10, "storage_class": "GLACIER"}
    short = new()
    short["planned_values"]["root_module"]["resources"][0]["values"]["rule"] = [
        {**ENDS, "transition": [early]}
    ]
    (found,) = found_in_file(short)
    assert found.kind.code == "FL502"
    assert any("sets no versioning" in note for note in found.notes)


def test_what_a_new_bucket_counts_as_is_said_where_no_finding_says_it() -> None:
    (found,) = found_in_file(new())
    assert found.kind.code == "FL255"
    assert "sets no versioning: it counts as never versioned" in found.message
    assert found.notes == ("where it keeps versions, there is more to say: FL310",)
    assert codes(new(), Circumstances(versioning=Versioning.OFF)) == []


def test_nothing_is_said_of_versioning_where_it_makes_no_difference() -> None:
    document = new()
    uploads = rule(
        filter=filter_block(prefix="a/"),
        abort_incomplete_multipart_upload=[{"days_after_initiation": 7}],
    )
    document["planned_values"]["root_module"]["resources"][0]["values"]["rule"] = [uploads]
    assert codes(document) == []


def test_a_new_bucket_with_object_lock_keeps_versions() -> None:
    assert frees(new(object_lock_enabled=True)) is KEPT


def test_a_new_bucket_may_be_the_one_that_is_versioned_by_who_knows_whom() -> None:
    assert frees(new(versioned(f"{VERSIONING}.other"))) is UNKNOWN
