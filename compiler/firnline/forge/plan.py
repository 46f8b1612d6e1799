"""The comments that are there, and a new review → what to post, change and hide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from firnline.forge.marker import NO_CHANGE, Marker, Run, read_marker

_NO_RUN = Run(0, 0)


@dataclass(frozen=True, slots=True)
class Comment:
    """Of ours on a pull request. `hidden` is one that was hidden as outdated; one that a person hid
    for another reason counts as any other.
    """

    id: str
    url: str
    body: str
    created: str
    hidden: bool

    @property
    def marker(self) -> Marker | None:
        return read_marker(self.body.replace("\r", "").partition("\n")[0])

    @property
    def text(self) -> str:
        return self.body.replace("\r", "").partition("\n")[2].strip()


class Act(Enum):
    """`SHRINK` changes a comment to a line that says that nothing changes any more; `OVERTAKEN` is
    a review of which a later run of the same commit has posted a newer one.
    """

    NOTHING = "nothing"
    POST = "post"
    UPDATE = "update"
    SHRINK = "shrink"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Plan:
    """`current` is the comment that is there and stays, perhaps changed; `hide` those to hide as
    outdated, which comes last: rather two reviews for a moment than none.
    """

    act: Act
    current: Comment | None
    hide: tuple[Comment, ...]


def plan_comment(new: Marker, body: str, found: Sequence[Comment]) -> Plan:
    """`found` are comments of ours; `body` begins with `new`."""
    same = _shown(new, found)
    if not same:
        return Plan(Act.NOTHING if new.verdict == NO_CHANGE else Act.POST, None, ())
    *older, current = same
    hide = tuple(older)
    there = current.marker
    assert there is not None, "it has a key"
    if _is_later(there, new):
        return Plan(Act.OVERTAKEN, current, hide)
    if current.text == body.partition("\n")[2].strip() and there.verdict == new.verdict:
        return Plan(Act.NOTHING, current, hide)
    if new.verdict == NO_CHANGE:
        return Plan(Act.SHRINK, current, hide)
    if there.verdict == new.verdict:
        return Plan(Act.UPDATE, current, hide)
    return Plan(Act.POST, None, tuple(same))


def plan_tidying(new: Marker, found: Sequence[Comment]) -> tuple[Comment, ...]:
    """What to hide after something was posted: two runs at once may both have posted."""
    return tuple(_shown(new, found)[:-1])


def _shown(new: Marker, found: Sequence[Comment]) -> list[Comment]:
    """Those of the same review that are to be seen, the newest last."""
    marked = [(each.marker, each) for each in found if not each.hidden]
    same = [(marker, each) for marker, each in marked if marker and marker.key == new.key]
    same.sort(key=lambda pair: (pair[0].head == new.head, *_posted(pair[1])))
    # A later run of one commit has compared with a newer base, whichever was posted first.
    later = [pair for pair in same if _is_later(pair[0], same[-1][0])]
    if later:
        last = max(later, key=lambda pair: pair[0].run or _NO_RUN)
        same = [*(pair for pair in same if pair is not last), last]
    return [comment for _, comment in same]


def _is_later(one: Marker, other: Marker) -> bool:
    """Unknown without runs."""
    both = one.run is not None and other.run is not None
    return both and one.head == other.head and (one.run or _NO_RUN) > (other.run or _NO_RUN)


def _posted(comment: Comment) -> tuple[str, int, str]:
    return comment.created, len(comment.url), comment.url
