"""Many requests at a time: each result as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from firnline.fleet.accounts import THREADS

T = TypeVar("T")
R = TypeVar("R")


def in_threads(work: Callable[[T], R], items: Sequence[T]) -> Iterator[tuple[T, R]]:
    """Exceptions of `work` are raised here; an interrupt waits only for running requests."""
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="firnline")
    try:
        waiting = {pool.submit(work, item): item for item in items}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(cancel_futures=True)
