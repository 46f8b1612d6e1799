"""Does one program write one bucket from two places?"""

from __future__ import annotations

from collections.abc import Iterable

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.s3.terms import Partition
from firnline.targets.pulumi_aws.strays import Stray

TWO_WRITERS = Kind(
    code="FL724",
    name="two-writers",
    severity=Severity.ERROR,
    title="two resources of one program write the rules of the same bucket",
    # pulumi/pulumi-aws#5187
    why=(
        "A bucket has one lifecycle configuration. Two resources that write it take turns in"
        " replacing each other's rules, and Pulumi reports success for both."
    ),
    help="declare one `Retention` for the bucket, with a policy that says all of it",
    # The name of each `Retention`, and its bucket.
    wrong="{features: lab-data, archive: lab-data}",
    right="{features: lab-data, archive: lab-archive}",
)


class Claims:
    """Which resources write which bucket, as far as the names of buckets are known.

    `strays` are those of the state: deleting one of them removes the rules of its bucket.
    """

    def __init__(self, strays: Iterable[Stray] = ()) -> None:
        self._strays = {stray.bucket: stray for stray in strays}
        self._writers: dict[tuple[Partition, str], dict[object, str]] = {}

    def claim(
        self, partition: Partition, bucket: str, writer: object, called: str
    ) -> Diagnostic | None:
        """The problem if the bucket has another writer too; the same one may claim it again.

        The name of a bucket is unique in a partition.
        """
        if stray := self._strays.get(bucket):
            return stray.diagnostic()
        writers = self._writers.setdefault((partition, bucket), {})
        writers[writer] = called
        if len(writers) == 1:
            return None
        names = " and ".join(f"`{name}`" for name in writers.values())
        return TWO_WRITERS.at(BucketPlace(bucket), f"{names} are both for `{bucket}`")
