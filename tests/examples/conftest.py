"""The laboratory, built once: an emulator in this process, and a folder with the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from firnline import testing
from firnline.testing.moto_process import open_account, role_arn
from sandbox.paths import CHECKOUT
from sandbox.world.accounts import LABORATORY

PROJECT = CHECKOUT / "examples/laboratory"


@dataclass(frozen=True, slots=True)
class Lab:
    aws: testing.Emulator
    folder: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """In the folder, as in `make shell`."""
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def client(self, service: Any) -> Any:
        """With the role of the laboratory's account."""
        keys = self.aws.caller_client("sts").assume_role(
            RoleArn=role_arn(LABORATORY.id), RoleSessionName="laboratory"
        )["Credentials"]
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=self.aws.endpoint,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        path = os.pathsep.join([str(CHECKOUT / "compiler"), str(CHECKOUT)])
        commands = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
        own = {"PATH": commands, "PYTHONPATH": path, "COLUMNS": "120"}
        return {**kept, **self.aws.environment, **own}


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("laboratory")
    shutil.copytree(PROJECT / "policies", folder / "policies")
    with testing.serve(lambda _started: _open()) as aws:
        built = Lab(aws, folder)
        ran = built.run("examples.laboratory", "--folder", str(folder))
        assert ran.returncode == 0, ran.stderr
        yield built


def _open() -> None:
    open_account(LABORATORY.id)
