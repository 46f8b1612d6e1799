from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from firnline.fleet.listing.journal import Journal, Part, UnusableJournal, new_plan
from firnline.fleet.listing.on_disk import OnDisk
from firnline.fleet.listing.request import KeyRange, Listed, ListingRequest, Marker
from firnline.fleet.listing.so_far import Positions
from firnline.inventory.manifest import DataFile

BEGAN = datetime(2026, 11, 28, 1, 30, 15, tzinfo=UTC)
PLAN = new_plan(
    ListingRequest("acme", versions=True, uploads=True),
    BEGAN,
    [
        KeyRange(Listed.VERSIONS, "", "ü/"),
        KeyRange(Listed.VERSIONS, "ü/"),
        KeyRange(Listed.UPLOADS),
    ],
)
FIRST = Part(1, 3, 9, DataFile("acme/data/1.csv.gz", "d41d", 20), Marker("a\nb", "id"))
SECOND = Part(1, 0, 0, None, None)


def test_a_plan_and_its_parts_are_read_as_they_were_written(tmp_path: Path) -> None:
    with Journal(tmp_path / "unfinished") as journal:
        assert journal.plan() is None
        journal.begin(PLAN)
        journal.add(FIRST)
        journal.add(SECOND)
    with Journal(tmp_path / "unfinished") as journal:
        assert journal.plan() == PLAN
        assert journal.parts() == [FIRST, SECOND]


@pytest.mark.parametrize("left", [1, 20, -1])
def test_a_line_that_was_cut_off_does_not_count(tmp_path: Path, left: int) -> None:
    with Journal(tmp_path) as journal:
        journal.begin(PLAN)
        journal.add(FIRST)
        whole = (tmp_path / "parts.jsonl").read_bytes()
        journal.add(SECOND)
    content = (tmp_path / "parts.jsonl").read_bytes()
    cut = content[:-1] if left < 0 else content[: len(whole) + left]
    (tmp_path / "parts.jsonl").write_bytes(cut)
    with Journal(tmp_path) as journal:
        assert journal.parts() == [FIRST]
        journal.add(SECOND)
        assert journal.parts() == [FIRST, SECOND]


def test_parts_of_a_listing_without_a_plan_are_forgotten(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.begin(PLAN)
        journal.add(FIRST)
    (tmp_path / "plan.json").unlink()
    with Journal(tmp_path) as journal:
        assert journal.plan() is None
        journal.begin(PLAN)
        assert journal.parts() == []


def test_one_process_lists_into_a_folder_at_a_time(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(UnusableJournal, match="another process is listing"):
        Journal(tmp_path)
    with Journal(tmp_path):
        pass


@pytest.mark.parametrize(
    ("file", "content", "read"),
    [
        ("plan.json", b"{", Journal.plan),
        ("plan.json", b"{}", Journal.plan),
        ("parts.jsonl", b"no\n", Journal.parts),
        ("parts.jsonl", b"{}\n", Journal.parts),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, file: str, content: bytes, read: Callable[[Journal], object]
) -> None:
    with Journal(tmp_path) as journal:
        journal.begin(PLAN)
    (tmp_path / file).write_bytes(content)
    with Journal(tmp_path) as journal, pytest.raises(UnusableJournal, match=file):
        read(journal)


def test_a_removed_journal_leaves_nothing(tmp_path: Path) -> None:
    with Journal(tmp_path / "unfinished") as journal:
        journal.begin(PLAN)
        journal.remove()
    assert list(tmp_path.iterdir()) == []


def test_each_range_goes_on_where_its_last_part_ended() -> None:
    begun = Positions(PLAN, [FIRST], lambda _: None)
    assert begun.next == [Marker(""), Marker("a\nb", "id"), Marker("")]
    ended = Positions(PLAN, [FIRST, SECOND], lambda _: None)
    assert ended.next == [Marker(""), None, Marker("")]
    assert (ended.so_far.rows, ended.so_far.bytes, ended.so_far.finished) == (3, 9, 1)


def test_a_part_after_the_end_of_its_range_is_a_mistake() -> None:
    with pytest.raises(UnusableJournal):
        Positions(PLAN, [SECOND, FIRST], lambda _: None)


@pytest.mark.parametrize("content", [None, b"other"])
def test_a_data_file_that_is_gone_or_altered_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    disk = OnDisk(tmp_path, "acme")
    part = Part(0, 1, 1, disk.write_data("1.csv.gz", b"content"), None)
    disk.verify([part])
    path = tmp_path / "acme/firnline/data/1.csv.gz"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(UnusableJournal, match=r"1\.csv\.gz"):
        disk.verify([part])
