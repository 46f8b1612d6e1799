"""Of the writes that are judged at the same time, either all go on or none does.

`up` previews first, and a refusal there writes nothing. What comes between the preview and the
writes, while the question waits for an answer say, is found by the hooks alone, and the engine
calls those bucket by bucket, as many at a time as it works on (`--parallel`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic


class HeldBack(Exception):
    """A write must not happen because that of the bucket `because_of` was refused."""

    def __init__(self, because_of: str) -> None:
        super().__init__(f"the write of {because_of} was refused")
        self.because_of = because_of


class Together:
    """The writes of one run of a program. All methods belong to its event loop."""

    def __init__(self) -> None:
        self._judging: dict[str, asyncio.Event] = {}
        self._admitted: dict[str, None] = {}  # in order
        self._refused: str | None = None

    @contextmanager
    def judging(self, bucket: str) -> Iterator[None]:
        """While this is open the writes of other buckets wait for a verdict: `admitted`, `refused`,
        or an exception, which counts as a refusal."""
        self._judging[bucket] = asyncio.Event()
        try:
            yield
        except BaseException:
            self._refuse(bucket)
            raise
        finally:
            self._judged(bucket)

    async def admitted(self, bucket: str) -> None:
        """Nothing speaks against writing it. Raises `HeldBack` where one of those that are judged
        at the same time, or were before, is refused."""
        others = [event for each, event in self._judging.items() if each != bucket]
        self._judged(bucket)
        for event in others:
            await event.wait()
        if self._refused is not None:
            raise HeldBack(self._refused)
        self._admitted[bucket] = None

    def refused(self, bucket: str, trouble: Diagnostic) -> Diagnostic:
        """`trouble`, and which buckets this run has written by then."""
        self._refuse(bucket)
        names = ", ".join(f"`{each}`" for each in self._admitted)
        written = f"written in this run before: {names}" if names else "nothing was written"
        return replace(trouble, notes=(*trouble.notes, written))

    def _refuse(self, bucket: str) -> None:
        self._admitted.pop(bucket, None)  # where the read right before the write disagreed
        self._refused = self._refused or bucket

    def _judged(self, bucket: str) -> None:
        if event := self._judging.pop(bucket, None):
            event.set()
