"""Tables in object storage: a log or a tree of metadata says which data files are live."""

from __future__ import annotations

from typing import Final

from firnline.consumers.layout import FOLDER, LATER, Layout, Looks, Part, Source

_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_ICEBERG: Final = (
    "https://github.com/apache/iceberg/blob/main/core/src/main/java/org/apache/iceberg/"
)
_METADATA: Final = "metadata(?:/.*)?"
# A habit of people, as is `NAME.db/` for a Hive database: it makes a table likely, not certain.
_WAREHOUSE: Final = "(?:[^/]*[-_.])?(?i:warehouse|lakehouse)(?:[-_.][^/]*)?"

DELTA_LAKE: Final = Layout(
    called="Delta Lake table",
    plural="Delta Lake tables",
    sign=(
        "`_delta_log/` with an entry (20 digits and `.json`, `.crc` or `.checkpoint…`) or"
        " `_last_checkpoint`"
    ),
    mark=(
        f"{FOLDER}_delta_log/(?:_last_checkpoint|[0-9]{{20}}[.]"
        "(?:json|crc|checkpoint[.](?:.*[.])?(?:parquet|json)))"
    ),
    hints=("_delta_log/",),
    named=(f"{FOLDER}_delta_log(?:/.*)?",),
    parts=(
        Part("transaction log", ("_delta_log/",)),
        Part("data files"),
    ),
    by_age=(
        "nothing below the table: the log is read back to the last checkpoint, and a data file of"
        " any age may be live"
    ),
    instead=(
        "`VACUUM` deletes data files that no version needs (by default 7 days after their removal),"
        " and the log deletes its own entries at a checkpoint (`delta.logRetentionDuration`, by"
        " default 30 days)"
    ),
    untold=(
        "only the log tells which data files are live, so the whole table counts as such; files"
        " that a shallow clone shares, and data outside of the table's folder, are not known"
    ),
    sources=(
        Source(
            "https://github.com/delta-io/delta/blob/master/PROTOCOL.md",
            "names of log entries and checkpoints below `_delta_log`",
        ),
        Source(
            "https://docs.delta.io/3.2.1/delta-utility.html",
            "VACUUM after 7 days, never by itself; log entries 30 days, deleted after checkpoints",
        ),
    ),
)

ICEBERG: Final = Layout(
    called="Iceberg table",
    plural="Iceberg tables",
    sign=(
        "`metadata/` with `…UUID.metadata.json` or `vN.metadata.json`, `.gz` and `.zstd` too; as a"
        " prefix, see below"
    ),
    mark=f"{FOLDER}metadata/(?:(?:[0-9]+-)?{_UUID}|v[0-9]+)(?:[.](?:gz|zstd))?[.]metadata[.]json(?:[.]gz)?",
    hints=(".metadata.json",),
    named=(
        f"{FOLDER}metadata/(?:snap-[0-9].*|v[0-9]+[.].*|version-hint[.]text"
        "|[0-9]{5}-[0-9a-f]{8}-.*)",
    ),
    looks=Looks(
        like=f"((?:[^/]+/)+){_METADATA}",
        likely=(
            f"(?:.*/)?(?:{_WAREHOUSE}|[^/]+[.]db)/(?:[^/]+/)+{_METADATA}",
            f"(?:.*/)?[^/]*(?i:iceberg)[^/]*/(?:.*/)?{_METADATA}",
            ".*/metadata/snap-.*",
        ),
        beside="data/",
    ),
    parts=(
        Part("metadata", ("metadata/",)),
        Part("data files"),
    ),
    by_age=(
        "nothing below the table: a snapshot needs all of its manifests and data files, whatever"
        " their age"
    ),
    instead=(
        "`expire_snapshots` deletes what no snapshot needs any more, `remove_orphan_files` what"
        " none ever did, and `write.metadata.delete-after-commit.enabled` old metadata files"
    ),
    untold=(
        "only the metadata tells which data files are live, so the whole table counts as such; data"
        " and metadata that `write.data.path` and `write.metadata.path` put elsewhere are not known"
    ),
    sources=(
        Source(
            "https://iceberg.apache.org/docs/latest/maintenance/",
            "expireSnapshots, old metadata files, orphan files below the table's location",
        ),
        Source(
            f"{_ICEBERG}BaseMetastoreTableOperations.java",
            "`metadata/NNNNN-UUID` and the extension; `write.metadata.path` puts it elsewhere",
            LATER,
        ),
        Source(
            f"{_ICEBERG}hadoop/HadoopTableOperations.java",
            "`metadata/vN` and the extension, a UUID until it is committed, and a version hint",
            LATER,
        ),
        Source(
            f"{_ICEBERG}TableMetadataParser.java",
            "the extensions `.metadata.json` and `.gz.metadata.json`, once `.metadata.json.gz`",
            LATER,
        ),
        Source(
            "https://github.com/apache/iceberg-go/blob/main/table/locations.go",
            "`.zstd.metadata.json`; `data` and `metadata` below the table unless set elsewhere",
            LATER,
        ),
    ),
)

HUDI: Final = Layout(
    called="Hudi table",
    plural="Hudi tables",
    sign="`.hoodie/hoodie.properties`",
    mark=f"{FOLDER}[.]hoodie/hoodie[.]properties",
    hints=(".hoodie/",),
    named=(f"{FOLDER}[.]hoodie(?:/.*)?",),
    parts=(
        Part("timeline and metadata", (".hoodie/",)),
        Part("data files"),
    ),
    by_age="nothing below the table: the timeline in `.hoodie/` tells which file slices are live",
    instead="its cleaner deletes old file slices, and its archiver old instants of the timeline",
    untold="only the timeline tells which data files are live, so the whole table counts as such",
    sources=(
        Source(
            "https://hudi.apache.org/tech-specs-1point0/",
            "`.hoodie/hoodie.properties`, the timeline, and the metadata table below `.hoodie`",
        ),
        Source(
            "https://hudi.apache.org/blog/2021/06/10/employing-right-configurations-for-hudi-cleaner",
            "the cleaner reclaims old versions of data files",
        ),
    ),
)

TABLE_FORMATS: Final = (DELTA_LAKE, ICEBERG, HUDI)
