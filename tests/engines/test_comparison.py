"""Worlds played on a server that does as we like: what is equal, explained, unexplained."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.engines import simulated
from tests.engines.compare import differences
from tests.engines.departures import AFTER_MIDNIGHT, SOLE_MARKER, after_midnight
from tests.engines.fake_server import AtMidnight, FakeClock, FakeServer
from tests.engines.listing import list_bucket
from tests.engines.play import play
from tests.engines.state import DAY, START, Bucket, Remaining, Version
from tests.engines.tally import Tally, describe
from tests.engines.worlds import DAYS, make_world

WORLDS = [make_world(1, number) for number in range(60)]


def tally(at_midnight: AtMidnight, clock: FakeClock | None = None, *, aborts: bool = True) -> Tally:
    def aborted(bucket: Bucket, at: datetime) -> set[str]:
        _, left = simulated.after_midnight(bucket, at)
        return bucket.uploads.keys() - left if aborts else set()

    found = Tally(len(WORLDS))
    server = FakeServer(at_midnight, aborted)
    for midnight in play(server, WORLDS, lambda _line: None, clock or FakeClock()):
        found.add(midnight)
    return found


def nothing(bucket: Bucket, key: str, _at: datetime) -> Remaining:
    return tuple(version.id for version in bucket.keys[key])


@pytest.fixture(scope="module")
def idle() -> Tally:
    """Of a server that deletes nothing."""
    return tally(nothing)


def test_the_naive_s3_does_at_every_midnight_what_firnline_says() -> None:
    found = tally(after_midnight)
    assert (found.compared, found.equal) == (DAYS * len(WORLDS), DAYS * len(WORLDS))
    assert found.failure is None


def test_a_server_that_departs_by_two_rows_is_explained_by_them() -> None:
    def departing(bucket: Bucket, key: str, at: datetime) -> Remaining:
        return after_midnight(bucket, key, at, (SOLE_MARKER, AFTER_MIDNIGHT))

    found = tally(departing)
    assert found.equal < found.compared
    assert found.failure is None
    assert found.by_row.keys() == {SOLE_MARKER, AFTER_MIDNIGHT}


def test_a_server_that_deletes_a_day_too_soon_is_not_explained() -> None:
    def too_soon(bucket: Bucket, key: str, at: datetime) -> Remaining:
        return after_midnight(bucket, key, at + DAY)

    assert tally(too_soon).unexplained


def test_a_server_that_deletes_nothing_is_not_explained(idle: Tally) -> None:
    assert idle.unexplained
    assert "no row of docs/proof.md explains" in (idle.failure or "")


def test_an_upload_that_is_not_aborted_is_not_explained() -> None:
    unexplained = tally(after_midnight, aborts=False).unexplained
    shown = {(each.ours, each.theirs) for one in unexplained for each in one.differences}
    assert shown == {((), ("an incomplete multipart upload",))}


def test_a_version_that_nobody_wrote_is_not_explained() -> None:
    server = FakeServer(nothing, lambda _bucket, _at: set())
    written, known = Version("1", START), Version("2", START)
    server.buckets["one"] = Bucket(versioned=True, keys={"a/1": (written, known)})
    before = Bucket(versioned=True, keys={"a/1": (known,)})
    listing = list_bucket(server.client(1), "one", before)
    assert listing.is_strange
    (difference,) = differences(before, START + DAY, listing)
    assert difference.rows is None


def test_an_old_version_that_is_listed_as_the_latest_is_not_explained() -> None:
    server = FakeServer(nothing, lambda _bucket, _at: set())
    old, new = Version("1", START), Version("2", START)
    server.buckets["one"] = Bucket(versioned=True, keys={"a/1": (new, old)})
    before = Bucket(versioned=True, keys={"a/1": (old, new)})
    assert list_bucket(server.client(1), "one", before).is_strange


def test_what_is_played_too_late_is_not_compared() -> None:
    found = tally(after_midnight, FakeClock(late=3.0))
    assert (found.compared, found.late) == (0, DAYS * len(WORLDS))
    assert "too slow or too busy" in (found.failure or "")


def test_only_the_worlds_are_given_up_whose_day_was_too_long() -> None:
    found = tally(after_midnight, FakeClock(slow=0.05))
    assert found.late > 0
    assert found.equal == found.compared > 0


def test_a_difference_is_shown_with_the_command_that_plays_its_world_again(idle: Tally) -> None:
    midnight = idle.unexplained[0]
    text = "\n".join(describe(midnight))
    assert "UNEXPLAINED" in text
    assert f"python -m tests.engines --seed 1 --only {midnight.world.number}" in text


@pytest.mark.parametrize("number", [0, 7])
def test_a_world_is_the_same_for_the_same_seed_and_number(number: int) -> None:
    assert make_world(1, number) == make_world(1, number)
    assert make_world(1, number) != make_world(2, number)
