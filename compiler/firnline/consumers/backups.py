"""Backups that are made of many objects: what one of them needs may be years older than it."""

from __future__ import annotations

from typing import Final

from firnline.consumers.layout import FOLDER, LATER, Layout, Part, Source

_BASE64_UUID: Final = "[0-9A-Za-z_-]{22}"

SNAPSHOT_REPOSITORY: Final = Layout(
    called="Elasticsearch or OpenSearch snapshot repository",
    plural="Elasticsearch or OpenSearch snapshot repositories",
    sign="`indices/`, 22 characters, the number of a shard, and `index-…` or `snap-….dat`",
    mark=(
        f"{FOLDER}indices/{_BASE64_UUID}/[0-9]+/(?:snap-{_BASE64_UUID}[.]dat|index-[0-9A-Za-z_-]+)"
    ),
    hints=("indices/",),
    parts=(
        Part(
            "list of snapshots",
            ("index-", "index.latest", "incompatible-snapshots", "snap-", "meta-"),
        ),
        Part("shards", ("indices/",)),
    ),
    by_age=(
        "nothing: snapshots share the files of shards, so that an old object may belong to the"
        " newest one, and every snapshot reads `index-N`"
    ),
    instead=(
        "snapshot lifecycle management (`expire_after`, `min_count`) deletes snapshots, and a"
        " cleanup of the repository what none of them needs"
    ),
    untold=(
        "which objects a snapshot needs is written in the repository alone; Elastic rules out all"
        " Glacier classes, so also GLACIER_IR, of which no rule is reported"
    ),
    sources=(
        Source(
            "https://github.com/elastic/elasticsearch/pull/92427",
            "neither moves to Glacier nor expiration work; the consequences can be severe",
        ),
        Source(
            "https://github.com/elastic/docs-content/blob/main/deploy-manage/tools/"
            "snapshot-and-restore/s3-repository.md",
            "lifecycle rules may change the class, but not to a Glacier class, and must not expire;"
            " no archive tiers of INTELLIGENT_TIERING; access may be lost for ever",
            LATER,
        ),
        Source(
            "https://github.com/elastic/elasticsearch/blob/main/server/src/main/java/org/"
            "elasticsearch/repositories/blobstore/package-info.java",
            "`index-N`, `index.latest`, `incompatible-snapshots` and the files of snapshots and"
            " shards; a shard's new snapshot reads its `index-N`, and shares segments with others",
            LATER,
        ),
    ),
)

PGBACKREST: Final = Layout(
    called="pgBackRest stanza",
    plural="pgBackRest stanzas",
    sign="`backup/STANZA/backup.info` or `archive/STANZA/archive.info`",
    mark="((?:.*/)?(?:backup|archive)/[^/]+/)(?:backup|archive)[.]info(?:[.]copy)?",
    hints=(".info",),
    parts=(Part("backups and WAL"),),
    by_age=(
        "nothing: an incremental backup needs the full one before it and the WAL since, and every"
        " command reads the `.info` files"
    ),
    instead="`repo-retention-full` and `pgbackrest expire` delete backups and the WAL before them",
    untold="which backup needs which is written in the manifests alone",
    sources=(
        Source(
            "https://pigsty.io/docs/pgbackrest/command/expire/",
            "rotation by count or time; incremental backups end with those that they need",
        ),
        Source(
            "https://github.com/pgbackrest/pgbackrest/blob/main/src/info/infoBackup.h",
            "`backup.info`, with what each backup refers to",
            LATER,
        ),
    ),
)

WAL_G: Final = Layout(
    called="WAL-G archive",
    plural="WAL-G archives",
    sign="`basebackups_005/` or `wal_005/`",
    mark="((?:.*/)?(?:basebackups_005|wal_005)/).+",
    hints=("_005/",),
    named=("((?:.*/)?(?:basebackups_005|wal_005)/).*",),
    parts=(Part("backups and WAL"),),
    by_age=(
        "nothing: a delta backup needs the full one before it, and recovery all WAL since; `wal-g`"
        " reads the sentinels of all backups"
    ),
    instead="`wal-g delete retain` deletes backups, and the WAL that only they needed",
    untold="which backup needs which is written in the sentinels alone",
    sources=(
        Source(
            "https://github.com/wal-g/wal-g/releases/tag/v0.1.15",
            "the WAL since the oldest backup is needed, and a narrower window lost backups",
        ),
    ),
)

XTRABACKUP: Final = Layout(
    called="XtraBackup backup",
    plural="XtraBackup backups",
    sign="`xtrabackup_info` and its like, cut into chunks with 20 digits",
    mark=f"{FOLDER}xtrabackup_(?:checkpoints|info|logfile|tablespaces)[^/]*[.][0-9]{{20}}",
    hints=("xtrabackup_",),
    by_age=(
        "whole backups: `xbcloud` keeps no list of them. An incremental one needs all since the"
        " full one, so delete only what is older than a whole chain, and restore from an archive"
        " before `xbcloud get`"
    ),
    instead="`xbcloud delete` deletes one backup",
    untold="which backup an incremental one was made from",
    sources=(
        Source(
            "https://docs.percona.com/percona-xtrabackup/8.4/xbcloud-binary-overview.html",
            "`xbcloud put` cuts a stream into numbered chunks below the name of the backup",
        ),
    ),
)

BACKUPS: Final = (SNAPSHOT_REPOSITORY, PGBACKREST, WAL_G, XTRABACKUP)
