"""A fleet of three accounts in two waves, its Pulumi project, and rollouts of it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from firnline.fleet.live import read_live_json
from firnline.s3.shape import Json
from sandbox.assumed import s3_of
from sandbox.fleet.plan import FleetAccount, Size, accounts_in
from tests.end_to_end.attacks.killing import kill_with_descendants
from tests.end_to_end.stack import Aws, Ran
from tests.waiting import wait_for

SIZE = Size(accounts=3, buckets=1, rules=2, waves=2)
ACCOUNTS = accounts_in(SIZE)
CANARY, *SECOND_WAVE = ACCOUNTS
WRITE, READ = "PutBucketLifecycleConfiguration", "GetBucketLifecycleConfiguration"
BEFORE, AFTER = 30, 40
"""The days of the retention of each bucket, as they are deployed and as a test rolls out."""

BY_HAND: Json = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "exports/"},
    "Expiration": {"Days": 3},
}


def bucket_of(account: FleetAccount) -> str:
    return account.buckets[0].name


@dataclass(frozen=True, slots=True)
class Running:
    process: subprocess.Popen[str]

    def ended(self) -> Ran:
        text, _ = self.process.communicate(timeout=150)
        return Ran(self.process.returncode, text)

    def kill(self) -> None:
        """The rollout alone: its engines go on."""
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()

    def kill_all(self) -> None:
        kill_with_descendants(self.process)


@dataclass(frozen=True, slots=True)
class Fleet:
    folder: Path
    aws: Aws
    states: Path

    def begin(self, *words: str, limit: Callable[[], None] | None = None) -> Running:
        """`firnline` in the project's folder, with output and errors together."""
        return Running(
            subprocess.Popen(
                [sys.executable, "-m", "firnline", *words],
                cwd=self.folder,
                env={**self.aws.environment, "PULUMI_BACKEND_URL": f"file://{self.states}"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                preexec_fn=limit,
            )
        )

    def run(self, *words: str) -> Ran:
        ran = self.begin(*words).ended()
        assert "Traceback" not in ran.text, ran.text
        return ran

    def rollout(self, *words: str) -> Ran:
        return self.run("rollout", *words)

    def engine_of(self, account: FleetAccount) -> int:
        """The process that the newest rollout started last for an account."""
        record = max((self.folder / ".firnline/rollouts").glob("*/journal.jsonl"))
        lines = map(json.loads, record.read_text(encoding="utf-8").splitlines())
        started = [line["engine"] for line in lines if "engine" in line]
        return int([each["pid"] for each in started if each["stack"] == account.label][-1])

    def checked_out_again(self, folder: Path) -> Fleet:
        """With the same stacks, and no record of what this one began."""
        ignored = shutil.ignore_patterns(".firnline", "state")
        shutil.copytree(self.folder, folder, symlinks=True, ignore=ignored)
        return Fleet(folder, self.aws, self.states)

    def change_the_rules(self) -> None:
        path = self.folder / "policies/checkpoints.yaml"
        text = path.read_text(encoding="utf-8")
        assert f"{BEFORE}d" in text
        path.write_text(text.replace(f"{BEFORE}d", f"{AFTER}d"), encoding="utf-8")

    def live(self, account: FleetAccount) -> list[Json]:
        found = read_live_json(self._client(account), bucket_of(account))
        rules: list[Json] = found["Rules"] if found else []
        return rules

    def days(self) -> list[int]:
        """What is live in each account: `BEFORE` or `AFTER`, and all of it."""
        return [self._days(each) for each in ACCOUNTS]

    def put(self, account: FleetAccount, rules: list[Json]) -> None:
        """By hand."""
        self._client(account).put_bucket_lifecycle_configuration(
            Bucket=bucket_of(account), LifecycleConfiguration={"Rules": rules}
        )

    def writes(self) -> int:
        return sum(operation == WRITE for operation, _ in self.aws.operations())

    def wait_for_a_delayed_write(self) -> None:
        """It is on its way once its fault is no longer to come."""

        def received() -> bool:
            return not any(each["delay_seconds"] for each in self.aws.faults())

        wait_for(received, "nothing was written", seconds=120)

    def wait_for_writes(self, more_than: int) -> None:
        wait_for(lambda: self.writes() > more_than, "nothing was written", seconds=120)

    def _days(self, account: FleetAccount) -> int:
        ours = [each for each in self.live(account) if each["ID"].startswith("firnline/")]
        assert len(ours) == SIZE.rules, ours
        (days,) = {each["Expiration"]["Days"] for each in ours if "Expiration" in each}
        return int(days)

    def _client(self, account: FleetAccount) -> Any:
        return s3_of(self.aws.state, account.id, account.buckets[0].kind.region)


class Deployed(NamedTuple):
    """What the first rollout left behind."""

    fleet: Fleet
    live: list[list[Json]]
