"""Does S3 return what was written? Checked after each write, and again until it does.

Pulumi records a write as done, and the next run finds nothing to do. So an additional resource
records what was read back: where that fails it keeps its old value, and every later preview and
`up` shows it as changed and reads those buckets again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

import pulumi
from pulumi_aws.s3 import BucketLifecycleConfiguration

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.text import to_text
from firnline.fleet.accounts import NoAccess
from firnline.fleet.live import Live
from firnline.targets.pulumi_aws.deployment_changes import changes_in_words
from firnline.targets.pulumi_aws.erased import Erased
from firnline.targets.pulumi_aws.guard import no_bucket, not_settled, nothing_written
from firnline.targets.pulumi_aws.hooks import Guard, Refused
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.shared_look import in_thread
from firnline.targets.pulumi_aws.write import Write

TOKEN = "firnline:s3:ReadBack"
NAME = "read-back"

Trouble = Diagnostic | NoAccess


class ReadBack(pulumi.ComponentResource):
    """For the retentions that a program declares before its event loop runs: normally all of them.

    Its input `rules` has a digest for each, and is known when all writes are read back. It costs no
    hook where nothing changed.
    """

    def __init__(self, name: str) -> None:
        self._guards: list[tuple[Guard, BucketLifecycleConfiguration]] = []
        self._closed = False
        self._ended = asyncio.Event()
        self.failed = False
        again = pulumi.ResourceHook(
            f"guard of {name}", self._read_again, pulumi.ResourceHookOptions(on_dry_run=True)
        )
        hooks = pulumi.ResourceHookBinding(before_create=[again], before_update=[again])
        super().__init__(
            TOKEN,
            name,
            {"rules": pulumi.Output.from_input(self._rules())},
            pulumi.ResourceOptions(hooks=hooks),
        )
        self.register_outputs({})

    def add(self, guard: Guard, configuration: BucketLifecycleConfiguration) -> bool:
        """Adds a retention; returns False if it is too late."""
        if not self._closed:
            self._guards.append((guard, configuration))
        return not self._closed

    async def ended(self) -> list[Guard]:
        """All of its guards, once what they let through is read back, or that has failed."""
        await self._ended.wait()
        return [guard for guard, _ in self._guards]

    async def _rules(self) -> dict[str, str]:
        """Raises the error that ends the program with our message where S3 does not return what was
        written.
        """
        self._closed = True
        reading = [_read_back(guard, configuration) for guard, configuration in self._guards]
        found = await asyncio.gather(*reading, return_exceptions=True)
        self.failed = any(each is not None for each in found)
        self._ended.set()
        self._report_changes()
        if words := _words(each for each in found if isinstance(each, Trouble)):
            raise pulumi.RunError(words)
        for each in found:
            if isinstance(each, BaseException):
                raise each
        return {guard.name: _record(guard) for guard, _ in self._guards}

    def _report_changes(self) -> None:
        """Reports the changes after every hook has been called."""
        writes = [(each.allowed, each.shared) for each, _ in self._guards]
        changes = changes_in_words(
            (write, shared.accepted(write.bucket).rules) for write, shared in writes if write
        )
        if changes:
            pulumi.log.info(changes)

    async def _read_again(self, args: pulumi.ResourceHookArgs) -> None:
        """Buckets that an earlier run wrote and that were never read back as written."""
        recorded: dict[str, Any] = dict((args.old_inputs or {}).get("rules") or {})
        open = [
            _still_there(guard, configuration)
            for guard, configuration in self._guards
            if not guard.writes and recorded.get(guard.name) != _record(guard)
        ]
        if words := _words(each for each in await asyncio.gather(*open) if each):
            raise Refused(words)


async def unsettled(
    look: Look, write: Write, accepted: Live, say: Callable[[str], None]
) -> Diagnostic | None:
    """None once several reads in a row mean what was written, and none before them had a rule that
    was not there when the guard looked (`accepted`). Such a rule is passed to `say` as soon as it
    is seen. Raises `NoAccess`.
    """
    patience = look.patience
    deadline = time.monotonic() + patience.settled_within
    erased = Erased(write, accepted)
    in_a_row = 0
    while True:
        live = await in_thread(look.read, write.bucket)
        trouble = not_settled(live.rules, write)
        if words := erased.note(live):
            say(words)
        in_a_row = 0 if trouble else in_a_row + 1
        if in_a_row == patience.equal_read_backs:
            return erased.found()
        if trouble and time.monotonic() >= deadline:
            return trouble
        await asyncio.sleep(patience.between_read_backs)


async def _read_back(guard: Guard, configuration: BucketLifecycleConfiguration) -> Trouble | None:
    await configuration.id.future()
    bucket = await configuration.bucket.future()
    if bucket is None:
        return None
    if twice := guard.claim(bucket):
        return twice
    try:
        if not guard.writes and guard.proved.is_compared:
            return await _still_there(guard, configuration)
        if not guard.writes and guard.proved.going:
            still_go = await _still_go(guard, bucket)
            if isinstance(still_go, Diagnostic):
                return still_go
            guard.still_go = still_go
        if guard.written is None:
            return None
        accepted = guard.shared.accepted(bucket)
        return await unsettled(guard.look, guard.written, accepted, pulumi.log.error)
    except NoAccess as error:
        return error


async def _still_go(guard: Guard, bucket: str) -> bool | Diagnostic:
    """Whether rules of others are live that are to go, where Pulumi finds nothing to write; why
    that is not known, where S3 keeps changing its answer. Raises `NoAccess`.
    """
    guard.shared.add(bucket, guard.look)
    live = await guard.shared.live(bucket)
    if isinstance(live, Diagnostic):
        return live
    write = guard.write_of(bucket, guard.proved.rules, None)
    return nothing_written(live.rules, write) is not None


async def _still_there(guard: Guard, configuration: BucketLifecycleConfiguration) -> Trouble | None:
    bucket = await configuration.bucket.future()
    assert bucket is not None, "the name of a bucket that is not written is known"
    guard.shared.add(bucket, guard.look)
    try:
        different = await guard.differs(bucket)
        live = await guard.shared.live(bucket)
    except NoAccess as error:
        return error
    if isinstance(live, Diagnostic):
        return live
    write = guard.write_of(bucket, guard.proved.rules, None)
    if not live.bucket_exists:
        return no_bucket(write, preview=False)
    return different or nothing_written(live.rules, write) or not_settled(live.rules, write)


def _record(guard: Guard) -> str:
    """The confirmed state: the same rules for another versioning are a different state, and so are
    rules beside which others are still live that are to go.
    """
    others = ", beside rules that are to go" if guard.still_go else ""
    return f"{guard.applied}, {guard.proved.proved_for}{others}"


def _words(troubles: Iterable[Trouble]) -> str:
    """Empty where there are none."""
    found = list(troubles)
    unread = [
        f"what was written cannot be read back\n  account {each.account}: {each.permission}:"
        f" {each.reason}"
        for each in found
        if isinstance(each, NoAccess)
    ]
    drawn = to_text([each for each in found if isinstance(each, Diagnostic)])
    return "\n".join(["", *unread, drawn]) if found else ""
