"""Server access logs of a bucket of the sandbox, as S3 would have delivered them: for --reads.

Nobody reads the sandbox's objects, so the requests are made up, the same each time: young objects
are read every few days, old ones less and less, and one in a hundred of them every week.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from zlib import crc32

from firnline.atomic_file import write_file
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory

DAYS = 60
_OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
_CURRENT = "select key, size, last_modified from objects where is_latest and not is_delete_marker"
_COLUMNS = (
    *(Column.KEY, Column.SIZE, Column.LAST_MODIFIED),
    *(Column.IS_LATEST, Column.IS_DELETE_MARKER),
)
_WEEK, _MONTH, _OFTEN_READ = 7, 30, 100


class _Object(NamedTuple):
    key: str
    size: int
    made: date


def write_access_logs(manifest: Path, bucket: str, into: Path) -> int:
    """A file for each of the last days before the inventory, and how many requests they have."""
    with open_inventory([OnDisk(manifest)]) as facts:
        until = facts.as_of.date()
        stored = [
            _Object(row["key"], row["size"], row["last_modified"].date())
            for batch in facts.query(_CURRENT, _COLUMNS)
            for row in batch.to_pylist()
        ]
    into.mkdir(parents=True, exist_ok=True)
    count = 0
    for ago in range(DAYS, 0, -1):
        day = until - timedelta(days=ago)
        lines = [*_housekeeping(bucket, day), *_reads(bucket, stored, day)]
        count += len(lines)
        text = "".join(f"{each}\n" for each in lines)
        write_file(into / f"{day + timedelta(days=1)}-02-00-00-SANDBOX", text.encode())
    return count


def _reads(bucket: str, stored: list[_Object], day: date) -> Iterator[str]:
    for each in stored:
        age, chance = (day - each.made).days, crc32(each.key.encode())
        if age < 0:
            continue
        often = chance % _OFTEN_READ == 0
        every = _WEEK if often or age < _MONTH else age
        if (day.toordinal() + chance) % every == 0:
            at = datetime.combine(day, time(), UTC) + timedelta(seconds=chance % 86_400)
            yield _line(bucket, at, "REST.GET.OBJECT", each.key, each.size)


def _housekeeping(bucket: str, day: date) -> Iterator[str]:
    """Somebody lists the bucket every six hours, so that the log has no gap."""
    for hour in range(0, 24, 6):
        at = datetime.combine(day, time(hour), UTC)
        yield _line(bucket, at, "REST.GET.BUCKET", None, 1_000)


def _line(bucket: str, at: datetime, operation: str, key: str | None, sent: int) -> str:
    """The key is encoded by the client, and by the log again."""
    path = "" if key is None else quote(key)
    return (
        f"{_OWNER} {bucket} [{at:%d/%b/%Y:%H:%M:%S} +0000] 192.0.2.3"
        f" arn:aws:sts::111122223333:assumed-role/training/job 3E57427F33A59F07 {operation}"
        f' {quote(path) or "-"} "GET /{path} HTTP/1.1" 200 - {sent} {sent} 70 10 "-"'
        ' "aws-sdk-java/2.20" - s9lzHYrFp76ZVxRc= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader'
        f" {bucket}.s3.us-east-1.amazonaws.com TLSV1.2 - -"
    )
