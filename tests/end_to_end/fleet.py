"""A fleet in an emulator, and a project of its accounts with a Pulumi backend of its own."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from firnline.fleet.live import read_live_json
from sandbox.fleet.create import create
from sandbox.fleet.plan import FleetAccount, FleetBucket, Size, accounts_in
from sandbox.paths import SandboxPaths
from tests.end_to_end.stack import Aws, Live, Project, Ran

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SETTLES = ("--settle", "5s")
"""The emulator answers at once by new rules."""
_PATIENCE_SECONDS = 1_200
WRITES = ("PutBucketLifecycleConfiguration", "DeleteBucketLifecycle")


@dataclass(frozen=True, slots=True)
class FleetProject(Project):
    """Its stack is chosen with each command, or by `firnline rollout`."""

    size: Size

    @property
    def accounts(self) -> tuple[FleetAccount, ...]:
        return accounts_in(self.size)

    def account(self, label: str) -> FleetAccount:
        (found,) = (each for each in self.accounts if each.label == label)
        return found

    def wave(self, number: int) -> set[str]:
        return {each.label for each in self.accounts if each.wave == number}

    def run(self, *words: str, **variables: str | None) -> Ran:
        """Of all accounts, which takes minutes."""
        return self._start(words, variables).wait(_PATIENCE_SECONDS)

    def firnline(self, *words: str, **variables: str | None) -> Ran:
        return self.run("firnline", *words, **variables)

    def rollout(self, *words: str) -> Ran:
        return self.firnline("rollout", *_SETTLES, *words)

    def rollout_killed(self, writes: int, *words: str, engines: bool = False) -> None:
        """Killed once S3 took so many writes more, alone or with its engines."""
        before = sum(self.written().values())
        running = self._start(("firnline", "rollout", *_SETTLES, *words), {}).process
        until = time.monotonic() + _PATIENCE_SECONDS
        while sum(self.written().values()) < before + writes:
            assert running.poll() is None, running.communicate()[0]
            assert time.monotonic() < until, "S3 took no write"
            time.sleep(0.05)
        started = psutil.Process(running.pid).children(recursive=True) if engines else []
        running.kill()
        for each in started:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        running.wait()
        assert running.stdout is not None
        running.stdout.close()

    def client_of(self, account: FleetAccount, bucket: FleetBucket) -> S3Client:
        return self.aws.client(account.id, bucket.kind.region)

    def live(self, labels: Iterable[str] = ()) -> Live:
        """What S3 answers about each bucket of these accounts, or of all."""
        chosen = set(labels) or {each.label for each in self.accounts}
        return {
            bucket.name: read_live_json(self.client_of(account, bucket), bucket.name)
            for account in self.accounts
            if account.label in chosen
            for bucket in account.buckets
        }

    def put(self, label: str, days: int) -> str:
        """By hand, behind Pulumi: what the first bucket of an account deletes goes after so
        many days. The bucket.
        """
        account = self.account(label)
        bucket = account.buckets[0]
        client = self.client_of(account, bucket)
        live = client.get_bucket_lifecycle_configuration(Bucket=bucket.name)
        rules: list[Any] = live["Rules"]
        for rule in rules:
            if "Expiration" in rule:
                rule["Expiration"]["Days"] = days
        client.put_bucket_lifecycle_configuration(
            Bucket=bucket.name, LifecycleConfiguration={"Rules": rules}
        )
        return bucket.name

    def clear(self) -> None:
        """No bucket has rules, and no stack is there."""
        for account in self.accounts:
            for bucket in account.buckets:
                self.client_of(account, bucket).delete_bucket_lifecycle(Bucket=bucket.name)

    def requests(self, since: int = 0) -> list[dict[str, str]]:
        """Those of the log behind the first `since`."""
        lines = self.aws.request_log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines[since:]]

    def logged(self) -> int:
        """How many requests the log has."""
        with self.aws.request_log.open("rb") as lines:
            return sum(1 for _ in lines)

    def require(self, *words: str) -> Ran:
        ran = self.run(*words)
        assert ran.code == 0, ran.text
        return ran

    def written(self, since: int = 0) -> Counter[str]:
        """How often S3 took a lifecycle, by the account's label."""
        by_id = {each.id: each.label for each in self.accounts}
        return Counter(
            by_id[each["account"]]
            for each in self.requests(since)
            if each["operation"] in WRITES and int(each["status"]) < 300
        )

    def variables(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        return Project.variables(self, {"PULUMI_STACK": None, **changed})


def make_fleet(folder: Path, root: Path, aws: Aws, size: Size, *, stacks: bool) -> FleetProject:
    """`root` is that of the emulator."""
    create(aws.state, SandboxPaths(root), size, folder, stacks=stacks)
    (folder / "state").mkdir()
    return FleetProject(folder, aws, size)
