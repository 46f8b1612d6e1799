"""A snapshot to compare, as people name it: policies, lifecycle JSON, a git revision, or `live`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible
from firnline.language.read_files import read_files
from firnline.language.syntax import Content
from firnline.lint import is_lifecycle_file
from firnline.pipeline import Compilation, compile_files
from firnline.rules.coverage import locked_buckets, programs_of
from firnline.rules.diff.items import Snapshot
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.lower import lower
from firnline.rules.program import Bucket, Program
from firnline.s3.documents import NoDocument, configurations_in, read_document
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.workspace import DEFAULT_FOLDER, read_folder, read_paths, read_revision

LIVE = "live"
GIT = "git:"
ONE_CONFIGURATION = "*/*/bucket"
"""The key of a configuration without a bucket's name."""


@dataclass(frozen=True, slots=True)
class ReadSnapshot:
    """`diagnostics` are errors where it does not compile, and then `snapshot` is empty."""

    snapshot: Snapshot
    diagnostics: tuple[Diagnostic, ...] = ()


def read_snapshot(named: str, policies: str, only: Sequence[str]) -> ReadSnapshot:
    """`policies` is the folder of the fleet file and the lock for `live`; `only` are the wanted
    buckets, all if empty. Raises `CommandFailed`, `NoPolicies`.
    """
    if named == LIVE:
        return ReadSnapshot(_live(policies, only))
    if named.startswith(GIT):
        revision, _, path = named.removeprefix(GIT).partition(":")
        if not revision:
            raise CommandFailed("`git:` names no revision: write `git:origin/main`")
        files: Mapping[str, Content] = read_revision(revision, path or DEFAULT_FOLDER)
        if not files:
            say(f"{named}: no policies there, so it requires nothing")
            return ReadSnapshot({})
    else:
        files = read_paths([named])
    if len(files) == 1:
        ((path, content),) = files.items()
        document = _lifecycle(path, content)
        if document is not None:
            return ReadSnapshot(_of_json(path, document))
    return _of_policies(compile_files(files))


def wanted(key: str, only: Sequence[str]) -> bool:
    """Whether a bucket is among those wanted, by its name or its whole key."""
    return not only or key in only or key.split("/", 2)[-1] in only


def matched(one: Snapshot, other: Snapshot, only: Sequence[str]) -> tuple[Snapshot, Snapshot]:
    """The wanted buckets; a configuration without a bucket's name is compared with the only bucket
    of the other snapshot. Raises `CommandFailed`.
    """
    snapshots = [_narrowed(snapshot, only) for snapshot in (one, other)]
    for name in only:
        if not any(wanted(key, [name]) for snapshot in (one, other) for key in snapshot):
            keys = [key for snapshot in (one, other) for key in snapshot]
            if keys != [ONE_CONFIGURATION] * len(keys):
                raise CommandFailed(f"neither snapshot has a bucket `{visible(name)}`")
    for ours, theirs in ((0, 1), (1, 0)):
        if ONE_CONFIGURATION in snapshots[ours] and ONE_CONFIGURATION not in snapshots[theirs]:
            if len(snapshots[theirs]) != 1:
                raise CommandFailed(
                    f"one configuration is compared with {len(snapshots[theirs])} buckets: say"
                    " which one it is for with `--bucket`"
                )
            (key,) = snapshots[theirs]
            snapshots[ours] = {key: snapshots[ours][ONE_CONFIGURATION]}
    return snapshots[0], snapshots[1]


def folder_of(snapshots: Sequence[str]) -> str:
    """The folder with the fleet for `live`: the one that is compared with it."""
    return next((snapshot for snapshot in snapshots if os.path.isdir(snapshot)), DEFAULT_FOLDER)


def names(snapshots: Sequence[str]) -> Iterator[str]:
    """What is wrong with what the two snapshots are called."""
    if list(snapshots) == ["-", "-"]:
        yield "both snapshots cannot come from stdin"
    if list(snapshots) == [LIVE, LIVE]:
        yield "both snapshots are `live`"


def _of_policies(compilation: Compilation) -> ReadSnapshot:
    """Every bucket that is known by name, and each pattern that no lock resolves."""
    if compilation.failed:
        return ReadSnapshot({}, compilation.diagnostics)
    snapshot = {
        each.bucket.key: _config(each.bucket, each.rules, each.program)
        for each in (compilation.buckets)
    }
    for program in programs_of(compilation.folder):
        patterns = [bucket for bucket in program.buckets if "*" in bucket.name]
        rules = lower(program) if patterns else RuleSet(())
        snapshot |= {bucket.key: _config(bucket, rules, program) for bucket in patterns}
    return ReadSnapshot(snapshot)


