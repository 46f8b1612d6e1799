"""What lifecycle does, in words: the one table of phrases for actions."""

from __future__ import annotations

from typing import assert_never

from firnline.s3.simulate.stored import LifecycleAction


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
            return "old version deleted for good"
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
            return "delete the old version for good"
        case LifecycleAction.REMOVE_DELETE_MARKER:
            return "remove the delete marker"
        case LifecycleAction.ABORT_UPLOAD:
            return "abort the upload"
        case LifecycleAction.NONE:
            return "nothing"
        case _:
            assert_never(action)
