"""A `pulumi up` of 100 buckets that changes nothing: how much of its time is our program's?

The baseline declares the same resources with pulumi_aws alone, from a file of finished rules.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.figure import Figure, in_turn
from firnline.pipeline import compile_files
from firnline.targets.s3_json import render
from firnline.workspace import read_folder
from sandbox.engine.find import find_engine
from sandbox.places import CHECKOUT
from tests.end_to_end.stack import Aws, Project, make_project, start_aws

BUCKETS = 100
ACCOUNT = "012345670123"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/retention"
FLEET = f"""\
firnline: fleet/v1
namespace: bench
accounts: {{bench: {{id: "{ACCOUNT}", regions: us-east-1, role: {ROLE}}}}}
"""
POLICY = """\
firnline: policy/v1
policy: bench
owner: bench
why: a benchmark
applies_to: [{account: bench, buckets: "bench-*"}]
retain:
  checkpoints: {prefix: checkpoints/, warm_after: 14d, cold_after: 60d, delete_after: 180d}
  failed: {prefix: [failed/, killed/], delete_after: 14d}
  models: {prefix: models/, warm_after: 30d, cold_after: 90d, delete_after: 365d}
uploads: {abort_after: 7d}
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
    with tempfile.TemporaryDirectory() as folder, _aws(Path(folder)) as aws:
        for number in range(BUCKETS):
            aws.client(ACCOUNT).create_bucket(Bucket=f"bench-{number:03}")
        ours = _ours(Path(folder), aws)
        baseline = _baseline(Path(folder), aws, ours)
        for project in (ours, baseline):
            _up(project)
        with_us, without, ratio = in_turn(lambda: _up(ours), lambda: _up(baseline), rounds=5)
        yield Figure(f"no-change up, {BUCKETS} buckets, our program", with_us, "s")
        yield Figure(f"no-change up, {BUCKETS} buckets, plain pulumi_aws", without, "s")
        yield Figure("our program's share of the wall time", 100 * (1 - 1 / ratio), "%")


def _aws(folder: Path) -> AbstractContextManager[Aws]:
    return start_aws(folder / "sandbox", find_engine(CHECKOUT))


def _ours(folder: Path, aws: Aws) -> Project:
    project = make_project(folder / "ours", aws, "Pulumi.yaml", "__main__.py")
    (project.folder / "policies").mkdir()
    (project.folder / "policies" / "fleet.yaml").write_text(FLEET)
    (project.folder / "policies" / "bench.yaml").write_text(POLICY)
    (project.folder / "Pulumi.sandbox.yaml").write_text(STACK)
    _require(project, str(CHECKOUT / ".venv" / "bin" / "firnline"), "resolve")
    return _with_stack(project)


def _baseline(folder: Path, aws: Aws, ours: Project) -> Project:
    project = make_project(folder / "baseline", aws, "Pulumi.yaml")
    compiled = json.loads(render(compile_files(read_folder(ours.folder / "policies"))))
    rules = {key.split("/")[2]: _camel(value["Rules"]) for key, value in compiled.items()}
    (project.folder / "rules.json").write_text(json.dumps([ACCOUNT, ROLE, rules]))
    (project.folder / "__main__.py").write_text(BASELINE)
    return _with_stack(project)


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


def _with_stack(project: Project) -> Project:
    _require(project, "pulumi", "stack", "init", "sandbox")
    return project


def _up(project: Project) -> None:
    _require(project, "pulumi", "up", "--yes", "--skip-preview", "--non-interactive")


def _require(project: Project, *words: str) -> None:
    ran = project.run(*words)
    assert ran.code == 0, ran.text
