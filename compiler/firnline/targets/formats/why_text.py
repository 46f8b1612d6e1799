"""Why one object is kept, or is not needed, for people: on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.reach.mark.areas import Area
from firnline.reach.mark.why import Why
from firnline.reach.references import CheckpointRule, Reference, Unneeded
from firnline.s3.terms import Bytes

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class StoredObject:
    """The current version, as an inventory has it."""

    size: int
    last_modified: datetime
    storage_class: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """`read` is when registries began to be read. `stored` is None too where `inventory`, in words,
    has no such object. `intermediate` is the rule that makes it an intermediate checkpoint.
    """

    bucket: str
    key: str
    why: Why
    area: Area
    read: datetime
    stored: StoredObject | None = None
    inventory: str | None = None
    intermediate: CheckpointRule | None = None


def to_text(found: Explained, columns: int) -> str:
    lines = [f"s3://{visible(found.bucket)}/{visible(found.key)}", *_verdict(found), ""]
    if found.inventory:
        lines.append(_stored(found))
    lines.append(f"references of {found.read:%Y-%m-%d %H:%M}Z")
    return "\n".join(line for each in lines for line in wrapped(each, columns, hanging=4)) + "\n"


def _verdict(found: Explained) -> Iterator[str]:
    if found.intermediate:
        yield f"  garbage: intermediate checkpoint ← {_chain(found.intermediate.because)}"
        yield f"    of {visible(str(found.intermediate.location))}{_whose(found.intermediate)}"
        yield from _kept_all_the_same(found)
        return
    if found.why.references:
        yield from _kept(found)
        return
    yield from _not_needed(found)


def _kept(found: Explained) -> Iterator[str]:
    for registry, each in found.why.references[:_SHOWN]:
        yield f"  keep ← {_chain(each.because)}"
        where = visible(str(each.location))
        yield f"    {each.strength} of {visible(registry)}: {where}{_whose(each)}"
    if (more := len(found.why.references) - _SHOWN) > 0:
        yield f"  and {how_many(more, 'more reference')}"
    for registry, unneeded in found.why.unneeded[:1]:
        yield f"  though {visible(registry)} says: {_reason(unneeded)}"
    for _, rule in found.why.checkpoints[:1]:
        yield (
            f"  of its checkpoints the newest {rule.keep_newest} are kept: --inventory says whether"
            " this is one of them"
            if found.inventory is None
            else f"  it is no intermediate checkpoint of {visible(str(rule.location))}"
        )


def _not_needed(found: Explained) -> Iterator[str]:
    why = found.why
    if why.unneeded:
        registry, nearest = why.unneeded[0]
        yield f"  garbage: {_reason(nearest)}"
        yield f"    of {visible(registry)}: {visible(str(nearest.location))}{_whose(nearest)}"
    elif why.missing_run and why.root:
        yield "  garbage: run missing ← no registry knows a run of this ID"
        yield f"    {visible(why.missing_run)} in {visible(why.root.what)}"
    elif found.area.is_unreferenced:
        yield "  garbage: unreferenced ← no registry names it, and a policy leaves it to registries"
    else:
        yield "  unclassified: no registry names it, and nothing says what it is; never a candidate"
        if why.beside:
            yield "    it is in the folder of a run, of which registries name something else"
    yield from _kept_all_the_same(found)


def _kept_all_the_same(found: Explained) -> Iterator[str]:
    if found.area.kept_by:
        yield f"  kept all the same, by {found.area.kept_by}"
    elif found.area.least_days:
        yield f"  a candidate from an age of {found.area.least_days} days on, by the policies"


def _reason(unneeded: Unneeded) -> str:
    since = f", since {unneeded.since:%Y-%m-%d}" if unneeded.since else ""
    reason = unneeded.reason.value.replace("_", " ")
    return f"{reason}{since} ← {_chain(unneeded.because)}"


def _whose(said: Reference | Unneeded | CheckpointRule) -> str:
    owner = f", owner {visible(said.owner)}" if said.owner else ""
    experiment = f", experiment {visible(said.experiment)}" if said.experiment else ""
    return owner + experiment


def _chain(because: tuple[str, ...]) -> str:
    return visible(" ← ".join(because)) or "(no reason is given)"


def _stored(found: Explained) -> str:
    if found.stored is None:
        return f"stored: no such object in {found.inventory}"
    size = Bytes(found.stored.size).rounded
    return (
        f"stored: {size} in {found.stored.storage_class or 'STANDARD'}, last modified"
        f" {found.stored.last_modified:%Y-%m-%d}, by {found.inventory}"
    )
