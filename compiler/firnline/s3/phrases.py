"""What lifecycle does, to what and when, in words: the one table of phrases for it."""

from __future__ import annotations

from typing import assert_never

from firnline.s3.simulate.stored import LifecycleAction
from firnline.s3.terms import Bytes, Clock, Days, When


def done_in_words(action: LifecycleAction, storage_class: str | None = None) -> str:
    """An action that has happened; `storage_class` is the target of a transition."""
    match action:
        case LifecycleAction.TRANSITION:
            return f"moved to {storage_class}"
        case LifecycleAction.EXPIRE:
            return "deleted for good"
        case LifecycleAction.DELETE_MARKER:
            return "hidden by a delete marker"
        case LifecycleAction.DELETE_VERSION:
            return "noncurrent version deleted for good"
        case LifecycleAction.REMOVE_DELETE_MARKER:
            return "delete marker removed"
        case LifecycleAction.ABORT_UPLOAD:
            return "upload aborted"
        case LifecycleAction.NONE:
            return "nothing"
        case _:
            assert_never(action)


def to_do_in_words(action: LifecycleAction, storage_class: str | None = None) -> str:
    """An action that is still to be done."""
    match action:
        case LifecycleAction.TRANSITION:
            return f"move to {storage_class}"
        case LifecycleAction.EXPIRE:
            return "delete for good"
        case LifecycleAction.DELETE_MARKER:
            return "put a delete marker"
        case LifecycleAction.DELETE_VERSION:
            return "delete the noncurrent version for good"
        case LifecycleAction.REMOVE_DELETE_MARKER:
            return "remove the delete marker"
        case LifecycleAction.ABORT_UPLOAD:
            return "abort the upload"
        case LifecycleAction.NONE:
            return "nothing"
        case _:
            assert_never(action)


def singular(clock: Clock) -> str:
    """One of the items whose days it counts; its value is the plural."""
    match clock:
        case Clock.OBJECTS:
            return "object"
        case Clock.NONCURRENT_VERSIONS:
            return "noncurrent version"
        case Clock.DELETE_MARKERS:
            return "delete marker"
        case Clock.MULTIPART_UPLOADS:
            return "incomplete multipart upload"
        case _:
            assert_never(clock)


def when_in_words(when: When, *, preposition: str = "") -> str:
    """`30d`, or `from 2030-01-31 on`; the preposition stands before an age only."""
    if isinstance(when, int):
        return f"{preposition} {Days(when)}".lstrip()
    return f"from {when.isoformat()} on"


def after_in_words(when: When) -> str:
    """`after 30d`, or `from 2030-01-31 on`."""
    return when_in_words(when, preposition="after")


def newest_excepted(count: int | None) -> str:
    """Behind what happens to noncurrent versions: how many of the newest it leaves alone."""
    return f" except the newest {count}" if count else ""


def from_size(least: int) -> str:
    """`over 5 bytes`, or `128KiB or larger`."""
    if least % 1024 == 0:
        return f"{Bytes(least)} or larger"
    return f"over {_size(least - 1)}"


def to_size(most: int) -> str:
    """`under 1MiB`, or `up to 1MiB`."""
    return f"up to {Bytes(most)}" if most % 1024 == 0 else f"under {_size(most + 1)}"


def _size(count: int) -> str:
    return str(Bytes(count)) if count % 1024 == 0 else f"{count:,} bytes"
