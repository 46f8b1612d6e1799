"""What the environment of the sandbox sets, and what it takes away."""

import os
import shlex
from pathlib import Path

from sandbox import environment
from sandbox.engine.find import Engine
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State

STATE = State("w1", "http://127.0.0.1:4", 1, "2", "2026-11-21T00:00:00+00:00", "key", "secret")
STAND_INS = CHECKOUT / "sandbox" / "engine" / "bin"


def folders(paths: SandboxPaths, path: str, engine: Engine | None) -> list[str]:
    pointed = environment.point_at(STATE, paths, {"PATH": path}, engine)
    return pointed.set["PATH"].split(os.pathsep)


def test_everything_points_at_the_sandbox(tmp_path: Path) -> None:
    values = environment.point_at(STATE, SandboxPaths(tmp_path), {}, None).set
    assert values["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4"
    assert values["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/.sandbox/worlds/w1/pulumi"
    assert values["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert values["PULUMI_RUN_PROGRAM"] == "true"
    assert values["PULUMI_LOG_ROTATION_MAX_TOTAL_MB"] == "20"
    assert values["AWS_CONFIG_FILE"] == values["AWS_SHARED_CREDENTIALS_FILE"]
    assert Path(values["AWS_CONFIG_FILE"]).parent == tmp_path / ".sandbox"


def test_what_leads_to_a_real_account_is_taken_away(tmp_path: Path) -> None:
    environ = {"AWS_PROFILE": "prod", "AWS_ENDPOINT_URL_S3": "https://s3", "HOME": "/home/me"}
    applied = environment.point_at(STATE, SandboxPaths(tmp_path), environ, None).applied_to(environ)
    assert not applied.keys() & {"AWS_PROFILE", "AWS_ENDPOINT_URL_S3"}
    assert applied["HOME"] == "/home/me"


def test_proxies_are_passed_by(tmp_path: Path) -> None:
    values = environment.point_at(STATE, SandboxPaths(tmp_path), {"NO_PROXY": "intern"}, None).set
    assert values["NO_PROXY"] == "intern,127.0.0.1"


def test_shell_lines_survive_blanks_and_quotes(tmp_path: Path) -> None:
    root = tmp_path / "it's a root"
    lines = environment.point_at(STATE, SandboxPaths(root), {}, None).as_shell().splitlines()
    words = [shlex.split(line) for line in lines]
    assert words[0][0] == "unset"
    assert ["export", f"PULUMI_HOME={root}/.sandbox/pulumi-home"] in words


def test_our_engine_comes_with_both_stand_ins(tmp_path: Path) -> None:
    engine = Engine(tmp_path / ".engine" / "pulumi", ours=True)
    assert folders(SandboxPaths(tmp_path), "/usr/bin", engine)[1:] == [
        str(STAND_INS / "provider"),
        str(STAND_INS / "language"),
        str(tmp_path / ".engine"),
        "/usr/bin",
    ]


def test_a_users_engine_keeps_its_own_language_host(tmp_path: Path) -> None:
    engine = Engine(Path("/opt/pulumi/pulumi"), ours=False)
    path = f"/opt/pulumi{os.pathsep}/usr/bin"
    assert folders(SandboxPaths(tmp_path), path, engine)[1:] == [
        str(STAND_INS / "provider"),
        "/opt/pulumi",
        "/usr/bin",
    ]


def test_the_stand_ins_are_where_the_path_says() -> None:
    assert (STAND_INS / "provider" / "pulumi-resource-aws").is_file()
    assert (STAND_INS / "language" / "pulumi-language-python").is_file()


def test_evaluating_twice_adds_nothing(tmp_path: Path) -> None:
    once = os.pathsep.join(folders(SandboxPaths(tmp_path), "/usr/bin", None))
    assert os.pathsep.join(folders(SandboxPaths(tmp_path), once, None)) == once
