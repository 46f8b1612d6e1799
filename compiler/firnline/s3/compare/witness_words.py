"""A witness and its two stories in words: `logs/x, in STANDARD, 0 days old`, `deleted at 7d`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from firnline.s3.compare.effect import BEGINNING, State
from firnline.s3.compare.witness import Witness, WitnessStep
from firnline.s3.phrases import done_in_words, singular
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Clock


def item_in_words(witness: Witness, *, with_state: bool = True) -> str:
    """The item, and its state where that is not obvious."""
    return ", ".join(_parts(witness, with_state=with_state))


def steps_in_words(steps: tuple[WitnessStep, ...]) -> str:
    done = (f"{done_in_words(step.action, step.storage_class)} at {step.age}d" for step in steps)
    return ", then ".join(done) or "nothing"


def _parts(witness: Witness, *, with_state: bool) -> Iterator[str]:
    item = witness.item
    yield item.key
    yield from (f"tagged {key}={value}" for key, value in item.tags)
    if item.kind is ItemKind.OBJECT_VERSION:
        yield f"of {item.size:,} bytes"
    if with_state:
        yield _standing(witness.state)
    if item.legal_hold:
        yield "under a legal hold"


def _standing(state: State) -> str:
    newer = f" with {state.newer} newer ones" if state.newer else ""
    today = f" on {state.today}" if state.today != BEGINNING else ""
    return f"{_called(state)}{newer}, {int(state.age)} days old{today}"


def _called(state: State) -> str:
    if state.is_old_marker:
        return f"an old {singular(Clock.DELETE_MARKERS)}"
    match state.clock:
        case Clock.OBJECTS:
            return f"in {state.storage_class}"
        case Clock.NONCURRENT_VERSIONS:
            locked = "a locked" if state.locked else "a"
            return f"{locked} {singular(state.clock)} in {state.storage_class}"
        case Clock.DELETE_MARKERS:
            return f"a {singular(state.clock)} that hides nothing"
        case Clock.MULTIPART_UPLOADS:
            return f"an {singular(state.clock)}"
        case _:
            assert_never(state.clock)
