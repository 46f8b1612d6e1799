"""What is known of the readers of a prefix, and which storage classes that leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from firnline.consumers.found import Found
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.choices import ARCHIVES, OF_MILLISECONDS, YOUNGEST
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.inventory.reads.known import Known
from firnline.inventory.reads.read_bucket import ReadBelow
from firnline.s3.terms import Bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """`known` is for which time reads are known, None where they are not; `below` what was read in
    it, by prefix. `by_age`: it is known at which age objects are read and what that costs, so that
    it decides.
    `layouts` are those of readers that S3 knows nothing of.
    """

    known: Known | None = None
    below: Mapping[str, ReadBelow] = field(default_factory=dict)
    by_age: bool = False
    layouts: tuple[Found, ...] = ()

    def classes(self, prefix: str, wanted: Collection[str]) -> list[str]:
        """Those of `wanted` in which what is below may be stored."""
        if self.known is None:
            return [each for each in wanted if each in OF_MILLISECONDS]
        if not self.by_age and self.is_read(prefix):
            return [each for each in wanted if each == INTELLIGENT_TIERING]
        needed = any(True for _ in self.needed(prefix))
        return [
            each
            for each in wanted
            if each not in ARCHIVES or not (needed or YOUNGEST[each] > self.days)
        ]

    @property
    def days(self) -> float:
        """For which reads are known without a gap."""
        if self.known is None:
            return 0
        return (self.known.period.until - self.known.period.since).total_seconds() / 86_400

    def is_read(self, prefix: str) -> bool:
        """An unknown prefix counts as read."""
        found = self.below.get(prefix)
        return found is None or found.last is not None

    def needed(self, prefix: str) -> Iterator[Found]:
        """The layouts that keep something below the prefix which has to be quick to read."""
        for each in self.layouts:
            if each.layout.parts and _meet(each, prefix):
                yield each

    def keeps_undo(self, prefix: str) -> bool:
        """Whether old versions of something below the prefix are what mistakes are undone from."""
        return any(each.layout.undo and _meet(each, prefix) for each in self.layouts)

    def in_words(self, prefix: str) -> str:
        """Of the reads below it; nothing where they are not known."""
        if self.known is None:
            return ""
        found = self.below.get(prefix, ReadBelow())
        if found.last is None:
            return f"; not read in {how_many(int(self.days), 'day')} of logs"
        size = Bytes(round(self.known.a_month(found.bytes))).rounded
        return f"; read last on {found.last:%Y-%m-%d}, {size} a month"

    def of_old_versions(self) -> Iterator[str]:
        """Which of them are kept, where the bucket keeps any."""
        undone = [each for each in self.layouts if each.layout.undo]
        for each in undone[:_NAMED]:
            yield (
                f"old versions around `{visible(each.root)}` are kept: mistakes in"
                f" {each.layout.called} are undone from them"
            )

    def notes(self, prefixes: Collection[str], into: Collection[str]) -> Iterator[str]:
        """Of what is proposed for these prefixes, and moves into these classes."""
        if self.known is None and INTELLIGENT_TIERING in into:
            yield (
                f"{INTELLIGENT_TIERING} counts as if nothing were read: what is read stays in its"
                " dearest tier, and its objects are monitored for a fee all the same"
            )
        if self.known is None:
            yield (
                "reads are not known: only classes that answer in milliseconds are proposed, and"
                " what reading from them costs is not counted: --reads names logs that tell it"
            )
            return
        period = self.known.period
        which = (
            "what reads cost in each class is counted, by the age at which objects were read;"
            " archive classes are only for what is twice as old as anything that was read"
            if self.by_age
            else f"for what was read, only {INTELLIGENT_TIERING} is proposed, which bills nothing"
            " for bytes that are read, and keeps what is read in its dearest tier, which is not"
            " counted"
        )
        yield (f"reads are known from {period.since:%Y-%m-%d} to {period.until:%Y-%m-%d}: {which}")
        named = {each for prefix in prefixes for each in self.needed(prefix)}
        for each in sorted(named, key=lambda one: one.root)[:_NAMED]:
            yield (
                f"no archive class around `{visible(each.root)}`: {each.layout.called} has to be"
                " quick to read"
            )
        if len(named) > _NAMED:
            yield f"… and around {len(named) - _NAMED:,} more of such layouts"


def _meet(found: Found, prefix: str) -> bool:
    """Whether something of it lies below the prefix."""
    is_around = not found.is_object and prefix.startswith(found.root)
    return found.root.startswith(prefix) or is_around


_NAMED = 10
