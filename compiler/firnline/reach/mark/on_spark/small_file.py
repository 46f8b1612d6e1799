"""A small file, written where the cluster says."""

from __future__ import annotations

from py4j.protocol import Py4JError
from pyspark.sql import SparkSession

from firnline.diagnostics.visible import visible


class NotWritten(OSError):
    """`strerror` says why."""


def write_far(spark: SparkSession, address: str, content: bytes) -> None:
    """At an address such as s3://…, by the file systems of Spark. Raises `NotWritten`."""
    java = spark.sparkContext._jvm
    assert java is not None, "classic Spark has a Java beside it"
    try:
        path = java.org.apache.hadoop.fs.Path(address)
        system = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
        stream = system.create(path, True)
        stream.write(bytearray(content))
        stream.close()
    except Py4JError as problem:
        raise NotWritten(None, _why(problem)) from None


def _why(problem: Py4JError) -> str:
    java = getattr(problem, "java_exception", None)
    return visible(str(java or problem).partition("\n")[0])
