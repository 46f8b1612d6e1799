"""The scan of the accounts → the lock, its changes, and what a person should know."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import path_of
from firnline.fleet.carried_over import carried_over, lost_with
from firnline.fleet.lock_changes import lock_changes
from firnline.fleet.lock_file import LOCK_NAME, LockEntry, entry_again, lock_text
from firnline.fleet.ownership import foreign_rules
from firnline.fleet.questions import ListedBucket
from firnline.fleet.scan import ByTags, FoundBucket, Scan, Wanted
from firnline.language.check import Known
from firnline.language.digest import lock_digest
from firnline.language.fleet import Account, Fleet
from firnline.language.lock import Lock, LockedBucket
from firnline.language.model import Folder
from firnline.language.read_files import read_files
from firnline.language.syntax import Content
from firnline.language.tag import Tags
from firnline.pipeline import compile_files
from firnline.rules.foreign import foreign_id
from firnline.s3.model import MinimumSize

_NO_DIGEST = f"sha256:{'0' * 64}"


@dataclass(frozen=True, slots=True)
class Question:
    """What must be read from the accounts; `errors` must be fixed before any request."""

    folder: Folder
    old: Lock | None
    lock_path: str
    errors: tuple[Diagnostic, ...]

    @property
    def fleet(self) -> Fleet:
        assert self.folder.fleet is not None
        return self.folder.fleet

    @property
    def wanted(self) -> Wanted:
        """A bucket of the lock must be readable, unless it has been released."""
        locked = frozenset(each.place for each in (self.old.buckets if self.old else ()))
        return Wanted(
            namespace=self.fleet.namespace.value,
            covers=self._covers,
            locked=locked,
            released=frozenset(each for each in locked if self.fleet.released(*each)),
            by_tags=ByTags(self._tag_keys, self._covers),
        )

    def _covers(self, account: str, bucket: str, region: str, tags: Tags | None = None) -> bool:
        policies = self.folder.policies
        return any(policy.covers(account, bucket, region, tags) for policy in policies)

    def _tag_keys(self, account: str, bucket: str, region: str) -> frozenset[str]:
        return frozenset(
            tag.key.value
            for policy in self.folder.policies
            for entry in policy.applies_to
            if entry.tags and entry.is_for(account, region) and entry.includes(bucket)
            for tag in entry.tags
        )


@dataclass(frozen=True, slots=True)
class ForeignRule:
    account: str
    bucket: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The lock's whole new text, and what to report: nothing is written yet.

    `carried_over` are buckets that could not be read: their entries are those of the old lock.
    """

    path: str
    text: str
    changes: tuple[str, ...]
    foreign: tuple[ForeignRule, ...]
    out_of_reach: tuple[ListedBucket, ...]
    carried_over: tuple[LockedBucket, ...] = ()


def question_of(
    folder_path: str, files: Mapping[str, Content], accounts: Sequence[Account] | None = None
) -> Question:
    """`accounts` are those found where `accounts_from` says; None where that is yet to be done, and
    any label passes.

    The lock is ignored: `resolve` replaces a stale or broken one. But not a broken one that
    knows buckets in accounts or regions that are no longer read.
    """
    default = str(PurePath(folder_path) / LOCK_NAME).replace("\\", "/")
    read, found = read_files(files)
    locks = [lock.digest.span.path for lock in read.locks]
    lock_path = default if default in files or not locks else locks[0]
    without_lock = {path: content for path, content in files.items() if path != lock_path}
    if accounts is not None:
        without_lock[lock_path] = _lock_of_accounts(without_lock, lock_path, accounts)
    compilation = compile_files(without_lock, Known(lock=False))
    errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
    old = next((lock for lock in read.locks if lock.digest.span.path == lock_path), None)
    if any(path_of(each.place) == lock_path for each in found):
        old = None
        fleet = compilation.folder.fleet
        if fleet is not None and (accounts is not None or not fleet.sources):
            errors += lost_with(files[lock_path], lock_path, fleet)
    return Question(compilation.folder, old, lock_path, tuple(errors))


def _lock_of_accounts(
    files: Mapping[str, Content], path: str, accounts: Sequence[Account]
) -> bytes:
    """A lock of these files that knows the accounts, and no bucket."""
    folder, _ = read_files({**files, path: lock_text(_NO_DIGEST, (), accounts).encode()})
    assert folder.fleet is not None
    return lock_text(lock_digest(folder.fleet, folder.policies), (), accounts).encode()


def plan_lock(question: Question, scan: Scan, dropped: Collection[str] = ()) -> Plan:
    """Deterministic: the same files and the same facts give the same bytes. `dropped` are closed
    accounts.
    """
    namespace = question.fleet.namespace.value
    before = {each.place: each for each in (question.old.buckets if question.old else ())}
    entries = [_entry(each, namespace, before.get(_place(each))) for each in scan.found]
    carried = tuple(carried_over(question.old, question.fleet, scan, dropped))
    text = lock_text(
        lock_digest(question.fleet, question.folder.policies),
        [*entries, *map(entry_again, carried)],
        [account for account in question.fleet.accounts if account.source],
    )
    return Plan(
        path=question.lock_path,
        text=text,
        changes=tuple(
            lock_changes(question.fleet, question.old, _as_read(question.lock_path, text))
        ),
        foreign=tuple(
            ForeignRule(found.bucket.account.label.value, found.bucket.name, foreign_id(rule))
            for found, entry in zip(scan.found, entries, strict=True)
            for rule in entry.foreign
        ),
        out_of_reach=tuple(_out_of_reach(question.folder, scan.elsewhere)),
        carried_over=carried,
    )


def _place(found: FoundBucket) -> tuple[str, str]:
    return found.bucket.account.id.value, found.bucket.name


def _entry(found: FoundBucket, namespace: str, before: LockedBucket | None) -> LockEntry:
    header = found.live.get("TransitionDefaultMinimumObjectSize") if found.live else None
    lines = [each.value for each in before.foreign] if before else []
    return LockEntry(
        account_id=found.bucket.account.id.value,
        name=found.bucket.name,
        region=found.bucket.region,
        versioning=found.versioning,
        object_lock=found.object_lock,
        covered=found.covered,
        minimum_size=MinimumSize(header) if header else None,
        foreign=foreign_rules(found.live, namespace, lines) if found.live else (),
        tags=found.tags,
    )


def _as_read(path: str, text: str) -> Lock:
    folder, found = read_files({path: text.encode()})
    assert folder.lock is not None, found
    assert not found, found
    return folder.lock


def _out_of_reach(folder: Folder, elsewhere: Iterable[ListedBucket]) -> Iterator[ListedBucket]:
    """Buckets that `applies_to` names exactly; a pattern covers those in listed regions."""
    for bucket in sorted(elsewhere, key=lambda each: each.key):
        place = bucket.account.label.value, bucket.region
        if any(
            policy.covers(place[0], bucket.name, bucket.region)
            and entry.is_for(*place)
            and any(name.value == bucket.name for name in entry.included)
            for policy in folder.policies
            for entry in policy.applies_to
        ):
            yield bucket
