"""What a rollout says of the days that S3 tells of objects, and of those nobody compared."""

from __future__ import annotations

from datetime import UTC, datetime

from firnline.fleet.accounts import NoAccess
from firnline.fleet.expiry.expected_day import ExpectedDay
from firnline.fleet.expiry.verdicts import BucketVerdict, Compared, WrittenRules
from firnline.fleet.questions import Failure, ListedBucket
from firnline.rollout.verified import notes_on
from firnline.s3.model import RuleSet
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Versioning
from tests.fleet.small_world import PROD, account

OWNER = account("prod", PROD, "us-east-1")
NO_DAY = ExpectedDay(None, None, frozenset({None}))


def judged(name: str, *verdicts: DayVerdict, failure: NoAccess | None = None) -> BucketVerdict:
    bucket = ListedBucket(OWNER, name, "us-east-1")
    item = StoredItem("a", datetime(2026, 11, 1, tzinfo=UTC))
    whys = {DayVerdict.UNKNOWN: "its tags are not known"}
    found = tuple(Compared(item, None, NO_DAY, each, whys.get(each, "")) for each in verdicts)
    why = Failure(OWNER, name, failure) if failure else None
    return BucketVerdict(WrittenRules(bucket, RuleSet(()), Versioning.OFF), found, why)


def test_buckets_on_which_nothing_was_compared_are_named_with_the_reason() -> None:
    expired = NoAccess(PROD, "s3:ListBucket", "ExpiredToken: too old", code="ExpiredToken")
    said = list(
        notes_on(
            [
                judged("fine", DayVerdict.AGREES, DayVerdict.UNKNOWN),
                judged("tagged", DayVerdict.UNKNOWN, DayVerdict.UNKNOWN),
                judged("empty"),
                judged("cut-off", DayVerdict.UNKNOWN, failure=expired),
            ]
        )
    )
    assert said == [
        "S3 tells the day of expiry that the rules mean for 1 object",
        "the day of expiry was not compared on cut-off: error from s3:ListBucket:"
        " ExpiredToken: too old",
        "no object's day was compared on tagged: its tags are not known",
    ]
