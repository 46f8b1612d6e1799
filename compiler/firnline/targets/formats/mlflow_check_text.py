"""What the next `mlflow gc` would destroy, for a screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.reach.registries.mlflow.next_gc import Checked, Loss, NextGc

_SHOWN: Final = 20


def to_text(checked: tuple[Checked, ...]) -> str:
    """What could not be read is none of it: that is told apart."""
    return "".join(
        f"{line}\n"
        for each in checked
        if each.found
        for line in _lines(each.registry, each.found, each.problems)
    )


def _lines(name: str, found: NextGc, problems: tuple[str, ...]) -> Iterator[str]:
    of_all = f"of {how_many(found.versions, 'registered version')}"
    lost = len({each.because[0] for each in found.losses})
    if not lost:
        told = " that can be told of" if problems else ""
        yield f"{visible(name)}: the next `mlflow gc` destroys none {of_all}{told}"
    else:
        yield f"{visible(name)}: the next `mlflow gc` destroys {lost:,} {of_all}:"
    for loss in found.losses[:_SHOWN]:
        yield from _loss(loss)
    if more := len(found.losses) - _SHOWN:
        yield from (f"  and {more:,} more",) if more > 0 else ()
    yield from (f"  ! {visible(problem)}" for problem in problems)
    yield from _remedies(found.losses)


def _loss(loss: Loss) -> Iterator[str]:
    on = f" on {loss.since:%Y-%m-%d}" if loss.since else ""
    yield f"  {visible(' ← '.join(loss.because))}"
    yield f"    is stored in {visible(loss.deleted)}, which was deleted{on}"
    yield f"    {visible(str(loss.location))}"


def _remedies(losses: tuple[Loss, ...]) -> Iterator[str]:
    runs = sorted({each.run for each in losses if each.run})
    if runs:
        more = f" (and {len(runs) - 1:,} more)" if len(runs) > 1 else ""
        yield f"  keep what is in a run: mlflow runs restore --run-id {visible(runs[0])}{more}"
    if any(each.run is None for each in losses):
        yield (
            "  MLflow cannot restore a logged model: name only others in `mlflow gc"
            " --logged-model-ids`, or copy what is in it and register that"
        )
