"""One look at all buckets of a program, instead of one for each bucket.

Three equal reads take 3 seconds. The first hook that fires starts reading every bucket that the
program has named so far, and the hooks of all of them wait for that same look. A bucket that is
named later, in an Output or after the first hook, begins a look when its own hook fires, together
with all others that were named in the meantime. If nothing is to be written no hook fires, and no
request is sent to S3.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import THREADS, NoAccess
from firnline.fleet.live import Live
from firnline.targets.pulumi_aws.agreement import Agreement, keeps_changing
from firnline.targets.pulumi_aws.all_or_none import AllOrNone
from firnline.targets.pulumi_aws.guard import judge_answer
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.write import Write

Found = Live | Diagnostic | NoAccess
Batch = Mapping[str, asyncio.Task[Found]]
R = TypeVar("R")


class SharedLook:
    """What S3 answered in one run of a program. All methods belong to its event loop. `known`
    buckets are read by the first hook that fires.
    """

    def __init__(self) -> None:
        self._known: dict[str, Look] = {}
        self._looks: dict[str, Batch] = {}
        self._ended: dict[str, float] = {}
        self._accepted: dict[str, Live] = {}
        self._together = AllOrNone()

    def add(self, bucket: str, look: Look) -> None:
        self._known[bucket] = look

    def accepted(self, bucket: str) -> Live:
        """What was live when the guard last judged a write of this bucket."""
        return self._accepted[bucket]

    @property
    def written_before(self) -> str:
        """Which buckets this run has written so far, in words."""
        return self._together.written_before

    async def refusal(
        self,
        write: Write,
        *,
        preview: bool,
        first: Awaitable[Diagnostic | None] | None = None,
        last: Callable[[Live], Awaitable[None]] | None = None,
    ) -> Diagnostic | None:
        """Why the write must not happen; None if it may, or in a preview would. `first` checks
        something else before the rules are read, and `last` raises what it has against the write
        after all else is right. Raises `NoAccess`, and `WriteBlocked` where the write of another
        bucket was refused.
        """
        if preview:
            if first and (trouble := await first):
                return trouble
            found = await self.live(write.bucket)
            if isinstance(found, Diagnostic):
                return found
            self._accepted[write.bucket] = found
            trouble = judge_answer(found, write, preview=True)
            if not trouble and last and found.bucket_exists:
                await last(found)
            return trouble
        with self._together.judging(write.bucket):
            trouble = (await first if first else None) or await self._refused(write, last)
            return self._together.refused(write.bucket, trouble) if trouble else None

    async def live(self, bucket: str) -> Live | Diagnostic:
        """The result of three equal reads, or why there are none. Raises `NoAccess`."""
        if bucket not in self._looks:
            self._look_at([each for each in self._known if each not in self._looks])
        batch = self._looks[bucket]
        try:
            # For the whole batch: no read of it outlives the hooks, and so the program.
            await asyncio.wait(batch.values())
        except asyncio.CancelledError:  # the engine is gone
            for task in batch.values():
                task.cancel()
            raise
        found = batch[bucket].result()
        if isinstance(found, NoAccess):
            raise found
        return found

    async def _refused(
        self, write: Write, last: Callable[[Live], Awaitable[None]] | None
    ) -> Diagnostic | None:
        """Before a write one more read must agree. If a bucket's turn comes long after the shared
        look, that one read could be stale itself, so the bucket is read again.
        """
        answers: list[Live] = []
        for _ in range(2):
            found = await self.live(write.bucket)
            if self._is_old(write.bucket):
                self._looks.pop(write.bucket, None)
                found = await self.live(write.bucket)
            if isinstance(found, Diagnostic):
                return found
            trouble = judge_answer(found, write, preview=False)
            # A bucket that was missing may have been created in the meantime.
            if trouble and found.bucket_exists:
                return trouble
            if not trouble:
                if last:
                    await last(found)
                await self._together.admitted(write.bucket)
            self._accepted[write.bucket] = found
            now = await in_thread(self._known[write.bucket].read, write.bucket)
            if now.tells_the_same(found):
                return trouble
            answers += [found, now]
            self._looks.pop(write.bucket, None)
        return keeps_changing(answers, write.bucket, write.account_id)

    def _is_old(self, bucket: str) -> bool:
        ended, patience = self._ended.get(bucket), self._known[bucket].patience
        return ended is not None and time.monotonic() - ended > patience.believed_for

    def _look_at(self, buckets: Sequence[str]) -> None:
        batch = {
            bucket: asyncio.create_task(_read_until_sure(bucket, self._known[bucket]))
            for bucket in buckets
        }
        for bucket, task in batch.items():
            self._ended.pop(bucket, None)
            task.add_done_callback(partial(self._note_end, bucket))
        self._looks.update(dict.fromkeys(batch, batch))

    def _note_end(self, bucket: str, _: asyncio.Task[Found]) -> None:
        self._ended[bucket] = time.monotonic()


async def in_thread(work: Callable[..., R], *args: object) -> R:
    """The hooks of all buckets share one event loop: waiting happens in a thread, and in one of
    ours. The loop's own threads each wait for a registration, which waits for its hook.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads(), work, *args)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="guard")


async def _read_until_sure(bucket: str, look: Look) -> Found:
    """Returns errors instead of raising them: no hook may be waiting for this bucket."""
    patience = look.patience
    deadline = time.monotonic() + patience.agreed_within
    answers: list[Live] = []
    agreement: Agreement | None = None
    while True:
        read_at = time.monotonic()
        try:
            live = await in_thread(look.read, bucket)
        except NoAccess as error:
            return error
        answered = time.monotonic()
        answers.append(live)
        agreement = agreement.and_then(live, answered) if agreement else Agreement(live, answered)
        if agreement.is_reached(patience, read_at):
            return live
        if agreement.reads < len(answers) and answered >= deadline:
            return keeps_changing(answers, bucket, look.access.account_id)
        await asyncio.sleep(agreement.next_read(patience) - time.monotonic())
