"""The real engine with our language host and AWS provider, against an S3 on loopback."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.engine import find
from tests.waiting import wait_for

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHECKOUT = Path(__file__).resolve().parents[3]
BIN = CHECKOUT / "sandbox" / "engine" / "bin"
TYPE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"

PROJECT = """
name: {name}
runtime: {{name: python, options: {{virtualenv: env}}}}
"""

PROGRAM = """
import sys
from pathlib import Path

import pulumi
import pulumi_aws as aws

role = aws.ProviderAssumeRoleArgs(
    role_arn="arn:aws:iam::012345670123:role/retention", session_name="tests"
)
account = aws.Provider(
    "account", region="us-east-1", allowed_account_ids=["012345670123"], assume_roles=[role]
)
opts = pulumi.ResourceOptions(provider=account)
Rule = aws.s3.BucketLifecycleConfigurationRuleArgs
Filter = aws.s3.BucketLifecycleConfigurationRuleFilterArgs
Expiration = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs


def lifecycle(name, bucket, days, **more):
    rules = [
        Rule(id=id, status="Enabled", filter=Filter(prefix=id), expiration=Expiration(days=days))
        for id in ("a/", "b/")
    ]
    return aws.s3.BucketLifecycleConfiguration(
        name, bucket=bucket, region="us-east-1", rules=rules, opts=opts, **more
    )

"""

MADE = """
bucket = aws.s3.Bucket("made", force_destroy=True, opts=opts)
lifecycle("logs", bucket.id, DAYS)
pulumi.export("bucket", bucket.bucket)
pulumi.export("python", sys.prefix)
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a program, and a stack in a backend of its own."""

    folder: Path
    engine: Path
    environment: dict[str, str]

    def write(self, program: str) -> None:
        (self.folder / "__main__.py").write_text(PROGRAM + program, encoding="utf-8")

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.engine), *words, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, fails: bool = False) -> str:
        """What it printed; on stdout and stderr alike."""
        with self.start(*words) as started:
            said, _ = started.communicate(timeout=60)
        assert (started.returncode != 0) == fails, said
        return said

    def up(self) -> str:
        return self.run("up", "--yes", "--skip-preview")

    def steps(self) -> dict[str, Any]:
        """What a preview would do, by the resource's name."""
        said = self.run("preview", "--json")
        plan = json.loads(said[said.index("{\n") :])
        return {step["urn"].rpartition("::")[2]: step for step in plan["steps"]}

    def output(self, name: str) -> str:
        return self.run("stack", "output", name).strip().splitlines()[-1]


@pytest.fixture(scope="module")
def new_project(aws: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Project]:
    assert aws
    engine = find.find_engine(CHECKOUT)
    hosts = [BIN / "language", BIN / "provider"] if engine.ours else [BIN / "provider"]
    folder = tmp_path_factory.mktemp("pulumi")
    (folder / "state").mkdir()
    environment = os.environ | {
        "PATH": os.pathsep.join([*map(str, hosts), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{folder}/state",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_HOME": f"{folder}/home",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
    }

    def make(name: str) -> Project:
        project = Project(folder / name, engine.path, environment)
        project.folder.mkdir()
        (project.folder / "Pulumi.yaml").write_text(PROJECT.format(name=name), encoding="utf-8")
        (project.folder / "env").symlink_to(sys.prefix)
        project.write("")
        project.run("stack", "init", "test")
        return project

    return make


@pytest.fixture(scope="module")
def deployed(new_project: Callable[[str], Project]) -> Iterator[Project]:
    """Up once, with a lifecycle of 180 days on a bucket that the program makes."""
    project = new_project("deployed")
    project.write(MADE.replace("DAYS", "180"))
    project.up()
    yield project
    shutil.rmtree(project.folder)


def days(s3: "S3Client", bucket: str) -> list[int]:
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    return [rule["Expiration"]["Days"] for rule in rules]


def test_a_life_from_up_to_destroy(deployed: Project, s3: "S3Client") -> None:
    bucket = deployed.output("bucket")
    assert days(s3, bucket) == [180, 180]

    deployed.run("preview", "--expect-no-changes")

    deployed.write(MADE.replace("DAYS", "181"))
    detail = deployed.steps()["logs"]["detailedDiff"]
    assert sorted(detail) == ["rules[0].expiration.days", "rules[1].expiration.days"]
    assert "1 updated" in deployed.up()
    assert days(s3, bucket) == [181, 181]

    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [{"ID": "x", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}]
        },
    )
    deployed.run("preview", "--expect-no-changes")
    assert "1 updated" in deployed.run("refresh", "--yes", "--skip-preview")
    assert deployed.steps()["logs"]["op"] == "update"

    s3.delete_bucket_lifecycle(Bucket=bucket)
    assert "1 deleted" in deployed.run("refresh", "--yes", "--skip-preview")
    deployed.up()
    assert days(s3, bucket) == [181, 181]

    deployed.run("destroy", "--yes", "--skip-preview")
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchBucket"):
        days(s3, bucket)


