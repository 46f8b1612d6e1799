"""How far a rollout is, what of it is shown, and how long it is said to take."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from rich.console import Console

from firnline.cli.formats import FORMATS, Answer
from firnline.cli.rollout_answer import RolledOut
from firnline.cli.rollout_events import Told, to_line
from firnline.cli.rollout_json import plan_json, summary_json
from firnline.cli.rollout_text import line_of, so_far, summary_text
from firnline.cli.rollout_view import drawn
from firnline.cli.rollout_watch import watching
from firnline.rollout.events import Event, Happened
from firnline.rollout.judged import Judged
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.progress import Progress
from tests.rollout.large_plans import began, ended, of_account, plan

BEGAN = 1_796_036_400.0


def after_two_of_six() -> Progress:
    """Two at a time; a preview takes 20 s, a deployment 50 s."""
    progress = Progress(plan({1: 6}), 2)
    progress.take(began(1, BEGAN))
    for number in range(1, 7):
        progress.take(of_account(Happened.PREVIEWING, number, BEGAN))
        progress.take(of_account(Happened.PREVIEWED, number, BEGAN + 20))
    for number in (1, 2):
        progress.take(of_account(Happened.WRITING, number, BEGAN + 60))
        progress.take(ended(number, BEGAN + 110))
    return progress


def shown(progress: Progress, now: float, columns: int, rows: int = 23) -> list[str]:
    console = Console(width=columns, file=io.StringIO(), record=True)
    console.print(drawn(progress, now, rows))
    return console.export_text().rstrip("\n").splitlines()


def test_what_is_left_is_estimated_by_what_was_measured_and_by_how_many_run_at_a_time() -> None:
    progress = after_two_of_six()
    assert progress.seconds_left(BEGAN + 110) == pytest.approx(4 / 2 * 50)
    for number in (3, 4):
        progress.take(of_account(Happened.WRITING, number, BEGAN + 110))
    assert progress.seconds_left(BEGAN + 135) == pytest.approx(4 / 2 * 50 - 25)


def test_nothing_is_estimated_before_an_account_is_done_nor_where_the_rollout_stops() -> None:
    progress = Progress(plan({1: 2}), 2)
    progress.take(began(1, BEGAN))
    progress.take(of_account(Happened.WRITING, 1, BEGAN))
    assert progress.seconds_left(BEGAN + 10) is None
    progress.take(ended(1, BEGAN + 50, Result.FAILED))
    assert progress.seconds_left(BEGAN + 50) is None


def test_an_account_of_which_s3_answers_something_else_later_is_no_success() -> None:
    progress = after_two_of_six()
    progress.take(ended(1, BEGAN + 120, Result.UNSURE, "other rules are live"))
    assert progress.counts() == {Result.UNSURE: 1, Result.APPLIED: 1}
    assert progress.failing == ["team-001"]


@pytest.mark.parametrize("columns", [80, 120])
def test_of_three_hundred_accounts_those_are_shown_that_run_or_fail_and_no_line_is_too_long(
    columns: int,
) -> None:
    progress = Progress(plan({1: 300}), 60)
    progress.take(began(1, BEGAN))
    for number in range(1, 61):
        progress.take(of_account(Happened.WRITING, number, BEGAN + number))
    for number in range(1, 11):
        progress.take(ended(number, BEGAN + 99, Result.FAILED, "AccessDenied: " + "why " * 60))
    lines = shown(progress, BEGAN + 100, columns)
    assert len(lines) <= 23
    assert max(map(len, lines)) <= columns
    text = "\n".join(lines)
    assert "10 of 300 accounts" in text
    assert "10 failed  50 running  240 to go" in text
    assert "team-011  writing" in text  # the slowest
    assert "team-060" not in text
    assert "team-010  failed: AccessDenied: why" in text
    assert "and 4 more that failed" in text


def test_lines_of_a_log_have_the_time_and_only_what_is_worth_it() -> None:
    told = [
        began(1, BEGAN),
        of_account(Happened.PREVIEWING, 1, BEGAN),
        of_account(Happened.WRITING, 1, BEGAN + 20),
        ended(1, BEGAN + 70),
        ended(2, BEGAN + 71, Result.REFUSED, "error[FL706]: no\n\n  two lines"),
    ]
    assert "\n".join(filter(None, map(line_of, told))) == (
        "11:00:00Z wave 1: 3 buckets to write\n"
        "11:01:10Z   team-001: 3 buckets written in 0:50\n"
        "11:01:11Z   team-002: refused\n"
        "    error[FL706]: no\n"
        "      two lines"
    )
    assert line_of(ended(1, BEGAN), seen=True) == ""
    assert so_far(after_two_of_six(), BEGAN + 110) == (
        "11:01:50Z wave 1: 2 of 6 accounts done, about 2 min left"
    )


def test_each_event_is_one_line_as_its_schema_says() -> None:
    file = resources.files("firnline.targets").joinpath("rollout_events.schema.json")
    schema = Draft7Validator(json.loads(file.read_text()))
    for what in Happened:
        line = to_line(Told("20261130T110004Z-9fcf", Event(BEGAN, what, text="two\nlines")))
        assert line.count("\n") == 1
        schema.validate(json.loads(line))
    found = json.loads(to_line(Told("id", ended(1, BEGAN, Result.FAILED, "why"))))
    assert (found["at"], found["account"]) == ("2026-11-30T11:00:00.000+00:00", "team-001")
    assert (found["result"], found["text"]) == ("failed", "why")


def test_an_interrupted_rollout_names_no_account_that_was_only_not_started() -> None:
    outcomes = (
        Outcome("team-001", "team-001", 1, Result.APPLIED, written=3, logs="/logs/team-001"),
        Outcome("team-002", "team-002", 1, Result.NOT_STARTED, logs="/logs/team-002"),
    )
    assert summary_text(RolledOut("a", plan({1: 2}), outcomes, 130), columns=100) == (
        "rollout a: 1 applied, 1 not started\n"
        "`firnline rollout --resume` goes on with what is not applied\n"
    )


def test_plan_and_outcome_are_as_their_schemas_say() -> None:
    of = plan({1: 1, 2: 1})
    failed = Outcome("team-001", "team-001", 1, Result.FAILED, resource="lab-a", reason="why")
    answers = {
        "rollout_plan": plan_json(Judged(of)),
        "rollout": summary_json(RolledOut("a", of, (failed,), 11)),
    }
    for name, text in answers.items():
        file = resources.files("firnline.targets").joinpath(f"{name}.schema.json")
        Draft7Validator(json.loads(file.read_text())).validate(json.loads(text))
    assert [each["wave"] for each in json.loads(answers["rollout_plan"])["waves"]] == [1, 2]
    first, second = json.loads(answers["rollout"])["accounts"]
    assert (first["result"], first["resource"], first["reason"]) == ("failed", "lab-a", "why")
    assert second["result"] is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_disk_ends_the_events_and_not_the_rollout(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (events,) = FORMATS[Answer.ROLLOUT_EVENTS]
    given = Namespace(out=[(events, "/dev/full")], concurrency=1, pause=None, canary=False)
    with watching(plan({1: 1}), "a", given) as tell:
        tell(began(1, BEGAN))
        tell(ended(1, BEGAN + 50))
    said = capsys.readouterr().err
    assert said.count("no more events are written") == 1
    assert "team-001: 3 buckets written" in said
