"""A first `pulumi up` of 100 buckets, one that changes nothing, and what memory 200 buckets take.

The baseline declares the same resources with pulumi_aws alone, from a file of finished rules.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure, in_turn, seconds
from benchmarks.memory import peak_memory
from firnline.pipeline import compile_files
from firnline.targets.formats.rules_s3_json import to_s3_json
from firnline.workspace import read_folder
from sandbox.engine.find import find_engine
from sandbox.paths import CHECKOUT
from tests.end_to_end.stack import Aws, Project, make_project, start_aws

BUCKETS = 100
MANY_BUCKETS = 200
ROUNDS = 3
LOOK = 3.0
"""Seconds: three equal answers of S3 take as long, once for all buckets, before the first write."""
ACCOUNT = "012345670123"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/retention"
FLEET = f"""\
firnline: fleet/v1
namespace: bench
accounts: {{bench: {{id: "{ACCOUNT}", regions: us-east-1, role: {ROLE}}}}}
"""
RETENTIONS = "".join(
    f"  data-{number}: {{prefix: data-{number}/, warm_after: 30d, delete_after: {90 + number}d}}\n"
    for number in range(9)
)
POLICY = f"""\
firnline: policy/v1
policy: bench
owner: bench
why: a benchmark
applies_to: [{{account: bench, buckets: "bench-*"}}]
retain:
{RETENTIONS}uploads: {{abort_after: 7d}}
"""
STACK = "config:\n  firnline:world: sandbox\n  firnline:accounts: [bench]\n"
BASELINE = """\
import json
import pulumi, pulumi_aws as aws
from pulumi_aws.s3 import BucketLifecycleConfiguration as Configuration

account, role, configurations = json.load(open("rules.json"))
provider = aws.Provider(
    account, region="us-east-1", allowed_account_ids=[account],
    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)],
)
for bucket, rules in configurations.items():
    Configuration(bucket, bucket=bucket, region="us-east-1", rules=rules,
                  opts=pulumi.ResourceOptions(provider=provider, retain_on_delete=True))
"""


def measure() -> Iterator[Figure]:
    with _world(BUCKETS) as (ours, baseline):
        pairs = [(_first_up(ours), _first_up(baseline)) for _ in range(ROUNDS)]
        with_us, without = (median(each) for each in zip(*pairs, strict=True))
        yield Figure(f"first up, {BUCKETS} buckets of ten rules, our program", with_us, "s")
        yield Figure(f"first up, {BUCKETS} buckets of ten rules, plain pulumi_aws", without, "s")
        # 6.3 while each bucket was read back inside of its hook.
        yield Figure("  against plain pulumi_aws", median(a / b for a, b in pairs), "×", 3.1)
        with_us, without, _ = in_turn(lambda: _up(ours), lambda: _up(baseline), ROUNDS)
        yield Figure("an up that changes nothing, our program", with_us, "s")
        yield Figure("an up that changes nothing, plain pulumi_aws", without, "s")
        beyond = with_us - 1.3 * without
        yield Figure("  beyond 1.3 times plain pulumi_aws", beyond, "s", LOOK)
    with _world(MANY_BUCKETS) as (ours, _):
        peak = peak_memory(lambda: _first_up(ours), without="sandbox.emulator")
        yield Figure(f"memory of a first up, {MANY_BUCKETS} buckets", peak / 2**20, "MiB", 650)


@contextmanager
def _world(buckets: int) -> Iterator[tuple[Project, Project]]:
    """Our project and the baseline, for so many buckets without rules."""
    with tempfile.TemporaryDirectory() as folder, _aws(Path(folder)) as aws:
        for number in range(buckets):
            aws.client(ACCOUNT).create_bucket(Bucket=f"bench-{number:03}")
        ours = _ours(Path(folder), aws)
        yield ours, _baseline(Path(folder), aws, ours)


def _first_up(project: Project) -> float:
    """Its seconds, with an empty state and no live rules."""
    client = project.aws.client(ACCOUNT)
    for bucket in client.list_buckets()["Buckets"]:
        client.delete_bucket_lifecycle(Bucket=bucket["Name"])
    shutil.rmtree(project.state_folder)
    project.state_folder.mkdir()
    _require(project, "pulumi", "stack", "init", "sandbox")
    return seconds(lambda: _up(project))


def _aws(folder: Path) -> AbstractContextManager[Aws]:
    return start_aws(folder / "sandbox", find_engine(CHECKOUT))


def _ours(folder: Path, aws: Aws) -> Project:
    project = make_project(folder / "ours", aws, "Pulumi.yaml", "__main__.py")
    (project.folder / "policies").mkdir()
    (project.folder / "policies" / "fleet.yaml").write_text(FLEET)
    (project.folder / "policies" / "bench.yaml").write_text(POLICY)
    (project.folder / "Pulumi.sandbox.yaml").write_text(STACK)
    _require(project, str(CHECKOUT / ".venv" / "bin" / "firnline"), "resolve")
    return project


def _baseline(folder: Path, aws: Aws, ours: Project) -> Project:
    project = make_project(folder / "baseline", aws, "Pulumi.yaml")
    compiled = json.loads(to_s3_json(compile_files(read_folder(ours.folder / "policies"))))
    rules = {key.split("/")[2]: _camel(value["Rules"]) for key, value in compiled.items()}
    (project.folder / "rules.json").write_text(json.dumps([ACCOUNT, ROLE, rules]))
    (project.folder / "__main__.py").write_text(BASELINE)
    return project


def _camel(value: object) -> object:
    """S3's spelling of rules as the provider's: `StorageClass` becomes `storageClass`."""
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if isinstance(value, dict):
        return {
            "id" if key == "ID" else key[0].lower() + key[1:]: _camel(each)
            for key, each in value.items()
        }
    return value


def _up(project: Project) -> None:
    _require(project, "pulumi", "up", "--yes", "--skip-preview", "--non-interactive")


def _require(project: Project, *words: str) -> None:
    ran = project.run(*words)
    assert ran.code == 0, ran.text
