"""A snapshot to compare, as people name it: policies, a lifecycle file, a git revision, `live`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.snapshot_keys import ReadSnapshot, is_wanted
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.language.check import NOTHING_KNOWN, Known
from firnline.language.read_files import read_files
from firnline.language.syntax import Content
from firnline.lint import is_lifecycle_file
from firnline.pipeline import Compilation, compile_beside, compile_files
from firnline.revision.commit import shown_revision
from firnline.revision.read import read_revision
from firnline.rules.bucket_rules import BucketRules, rules_of_patterns
from firnline.rules.coverage import locked_buckets
from firnline.rules.diff.items import Snapshot
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.program import Bucket
from firnline.s3.model import RuleSet
from firnline.settings import policies_folder
from firnline.workspace import read_folder, read_paths, refuse_empty

LIVE = "live"
GIT = "git:"


def read_snapshot(
    named: str,
    policies: str,
    only: Sequence[str],
    beside: ReadSnapshot | None = None,
    known: Known = NOTHING_KNOWN,
) -> ReadSnapshot:
    """`policies` is the folder of the fleet file and the lock for `live`; `only` are the wanted
    buckets, all if empty. What is the same in `beside` is not compiled again. `known` is what is
    known beside policies. Raises `CommandFailed`, `NoPolicies`.
    """
    if named == LIVE:
        return ReadSnapshot(_live(policies, only))
    if named.startswith(GIT):
        revision, _, path = named.removeprefix(GIT).partition(":")
        if not revision:
            raise CommandFailed("`git:` names no revision: write `git:origin/main`")
        files: Mapping[str, Content] = read_revision(revision, path or None)
        if not files:
            at = path or f"{policies_folder().path}/"
            say(
                f"{GIT}{shown_revision(revision)}: no policies there in {visible(at)}, so all that"
                " they do is new; a project that was moved is new in its new place"
            )
            return ReadSnapshot({}, had_no_policies=True)
    else:
        files = read_paths([named])
        refuse_empty(files)
    lifecycle_files = {
        path: content
        for path, content in files.items()
        if isinstance(content, bytes) and is_lifecycle_file(path, content)
    }
    if len(lifecycle_files) == len(files):
        from firnline.cli.file_snapshot import of_files  # only needed here, and slow to import

        return of_files(lifecycle_files, only)
    other = beside.compilation if beside else None
    return snapshot_of_policies(
        compile_beside(files, other, known) if other else compile_files(files, known)
    )


def snapshot_of_policies(compilation: Compilation) -> ReadSnapshot:
    """Every bucket that is known by name, and each pattern that no lock resolves."""
    if compilation.failed:
        return ReadSnapshot({}, compilation.diagnostics)
    found = (*compilation.buckets, *rules_of_patterns(compilation.folder))
    snapshot = {each.bucket.key: _config(each) for each in found}
    return ReadSnapshot(snapshot, warnings=compilation.diagnostics, compilation=compilation)


def folder_of(snapshots: Sequence[str]) -> str:
    """The folder with the fleet for `live`: the one that is compared with it."""
    named = next((snapshot for snapshot in snapshots if os.path.isdir(snapshot)), None)
    return named or policies_folder().path


def pair(named: Sequence[str], folder: str) -> list[str]:
    """Both snapshots: where only one is named, it is compared with the policies in `folder`."""
    return [*named, folder] if len(named) == 1 else list(named)


def names(snapshots: Sequence[str]) -> Iterator[str]:
    """What is wrong with what the snapshots are called."""
    if len(snapshots) == 1 and os.path.isdir(snapshots[0]):
        yield (
            f"say what {snapshots[0]} is compared with, such as"
            f" `firnline diff git:origin/main {snapshots[0]}`"
        )
    if list(snapshots) == ["-", "-"]:
        yield "both snapshots cannot come from stdin"
    if list(snapshots) == [LIVE, LIVE]:
        yield "both snapshots are `live`"


def _config(found: BucketRules) -> BucketConfig:
    bucket = found.bucket
    return BucketConfig(
        rules=found.rules,
        versioning=bucket.versioning,
        object_lock=bucket.object_lock,
        program=found.program,
        kept=found.kept,
        going=found.going,
    )


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
        if account is not None and bucket.region and is_wanted(bucket.key, only):
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
            failures.append(f"{listed.key}: {visible(answer.why.in_words)}")
    if failures:
        raise CommandFailed("what is live could not be read:\n" + "\n".join(failures), code=3)
    return snapshot
