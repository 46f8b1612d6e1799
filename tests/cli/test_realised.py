"""`firnline forecast --realised`: a ledger and later inventories in, what came of changes out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.inventory.facts.written import VERSIONS, write

Captured = pytest.CaptureFixture[str]
GIB = 2**30
ALL = (*VERSIONS, "Size", "LastModifiedDate", "StorageClass")
DAY = timedelta(days=1)
AT = datetime(2026, 11, 28, 1, 30, tzinfo=UTC)
BEGIN = datetime(2026, 11, 29, tzinfo=UTC)
"""The midnight at which the new rules act first."""
RULE = {
    "ID": "tmp",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Transitions": [{"Days": 30, "StorageClass": "GLACIER_IR"}],
    "Expiration": {"Days": 60},
}
OLD = BEGIN - 31 * DAY  # moves at once, and is deleted on day 29
NEW = BEGIN - 1 * DAY  # moves on day 29, and is deleted on day 59
pytestmark = pytest.mark.usefixtures("socket_disabled")


def an_object(key: str, made: datetime, storage_class: str = "STANDARD") -> dict[str, Any]:
    return {
        "Key": key,
        "VersionId": "null",
        "IsLatest": True,
        "IsDeleteMarker": False,
        "Size": GIB,
        "LastModifiedDate": made,
        "StorageClass": storage_class,
    }


THEN = [an_object("tmp/old", OLD), an_object("tmp/new", NEW), an_object("kept", OLD)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def listed(folder: Path, day: float, rows: list[dict[str, Any]]) -> str:
    """The inventory of an hour after a midnight, days after the first at which the rules act."""
    made = BEGIN + day * DAY + timedelta(hours=1)
    around = folder / f"day {day}"
    around.mkdir()
    return str(write(around, rows, ALL, made=made, parts=1))


CONFIGURATION = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
RECORDED = {
    "__defaults": [],
    "id": "tmp",
    "status": "Enabled",
    "filter": {"__defaults": [], "prefix": "tmp/"},
    "transitions": [{"__defaults": [], "days": 30, "storageClass": "GLACIER_IR"}],
    "expiration": {"__defaults": [], "days": 60},
}
"""As a state has the rule."""


def deployed(*rules: dict[str, Any]) -> dict[str, Any]:
    """In a state."""
    inputs = {"__defaults": [], "bucket": "lab", "rules": list(rules)}
    return {"type": CONFIGURATION, "id": "lab", "inputs": inputs}


def state(
    folder: Path,
    *others: dict[str, Any],
    configurations: Sequence[dict[str, Any]] = (deployed(RECORDED),),
    **more: Any,
) -> str:
    """As `pulumi stack export` writes it, of one change, and `others` like it but for what they
    say.
    """
    entry = {
        "bucket": "lab",
        "account": "012345670123",
        "region": "us-east-1",
        "versioning": "off",
        "at": AT.isoformat(),
        "rules": {"before": "rules 1", "after": "rules 2"},
        "missing": "no inventory is named",
        **more,
    }
    ledger = {
        "schema_version": 1,
        "entries": [entry, *({**entry, **each} for each in others)],
        "rules": {"rules 1": {"Rules": []}, "rules 2": {"Rules": [RULE]}},
    }
    resources = [
        {"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:prod::lab::pulumi:pulumi:Stack::lab"},
        {"type": "firnline:s3:Savings", "outputs": {"ledger": ledger}},
        *configurations,
    ]
    path = folder / "state.json"
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    return str(path)


def realised(capsys: Captured, *words: str) -> Any:
    assert main(["forecast", "--realised", *words, "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "realised"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    (change,) = told["changes"]
    for look in change["inventories"]:
        for gap in look["classes"].values():
            _adds_up(gap)
    return change


def _adds_up(gap: Mapping[str, Any]) -> None:
    if gap["forecast"] is not None:
        causes = [gap[name] for name in ("created", "lagging", "overdue", "otherwise")]
        assert gap["found"] - gap["forecast"] == gap["gap"] == sum(causes)


def one_look(capsys: Captured, folder: Path, day: float, rows: list[dict[str, Any]]) -> Any:
    then = ("--inventory", listed(folder, -1, THEN))
    change = realised(capsys, state(folder), *then, "--inventory", listed(folder, day, rows))
    (look,) = change["inventories"]
    return look


DONE = [an_object("tmp/new", NEW, "GLACIER_IR"), an_object("kept", OLD)]
"""As on day 29, when all is done."""


def test_what_happens_as_forecast_has_no_gap(folder: Path, capsys: Captured) -> None:
    look = one_look(capsys, folder, 29, DONE)
    assert {name: gap["gap"] for name, gap in look["classes"].items()} == {
        "STANDARD": 0,
        "GLACIER_IR": 0,
    }
    assert look["classes"]["STANDARD"]["unchanged"] == 3 * GIB
    assert (look["overdue"], look["lagging"], look["created"]) == ([], [], {})
    rates = look["usd_a_month"]
    assert rates["unchanged"] == pytest.approx(3 * 0.023)
    assert rates["saved"] == rates["forecast_saved"] == pytest.approx(2 * 0.023 - 0.004)


def test_the_inventory_at_its_recorded_path_is_what_was_there(
    folder: Path, capsys: Captured
) -> None:
    then, later = listed(folder, -1, THEN), listed(folder, 29, DONE)
    (look,) = realised(capsys, state(folder, inventory=then), "--inventory", later)["inventories"]
    assert look["basis"] == "facts"
    assert [gap["gap"] for gap in look["classes"].values()] == [0, 0]


def test_a_summary_at_its_recorded_path_does_as_well(folder: Path, capsys: Captured) -> None:
    (folder / "rules.json").write_text(json.dumps({"Rules": [RULE]}))
    then, later = listed(folder, -1, THEN), listed(folder, 29, DONE)
    words = ["inventory", "summary", then, "--for", "rules.json", "--into", "lab.parquet"]
    assert main(words) == 0
    capsys.readouterr()
    change = realised(capsys, state(folder, inventory="lab.parquet"), "--inventory", later)
    (look,) = change["inventories"]
    assert look["basis"] == "facts"
    assert [gap["gap"] for gap in look["classes"].values()] == [0, 0]


def test_facts_that_are_older_than_the_change_are_told(folder: Path, capsys: Captured) -> None:
    then, later = listed(folder, -3, THEN[1:]), listed(folder, 29, DONE)
    ledger = Path(state(folder))
    words = ("--inventory", then, "--inventory", later)
    assert realised(capsys, str(ledger), *words)["notes"] == []
    ledger.write_text(ledger.read_text().replace('{"Rules": []}', json.dumps({"Rules": [RULE]})))
    (note,) = realised(capsys, str(ledger), *words)["notes"]
    assert note.startswith("what was there was listed on 2026-11-26: what the rules before")


def kept(stored: list[int]) -> dict[str, Any]:
    """A forecast in the ledger: months end on days 29, 60 and so on."""
    side = {"STANDARD": stored}
    return {
        "prices_of": "2026-09-28",
        "stored": {"before": side, "after": side},
        "usd": {"before": [0.07] * 12, "after": [0.03] * 12},
    }


def test_without_it_the_ledger_knows_the_last_day_of_each_month(
    folder: Path, capsys: Captured
) -> None:
    ledger = state(folder, **kept([5 * GIB] * 12))
    last, other = listed(folder, 29, DONE), listed(folder, 28, THEN)
    change = realised(capsys, ledger, "--inventory", last)
    (look,) = change["inventories"]
    assert look["basis"] == "ledger"
    assert look["classes"]["STANDARD"]["forecast"] == 5 * GIB
    assert look["usd_a_month"] is None
    change = realised(capsys, ledger, "--inventory", other)
    (look,) = change["inventories"]
    assert look["basis"] is None
    assert look["classes"]["STANDARD"]["forecast"] is None
    assert "the ledger has the last days of months" in change["notes"][0]


def test_new_objects_are_growth_and_no_savings(folder: Path, capsys: Captured) -> None:
    rows = [*DONE, an_object("tmp/x", AT + DAY), an_object("tmp/y", AT + DAY)]
    look = one_look(capsys, folder, 29, rows)
    gap = look["classes"]["STANDARD"]
    assert (gap["gap"], gap["created"], gap["otherwise"]) == (2 * GIB, 2 * GIB, 0)
    assert look["created"] == {"STANDARD": {"objects": 2, "bytes": 2 * GIB}}
    assert look["usd_a_month"]["saved"] == look["usd_a_month"]["forecast_saved"]


def test_what_was_written_while_s3_listed_counts_as_created_since(
    folder: Path, capsys: Captured
) -> None:
    meanwhile = an_object("kept too", AT - timedelta(minutes=10))
    then = listed(folder, -1, [*THEN, meanwhile])
    words = ("--inventory", then, "--inventory", listed(folder, 29, [*DONE, meanwhile]))
    (look,) = realised(capsys, state(folder), *words)["inventories"]
    gap = look["classes"]["STANDARD"]
    assert (gap["gap"], gap["created"], gap["otherwise"]) == (GIB, GIB, 0)


def test_what_is_due_since_today_may_still_happen(folder: Path, capsys: Captured) -> None:
    look = one_look(capsys, folder, 29, [an_object("tmp/new", NEW), an_object("kept", OLD)])
    assert look["overdue"] == []
    (lagging,) = look["lagging"]
    assert (lagging["action"], lagging["into"]) == ("transition", "GLACIER_IR")
    assert look["classes"]["STANDARD"]["lagging"] == GIB
    assert look["classes"]["GLACIER_IR"]["lagging"] == -GIB


def test_a_rule_that_did_not_act_is_named_with_a_key_of_what_it_left(
    folder: Path, capsys: Captured
) -> None:
    look = one_look(capsys, folder, 29 + 3, THEN)
    assert look["lagging"] == []
    (overdue,) = look["overdue"]
    # One should have moved three days ago; the other on the first day, and be gone by now.
    assert overdue == {
        "rule": "tmp",
        "action": "transition",
        "into": "GLACIER_IR",
        "since": "2026-11-29",
        "objects": 2,
        "bytes": 2 * GIB,
        "key": "tmp/old",
    }
    gap = look["classes"]["STANDARD"]
    assert (gap["gap"], gap["overdue"], gap["otherwise"]) == (2 * GIB, 2 * GIB, 0)
    assert look["classes"]["GLACIER_IR"]["overdue"] == -GIB


def test_a_key_is_named_of_what_is_older_than_any_rule_needs(
    folder: Path, capsys: Captured
) -> None:
    rows = [an_object("tmp/older", BEGIN - 1000 * DAY)]
    (overdue,) = one_look(capsys, folder, 3, rows)["overdue"]
    assert (overdue["since"], overdue["key"]) == ("2026-11-29", "tmp/older")


def test_a_rule_that_does_not_act_on_new_objects_is_named_too(
    folder: Path, capsys: Captured
) -> None:
    look = one_look(capsys, folder, 40, [*DONE, an_object("tmp/x", AT + DAY)])
    assert {each["key"] for each in look["overdue"]} == {"tmp/x"}
    gap = look["classes"]["STANDARD"]
    assert (gap["gap"], gap["created"], gap["overdue"], gap["otherwise"]) == (GIB, GIB, 0, 0)


def a_version(key: str, made: datetime, *, latest: bool) -> dict[str, Any]:
    return {**an_object(key, made), "VersionId": f"{made:%Y%m%d}", "IsLatest": latest}


def test_of_noncurrent_versions_a_key_is_named_that_has_an_overdue_one(
    folder: Path, capsys: Captured
) -> None:
    week = {"NoncurrentVersionExpiration": {"NoncurrentDays": 7}, "Filter": {"Prefix": ""}}
    recorded = {
        "id": "old",
        "status": "Enabled",
        "noncurrentVersionExpiration": {"noncurrentDays": 7},
    }
    ledger = Path(state(folder, versioning="enabled", configurations=[deployed(recorded)]))
    rule = json.dumps({"ID": "old", "Status": "Enabled", **week})
    ledger.write_text(ledger.read_text().replace(json.dumps(RULE), rule))
    # Of one day and class, but one is noncurrent since before the change, one since yesterday.
    rows = [
        a_version("a/fresh", OLD, latest=False),
        a_version("a/fresh", BEGIN + 19 * DAY, latest=True),
        a_version("b/overdue", OLD, latest=False),
        a_version("b/overdue", OLD + 3 * DAY, latest=True),
    ]
    later = listed(folder, 20, rows)
    (look,) = realised(capsys, str(ledger), "--inventory", later)["inventories"]
    (overdue,) = look["overdue"]
    assert (overdue["rule"], overdue["action"]) == ("old", "delete_version")
    assert (overdue["objects"], overdue["key"]) == (1, "b/overdue")
    assert overdue["since"] == "2026-11-29"


def test_what_somebody_deleted_or_overwrote_is_told_apart(folder: Path, capsys: Captured) -> None:
    rows = [an_object("tmp/new", NEW, "GLACIER_IR"), an_object("kept", AT + DAY)]
    gap = one_look(capsys, folder, 29, rows)["classes"]["STANDARD"]
    assert (gap["gap"], gap["created"], gap["otherwise"]) == (0, GIB, -GIB)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "say what is there now: --inventory PATH"),
        (["--inventory", "state.json"], "state.json is no manifest.json of S3 Inventory"),
        (["--inventory", "nowhere/manifest.json"], "nowhere/manifest.json is not there: name"),
        (["--ingest", "x/=1GiB/month", "--as-of", "2026-01-01"], "no --ingest and no --as-of"),
        (["--cloudwatch", "sizes.json"], "takes no --cloudwatch"),
        (["--inventory", "x", "--out", "csv"], "--realised is not written as csv"),
        (["--inventory", "x", "--lag", "-1"], "--lag takes 0 or more days"),
    ],
)
def test_what_cannot_be_compared_says_what_to_write(
    words: list[str], says: str, folder: Path, capsys: Captured
) -> None:
    assert main(["forecast", "--realised", state(folder), *words]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is not JSON: name the output of `pulumi stack export`"),
        ("{}", "it is no ledger of forecasts"),
        ('{"deployment": []}', "it is no state of Pulumi"),
        ('{"deployment": {}}', "has no change of rules that `pulumi up` recorded"),
    ],
)
def test_a_file_that_has_no_ledger_is_told(
    content: str, says: str, folder: Path, capsys: Captured
) -> None:
    (folder / "other.json").write_text(content)
    assert main(["forecast", "--realised", "other.json", "--inventory", "x"]) in (1, 2)
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"deployment": None}, "has no change of rules that `pulumi up` recorded"),
        (
            {"deployment": {"resources": [{"type": "firnline:s3:Savings", "outputs": None}]}},
            "no ch",
        ),
        ({"deployment": {"resources": [7]}}, "it is no state of Pulumi"),
        ({"schema_version": "\x1b[2J"}, "its schema_version is \\x1b[2J, and"),
    ],
)
def test_a_state_with_something_else_in_place_of_a_ledger_is_told(
    folder: Path, capsys: Captured, document: object, said: str
) -> None:
    Path("other.json").write_text(json.dumps(document))
    words = ("--inventory", listed(folder, 1, THEN))
    assert main(["forecast", "--realised", "other.json", *words]) in (1, 2)
    assert said in capsys.readouterr().err


def test_what_a_ledger_says_cannot_speak_to_the_terminal(folder: Path, capsys: Captured) -> None:
    path, later = state(folder, account="\x1b[2J"), listed(folder, 29, DONE)
    assert main(["forecast", "--realised", path, "--inventory", later]) == 0
    told = capsys.readouterr().out
    assert "lab (\\x1b[2J, us-east-1)" in told
    assert "\x1b" not in told


def test_inventories_from_before_a_change_say_nothing_of_it(folder: Path, capsys: Captured) -> None:
    then = listed(folder, -1, THEN)
    assert main(["forecast", "--realised", state(folder), "--inventory", then]) == 1
    told = capsys.readouterr().err
    assert "no inventory is of a bucket after a change of its rules" in told
    assert "2026-11-28 01:30Z  lab" in told


def test_people_see_the_gap_and_what_explains_it(folder: Path, capsys: Captured) -> None:
    then = listed(folder, -1, THEN)
    later = listed(folder, 32, [*THEN[:2], an_object("tmp/x", BEGIN + 30 * DAY)])
    words = ["--inventory", then, "--inventory", later]
    assert main(["forecast", "--realised", state(folder), *words]) == 0
    told = capsys.readouterr().out
    assert "lab (012345670123, us-east-1): rules changed on 2026-11-28 01:30Z\n" in told
    assert "nothing was forecast: no inventory is named" in told
    assert "created since: 1 object version (1GiB)" in told
    assert "not done by rule `tmp`: move to GLACIER_IR, 2 object versions (2GiB)" in told
    assert "STANDARD: 1GiB less, which somebody deleted, overwrote or moved" in told
    assert all(len(line) <= 100 for line in told.splitlines() if "manifest" not in line)


def test_a_bucket_that_the_ledger_does_not_have_is_named(folder: Path, capsys: Captured) -> None:
    later = listed(folder, 29, THEN)
    words = ["--realised", state(folder), "--inventory", later, "--bucket", "other"]
    assert main(["forecast", *words]) == 1
    assert "has no change of bucket `other`, only of lab" in capsys.readouterr().err


def undone(capsys: Captured, folder: Path, of_state: str) -> Any:
    """Nothing was done 32 days after."""
    then, later = listed(folder, -1, THEN), listed(folder, 32, THEN)
    return realised(capsys, of_state, "--inventory", then, "--inventory", later)


def test_a_rule_that_the_state_has_no_longer_is_not_blamed_for_what_it_did_not_do(
    folder: Path, capsys: Captured
) -> None:
    disabled = deployed({**RECORDED, "status": "Disabled"})
    change = undone(capsys, folder, state(folder, configurations=[disabled]))
    (look,) = change["inventories"]
    assert (look["overdue"], look["lagging"]) == ([], [])
    assert sum(gap["otherwise"] for gap in look["classes"].values()) == GIB
    (note,) = change["notes"]
    assert note.startswith("the stack's state has some of its rules no longer, or changed: since")


@pytest.mark.parametrize(
    "following",
    [
        {"rules": {"before": "rules 1", "after": "rules 2"}},
        {"rules": {"before": "rules 2", "after": "rules 1"}, "late": True},
    ],
)
def test_a_rule_that_was_gone_at_the_next_change_is_not_blamed(
    following: dict[str, Any], folder: Path, capsys: Captured
) -> None:
    following = {**following, "at": (BEGIN + 90 * DAY).isoformat()}
    change = undone(capsys, folder, state(folder, following))
    (look,) = change["inventories"]
    assert look["overdue"] == []
    (note,) = change["notes"]
    assert note.startswith(
        "some of its rules were no longer live before the next change on 2027-02-27"
    )


def test_of_a_bucket_that_the_stack_no_longer_deploys_it_is_not_known_whether_rules_are_live(
    folder: Path, capsys: Captured
) -> None:
    change = undone(capsys, folder, state(folder, configurations=[]))
    (look,) = change["inventories"]
    assert {each["rule"] for each in look["overdue"]} == {"tmp"}
    (note,) = change["notes"]
    assert note.startswith("the stack no longer deploys rules of this bucket")


@pytest.mark.parametrize(
    "inputs",
    [
        {"bucket": "lab", "rules": [{**RECORDED, "id": "renamed"}]},
        {"bucket": "lab", "rules": {"4dabf18193072939515e22adb298388d": "secret"}},
    ],
)
def test_rules_that_do_the_same_and_those_that_are_secret_are_no_other_rules(
    inputs: dict[str, Any], folder: Path, capsys: Captured
) -> None:
    configuration = {"type": CONFIGURATION, "id": "lab", "inputs": inputs}
    change = undone(capsys, folder, state(folder, configurations=[configuration]))
    assert {each["rule"] for each in change["inventories"][0]["overdue"]} == {"tmp"}
    assert change["notes"] == []