def _config(bucket: Bucket, rules: RuleSet, program: Program | None) -> BucketConfig:
    return BucketConfig(rules, bucket.versioning, bucket.object_lock, program)


def _lifecycle(path: str, content: Content) -> Mapping[str, Any] | None:
    """Configurations by bucket; None where the file contains policies."""
    if not isinstance(content, bytes) or not is_lifecycle_file(path, content):
        return None
    try:
        document = read_document(content)
    except NoDocument as problem:
        raise CommandFailed(f"{path}{problem}", code=1) from None
    found = _by_bucket(document)
    if found is None:
        raise CommandFailed(
            f"{path} is neither a lifecycle configuration with `Rules` nor several of them by"
            " `account/region/bucket`, as `firnline compile --out s3-json` prints them",
            code=1,
        )
    return found


def _by_bucket(document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = configurations_in(document)
    several = {each.bucket: each.shape for each in found if each.bucket is not None}
    if found and not several:
        (one,) = found
        return {ONE_CONFIGURATION: one.shape} if one.shape and "Rules" in one.shape else None
    is_whole = len(several) == len(document) and all(key.count("/") == 2 for key in several)
    return several if is_whole else None


def _of_json(path: str, configurations: Mapping[str, Any]) -> Snapshot:
    """The rules of each; configurations that S3 would refuse cannot be compared."""
    from firnline.s3.law.judge import judge  # a big table, only needed here

    snapshot = {}
    refused: list[str] = []
    for key, shape in configurations.items():
        if not shape or shape["Rules"] == []:
            snapshot[key] = BucketConfig(RuleSet(()))
            continue
        findings = judge({"Rules": shape["Rules"]}, header=shape).findings
        whose = "" if key == ONE_CONFIGURATION else f" {visible(key)}"
        refused += [
            f"{path}:{whose} {each.path or 'all'}: refused by S3: {each.code}, {each.message}"
            for each in findings
        ]
        if not findings:
            snapshot[key] = BucketConfig(read_configuration(shape))
    if refused:
        more = f"\nand {len(refused) - 10} more" if len(refused) > 10 else ""
        raise CommandFailed("\n".join(refused[:10]) + more, code=1)
    return snapshot


def _live(policies: str, only: Sequence[str]) -> Snapshot:
    from firnline.cli.resolve import NO_BOTO3
    from firnline.fleet.accounts import can_ask

    folder, _ = read_files(read_folder(policies))
    if folder.fleet is None or folder.lock is None:
        what = "fleet file" if folder.fleet is None else "fleet lock: run `firnline resolve`"
        raise CommandFailed(f"`live` needs a fleet: {policies} has no {what}")
    if not can_ask():
        raise CommandFailed(NO_BOTO3)
    from firnline.fleet.look import LiveBucket, look
    from firnline.fleet.questions import ListedBucket
    from firnline.s3.compare.same import unknown_classes

    listed_buckets: dict[ListedBucket, Bucket] = {}
    for bucket in locked_buckets(folder):
        account = folder.fleet.account(bucket.account)
        if account is not None and bucket.region and wanted(bucket.key, only):
            listed_buckets[ListedBucket(account, bucket.name, bucket.region)] = bucket
    snapshot, failures = {}, []
    for listed, answer in look(list(listed_buckets)).items():
        if isinstance(answer, LiveBucket):
            rules = answer.rules or RuleSet(())
            if unknown := unknown_classes(rules):
                named = ", ".join(map(visible, sorted(unknown)))
                raise CommandFailed(
                    f"{listed.key}: what a transition into {named} does is not known", code=1
                )
            snapshot[listed.key] = BucketConfig(
                rules, answer.versioning, listed_buckets[listed].object_lock
            )
        else:
            failures.append(f"{listed.key}: {visible(answer.why.reason)}")
    if failures:
        raise CommandFailed("what is live could not be read:\n" + "\n".join(failures), code=3)
    return snapshot


def _narrowed(snapshot: Snapshot, only: Sequence[str]) -> Snapshot:
    return {
        key: config
        for key, config in snapshot.items()
        if key == ONE_CONFIGURATION or wanted(key, only)
    }
