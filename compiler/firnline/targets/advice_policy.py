"""A policy that is proposed → its text in YAML, with what each line saves beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.inventory.advice.advice import Accepted, Draft, Header
from firnline.inventory.advice.proposed import ENDS, OLD_VERSIONS, SMALLEST, UPLOADS, Line, Proposed
from firnline.inventory.advice.timeline import Cleanup, Move, Timeline
from firnline.language.checks.unknown_owner import PLACEHOLDER
from firnline.language.edit_map import written
from firnline.language.layout import format_text
from firnline.language.schemas import FileKind
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.terms import Bytes, Days
from firnline.targets.advice_words import NEVER, PREFIX


def as_policy(draft: Draft, above: tuple[str, ...], beside: Mapping[Line, str]) -> str:
    """In canonical order. `above` are lines of a comment at the top, `beside` a comment of each
    line.
    """
    lines = [*(f"# {each}".rstrip() for each in above), *_head(draft.header)]
    cleanup = draft.proposed.cleanup
    timelines = {each.prefix: each.timeline for each in draft.proposed.tiers}
    if draft.proposed.prefixes:
        lines.append("retain:")
    for prefix in draft.proposed.prefixes:
        timeline = timelines.get(prefix, Timeline())
        small = prefix in draft.small
        lines += _retention(draft.names[prefix], prefix, timeline, beside, small=small)
        if cleanup.below != ("",):
            lines += _old_versions(prefix, cleanup, beside)
    if cleanup.below == ("",):
        lines += _all_old_versions(draft, beside)
    if cleanup.uploads is not None:
        lines.append("uploads:")
        lines.append(_line(1, "abort_after", Days(cleanup.uploads), beside, UPLOADS))
    if draft.accepted:
        lines.append("waivers:")
        for waiver in draft.accepted:
            lines += _waiver(waiver, draft.names[waiver.prefix])
    return format_text("\n".join(lines) + "\n", FileKind.POLICY)


def settings_of(proposed: Proposed, line: Line) -> tuple[str, str]:
    """The key and the value of a line in the policy."""
    if line.setting == UPLOADS:
        return "uploads.abort_after", str(Days(proposed.cleanup.uploads or 0))
    if line.setting == OLD_VERSIONS:
        return "old_versions.delete_after", str(Days(proposed.cleanup.old_versions or 0))
    timeline = next(each.timeline for each in proposed.tiers if each.prefix == line.prefix)
    if line.setting == SMALLEST:
        return SMALLEST, str(Bytes(timeline.at_least))
    if line.setting == ENDS:
        return ENDS, str(Days(timeline.ends or 0))
    assert isinstance(line.setting, int)
    tier, _, after = tiers_of(timeline.moves)[line.setting]
    return f"{tier}_after", str(Days(after))


def tiers_of(moves: tuple[Move, ...]) -> tuple[tuple[str, str, int], ...]:
    """Each with the tier of a policy that it is written as, the warmest first."""
    tiers = list(DEFAULT_CLASSES)
    found: list[tuple[str, str, int]] = []
    for move in moves:
        usual = next((tier for tier in tiers if DEFAULT_CLASSES[tier] == move.into), None)
        tier = usual or tiers[-1 if move.into == "GLACIER" else 0]
        found.append((tier, move.into, move.after))
    return tuple(found)


def _head(header: Header) -> Iterator[str]:
    owner = written(header.owner, quoted=False) if header.owner else f"{PLACEHOLDER}{_WHO}"
    yield "firnline: policy/v1"
    yield f"policy: {written(header.name, quoted=False)}"
    yield f"owner: {owner}"
    yield f"why: {written(header.why, quoted=False)}"
    yield "applies_to:"
    yield f"  - account: {written(header.account, quoted=False)}"
    yield f"    buckets: {written(header.bucket, quoted=False)}"
    if header.versioning is not None:
        yield f"versioning: {written(header.versioning.value, quoted=False)}"


_WHO = "  # write the team that answers for what is deleted: until then `check` warns (FL614)"


def _retention(
    name: str, prefix: str, timeline: Timeline, beside: Mapping[Line, str], *, small: bool
) -> Iterator[str]:
    yield f"  {written(name, quoted=False)}:"
    yield _line(2, "prefix", written(prefix, quoted=False), beside, PREFIX, prefix)
    tiers = tiers_of(timeline.moves)
    others = {tier: into for tier, into, _ in tiers if DEFAULT_CLASSES[tier] != into}
    if others:
        yield f"    storage_classes: {written(others, quoted=False)}"
    for place, (tier, _, after) in enumerate(tiers):
        yield _line(2, f"{tier}_after", Days(after), beside, place, prefix)
    if timeline.moves and (timeline.at_least > SMALL_OBJECT or small):
        size = Bytes(timeline.at_least)
        yield _line(2, "smallest_move", size, beside, SMALLEST, prefix)
    if timeline.ends is None:
        yield _line(2, "delete_after", "never", beside, NEVER, prefix)
    else:
        yield _line(2, "delete_after", Days(timeline.ends), beside, ENDS, prefix)


def _all_old_versions(draft: Draft, beside: Mapping[Line, str]) -> Iterator[str]:
    days = draft.proposed.cleanup.old_versions
    if days is not None:
        yield "old_versions:"
        yield _line(1, "delete_after", Days(days), beside, OLD_VERSIONS)
    elif draft.header.versioning is not None:
        yield "old_versions:"
        yield "  delete_after: never"


def _old_versions(prefix: str, cleanup: Cleanup, beside: Mapping[Line, str]) -> Iterator[str]:
    """Of a retention. What all of them save stands beside the first one."""
    yield "    old_versions:"
    if cleanup.old_versions is None or prefix not in cleanup.below:
        yield "      delete_after: never  # mistakes of a reader are undone from them"
    else:
        told = beside if prefix == cleanup.below[0] else {}
        yield _line(3, "delete_after", Days(cleanup.old_versions), told, OLD_VERSIONS)


def _waiver(waiver: Accepted, name: str) -> Iterator[str]:
    yield f"  - code: {waiver.code}"
    yield f"    retention: {written(name, quoted=False)}"
    yield f"    why: {written(waiver.why, quoted=False)}"
    yield f"    expires: {waiver.expires}"


def _line(
    depth: int,
    key: str,
    value: object,
    beside: Mapping[Line, str],
    setting: int | str,
    prefix: str | None = None,
) -> str:
    comment = beside.get(Line(prefix, setting))
    return f"{'  ' * depth}{key}: {value}{f'  # {comment}' if comment else ''}"
