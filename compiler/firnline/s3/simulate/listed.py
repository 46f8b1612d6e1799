"""What does S3 do with all that a listing holds, and with the delete markers it puts meanwhile?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from firnline.s3.simulate.batch import Crowd, Step
from firnline.s3.simulate.history import marker_left_by
from firnline.s3.simulate.stack import play
from firnline.s3.simulate.stored import Sort, Thing
from firnline.s3.terms import Versioning


class Told(NamedTuple):
    """What happens to one thing; `place` is its place in the listing, none where S3 puts it
    itself: such a marker comes after the version that it hides."""

    place: int | None
    thing: Thing
    steps: tuple[Step, ...]


def tell(
    crowd: Crowd, things: Sequence[Thing], since: datetime, until: datetime | None = None
) -> Iterator[Told]:
    """For each thing once, key by key; versions of one key act on each other."""
    for places in _by_key(crowd, things):
        if len(places) == 1 and not _may_act(crowd, things[places[0]]):
            thing = things[places[0]]
            yield Told(places[0], thing, tuple(crowd.steps(thing, since, until)))
        else:
            yield from _of_key(crowd, things, places, since, until)


def _may_act(crowd: Crowd, thing: Thing) -> bool:
    """Whether lifecycle may do something to it that another version of its key feels."""
    off = crowd.bucket.versioning is Versioning.OFF
    return not off and thing.sort is Sort.DATA and thing.current


def _by_key(crowd: Crowd, things: Sequence[Thing]) -> Iterable[list[int]]:
    """Places of things that act on each other, the oldest first."""
    if crowd.bucket.versioning is Versioning.OFF:
        yield from ([place] for place in range(len(things)))
        return
    keys: dict[str, list[int]] = defaultdict(list)
    for place, thing in enumerate(things):
        if thing.sort is Sort.UPLOAD:
            yield [place]
        else:
            keys[thing.key].append(place)
    for places in keys.values():
        if len(places) > 1:
            if sum(things[place].current for place in places) > 1:
                yield from ([place] for place in places)  # no versions of one key
                continue
            # As a listing has those of one second: the newest first.
            places.sort(
                key=lambda place: (things[place].current, things[place].created), reverse=True
            )
            places.reverse()
        yield places


def _of_key(
    crowd: Crowd,
    things: Sequence[Thing],
    places: list[int],
    since: datetime,
    until: datetime | None,
) -> Iterator[Told]:
    versions = [things[place] for place in places]
    steps: list[list[Step]] = [[] for _ in versions]
    for done in play(crowd, versions, since, until):
        steps[done.number].append(done.step)
        if done.marker is not None:
            versions.append(marker_left_by(crowd.bucket, done.before, done.step.at, hidden=1))
            steps.append([])
            if done.replaced is not None and done.replaced != done.number:
                _take_place(steps[done.replaced], done.step)
    for number, (thing, found) in enumerate(zip(versions, steps, strict=True)):
        place = places[number] if number < len(places) else None
        yield Told(place, thing, tuple(found))


def _take_place(steps: list[Step], marker: Step) -> None:
    """Of the null version that a null marker replaces, unless it goes at that midnight anyway."""
    if not steps or steps[-1].left is not None:
        steps.append(marker._replace(left=None))
