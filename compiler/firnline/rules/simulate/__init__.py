"""What does S3 do with one thing under these rules? The reference meaning of S3 lifecycle."""

from firnline.rules.simulate.clock import due_after, midnight_from, read_moment
from firnline.rules.simulate.crowd import Crowd, Deed, Step
from firnline.rules.simulate.listed import Told, tell
from firnline.rules.simulate.owed import Candidate, Owed, candidates, owed
from firnline.rules.simulate.stack import Played, play
from firnline.rules.simulate.story import Event, Story, story
from firnline.rules.simulate.thing import (
    Action,
    BucketState,
    IncompleteThing,
    Sort,
    Thing,
    access_tier,
)

__all__ = [
    "Action",
    "BucketState",
    "Candidate",
    "Crowd",
    "Deed",
    "Event",
    "IncompleteThing",
    "Owed",
    "Played",
    "Sort",
    "Step",
    "Story",
    "Thing",
    "Told",
    "access_tier",
    "candidates",
    "due_after",
    "midnight_from",
    "owed",
    "play",
    "read_moment",
    "story",
    "tell",
]
