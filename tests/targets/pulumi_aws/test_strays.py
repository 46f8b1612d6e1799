"""A lifecycle configuration in the state that no `Retention` stands behind is found and told."""

from __future__ import annotations

import yaml

from firnline.diagnostics.kinds import Example
from firnline.s3.terms import Partition
from firnline.targets.pulumi_aws.claims import Claims
from firnline.targets.pulumi_aws.strays import STRAY, Stray, strays_in

STACK = "urn:pulumi:prod::infra::"
V1 = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
V2 = "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2"
OF_A_BUCKET = {"outputs": {"bucket": "lab-data"}}


def found(*types: str) -> list[str]:
    state = {f"{STACK}{each}::some-name": OF_A_BUCKET for each in types}
    return [stray.urn.split("::")[2] for stray in strays_in(state)]


def test_those_of_a_retention_are_ours_wherever_it_stands() -> None:
    assert found(f"firnline:s3:Retention${V1}", f"acme:Lake$firnline:s3:Retention${V1}") == []


def test_all_others_are_strays_whatever_they_are_called() -> None:
    others = [V1, V2, f"acme:Lake${V1}", f"firnline:s3:Retention$acme:Lake${V1}"]
    assert found(*others) == others


def test_other_types_are_of_no_interest() -> None:
    assert found("aws:s3/bucket:Bucket", "pulumi:providers:aws", "pulumi:pulumi:Stack") == []


def test_a_configuration_without_outputs_is_found_too() -> None:
    (stray,) = strays_in({f"{STACK}{V1}::pending": {"outputs": {}}})
    assert stray.bucket == ""


def test_a_retention_for_the_same_bucket_is_refused_and_others_are_not() -> None:
    claims = Claims([Stray(f"{STACK}{V1}::imported", "lab-data")])
    assert claims.claim(Partition.AWS, "lab-other", object(), "other") is None
    refused = claims.claim(Partition.AWS, "lab-data", object(), "data")
    assert refused is not None
    assert refused.kind is STRAY
    assert f"pulumi state delete '{STACK}{V1}::imported'" in str(refused.help)


def test_the_examples_do_what_they_claim() -> None:
    def strays(example: Example) -> int:
        assert isinstance(example, str)
        return len(list(strays_in(yaml.safe_load(example))))

    assert strays(STRAY.wrong) == 1
    assert strays(STRAY.right) == 0
