"""The one table of reads, whoever filled it: a row for each key and day, by bucket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from firnline.inventory.facts.engine import BadRows, Batch, Engine, NoRoom
from firnline.inventory.facts.frame import quoted
from firnline.inventory.facts.table import BATCH
from firnline.inventory.reads.known import Known
from firnline.inventory.reads.problems import UnusableReads
from firnline.inventory.reads.read_bucket import ReadBelow, ReadBucket, Unreadable


class ReadsTable:
    """Use it in a `with`, which removes what was spilled."""

    def __init__(
        self,
        engine: Engine,
        opened: ExitStack,
        sql: str,
        buckets: Sequence[ReadBucket],
        unreadable: Sequence[Unreadable] = (),
    ) -> None:
        """`opened` is closed with it, the engine too. `sql` selects the rows: `bucket`, `key`,
        `logged` (as the log has the key, where that may be another), `read`, `reads`, `bytes`.
        """
        self._engine, self._opened, self._sql = engine, opened, sql
        self.buckets = tuple(buckets)
        self.unreadable = tuple(unreadable)

    def rows(self) -> Iterator[Batch]:
        """Of the buckets of which something is known. Raises `UnusableReads`."""
        return self._batches(f"from objects where bucket in ({_listed(self.buckets)})")

    def rows_of(self, bucket: str) -> Iterator[Batch]:
        """At least one batch. Raises `UnusableReads`."""
        sql = f"select key, read, reads, bytes from objects where bucket = {quoted(bucket)}"
        yield from self._batches(f"{sql} union all select '', null, 0, 0 where false")

    def csv_lines(self) -> Iterator[str]:
        """The rows as text, each with the period of its bucket and a line break at its end."""
        for each in self.buckets:
            period = csv_period(each.known)
            yield f"{each.bucket},,,,,,{period}\n"
            sql = f"""
                select bucket || ',' || {_csv("key")} || ',' || {_csv("logged")} || ','
                    || strftime(read, '%Y-%m-%dT%H:%M:%SZ') || ',' || reads || ',' || bytes
                    || {quoted(f",{period}")} || chr(10) as line
                from objects where bucket = {quoted(each.bucket)}
            """
            for batch in self._batches(sql):
                yield "".join(batch.column("line").to_pylist())

    def of(self, bucket: str) -> ReadBucket | None:
        return next((each for each in self.buckets if each.bucket == bucket), None)

    def below(
        self, bucket: str, prefixes: Sequence[str], *, once: bool = False
    ) -> Mapping[str, ReadBelow]:
        """Of each prefix; where a key counts `once`, only of the longest that it begins with.
        Raises `UnusableReads`.
        """
        lengths = sorted({len(each) for each in prefixes})
        sql = f"""
            with by_key as (
                select key, max(read) as last, sum(reads) as reads, sum(bytes) as bytes
                from objects where bucket = {quoted(bucket)} group by key
            ), cut as (
                select unnest(list_filter({lengths}::bigint[], lambda n: n <= length(key))) as long,
                    * from by_key
            ), told as (
                select * from cut
                where left(key, long) in ({", ".join(map(quoted, prefixes)) or "null"})
                {"qualify long = max(long) over (partition by key)" if once else ""}
            )
            select left(key, long) as prefix, max(last) as last, sum(reads)::bigint as reads,
                sum(bytes)::bigint as bytes, count(*)::bigint as keys
            from told group by all
        """
        found = {prefix: ReadBelow() for prefix in prefixes}
        for row in self._found(sql):
            prefix = row.pop("prefix")
            found[prefix] = ReadBelow(**row)
        return found

    def folders(self, bucket: str, depth: int) -> Sequence[str]:
        """At most so many deep, of which each has a hundredth of all reads. Raises
        `UnusableReads`.
        """
        sql = f"""
            with cut as (
                select unnest(range(1, {depth} + 1)) as deep, string_split(key, '/') as parts, reads
                from objects where bucket = {quoted(bucket)}
            ), folders as (
                select array_to_string(parts[1:deep], '/') || '/' as prefix, sum(reads) as reads
                from cut where len(parts) > deep group by all
            )
            select prefix from folders where reads * 100 >= (
                select sum(reads) from objects where bucket = {quoted(bucket)}
            ) order by prefix
        """
        return [row["prefix"] for row in self._found(sql)]

    def close(self) -> None:
        self._opened.close()

    def __enter__(self) -> ReadsTable:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _found(self, sql: str) -> Iterator[dict[str, Any]]:
        for batch in self._batches(sql):
            yield from batch.to_pylist()

    def _batches(self, sql: str) -> Iterator[Batch]:
        with told():
            yield from self._engine.batches(sql, self._sql, {}, BATCH)


CSV_COLUMNS: Final = (
    *("bucket", "key", "logged", "read", "reads", "bytes"),
    *("since", "until", "days"),
)


@contextmanager
def told() -> Iterator[None]:
    try:
        yield
    except BadRows as why:
        raise UnusableReads(f"the reads cannot be read: {why}") from None
    except NoRoom as why:
        raise UnusableReads(f"the reads need more room: {why}") from None


def csv_period(known: Known) -> str:
    since, until = known.period.since, known.period.until
    return f"{since:%FT%TZ},{until:%FT%TZ},{known.days:.4f}"


def _csv(column: str) -> str:
    """As SQL spells the field of a CSV."""
    return f"""coalesce('"' || replace({column}, '"', '""') || '"', '')"""


def _listed(buckets: Sequence[ReadBucket]) -> str:
    return ", ".join(quoted(each.bucket) for each in buckets) or "null"
