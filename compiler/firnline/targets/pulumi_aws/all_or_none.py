"""Writes that are checked at the same time proceed together, or none of them does.

`up` previews first, and a refusal there writes nothing. A change between the preview and the
writes, for example while `up` waits for confirmation, is found only by the hooks, and the engine
calls those bucket by bucket, as many at a time as `--parallel` allows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic


class WriteBlocked(Exception):
    """A write must not happen because that of the bucket `because_of` was refused."""

    def __init__(self, because_of: str) -> None:
        super().__init__(f"the write of {because_of} was refused")
        self.because_of = because_of


class AllOrNone:
    """The writes of one run of a program. All methods belong to its event loop."""

    def __init__(self) -> None:
        self._judging: dict[str, asyncio.Event] = {}
        self._admitted: dict[str, None] = {}  # in order
        self._refused: str | None = None

    @contextmanager
    def judging(self, bucket: str) -> Iterator[None]:
        """While this is open the writes of other buckets wait for a result: `admitted`, `refused`,
        or an exception, which counts as a refusal.
        """
        self._judging[bucket] = asyncio.Event()
        has_result = False
        try:
            yield
            has_result = True
        finally:
            if not has_result:
                self._refuse(bucket)
            self._judged(bucket)

    async def admitted(self, bucket: str) -> None:
        """This write may proceed. Raises `WriteBlocked` if another one that is checked at the same
        time, or was before, is refused.
        """
        others = [event for each, event in self._judging.items() if each != bucket]
        self._judged(bucket)
        for event in others:
            await event.wait()
        if self._refused is not None:
            raise WriteBlocked(self._refused)
        self._admitted[bucket] = None

    def refused(self, bucket: str, trouble: Diagnostic) -> Diagnostic:
        """`trouble`, with the buckets that this run has written so far."""
        self._refuse(bucket)
        return replace(trouble, notes=(*trouble.notes, self.written_before))

    @property
    def written_before(self) -> str:
        names = ", ".join(f"`{each}`" for each in self._admitted)
        return f"written in this run before: {names}" if names else "nothing was written"

    def _refuse(self, bucket: str) -> None:
        self._admitted.pop(bucket, None)  # if the read just before the write disagreed
        self._refused = self._refused or bucket

    def _judged(self, bucket: str) -> None:
        if event := self._judging.pop(bucket, None):
            event.set()