def test_the_virtual_environment_of_the_project_is_used(
    new_project: Callable[[str], Project],
) -> None:
    project = new_project("virtualenv")
    project.write('pulumi.export("python", sys.executable)\n')
    project.up()
    assert project.output("python") == str(project.folder / "env" / "bin" / "python")


def test_a_missing_virtual_environment_is_named(new_project: Callable[[str], Project]) -> None:
    project = new_project("noenv")
    (project.folder / "env").unlink()
    said = project.run("preview", fails=True)
    assert "'virtualenv' option in Pulumi.yaml is set to 'env'" in said


def test_an_import_reads_what_is_live(
    new_project: Callable[[str], Project], s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    project = new_project("imported")
    project.write('pulumi.export("x", 1)\n')
    project.up()
    bucket = new_bucket("to-import")
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "x",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "a/"},
                    "Expiration": {"Days": 3},
                }
            ]
        },
    )
    said = project.run("import", TYPE, "logs", bucket, "--yes")
    assert "1 imported" in said
    assert 'prefix = "a/"' in said


def test_a_refusal_of_s3_reaches_the_user(new_project: Callable[[str], Project]) -> None:
    project = new_project("nowhere")
    project.write('lifecycle("logs", "no-such-bucket", 5)\n')
    said = project.run("up", "--yes", "--skip-preview", fails=True)
    assert "creating S3 Bucket (no-such-bucket) Lifecycle Configuration: operation error" in said
    assert "api error NoSuchBucket" in said


def test_a_refusal_of_the_provider_names_the_property(
    new_project: Callable[[str], Project],
) -> None:
    project = new_project("typo")
    project.write(
        'rule = {"id": "x", "status": "Enabled", "filter": {"prefix": ""}, "transitons": []}\n'
        'aws.s3.BucketLifecycleConfiguration("logs", bucket="b", rules=[rule], opts=opts)\n'
    )
    said = project.run("preview", fails=True)
    assert "Invalid or unknown key" in said
    assert "'logs.rules[0].transitons'" in said


def test_a_failing_program_is_reported_once(new_project: Callable[[str], Project]) -> None:
    project = new_project("failing")
    project.write('raise RuntimeError("so it goes")\n')
    said = project.run("preview", fails=True)
    assert "RuntimeError: so it goes" in said
    assert "non-zero exit code" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_outlives_a_killed_engine(
    new_project: Callable[[str], Project], new_bucket: Callable[[str], str]
) -> None:
    project = new_project("killed")
    new_bucket("killed-bucket")
    project.write(
        'done = lifecycle("logs", "killed-bucket", 5)\n'
        'done.id.apply(lambda _: Path("there").touch())\n'
        'done.id.apply(lambda _: __import__("time").sleep(60))\n'
    )
    engine = project.start("up", "--yes", "--skip-preview")
    there = project.folder / "there"
    wait_for(there.exists, "the program never got there", seconds=60)
    others = descendants(engine.pid)
    assert len(others) >= 3, "the host, its program and the provider"
    os.kill(engine.pid, signal.SIGKILL)
    engine.wait()
    wait_for(lambda: not any(map(runs, others)), f"still there: {others}", seconds=30)


def descendants(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    texts = [(task / "children").read_text(encoding="ascii") for task in tasks]
    children = [int(word) for text in texts for word in text.split()]
    return [one for child in children for one in (child, *descendants(child))]


def runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
