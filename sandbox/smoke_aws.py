"""`make smoke-aws BUCKET=name [REGION=…]`: the whole path on one bucket of the reader's, on AWS.

It has never run against AWS: where it was written there was none. Its refusals are tested, and its
whole path is, against an emulated S3 and the stand-in AWS provider. What it is for is what those
cannot show: the official Pulumi, its official AWS provider, and S3 itself.

It takes the caller's own credentials. SMOKE_YES=1 confirms its question.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from firnline.fleet.live import read_live, read_versioning
from firnline.fleet.ownership import is_ours
from firnline.pipeline import compile_files
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.world import AWS, endpoints, judge_world
from firnline.workspace import read_folder
from sandbox.engine.errors import EngineError
from sandbox.engine.find import present_engine
from sandbox.paths import CHECKOUT

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NAMESPACE = "firnline-smoke-test"
PREFIX = f"{NAMESPACE}/"
STACK = "smoke"
ANY_REGION = "us-east-1"
_PROVIDER = "pulumi-resource-aws"

POLICY = """\
firnline: policy/v1
policy: smoke
owner: whoever runs make smoke-aws
why: to see once that rules arrive; no object is below this prefix
applies_to: [{{account: mine, buckets: {bucket}}}]
versioning: {versioning}
retain:
  nothing:
    prefix: {prefix}
    warm_after: 30d
    cold_after: 90d
    delete_after: 365d
    old_versions: {{cold_after: 30d, delete_after: 120d}}
"""
FLEET = """\
firnline: fleet/v1
namespace: {namespace}
accounts:
  mine: {{id: "{account}", regions: {region}}}
"""
SETTINGS = """\
[gates.levels]
FL402 = {level = "off", why = "no object is below the prefix of this run, so nothing is deleted"}
FL415 = {level = "off", why = "no object is below the prefix of this run, so nothing is deleted"}
"""
STACK_CONFIG = "config: {{firnline:world: {world}, firnline:accounts: [mine]}}\n"
PLAN = """\
On the bucket {bucket} in {region}, account {account}, as
{caller}:

  1. firnline resolve    lists the account's buckets, reads the lifecycle of those in {region}
  2. firnline check
  3. pulumi preview      by {engine} and its AWS provider
  4. pulumi up           writes a lifecycle configuration, for {prefix} alone
  5. boto3               reads it back and compares
  6. boto3               removes the configuration again: the bucket has none now

No object is written, moved or deleted: below {prefix} there is none.
Pulumi keeps its state in a temporary folder. It all takes about two minutes.
"""


class Refused(Exception):
    """The message says why, and whether anything was written."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the path is walked; on AWS by `on_aws`. Only tests make others."""

    world: str
    engine: Path


@dataclass(frozen=True, slots=True)
class Target:
    bucket: str
    region: str
    account: str
    caller: str
    client: S3Client


