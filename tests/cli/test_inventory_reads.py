"""`firnline inventory reads`: logs → what was read by prefix, gaps, and a file for `--reads`."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from firnline.cli import main
from firnline.cli.read_logs import open_logs, open_reads, reads_of
from firnline.cli.reads_file import reads_in
from firnline.inventory.reads.gathering import gather
from firnline.inventory.reads.known import LONGEST_SILENCE
from firnline.inventory.reads.log_files import log_files
from firnline.reach.location import Location, LocationKind
from tests.inventory.reads.log_lines import log_line

Captured = pytest.CaptureFixture[str]
BEGIN = datetime(2026, 9, 1, 12, tzinfo=UTC)


def days(count: int) -> datetime:
    return BEGIN + timedelta(days=count)


def logs(folder: Path, *lines: str, name: str = "2026-10-01-00-00-00-A") -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return str(folder)


def quiet(first: int, last: int) -> list[str]:
    """A request a day that reads nothing."""
    return [
        log_line(None, days(each), operation="REST.GET.BUCKET") for each in range(first, last + 1)
    ]


def reads(capsys: Captured, *arguments: str, code: int = 0) -> tuple[str, str]:
    assert main(["inventory", "reads", *arguments]) == code
    shown = capsys.readouterr()
    return shown.out, shown.err


def test_reads_are_counted_by_prefix_and_month(tmp_path: Path, capsys: Captured) -> None:
    folder = logs(
        tmp_path / "logs",
        *quiet(0, 30),
        log_line("runs/dt=2026-09-01/a b.bin", days(2), sent=2000),
        log_line("runs/dt=2026-09-01/a b.bin", days(9), status="206", sent=1000),
        log_line("models/é.bin", days(3), operation="REST.COPY.OBJECT_GET"),
        log_line("models/é.bin", days(20), operation="REST.HEAD.OBJECT", sent=None),
        log_line("models/gone", days(21), status="404"),
        log_line("models/new", days(21), operation="REST.PUT.OBJECT"),
    )
    shown, _ = reads(capsys, folder, "--longest-silence", "2d", "--out", "json")
    (bucket,) = json.loads(shown)["buckets"]
    assert (bucket["days"], bucket["gaps"], bucket["requests"]) == (30, [], 37)
    by_prefix = {each["prefix"]: each for each in bucket["prefixes"]}
    assert list(by_prefix) == ["", "models/", "runs/", "runs/dt=2026-09-01/"]
    runs, models = by_prefix["runs/"], by_prefix["models/"]
    assert (runs["reads"], runs["bytes"], runs["objects"], runs["reads_per_month"]) == (
        (2, 3000, 1, 2)
    )
    assert (models["reads"], models["objects"], models["last_read"]) == (
        (1, 1, "2026-09-21T12:00:00Z")
    )


def test_what_lies_in_a_gap_counts_as_read(tmp_path: Path, capsys: Captured) -> None:
    folder = logs(tmp_path / "logs", *quiet(0, 3), log_line("a", days(1)), *quiet(9, 12))
    shown, _ = reads(capsys, folder)
    assert "reads are known from 2026-09-10 12:00Z to 2026-09-13 12:00Z" in shown
    assert "no request is in the logs from 2026-09-04 13:00Z to 2026-09-10 12:00Z" in shown
    assert not [line for line in shown.splitlines() if "gap" in line and "2026-09-01" in line]


def test_the_file_is_what_the_option_reads_of_other_commands_takes(
    tmp_path: Path, capsys: Captured
) -> None:
    folder = logs(tmp_path / "logs", *quiet(0, 30), log_line('a "b", c+d', days(2)))
    file = str(tmp_path / "reads.csv")
    assert reads(capsys, folder, "--longest-silence", "2d", "--into", file) == ("", "")
    found = reads_in(file, days(31))
    assert found.newest(Location("acme-lake", LocationKind.EXACT, 'a "b", c+d')) == days(2)
    assert found.of["acme-lake"].period.since == days(0)


def test_a_line_that_cannot_be_read_is_counted_and_named(tmp_path: Path, capsys: Captured) -> None:
    cut = log_line("cut", days(1))[:150]
    folder = logs(tmp_path / "logs", *quiet(0, 1), cut, "", 'a "quote', name="log-1")
    shown, _ = reads(capsys, folder)
    assert "2 lines could not be read, and may be reads of anything" in shown
    assert "log-1" in shown


def test_a_file_of_a_trail_that_is_cut_off_is_named(tmp_path: Path, capsys: Captured) -> None:
    with gzip.open(tmp_path / "whole.json.gz", "wt") as file:
        file.write('{"Records":[]}\n')
    (tmp_path / "trail.json").write_text('{"Records":[')
    _, err = reads(capsys, str(tmp_path), code=2)
    assert err.endswith("trail.json is cut off: its JSON does not end\n")


@pytest.mark.parametrize("text", ['{"Records":[%s]}', "%s\n"])
def test_a_compressed_log_that_ends_too_soon_is_named(
    tmp_path: Path, capsys: Captured, text: str
) -> None:
    whole = gzip.compress((text % ",".join(map(str, range(50_000)))).encode())
    (tmp_path / "log.gz").write_bytes(whole[: len(whole) // 2])
    _, err = reads(capsys, str(tmp_path), code=2)
    assert "log.gz" in err
    assert "gzip" in err


def test_a_trail_is_read_as_well_compressed_or_not(tmp_path: Path, capsys: Captured) -> None:
    record = {
        "eventTime": "2026-09-02T08:30:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "requestParameters": {"bucketName": "acme-lake", "key": "runs/a b%.bin"},
        "additionalEventData": {"bytesTransferredOut": 123.0},
        "readOnly": True,
        "eventCategory": "Data",
    }
    copied = {
        **record,
        "eventSource": "s3.amazonaws.com.cn",  # in China
        "eventName": "CopyObject",
        "readOnly": False,
        "requestParameters": {
            "bucketName": "other",
            "key": "to",
            "x-amz-copy-source": "/acme-lake/runs/from%20here?versionId=3",
        },
    }
    by_s3 = {**record, "sourceIPAddress": "s3.amazonaws.com"}
    refused = {**record, "errorCode": "AccessDenied"}
    untimed = {**record, "eventTime": None}
    text = json.dumps({"Records": [record, copied, by_s3, refused, untimed]})
    (tmp_path / "CloudTrail-Digest").mkdir()
    (tmp_path / "CloudTrail-Digest" / "digest.json").write_text("{}")
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(text.encode()))
    shown, _ = reads(capsys, str(tmp_path), "--out", "json")
    document = json.loads(shown)
    (bucket,) = document["buckets"]
    whole = bucket["prefixes"][0]
    assert (bucket["bucket"], bucket["by_s3"]) == ("acme-lake", 1)
    assert (whole["reads"], whole["bytes"], whole["objects"]) == (2, 123, 2)
    assert [each["lines"] for each in document["unreadable"]] == [1]


def test_what_is_no_log_is_refused(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "photo").write_bytes(b"\x89PNG\0\0")
    _, told = reads(capsys, str(tmp_path), code=2)
    assert "photo is no log" in told
    _, told = reads(capsys, str(tmp_path / "absent"), code=2)
    assert "is not there" in told


def test_a_saved_file_tells_of_reads_what_the_logs_do(tmp_path: Path, capsys: Captured) -> None:
    folder = logs(
        tmp_path / "logs",
        *quiet(0, 30),
        log_line("a/b%20c", days(2), sent=7),
        log_line("a/b%20c", days(2), sent=7),
        log_line("a/\N{SNOWMAN}", days(4), operation="REST.HEAD.OBJECT"),
    )
    file = str(tmp_path / "reads.csv")
    reads(capsys, folder, "--into", file)
    with open_reads(file) as saved, open_logs([folder], LONGEST_SILENCE) as logged:
        assert saved.below("acme-lake", ["", "a/", "b"]) == logged.below(
            "acme-lake", ["", "a/", "b"]
        )
        assert saved.buckets[0].known.period == logged.buckets[0].known.period
        assert reads_of(saved).of["acme-lake"].period == logged.buckets[0].known.period
        place = Location("acme-lake", LocationKind.EXACT, "a/b%20c")
        assert reads_of(saved).newest(place) == reads_of(logged).newest(place) == days(2)


def test_nothing_is_left_behind_where_the_engine_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = log_files([Path(logs(tmp_path / "logs", log_line("a", days(1))))])
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    with pytest.raises(duckdb.Error) as raised:
        gather(files, threads=-1)
    assert raised.tb is not None  # it keeps what the function had
    assert list((tmp_path / "temporary").iterdir()) == []
