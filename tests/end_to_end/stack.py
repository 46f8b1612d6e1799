"""A copy of this project with a stack, an engine and an emulator of its own, for tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from firnline.fleet.live import read_live_json
from firnline.language.gate_settings import CODES
from firnline.pipeline import compile_files
from firnline.s3.model import RuleSet
from firnline.s3.shape import Json
from firnline.workspace import read_folder
from sandbox import emulator_process, environment
from sandbox.engine.find import Engine
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State
from sandbox.world.accounts import BUCKETS

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_PLAIN = ("--non-interactive", "--color", "never")
Live = dict[str, Json | None]
"""What S3 answers about each of the seven buckets, rules by ID: their order has no meaning."""


@dataclass(frozen=True, eq=False)
class Aws:
    """The sandbox's emulator, started for the tests alone."""

    state: State
    environment: dict[str, str]
    request_log: Path

    @cache  # noqa: B019  # one for the whole session
    def client(self, account: str, region: str = "us-east-1") -> S3Client:
        """Plain boto3 through the account's role."""
        role = f"arn:aws:iam::{account}:role/retention"
        answer = (
            self._caller()
            .client("sts", endpoint_url=self.state.endpoint)
            .assume_role(RoleArn=role, RoleSessionName="by-hand")["Credentials"]
        )
        session = boto3.session.Session(
            aws_access_key_id=answer["AccessKeyId"],
            aws_secret_access_key=answer["SecretAccessKey"],
            aws_session_token=answer["SessionToken"],
            region_name=region,
        )
        return session.client("s3", endpoint_url=self.state.endpoint)

    def client_of(self, bucket: str) -> S3Client:
        (found,) = (each for each in BUCKETS if each.name == bucket)
        return self.client(found.account.id, found.region)

    def live(self) -> Live:
        return {
            each.name: _by_id(read_live_json(self.client_of(each.name), each.name))
            for each in BUCKETS
        }

    def put(self, bucket: str, live: Json | None) -> None:
        """By hand, behind Pulumi's back."""
        client = self.client_of(bucket)
        if live is None:
            client.delete_bucket_lifecycle(Bucket=bucket)
        else:
            client.put_bucket_lifecycle_configuration(
                Bucket=bucket,
                LifecycleConfiguration={"Rules": live["Rules"]},
                TransitionDefaultMinimumObjectSize=live["TransitionDefaultMinimumObjectSize"],
            )

    def restore(self, live: Live) -> None:
        """The rules as they were, and no bucket besides, which `firnline resolve` would take up."""
        now = self.live()
        for bucket, configuration in live.items():
            if now[bucket] != configuration:
                self.put(bucket, configuration)
        world = {each.name for each in BUCKETS}
        for account in {each.account.id for each in BUCKETS}:
            client = self.client(account)
            for name in {each["Name"] for each in client.list_buckets()["Buckets"]} - world:
                client.delete_bucket(Bucket=name)

    def fail(self, **fault: Any) -> None:
        """The next requests that match fail (see firnline.testing.Fault)."""
        self._faults("POST", json.dumps(fault).encode())

    def faults(self) -> list[Json]:
        """Those that are still to come."""
        found: list[Json] = json.loads(self._faults("GET"))
        return found

    def fail_no_more(self) -> None:
        self._faults("DELETE")

    def _faults(self, method: str, body: bytes | None = None) -> bytes:
        address = f"{self.state.endpoint}/_firnline/faults"
        request = urllib.request.Request(address, body, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return bytes(answer.read())

    def operations(self) -> list[tuple[str, str]]:
        """Every request so far: its operation and the bucket."""
        lines = self.request_log.read_text(encoding="utf-8").splitlines()
        return [(line["operation"], line.get("bucket") or "") for line in map(json.loads, lines)]

    def _caller(self) -> boto3.session.Session:
        return boto3.session.Session(
            aws_access_key_id=self.state.access_key_id,
            aws_secret_access_key=self.state.secret_access_key,
            region_name="us-east-1",
        )


def _by_id(shape: Json | None) -> Json | None:
    return shape and {**shape, "Rules": sorted(shape["Rules"], key=lambda rule: rule["ID"])}


@contextmanager
def start_aws(root: Path, engine: Engine) -> Iterator[Aws]:
    """The sandbox with `root` for its files, and an environment that finds the engine too."""
    paths = SandboxPaths(root)
    state = emulator_process.up(paths).state
    try:
        applied = environment.point_at(state, paths, os.environ, engine).applied_to(os.environ)
        yield Aws(state, applied, paths.request_log)
    finally:
        emulator_process.down(paths)


@dataclass(frozen=True, slots=True)
class Ran:
    code: int
    text: str

    def __contains__(self, text: str) -> bool:
        return text in self.text


@dataclass(frozen=True, slots=True)
class Running:
    process: subprocess.Popen[str]

    def wait(self, patience_seconds: float = 120) -> Ran:
        text, _ = self.process.communicate(timeout=patience_seconds)
        return Ran(self.process.returncode, text)


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a Pulumi program, and its state in files beside it."""

    folder: Path
    aws: Aws

    @property
    def state_folder(self) -> Path:
        return self.folder / "state"

    def run(self, *words: str, **variables: str | None) -> Ran:
        """Output and errors together, as on a terminal."""
        return self._start(words, variables).wait()

    def pulumi(self, *words: str, **variables: str | None) -> Ran:
        return self.run("pulumi", *words, *_PLAIN, **variables)

    def begin(self, *words: str, **variables: str | None) -> Running:
        """`pulumi` that goes on while the test does something else."""
        return self._start(("pulumi", *words, *_PLAIN), variables)

    def _start(self, words: Sequence[str], variables: Mapping[str, str | None]) -> Running:
        return Running(
            subprocess.Popen(
                words,
                cwd=self.folder,
                env=self.variables(variables),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
            )
        )

    def up(self, *words: str) -> Ran:
        """Without the preview that `up` begins with, where a test is not about it."""
        return self.pulumi("up", "--yes", "--skip-preview", *words)

    def steps(self) -> list[Json]:
        """What a preview would do, without what stays as it is."""
        ran = subprocess.run(
            ["pulumi", "preview", "--json", "--non-interactive"],
            cwd=self.folder,
            env=self.variables({}),
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        return [step for step in json.loads(ran.stdout)["steps"] if step["op"] != "same"]

    def resources(self) -> list[Json]:
        """What `pulumi stack export` says: it copies them from this file."""
        (file,) = self.state_folder.glob(".pulumi/stacks/*/sandbox.json")
        latest = json.loads(file.read_text(encoding="utf-8"))["checkpoint"]["latest"]
        found: list[Json] = (latest or {}).get("resources") or []
        return found

    def edit(self, file: str, *changes: tuple[str, str]) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, f"{file} says {old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def switch_gates_off(self) -> None:
        """Whatever a test deploys is approved."""
        off = '{level = "off", why = "this test is not about approvals"}'
        levels = "".join(f"{code} = {off}\n" for code in CODES)
        text = f'[review]\napprovals = "self"\n\n[gates.levels]\n{levels}'
        (self.folder / "firnline.toml").write_text(text, encoding="utf-8")

    def compiled(self) -> dict[str, RuleSet]:
        """What the policies in this folder ask of each bucket."""
        compilation = compile_files(read_folder(self.folder / "policies"))
        assert not compilation.failed, compilation.diagnostics
        return {each.bucket.name: each.rules for each in compilation.buckets}

    def variables(self, changed: Mapping[str, str | None]) -> dict[str, str]:
        wanted = {
            **self.aws.environment,
            "PULUMI_BACKEND_URL": f"file://{self.state_folder}",
            "PULUMI_STACK": "sandbox",
            **changed,
        }
        return {name: value for name, value in wanted.items() if value is not None}


def make_project(folder: Path, aws: Aws, *copied: str) -> Project:
    """`copied` are files and folders of the checkout. Without its settings there are no gates."""
    (folder / "state").mkdir(parents=True)
    (folder / ".venv").symlink_to(CHECKOUT / ".venv")
    for name in copied:
        source = CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder / name)
    project = Project(folder, aws)
    if "firnline.toml" not in copied:
        project.switch_gates_off()
    return project