@dataclass(frozen=True, slots=True)
class Patience:
    """S3 may return the configuration before the last write, so one read proves little."""

    reads_in_a_row: int = 3
    seconds_between: float = 2.0
    seconds_at_most: float = 120.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make smoke-aws", description=__doc__)
    parser.add_argument("bucket", help="BUCKET=… of make")
    # make hands the variables of its command line on in the environment.
    parser.add_argument("--region", default=os.environ.get("REGION"), help="REGION=… of make")
    options = parser.parse_args(arguments)
    try:
        if not options.bucket:
            raise Refused("which bucket? make smoke-aws BUCKET=name")
        surroundings = on_aws(options.region or None)
        smoke(options.bucket, options.region or None, ask, surroundings)
    except Refused as refusal:
        print(f"stopped: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0


def on_aws(region: str | None) -> Surroundings:
    """AWS itself and the official Pulumi; raises `Refused` where either is not what is found."""
    session = boto3.session.Session(region_name=region)
    where = session.region_name or ANY_REGION
    for endpoint in endpoints(where):
        if trouble := judge_world(AWS, [endpoint]):
            raise Refused(
                f"this is for AWS, but {endpoint.service} is looked for at {endpoint.url};"
                f" unset AWS_ENDPOINT_URL ({trouble.kind.code}). Nothing was written"
            )
    if provider := shutil.which(_PROVIDER):
        raise Refused(
            f"{provider} would be used in place of the official AWS provider;"
            " take its folder off the PATH. Nothing was written"
        )
    try:
        engine = present_engine(CHECKOUT)
    except EngineError as error:
        raise Refused(f"{error}. Nothing was written") from error
    if engine is None or engine.ours:
        raise Refused(
            "the official Pulumi is needed, which brings the official AWS provider:"
            " https://www.pulumi.com/docs/install/. Nothing was written"
        )
    return Surroundings(AWS, engine.path)


def ask(question: str) -> bool:
    if os.environ.get("SMOKE_YES") == "1":
        return True
    if not sys.stdin.isatty():
        raise Refused("there is no terminal to ask on; SMOKE_YES=1 means yes. Nothing was written")
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def smoke(
    bucket: str,
    region: str | None,
    ask: Callable[[str], bool],
    surroundings: Surroundings,
    patience: Patience = Patience(),
) -> None:
    """Ends with a bucket as it was. Raises `Refused`."""
    target = look(bucket, region)
    print(
        PLAN.format(
            bucket=target.bucket,
            region=target.region,
            account=target.account,
            caller=target.caller,
            engine=surroundings.engine,
            prefix=PREFIX,
        ),
        flush=True,
    )
    if not ask("Go on?"):
        raise Refused("you said no. Nothing was written")
    folder = Path(tempfile.mkdtemp(prefix="firnline-smoke-"))
    try:
        _walk(target, surroundings, folder, patience)
    except BaseException:
        print(f"what it worked with is still in {folder}", file=sys.stderr)
        raise
    shutil.rmtree(folder)


def look(bucket: str, region: str | None) -> Target:
    """All that can be known before anything is written. Raises `Refused`."""
    session = boto3.session.Session(region_name=region)
    anywhere = session.region_name or ANY_REGION
    try:
        identity = session.client("sts", region_name=anywhere).get_caller_identity()
        account = identity["Account"]
        locator: S3Client = session.client("s3", region_name=anywhere)
        found = locator.head_bucket(Bucket=bucket, ExpectedBucketOwner=account)["BucketRegion"]
        if region and region != found:
            raise Refused(f"{bucket} is in {found}, not in {region}. Nothing was written")
        client: S3Client = session.client("s3", region_name=found)
        _refuse_unless_unused(client, bucket)
    except (ClientError, BotoCoreError) as error:
        raise Refused(f"{bucket}: {error}. Nothing was written") from error
    return Target(bucket, found, account, identity["Arn"], client)


def _refuse_unless_unused(client: S3Client, bucket: str) -> None:
    live = read_live(client, bucket)
    if live is not None:
        ids = ", ".join(rule.id or "one without an ID" for rule in live.rules)
        raise Refused(
            f"{bucket} has a lifecycle configuration ({ids}), which S3 would replace whole;"
            " take a bucket that has none. Nothing was written"
        )
    listed = client.list_object_versions(Bucket=bucket, Prefix=PREFIX, MaxKeys=1)
    if listed.get("Versions") or listed.get("DeleteMarkers"):
        raise Refused(f"{bucket} holds something below {PREFIX}. Nothing was written")


def _walk(target: Target, surroundings: Surroundings, folder: Path, patience: Patience) -> None:
    _write_project(target, surroundings, folder)
    firnline = [sys.executable, "-m", "firnline"]
    pulumi = [str(surroundings.engine)]
    _run(folder, *firnline, "resolve")
    _run(folder, *firnline, "check")
    wanted = _compiled(folder)
    _run(folder, *pulumi, "stack", "init", STACK)
    _run(folder, *pulumi, "preview", "--diff", "--stack", STACK)
    try:
        _run(folder, *pulumi, "up", "--yes", "--skip-preview", "--stack", STACK)
        reads = _wait_until(
            target, lambda live: live is not None and surely_same(live, wanted), patience
        )
        _say(f"boto3 reads what was compiled: {len(wanted.rules)} rules, after {reads} reads")
        _run(folder, *pulumi, "preview", "--expect-no-changes", "--stack", STACK)
    finally:
        _remove(target, patience)
    _say(
        f"all of it worked on s3://{target.bucket} ({target.region}), with {surroundings.engine}"
        f" and pulumi-aws {version('pulumi-aws')}; the bucket is as it was"
    )


def _write_project(target: Target, surroundings: Surroundings, folder: Path) -> None:
    versioning = read_versioning(target.client, target.bucket).value
    fields = {
        "bucket": target.bucket,
        "region": target.region,
        "account": target.account,
        "versioning": versioning,
        "prefix": PREFIX,
        "namespace": NAMESPACE,
        "world": surroundings.world,
    }
    (folder / "policies").mkdir()
    (folder / "state").mkdir()
    (folder / "policies/smoke.yaml").write_text(POLICY.format(**fields), encoding="utf-8")
    (folder / "policies/fleet.yaml").write_text(FLEET.format(**fields), encoding="utf-8")
    (folder / "firnline.toml").write_text(SETTINGS, encoding="utf-8")
    stack = folder / f"Pulumi.{STACK}.yaml"
    stack.write_text(STACK_CONFIG.format(**fields), encoding="utf-8")
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / ".venv").symlink_to(CHECKOUT / ".venv")


