"""What programs in other languages may say about a `Retention`, and what is wrong with the rest."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final

import pulumi
import pytest

import firnline
from firnline.targets.pulumi_aws.component import TOKEN
from firnline.targets.pulumi_aws.package_schema import WrongInput, given_in, schema
from sandbox.paths import CHECKOUT
from tests.golden_files import Golden

SCHEMA: Final = CHECKOUT / "component_package/schema.json"
GIVEN: Final = {
    "bucket": "acme-features",
    "accountId": "210987654321",
    "region": "us-east-1",
    "policies": "retention.yaml",
    "namespace": "features",
    "versioning": "off",
}


def test_the_schema_is_the_one_that_the_repository_has(golden: Golden) -> None:
    said = json.dumps(schema(firnline.__version__), indent=2)
    golden.json(SCHEMA, f"{said}\n")


def test_the_component_is_the_same_resource_in_each_language() -> None:
    assert list(schema("0.1.0")["resources"]) == [TOKEN]


def test_what_is_given_arrives_and_what_may_be_left_out_has_a_default() -> None:
    given = given_in({**GIVEN, "roleArn": "arn"})
    assert (given.account_id, given.versioning, given.role_arn) == ("210987654321", "off", "arn")
    assert given.object_lock is False
    assert given_in({**GIVEN, "objectLock": True}).object_lock is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"region": None}, "`region` is missing: The bucket's region"),
        ({"versioning": False}, "`versioning` is `False`, which is no text"),
        ({"objectLock": "yes"}, "`objectLock` is `yes`, which is neither true nor false"),
        ({"role_arn": "arn"}, "`Retention` has no input `role_arn`: did you mean `roleArn`"),
        ({"zone": "a"}, "`Retention` has no input `zone`: its inputs are bucket, accountId"),
    ],
)
def test_what_no_type_checker_has_refused_is_refused_by_name(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(WrongInput, match=said):
        given_in({**GIVEN, **change})


def test_the_bucket_alone_may_be_an_output() -> None:
    async def given() -> None:
        async_value = pulumi.Output.from_input("acme-features")
        assert given_in({**GIVEN, "bucket": async_value}).bucket is async_value
        with pytest.raises(WrongInput, match="`policies` is an output of a resource"):
            given_in({**GIVEN, "policies": async_value})

    asyncio.run(given())
