"""Plays worlds side by side on a living server, day by day, and compares every midnight.

A day there is ten seconds: operations are done in its middle, and a pass begins at its end.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError

from tests.engines import users
from tests.engines.compare import Difference, differences
from tests.engines.listing import Listing, list_bucket
from tests.engines.seaweedfs import DAY as REAL_DAY
from tests.engines.state import DAY, START, Bucket
from tests.engines.worlds import DAYS, LONGEST, World

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 6

APART = 0.99 * REAL_DAY
"""Between two midnights: a little less than a day, so that what a pass makes is not yet N days old
N midnights later, however punctual the passes are. To what is made at noon it is all the same."""

_LATEST_PASS = 0.3
"""Seconds by which a pass may be late: more, and it looks back less far than we think it does."""

_BUSY_FROM = 1.0
"""Seconds after a midnight from which on users write: sooner, and a late pass might take what they
write for a day older."""

_QUIET = 1.0
"""Seconds before a midnight in which nothing may be written any more."""


class Server(Protocol):
    def client(self, connections: int) -> S3Client: ...
    def run_lifecycle(self) -> None: ...


class Clock(Protocol):
    """In seconds."""

    def now(self) -> float: ...
    def sleep_until(self, moment: float) -> None: ...


class WallClock:
    def now(self) -> float:
        return time.time()

    def sleep_until(self, moment: float) -> None:
        time.sleep(max(0.0, moment - time.time()))


@dataclass(frozen=True, slots=True)
class Midnight:
    """One world at one midnight. `is_eventful` where something was to be done, or was done; `late`
    where the machine was too slow to say anything of it."""

    world: World
    day: int
    before: Bucket
    differences: tuple[Difference, ...] = ()
    is_eventful: bool = False
    late: bool = False


@dataclass(slots=True)
class _Played:
    """`given_up` once nothing can be said of it any more."""

    world: World
    name: str
    bucket: Bucket = field(default_factory=Bucket)
    given_up: bool = False


def play(
    server: Server,
    worlds: Sequence[World],
    report: Callable[[str], None],
    clock: Clock | None = None,
) -> Iterator[Midnight]:
    """Every midnight of every world, in order of time."""
    client, clock = server.client(CONNECTIONS), clock or WallClock()
    played = [_Played(world, f"world-{world.number}") for world in worlds]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        report(f"{len(played)} buckets are being made")
        _make_window(client)
        list(pool.map(lambda each: _make(client, each.name), played))
        midnight = clock.now()
        for day in range(DAYS):
            report(f"day {day + 1} of {DAYS}")
            clock.sleep_until(midnight + _BUSY_FROM)
            midnight += APART
            until = partial(_run_operations, client, day, clock, midnight - _QUIET)
            for _ in pool.map(until, played):
                pass
            clock.sleep_until(midnight)
            if clock.now() > midnight + _LATEST_PASS:
                for each in played:
                    each.given_up = True
            server.run_lifecycle()
            listings = pool.map(partial(_list, client), played)
            for each, listing in zip(played, listings, strict=True):
                yield _compared(each, day, listing)


def _make_window(client: S3Client) -> None:
    """A server replays events as old as its longest rule counts days: the same on each server."""
    _make(client, "window")
    client.put_bucket_lifecycle_configuration(
        Bucket="window",
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "longest",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "Expiration": {"Days": LONGEST},
                }
            ]
        },
    )


def _make(client: S3Client, name: str) -> None:
    """With the volume that the server gives a bucket at its first write."""
    for attempts_left in reversed(range(20)):
        try:
            client.create_bucket(Bucket=name)
            client.put_object(Bucket=name, Key="first", Body=b"x")
            break
        except ClientError:  # a server that has just started may not take writes yet
            if not attempts_left:
                raise
            time.sleep(0.5)
    client.delete_object(Bucket=name, Key="first")


def _run_operations(
    client: S3Client, day: int, clock: Clock, until: float, played: _Played
) -> None:
    """All of a day, or the world is given up."""
    for place, operation in enumerate(played.world.days[day]):
        if played.given_up:
            return
        at = START + day * DAY + timedelta(hours=12, seconds=place)
        users.run(client, played.name, played.world, played.bucket, operation, at)
        played.given_up = clock.now() > until


def _list(client: S3Client, played: _Played) -> Listing | None:
    return None if played.given_up else list_bucket(client, played.name, played.bucket)


def _compared(played: _Played, day: int, listing: Listing | None) -> Midnight:
    """The bucket goes on as the server left it, so that no difference is counted twice."""
    at = START + (day + 1) * DAY
    before = copy.deepcopy(played.bucket)
    if listing is None:
        return Midnight(played.world, day, before, late=True)
    found = tuple(differences(before, at, listing))
    if listing.is_strange:
        played.given_up = True
    else:
        _settle(played.bucket, listing, at)
    is_eventful = bool(found) or played.bucket != before
    return Midnight(played.world, day, before, found, is_eventful)


def _settle(bucket: Bucket, listing: Listing, at: datetime) -> None:
    for key in list(bucket.keys):
        bucket.settle(key, listing.keys.get(key, ()), at, listing.markers.get(key, ()))
    for id in bucket.uploads.keys() - listing.uploads:
        del bucket.uploads[id]
