"""No secret of the environment or of AWS's answers is in anything that commands write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from tests.fleet.small_world import FLEET, PROD, served, write_folder

BUCKET = "acme-models-use1"
KEY = "Plant3dSecretKeyPlant3dSecretKeyPlant3dSe"
TOKEN = "FwoGZXIvYXdzEPLANTEDSESSIONTOKENplantedplantedplanted=="
PASSWORD, PASSPHRASE = "planted-tracking-password", "planted-pulumi-passphrase"
FORGE, SIGNATURE = "ghp_plantedForgeTokenPlantedForgeToken0", "plantedsignature0123456789abcdef"
SECRETS = (KEY, TOKEN, PASSWORD, PASSPHRASE, FORGE, SIGNATURE)
PRESIGNED = f"https://s3.amazonaws.com/b/k?X-Amz-Signature={SIGNATURE}&X-Amz-Security-Token={TOKEN}"
REGISTRIES = """\
registries:
  tracked: {mlflow: {tracking_uri: "http://127.0.0.1:9/", backend_store_env: STORE_URL}}
  served: {mlflow: {tracking_uri: "http://127.0.0.1:9/"}}
"""
COMMANDS = (
    ["resolve"],
    ["show"],
    ["show", BUCKET, "--out", "json"],
    ["diff", "live", "--out", "html:page.html", "--out", "json:change.json"],
    ["verify", "--settle", "0", "--reads", "1", "--out", "json:verify.json"],
    ["explain", f"s3://{BUCKET}/tmp/a", "--live"],
    ["inventory", "list", BUCKET],
    ["forecast", "--bucket", BUCKET],
    ["report", "--out", "html:report.html"],
    ["iam", "--out", "json:iam.json"],
    ["check", "--out", "sarif:check.sarif", "--out", "text"],
    ["gc", "refs", "--out", "refs.json"],
    ["comment", "--out", "json"],
)
SAID = (
    f"User: arn:aws:iam::{PROD}:user/x cannot; token={TOKEN}",
    f"see {PRESIGNED}",
    f"the secret {KEY} is not that of this key, nor is the token {TOKEN}",
    f"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261130/us-east-1, Signature={SIGNATURE}",
    f"https://user:{PASSWORD}@proxy.example/ refused",
)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def served_once() -> Iterator[testing.Emulator]:
    with pytest.MonkeyPatch.context() as monkeypatch, served(monkeypatch) as emulator:
        emulator.client("s3", PROD).put_object(Bucket=BUCKET, Key="tmp/a", Body=b"a")
        yield emulator


@pytest.fixture
def aws(
    served_once: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[testing.Emulator]:
    monkeypatch.chdir(tmp_path)
    folder = write_folder(tmp_path)
    (folder / "fleet.yaml").write_text(FLEET + REGISTRIES)
    planted = {
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_SESSION_TOKEN": TOKEN,
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "STORE_URL": f"postgresql://mlflow:{PASSWORD}@127.0.0.1:9/mlflow",
        "MLFLOW_TRACKING_PASSWORD": PASSWORD,
        "MLFLOW_TRACKING_USERNAME": "mlflow",
        "GITHUB_TOKEN": FORGE,
        "GH_TOKEN": FORGE,
    }
    for name, value in planted.items():
        monkeypatch.setenv(name, value)
    yield served_once
    served_once.middleware.faults.clear()


def run(command: list[str], capsys: Captured) -> str:
    """All that it prints and writes."""
    capsys.readouterr()
    with suppress(SystemExit):
        main(command)
    told = capsys.readouterr()
    files = (path.read_bytes() for path in Path().rglob("*") if path.is_file())
    return told.out + told.err + "".join(each.decode("utf-8", "replace") for each in files)


def leaked(text: str) -> list[str]:
    return [each for each in SECRETS if each in text]


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words[:2]))
def test_a_command_that_works_tells_no_secret(
    command: list[str], aws: testing.Emulator, capsys: Captured
) -> None:
    before = len(aws.requests)
    run(["resolve"], capsys)
    said = run(command, capsys)
    assert leaked(said) == []
    assert leaked(repr(aws.requests[before:])) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS[:8], ids=lambda words: " ".join(words[:2]))
def test_what_aws_says_is_told_without_the_secrets_in_it(
    command: list[str], aws: testing.Emulator, capsys: Captured
) -> None:
    run(["resolve"], capsys)
    fault = testing.Fault(
        account=PROD, status=403, code="AccessDenied", message=" | ".join(SAID), times=99
    )
    aws.middleware.faults.add(fault)
    said = run(command, capsys)
    assert "AccessDenied" in said
    assert leaked(said) == []


@pytest.mark.parametrize(
    "address",
    [f"http://user:{PASSWORD}@127.0.0.1:9", f"http://127.0.0.1:9/?X-Amz-Security-Token={TOKEN}"],
    ids=("password", "token"),
)
def test_an_address_with_a_secret_is_told_without_it(
    address: str, aws: testing.Emulator, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    assert aws.endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    said = run(["resolve"], capsys)
    assert "cannot be read" in said
    assert leaked(said) == []
