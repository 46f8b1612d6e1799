"""`--reads FILE`: a run that was read within `keep_read_within` is kept, and `gc why` says when."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from pathlib import Path

import duckdb
import pytest

from firnline.cli import main
from firnline.cli.failed import CommandFailed
from firnline.cli.read_logs import open_reads
from firnline.cli.reads_file import reads_in
from firnline.reach.location import Location, LocationKind
from sandbox.paths import CHECKOUT
from tests.cli.test_gc_audit import FIELDS, row
from tests.inventory.facts.written import write
from tests.inventory.reads.log_lines import log_line
from tests.reach.registries.fleets import fleet_folder, gc_refs
from tests.reach.registries.mlflow.stores import client_of, empty_store

Captured = pytest.CaptureFixture[str]
POLICY = """\
firnline: policy/v1
policy: ml
owner: lab
why: artifacts of the churn team
applies_to: [{account: lab, buckets: acme-ml}]
versioning: enabled
references: {from: mlflow, grace: 14d}
runs: {churn: {from: mlflow, experiments: churn, keep_read_within: 90d}}
uploads: {abort_after: 7d}
"""
NOW = datetime.now(UTC)
HEAD = "bucket,key,read,since,until\n"
PERIOD = f"{NOW - timedelta(days=400):%FT%TZ},{NOW:%FT%TZ}"


def ago(days: int) -> str:
    return f"{NOW - timedelta(days=days):%FT%TZ}"


@pytest.fixture(scope="module")
def ids(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("reads")
    store = empty_store(folder)
    policies = fleet_folder(folder, f"  mlflow: {{mlflow: {{tracking_uri: sqlite:///{store}}}}}\n")
    (policies / "ml.yaml").write_text(POLICY)
    ids = {}
    with client_of(store) as client:
        experiment = client.create_experiment("churn", artifact_location="s3://acme-ml/churn")
        for name in ("read", "unread"):
            at = int((NOW - timedelta(days=200)).timestamp() * 1000)
            ids[name] = client.create_run(experiment, start_time=at, run_name=name).info.run_id
            client.set_terminated(ids[name], "FINISHED", end_time=at)
    return folder, ids


def written(folder: Path, *rows: str, head: str = HEAD) -> str:
    file = folder / "reads.csv"
    file.write_text(head + "".join(f"{each}\n" for each in rows))
    return str(file)


def why(capsys: Captured, file: Path, id: str) -> str:
    capsys.readouterr()
    uri = f"s3://acme-ml/churn/{id}/artifacts/model.pkl"
    assert main(["gc", "why", uri, "--references", str(file)]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_what_was_read_is_kept_with_its_day_and_what_was_not_goes(
    ids: tuple[Path, dict[str, str]], capsys: Captured
) -> None:
    folder, of = ids
    key = f"churn/{of['read']}/artifacts/model.pkl"
    reads = written(folder, f"acme-ml,{key},{ago(27)},{PERIOD}", f"acme-ml,,,{PERIOD}")
    file = folder / "refs.jsonl"
    assert gc_refs(folder, "--reads", reads, "--out", str(file)) == 0
    assert f"read on {ago(27)[:10]}" in why(capsys, file, of["read"])
    assert "read on" not in (unread := why(capsys, file, of["unread"]))
    assert "run_not_kept" in unread or "no `runs` section keeps it" in unread


def test_an_audit_that_reads_registries_itself_takes_reads_too(
    ids: tuple[Path, dict[str, str]], capsys: Captured, tmp_path: Path
) -> None:
    folder, of = ids
    keys = {name: f"churn/{id}/artifacts/model.pkl" for name, id in of.items()}
    rows = [row(key, 2**30, 100) for key in keys.values()]
    manifest = str(write(tmp_path, rows, FIELDS, made=NOW - timedelta(hours=1), bucket="acme-ml"))
    words = ["gc", "audit", manifest, "--policies", str(folder / "policies"), "--out", "json"]
    reads = written(folder, f"acme-ml,{keys['read']},{ago(27)},{PERIOD}")
    assert main([*words, "--reads", reads]) == 0
    (bucket,) = json.loads(capsys.readouterr().out)["buckets"]
    assert [each["key"] for each in bucket["orphans"]] == [keys["unread"]]
    assert main(words) == 0
    (bucket,) = json.loads(capsys.readouterr().out)["buckets"]
    assert bucket["orphans"] == []


def test_an_audit_tells_of_each_object_when_it_was_read_by_the_logs(
    ids: tuple[Path, dict[str, str]], capsys: Captured, tmp_path: Path
) -> None:
    folder, of = ids
    key = f"churn/{of['unread']}/artifacts/"
    rows = [row(f"{key}{name}", 2**30, 150) for name in ("model.pkl", "other")]
    manifest = str(write(tmp_path, rows, FIELDS, made=NOW - timedelta(hours=1), bucket="acme-ml"))
    (tmp_path / "logs").mkdir()
    lines = [
        log_line(
            None, NOW - timedelta(hours=20 * each), bucket="acme-ml", operation="REST.GET.BUCKET"
        )
        for each in range(150)
    ]
    lines += [log_line(f"{key}model.pkl", NOW - timedelta(days=100), bucket="acme-ml")]
    (tmp_path / "logs" / "log").write_text("".join(f"{each}\n" for each in lines))
    csv_file = str(tmp_path / "unneeded.csv")
    words = ["gc", "audit", manifest, "--policies", str(folder / "policies")]
    words += ["--reads", str(tmp_path / "logs"), "--out", "json", "--out", f"csv:{csv_file}"]
    assert main(words) == 0
    (bucket,) = json.loads(capsys.readouterr().out)["buckets"]
    read, unread = sorted(bucket["orphans"], key=itemgetter("key"))
    assert read["last_read"][:10] == ago(100)[:10]
    assert read["reads_per_month"] == pytest.approx(30 / 124, abs=0.01)
    assert (unread["last_read"], unread["reads_per_month"]) == (None, 0)
    with open(csv_file, newline="") as file:
        rows_of_file = {each["key"]: each for each in csv.DictReader(file)}
    assert rows_of_file[f"{key}model.pkl"]["last_read"][:10] == ago(100)[:10]
    assert rows_of_file[f"{key}other"]["last_read"] == ""


def test_without_reads_all_runs_are_kept_and_the_remedy_is_said(
    ids: tuple[Path, dict[str, str]], capsys: Captured
) -> None:
    folder, of = ids
    file = folder / "all.jsonl"
    assert gc_refs(folder, "--out", str(file)) == 0
    assert "nothing is known of reads: name them with --reads FILE" in " ".join(
        capsys.readouterr().out.split()
    )
    for each in of.values():
        assert "reads are not known since" in why(capsys, file, each)


def test_reads_that_no_policy_looks_at_are_said_to_have_no_effect(
    capsys: Captured, tmp_path: Path
) -> None:
    policies = fleet_folder(tmp_path, "  m: {json: {file: m.json, path: a}}\n")
    (policies / "m.json").write_text('{"a": "s3://acme-ml/models/a"}')
    assert gc_refs(tmp_path, "--reads", written(tmp_path, f"acme-ml,,,{PERIOD}")) == 0
    assert "--reads has no effect" in capsys.readouterr().err


def test_an_audit_of_references_that_were_judged_already_refuses_reads(capsys: Captured) -> None:
    words = ["gc", "audit", "manifest.json", "--references", "a", "--reads", "b"]
    assert main(words) == 2
    assert "reads come too late" in " ".join(capsys.readouterr().err.split())


THEN = datetime(2026, 11, 29, 10, tzinfo=UTC)
"""When the rows below are read: what names a test is the same in each process."""
YEAR = "2025-11-29T10:00:00Z,2026-11-29T10:00:00Z"
DAY_BEFORE = "2026-11-28T10:00:00Z"


COUNTS = ",,1,100,365"
COUNTED = HEAD.replace("\n", ",logged,reads,bytes,days\n")


def refused(folder: Path, *rows: str, head: str = HEAD) -> str:
    with pytest.raises(CommandFailed) as refusal:
        reads_in(written(folder, *rows, head=head), THEN)
    return str(refusal.value)


def refused_where_reads_count(folder: Path, *rows: str) -> str:
    file = written(folder, *rows, head=COUNTED)
    with pytest.raises(CommandFailed) as refusal, open_reads(file, THEN):
        pass
    return str(refusal.value)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"ml,a,2026-11-02T08:30:00,{YEAR}", "without a time zone"),
        (f"ml,a,yesterday,{YEAR}", "`read` is 'yesterday': write it as 2026-11-02T08:30:00Z"),
        (f"ml,a,0001-01-01T00:00:00+14:00,{YEAR}", "write it as"),
        (f"ml,a,,{YEAR}", "`read` is ''"),
        (f"ml,,{DAY_BEFORE},{YEAR}", "and not its key"),
        (f",a,{DAY_BEFORE},{YEAR}", "names no bucket"),
        (f"ml,a,{DAY_BEFORE},{DAY_BEFORE},2026-11-20T10:00:00Z", "before `since`"),
        (f"ml,a,{DAY_BEFORE},2026-11-20T10:00:00Z,2026-12-01T10:00:00Z", "in the future"),
        (f"ml,a,{DAY_BEFORE}", "has 3 fields, and the head 5"),
        (f"ml,a,{DAY_BEFORE},,2026-11-29T10:00:00Z", "`since` is ''"),
        (f'ml,"a,{DAY_BEFORE},{YEAR}', "is no CSV"),
    ],
)
def test_a_row_that_says_nothing_certain_is_refused_with_its_line(
    tmp_path: Path, row: str, problem: str
) -> None:
    assert problem in (told := refused(tmp_path, row))
    assert f"{tmp_path}/reads.csv:2: " in told
    again = refused_where_reads_count(tmp_path, f"{row}{COUNTS}")
    assert re.sub(r"\d fields.*", "", again) == re.sub(r"\d fields.*", "", told)


@pytest.mark.parametrize("counts", [",,-1,100,365", ",,1,1.5,365", ",,1,100,"])
def test_a_row_without_whole_numbers_is_refused_where_they_count(
    tmp_path: Path, counts: str
) -> None:
    row = f"ml,a,{DAY_BEFORE},{YEAR}"
    assert "reads.csv:2: `" in refused_where_reads_count(tmp_path, f"{row}{counts}")
    reads = written(tmp_path, f"{row}{counts}", head=COUNTED)
    assert reads_in(reads, THEN).of["ml"].period.since.year == 2025


def test_a_file_that_only_tells_when_is_refused_where_reads_count(tmp_path: Path) -> None:
    file = written(tmp_path, f"ml,a,{DAY_BEFORE},{YEAR}")
    with pytest.raises(CommandFailed) as refusal, open_reads(file, THEN):
        pass
    assert "has no column `reads`, and so does not tell how often" in str(refusal.value)


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    rows = (f"ml,a,{DAY_BEFORE},{YEAR}\r", f'ml,"b\r",{DAY_BEFORE},{YEAR}\r')
    reads = reads_in(written(tmp_path, *rows, head=HEAD.replace("\n", "\r\n")), THEN)
    for key in ("a", "b\r"):
        assert reads.newest(Location("ml", LocationKind.EXACT, key))


def test_two_periods_of_one_bucket_are_refused(tmp_path: Path) -> None:
    another = f"{DAY_BEFORE},{YEAR.partition(',')[2]}"
    rows = (f"ml,,,{YEAR}", f"other,,,{YEAR}", f"ml,a,{DAY_BEFORE},{another}")
    assert "reads.csv:4: has another `since` or `until`" in refused(tmp_path, *rows)


def test_a_file_without_periods_or_rows_is_refused(tmp_path: Path) -> None:
    row = f"ml,a,{ago(1)}"
    assert "no column is called `since`" in refused(tmp_path, row, head="bucket,key,read\n")
    assert "has no rows but its head" in refused(tmp_path)


def test_the_newest_read_of_a_key_counts_in_each_form_that_athena_gives(tmp_path: Path) -> None:
    head = '\ufeff"until","since","read","key","bucket"\n'
    until, since = "2026-11-28 10:00:00.000 UTC", "2025-11-28T10:00:00.000Z"
    rows = (
        f'"{until}","{since}","2026-11-02 08:30:00.000 UTC","a%2Cb","ml"',
        f'"{until}","{since}","2026-11-03T09:30:00+01:00","a,b","ml"',
        f'"{until}","{since}","2026-11-01T08:30:00Z","a,b","ml"',
    )
    reads = reads_in(written(tmp_path, *rows, head=head), datetime(2026, 11, 29, tzinfo=UTC))
    found = reads.newest(Location("ml", LocationKind.EXACT, "a,b"))
    assert found == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    assert reads.of["ml"].period.until == datetime(2026, 11, 28, 10, tzinfo=UTC)


def test_the_documented_query_of_server_access_logs_gives_such_a_file(tmp_path: Path) -> None:
    """In DuckDB, with the functions of Athena that it lacks."""
    query = re.findall(r"```sql\n(.*?)```", (CHECKOUT / "docs/language/runs.md").read_text(), re.S)[
        0
    ]
    rows = [
        ("ml", "06/Feb/2026:00:00:38 +0000", "REST.PUT.OBJECT", "churn/a/model.pkl", "200"),
        ("ml", "02/Nov/2026:08:30:00 +0000", "REST.GET.OBJECT", "churn/a/model.pkl", "206"),
        ("ml", "01/Nov/2026:08:30:00 +0000", "REST.COPY.OBJECT_GET", "churn/a/model.pkl", "200"),
        ("ml", "03/Nov/2026:08:30:00 +0000", "REST.GET.OBJECT", "churn/a/model.pkl", "403"),
        ("ml", "28/Nov/2026:08:30:00 +0000", "REST.GET.BUCKET", "-", "200"),
        ("quiet", "28/Nov/2026:08:30:00 +0000", "REST.GET.BUCKET", "-", "200"),
    ]
    file = tmp_path / "reads.csv"
    with duckdb.connect() as database:
        for each in ATHENA:
            database.execute(each)
        database.executemany("INSERT INTO s3_access_logs_db.mybucket_logs VALUES (?,?,?,?,?)", rows)
        database.execute(f"COPY ({query}) TO '{file}' (HEADER, FORCE_QUOTE *)")
    reads = reads_in(str(file), datetime(2026, 11, 29, tzinfo=UTC))
    days = {name: (of.period.since.date(), of.period.until.date()) for name, of in reads.of.items()}
    last = date(2026, 11, 28)
    assert days == {"ml": (date(2026, 2, 6), last), "quiet": (last, last)}
    found = reads.newest(Location("ml", LocationKind.DIR, "churn/a"))
    assert found == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
    assert reads.newest(Location("quiet", LocationKind.DIR, "")) is None


ATHENA = (
    "SET TimeZone = 'UTC'",
    "CREATE SCHEMA s3_access_logs_db",
    "CREATE TABLE s3_access_logs_db.mybucket_logs"
    " (bucket_name TEXT, requestdatetime TEXT, operation TEXT, key TEXT, httpstatus TEXT)",
    "CREATE MACRO parse_datetime(text, form) AS strptime(text, '%d/%b/%Y:%H:%M:%S %z')",
    "CREATE MACRO to_iso8601(moment) AS strftime(moment, '%Y-%m-%dT%H:%M:%S.000Z')",
    "CREATE MACRO regexp_like(text, pattern) AS regexp_matches(text, pattern)",
    'CREATE MACRO "if"(condition, value) AS CASE WHEN condition THEN value END',
)
