"""The engine reads logs as a naive parser does, whatever clients put into them."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.facts.engine import Batch
from firnline.inventory.reads.gathering import gather
from firnline.inventory.reads.log_files import log_files
from tests.inventory.reads.log_lines import log_line
from tests.inventory.reads.naive_logs import ANSWERS, OPERATIONS, Naive, Read

BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 80 * 3600).map(lambda seconds: BEGIN + timedelta(seconds=seconds))
KEYS = st.one_of(
    st.sampled_from(["a", "a/b c", "dt=1/x", "a%20b", "100%", "%FF", '"q"', "\N{SNOWMAN}/+", "-x"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
)
HEADERS = st.text(st.characters(max_codepoint=255, exclude_characters="\n\r\0"), max_size=20)
LINES = st.builds(
    log_line,
    st.none() | KEYS,
    MOMENTS,
    bucket=st.sampled_from(["one", "two"]),
    operation=st.sampled_from(list(OPERATIONS)),
    status=st.sampled_from(list(ANSWERS)),
    sent=st.none() | st.integers(0, 10**12),
    uri=st.none() | HEADERS,
    agent=HEADERS,
    twice=st.booleans(),
)
CUT = st.builds(lambda line, length: line[:length], LINES, st.integers(0, 300))
HOSTILE = st.one_of(HEADERS, LINES.map(lambda line: line.replace("/Sep/", "/Spt/")), CUT)


@settings(max_examples=15, deadline=None)
@given(st.lists(LINES | HOSTILE, min_size=1, max_size=30), st.booleans(), st.booleans())
def test_the_engine_says_of_each_key_and_day_what_a_naive_parser_does(
    lines: list[str], compressed: bool, is_latin: bool
) -> None:
    naive = Naive(lines)
    text = "".join(f"{line}\n" for line in lines)
    if text.lstrip().startswith("{") or not text.strip():
        return
    with TemporaryDirectory() as folder:
        data = text.encode("latin-1" if is_latin else "utf-8", "replace")
        (Path(folder) / "log").write_bytes(gzip.compress(data) if compressed else data)
        with gather(log_files([Path(folder)]), threads=1) as found:
            assert sum(each.lines for each in found.unreadable) == naive.unreadable
            assert {each.bucket: each.requests for each in found.buckets} == naive.requests
            assert _reads(found.rows()) == naive.reads


def _reads(batches: Iterable[Batch]) -> dict[tuple[str, str, str], Read]:
    found: dict[tuple[str, str, str], Read] = defaultdict(lambda: Read(BEGIN, 0, 0))
    for batch in batches:
        for row in batch.to_pylist():
            place = row["bucket"], row["key"], f"{row['read']:%Y-%m-%d}"
            before = found[place]
            found[place] = Read(
                max(row["read"], before.last),
                before.reads + row["reads"],
                before.bytes + row["bytes"],
            )
    return found