def _compiled(folder: Path) -> RuleSet:
    (only,) = compile_files(read_folder(folder / "policies")).buckets
    return only.rules


def _remove(target: Target, patience: Patience) -> None:
    """What this run has made, and nothing else."""
    live = read_live(target.client, target.bucket)
    if live is None:
        return
    theirs = [rule.id for rule in live.rules if not is_ours(rule.id, NAMESPACE)]
    if theirs:
        raise Refused(
            f"{target.bucket} has rules of another owner now ({', '.join(theirs)}):"
            f" its configuration is left as it is. Remove the rules firnline/{NAMESPACE}/… yourself"
        )
    target.client.delete_bucket_lifecycle(Bucket=target.bucket)
    reads = _wait_until(target, lambda live: live is None, patience)
    _say(f"the configuration is removed again, after {reads} reads")


def _wait_until(target: Target, is_so: Callable[[RuleSet | None], bool], patience: Patience) -> int:
    """How many reads it took until several in a row said so. Raises `Refused`."""
    deadline = time.monotonic() + patience.seconds_at_most
    reads = in_a_row = 0
    while in_a_row < patience.reads_in_a_row:
        live = read_live(target.client, target.bucket)
        reads += 1
        in_a_row = in_a_row + 1 if is_so(live) else 0
        if time.monotonic() > deadline:
            raise Refused(
                f"after {reads} reads S3 still returns something else for {target.bucket}: {live}"
            )
        time.sleep(patience.seconds_between)
    return reads


def _run(folder: Path, *words: str) -> None:
    """Raises `Refused` where it fails. An interrupt reaches the command too, and it is awaited:
    what it is writing must have arrived before anything is removed."""
    _say(f"$ {' '.join([Path(words[0]).name, *words[1:]])}")
    environment = {
        **os.environ,
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_RUN_PROGRAM": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }
    process = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
    interrupted = False
    while process.returncode is None:
        try:
            process.wait()
        except KeyboardInterrupt:
            interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    if process.returncode != 0:
        raise Refused(f"that ended with {process.returncode}: see above")


def _say(text: str) -> None:
    print(f"\n→ {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
