"""An inventory of S3 where it lies, as Spark reads it: proved, then as a table of versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from firnline.inventory.facts.fields import known_columns
from firnline.inventory.facts.problems import AlteredFile, MissingFile, NotAManifest
from firnline.inventory.facts.s3_inventory import manifest_of
from firnline.inventory.manifest import InventoryFormat, Manifest
from firnline.reach.mark.audit import NEEDED
from firnline.reach.mark.on_spark.fields import PRICED, is_upload, rows_sql
from firnline.s3.billing import MINIMUM_SIZE


@dataclass(frozen=True, slots=True)
class SparkInventory:
    """Behind the address of a manifest.json: a path, or s3://… as the cluster spells it."""

    spark: SparkSession
    called: str

    def beside(self, name: str) -> bytes:
        address = f"{self.called.rpartition('/')[0]}/{name}"
        try:
            rows = self.spark.read.format("binaryFile").load(address).select("content").collect()
        except PySparkException as problem:
            raise MissingFile(address, f"cannot be read: {first_line(problem)}") from None
        if len(rows) != 1:
            raise MissingFile(address, "is not there")
        return bytes(rows[0][0])

    def manifest(self, not_before: datetime | None) -> Manifest:
        """Whose data files are not proved yet. Raises `UnusableInventory`."""
        found = manifest_of(self, not_before)
        if found.format is not InventoryFormat.PARQUET:
            raise NotAManifest(self.called, "is not of Parquet files, which Spark reads here")
        known = known_columns(found.schema)
        if lacking := [column for column in NEEDED if column not in known]:
            raise NotAManifest(
                self.called,
                f"lacks what an audit needs: let S3 Inventory list {', '.join(lacking)}",
            )
        return found

    def addresses(self, manifest: Manifest) -> list[str]:
        """Of the data files, whose keys are those in the bucket of the manifest."""
        keys = [file.key for file in manifest.files]
        scheme, separator, rest = self.called.partition("://")
        if separator and scheme != "file":
            return [f"{scheme}://{rest.partition('/')[0]}/{key}" for key in keys]
        path = Path(rest if separator else self.called).absolute()
        roots = (each for each in path.parents if all((each / key).is_file() for key in keys))
        if (root := next(roots, None)) is None:
            raise MissingFile(self.called, "names data files that do not lie where their keys say")
        return [(root / key).as_uri() for key in keys]


def prove(inventory: SparkInventory, manifest: Manifest, addresses: Sequence[str]) -> None:
    """That the data files are what S3 wrote: Spark hashes each as a whole."""
    if not all(file.md5 and file.size is not None for file in manifest.files):
        raise NotAManifest(inventory.called, "has no `size` or `MD5checksum` of a data file")
    wanted = Counter((file.size, str(file.md5).lower()) for file in manifest.files)
    if not addresses:
        return
    content = inventory.spark.read.format("binaryFile").load(list(addresses))
    hashed = content.select("length", F.md5("content"))
    found = Counter((size, md5) for size, md5 in rows_of(hashed))
    if found != wanted:
        differing = (wanted - found).total()
        raise AlteredFile(
            inventory.called,
            "names data files that are not there as S3 wrote them, by their sizes and MD5"
            f" ({differing:,} of {wanted.total():,}): copy the inventory again, or take"
            " that of another day",
        )


def rows_in(spark: SparkSession, manifest: Manifest, addresses: Sequence[str]) -> Any:
    """All that the data files have, as they spell it."""
    if not addresses:
        raise NotAManifest(manifest.bucket, "has an inventory without data files")
    files = spark.read.option("recursiveFileLookup", True).parquet(*addresses)
    if lacking := sorted(set(manifest.schema) - set(files.columns)):
        raise NotAManifest(manifest.bucket, f"has data files without {', '.join(lacking)}")
    return files


def objects_of(rows: Any, schema: Sequence[str]) -> Any:
    """A row for each version and delete marker."""
    return rows.where(f"not ({is_upload(schema)})").selectExpr(*rows_sql(schema))


def volumes_of(objects: Any) -> Iterator[tuple[Any, ...]]:
    size = F.coalesce("size", F.lit(0))
    padded = F.greatest(size, F.lit(int(MINIMUM_SIZE.value)))
    alike = objects.groupBy(*PRICED, "is_delete_marker", "is_latest")
    return rows_of(alike.agg(F.count("*"), F.sum(size), F.sum(padded)))


def rows_of(rows: Any) -> Iterator[tuple[Any, ...]]:
    """Of a table of Spark: one partition of them at a time; moments in UTC."""
    for row in rows.toLocalIterator():
        yield tuple(_in_utc(value) for value in row)


def _in_utc(value: object) -> object:
    """Spark's are without a zone, and of this machine's."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def first_line(problem: PySparkException) -> str:
    return str(problem).splitlines()[0]
