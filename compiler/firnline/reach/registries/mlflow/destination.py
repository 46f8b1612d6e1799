"""Whether `artifacts_destination` is true: what must have objects is looked for below it in S3.

No call of MLflow tells the destination. With a wrong one no reference through the proxy lies where
its objects do, and all of them look as if nothing needed them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from firnline.fleet.accounts import NoAccess, requesting
from firnline.reach.location import Location, UnknownLocation
from firnline.reach.registries.mlflow.addresses import Addresses, addresses_for
from firnline.reach.registries.mlflow.contents import Contents, LoggedModel, Version
from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.registries.world import World
from firnline.reach.source import GaveNoAccess

PERMISSION: Final = "s3:ListBucket"
_LOOKED_UP: Final = 20
_ELSEWHERE: Final = "s3://not-the-destination"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_NO_BUCKET: Final = "NoSuchBucket"
_RIGHT_IT: Final = (
    "correct it in the fleet file, to what `mlflow server --artifacts-destination` is started with"
)

HasObjects: TypeAlias = Callable[[Location], bool]
"""Raises `CannotRead`, `NoAccess`."""


def verified(
    contents: Contents, destination: str, has_objects: HasObjects, problems: Problems
) -> tuple[str, ...]:
    """What the certificate notes of it. Raises `CannotRead`."""
    if not destination:
        return ()  # what goes through a proxy is a problem then
    here = addresses_for(contents, destination)
    if not _is_in_s3(here, destination):
        return (f"`artifacts_destination` is not verified: {destination} is not in S3",)
    sample = _sample(contents, here)
    if not sample:
        return (_NOTHING_TO_SEE,)
    try:
        found = [each for each in sample if any(map(has_objects, each.locations))]
    except NoAccess as why:
        if why.code != _NO_BUCKET:
            raise GaveNoAccess(_refused(destination, sample[0], why)) from None
        found = []
    if not found:
        problems.add(_not_there(destination, sample))
        return ()
    return (_there(destination, sample, found),)


@dataclass(frozen=True, slots=True)
class InS3:
    """Whether anything is stored at a location, by one or two requests that list."""

    world: World
    account: str | None

    def has_objects(self, location: Location) -> bool:
        """Raises `CannotRead`, `NoAccess`."""
        below = f"{location.key}/" if location.key else ""
        if self._first(location.bucket, below):
            return True
        return bool(below) and self._first(location.bucket, location.key) == location.key

    def _first(self, bucket: str, prefix: str) -> str | None:
        access = self.world.access_or_own(self.account)
        client = self.world.clients.s3(access)
        with requesting(access.account_id, PERMISSION, access.role_arn):
            answer = client.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
        return next((each["Key"] for each in answer.get("Contents", ())), None)


@dataclass(frozen=True, slots=True)
class _Record:
    """What is registered or ready has objects; a run may have none."""

    name: str
    changed: datetime
    record: Version | LoggedModel

    def locations(self, addresses: Addresses) -> frozenset[Location]:
        try:
            if isinstance(self.record, Version):
                return frozenset(addresses.of_version(self.record))
            return frozenset(addresses.of(self.record.root))
        except UnknownLocation:
            return frozenset()  # a problem of the reading already


@dataclass(frozen=True, slots=True)
class _Proxied:
    name: str
    locations: tuple[Location, ...]


def _sample(contents: Contents, here: Addresses) -> tuple[_Proxied, ...]:
    """Of those through the proxy the newest, the oldest, and some between. What lies elsewhere with
    another destination goes through it.
    """
    if not here.may_be_proxied:
        return ()
    there = here.with_destination(_ELSEWHERE)
    records = sorted(_records(contents), key=lambda each: each.changed, reverse=True)
    sample: dict[tuple[Location, ...], _Proxied] = {}
    for at in _spread(len(records)):
        if moved := records[at].locations(here) - records[at].locations(there):
            locations = tuple(sorted(moved))
            sample.setdefault(locations, _Proxied(records[at].name, locations))
        if len(sample) == _LOOKED_UP:
            break
    return tuple(sample.values())


def _records(contents: Contents) -> Iterator[_Record]:
    for version in contents.versions:
        if not version.is_deleted and not version.is_prompt:
            yield _Record(version.because[0], version.changed or _NEVER, version)
    for model in contents.models:
        if not model.is_deleted and model.is_ready:
            name = f"logged model {model.name} {model.id}"
            yield _Record(name, model.changed or _NEVER, model)


def _spread(count: int) -> Iterator[int]:
    """Each number below `count`: the first, the last, and then always the middle of a gap."""
    yield from sorted({0, count - 1} if count else ())
    gaps = deque([(0, count - 1)])
    while gaps:
        low, high = gaps.popleft()
        middle = (low + high) // 2
        if low < middle < high:
            yield middle
            gaps += (low, middle), (middle, high)


def _is_in_s3(addresses: Addresses, destination: str) -> bool:
    try:
        return bool(addresses.of(destination))
    except UnknownLocation:
        return False


_NOTHING_TO_SEE: Final = (
    "`artifacts_destination` is not verified: no registered version and no logged model that is"
    " ready is stored through the proxy"
)


def _there(destination: str, sample: tuple[_Proxied, ...], found: list[_Proxied]) -> str:
    said = f"{len(found)} of {_looked_up(sample)} have objects below {destination}"
    missing = [each for each in sample if each not in found]
    without = f", {missing[0].name} has none" if missing else ""
    return f"`artifacts_destination` is verified: {said}{without}"


def _not_there(destination: str, sample: tuple[_Proxied, ...]) -> str:
    return (
        f"has `artifacts_destination: {destination}`, and none of {_looked_up(sample)} has an"
        f" object there, not {sample[0].name} at {sample[0].locations[0]}: {_RIGHT_IT}"
    )


def _looked_up(sample: tuple[_Proxied, ...]) -> str:
    return f"{len(sample)} registered versions and logged models that were looked up"


def _refused(destination: str, first: _Proxied, why: NoAccess) -> str:
    grant = f"grant {PERMISSION} on the bucket {first.locations[0].bucket}"
    remedy = grant if why.denied else f"{grant}, see that S3 can be reached, and read it again"
    return (
        f"has `artifacts_destination: {destination}`, which could not be verified in S3"
        f" ({why.permission}: {why.reason}): {remedy}"
    )
