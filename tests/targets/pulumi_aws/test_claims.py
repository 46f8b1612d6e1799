"""One bucket, one writer in a program."""

from __future__ import annotations

import yaml

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.s3.terms import Partition
from firnline.targets.pulumi_aws.claims import TWO_WRITERS, Claims


def claim(
    claims: Claims, writer: str, bucket: str = "lab-data", partition: Partition = Partition.AWS
) -> bool:
    return claims.claim(partition, bucket, writer, f"called {writer}") is None


def test_two_writers_of_a_bucket_are_refused_both_and_named() -> None:
    claims = Claims()
    assert claim(claims, "a")
    found = claims.claim(Partition.AWS, "lab-data", "b", "archive")
    assert found is not None
    assert found.message == "`called a` and `archive` are both for `lab-data`"
    assert str(found.place) == "s3://lab-data"
    assert not claim(claims, "a")


def test_a_writer_may_claim_its_bucket_again_and_another_one() -> None:
    claims = Claims()
    assert all(claim(claims, "a", bucket) for bucket in ("lab-data", "lab-data", "lab-archive"))


def test_a_name_stands_for_one_bucket_in_each_partition() -> None:
    claims = Claims()
    assert claim(claims, "a")
    assert claim(claims, "b", partition=Partition.CHINA)


def test_two_writers_of_the_same_name_are_two() -> None:
    claims = Claims()
    claims.claim(Partition.AWS, "lab-data", object(), "features")
    assert claims.claim(Partition.AWS, "lab-data", object(), "features") is not None


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> list[Diagnostic]:
        claims = Claims()
        said = [
            claims.claim(Partition.AWS, to, by, by)
            for by, to in yaml.safe_load(str(example)).items()
        ]
        return [each for each in said if each]

    assert [each.kind for each in found(TWO_WRITERS.wrong)] == [TWO_WRITERS]
    assert found(TWO_WRITERS.right) == []
