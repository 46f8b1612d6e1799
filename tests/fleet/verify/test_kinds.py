"""Every way in which live rules differ has its kind, and its examples show it."""

from __future__ import annotations

from operator import attrgetter

import pytest

from firnline.diagnostics.kinds import Kind
from firnline.fleet.verify import kinds
from firnline.fleet.verify.replicas import Destination, destinations
from tests.fleet.verify.buckets import findings_of

EVERY = [each for each in vars(kinds).values() if isinstance(each, Kind)]
OF_ONE_BUCKET = [each for each in EVERY if each is not kinds.BUCKET_UNLISTED]


@pytest.mark.parametrize("kind", OF_ONE_BUCKET, ids=attrgetter("name"))
def test_the_wrong_example_has_its_kind_and_the_right_one_nothing(kind: Kind) -> None:
    assert kind in [each.kind for each in findings_of(str(kind.wrong))]
    assert findings_of(str(kind.right)) == []


def test_a_short_expiry_names_the_rule_that_brought_it_and_how_to_remove_it() -> None:
    found = findings_of(str(kinds.SHORT_EXPIRY.wrong))
    assert [each.kind.code for each in found] == ["FL734"]
    assert "after 1 day, which no policy says" in found[0].message
    assert "only live: `cleanup`" in found[0].notes
    assert found[0].help.startswith("remove `cleanup` from `acme-models`")


def test_replicas_are_looked_for_where_replication_is_on() -> None:
    on = {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::a", "Account": "1"}}
    off = {"Status": "Disabled", "Destination": {"Bucket": "arn:aws:s3:::b"}}
    assert destinations({"Rules": [on, on, off]}) == (Destination("a", "1"),)
    assert destinations(None) == ()
