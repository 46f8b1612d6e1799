"""What each bucket of the sample world holds, as plain values: the same for the same seed.

Ages are relative to the world's beginning, so the names and the ages never drift apart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox.world import accounts
from sandbox.world.accounts import Bucket

SEED = 20_261_121
OLDEST_DAYS = 400
_KIB, _MIB, _GIB = 1 << 10, 1 << 20, 1 << 30

_TEAMS = ("fraud", "search", "churn", "vision", "speech")
_MODELS = ("fraud-gbdt", "search-ranker", "churn-lgbm", "doc-layout", "asr-conformer", "dedup-e5")
_OPTIMIZERS = ("adamw", "lion", "sgd")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object, or a delete marker."""

    key: str
    age: timedelta
    size: int = 0
    tags: tuple[tuple[str, str], ...] = ()
    version_id: str = "null"
    is_marker: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """An incomplete multipart upload."""

    key: str
    age: timedelta
    part_sizes: tuple[int, ...]


_Section = Callable[[random.Random, datetime], Iterator[Version]]


def versions_in(bucket: Bucket, started: datetime, seed: int = SEED) -> tuple[Version, ...]:
    """Every version in the bucket; those of one key stand together, the oldest first."""
    rng = random.Random(f"{seed}/{bucket.name}")
    found: dict[str, Version] = {}
    for section, count in _CONTENTS[bucket]:
        drawn = section(rng, started)
        while count > 0:
            version = next(drawn)
            if version.key not in found:
                found[version.key] = version
                count -= 1
    newest = (found[key] for key in sorted(found))
    return tuple(version for one in newest for version in _history(rng, bucket, one))


def uploads_in(bucket: Bucket, seed: int = SEED) -> tuple[Upload, ...]:
    rng = random.Random(f"{seed}/uploads/{bucket.name}")
    return tuple(
        Upload(
            f"checkpoints/{rng.choice(_TEAMS)}/{_run(rng)}/{_step(rng)}.pt",
            timedelta(days=age, seconds=rng.randrange(86_400)),
            (64 * _MIB,) * rng.randint(1, 6),
        )
        for age in (1, 3, 5, 12, 40, 90, 200)
    )


def _checkpoints(rng: random.Random, _started: datetime) -> Iterator[Version]:
    while True:
        team, run, age = rng.choice(_TEAMS), _run(rng), _age(rng)
        size = rng.randint(80 * _MIB, 6 * _GIB)
        tags = _tags(team, "training", run)
        folder = f"checkpoints/{team}/{run}"
        yield Version(f"{folder}/config.yaml", age, rng.randint(1 * _KIB, 6 * _KIB), tags)
        for step in range(500, 500 * rng.randint(4, 12), 500):
            age = max(age - timedelta(minutes=rng.randint(20, 90)), timedelta(minutes=5))
            weights = f"{folder}/step-{step:06d}.{rng.choice(('pt', 'safetensors'))}"
            yield Version(weights, age, size + rng.randrange(_MIB), tags)
            if step % 2_000 == 0:
                yield Version(
                    f"{folder}/step-{step:06d}.{rng.choice(_OPTIMIZERS)}.pt", age, 2 * size, tags
                )


def _stopped(state: str) -> _Section:
    def section(rng: random.Random, _started: datetime) -> Iterator[Version]:
        while True:
            team, run, age = rng.choice(_TEAMS), _run(rng), _age(rng)
            tags = _tags(team, state, run)
            folder = f"experiments/{state}/{run}"
            yield Version(f"{folder}/params.json", age, rng.randint(300, 4 * _KIB), tags)
            yield Version(f"{folder}/metrics.parquet", age, rng.randint(20 * _KIB, 30 * _MIB), tags)
            if rng.random() < 0.6:
                size = rng.randint(40 * _MIB, 3 * _GIB)
                yield Version(f"{folder}/last.pt", age, size, tags)

    return section


def _models(rng: random.Random, _started: datetime) -> Iterator[Version]:
    while True:
        model, number, age = rng.choice(_MODELS), rng.randint(1, 90), _age(rng)
        tags = _tags(model.partition("-")[0], "candidate", _run(rng))
        yield from _model(rng, f"models/{model}/v{number:04d}", age, tags)


def _production(rng: random.Random, _started: datetime) -> Iterator[Version]:
    while True:
        model, age = rng.choice(_MODELS), _age(rng)
        tags = _tags(model.partition("-")[0], "production", _run(rng))
        number = rng.randint(1, 90)
        yield from _model(rng, f"models/production/{model}/v{number:04d}", age, tags)


def _model(
    rng: random.Random, folder: str, age: timedelta, tags: tuple[tuple[str, str], ...]
) -> Iterator[Version]:
    yield Version(f"{folder}/config.json", age, rng.randint(400, 3 * _KIB), tags)
    yield Version(f"{folder}/tokenizer.json", age, rng.randint(500 * _KIB, 4 * _MIB), tags)
    yield Version(f"{folder}/model.safetensors", age, rng.randint(90 * _MIB, 14 * _GIB), tags)


def _audit(rng: random.Random, started: datetime) -> Iterator[Version]:
    while True:
        age = _age(rng)
        day = (started - age).strftime("%Y/%m/%d")
        tags = _tags(rng.choice(_TEAMS), "audit", _run(rng))
        name = f"audit/{day}/decisions-{rng.getrandbits(24):06x}.parquet"
        yield Version(name, age, rng.randint(30 * _KIB, 400 * _MIB), tags)


def _logs(rng: random.Random, started: datetime) -> Iterator[Version]:
    while True:
        team, run, age = rng.choice(_TEAMS), _run(rng), _age(rng)
        day = (started - age).strftime("%Y/%m/%d")
        for rank in range(rng.choice((1, 4, 8))):
            name = f"logs/{team}/{day}/{run}-rank{rank}.json.gz"
            yield Version(name, age, rng.randint(40 * _KIB, 200 * _MIB), _tags(team, "logs", run))


_CONTENTS: dict[Bucket, tuple[tuple[_Section, int], ...]] = {
    accounts.DEV: (
        (_checkpoints, 300),
        (_stopped("failed"), 80),
        (_stopped("killed"), 50),
        (_models, 70),
    ),
    accounts.CI: ((_checkpoints, 200), (_stopped("failed"), 60), (_models, 40)),
    accounts.PROD_US: (
        (_checkpoints, 420),
        (_stopped("failed"), 110),
        (_stopped("killed"), 60),
        (_models, 180),
        (_production, 40),
        (_audit, 120),
    ),
    accounts.PROD_EU: (
        (_checkpoints, 260),
        (_stopped("failed"), 70),
        (_models, 120),
        (_production, 30),
        (_audit, 100),
    ),
    accounts.LOGS: ((_logs, 520), (_audit, 40)),
    accounts.EXPERIMENTS: (
        (_checkpoints, 180),
        (_stopped("failed"), 120),
        (_stopped("killed"), 90),
        (_models, 40),
    ),
    accounts.AUDIT: ((_audit, 240),),
}


def _history(rng: random.Random, bucket: Bucket, newest: Version) -> Iterator[Version]:
    """The version that was drawn, with what came before it, and sometimes a delete marker after."""
    if bucket.versioning == "off":
        yield newest
        return
    history = [*_replaced(rng, newest), newest]
    if newest.age > timedelta(days=2) and rng.random() < 0.05:
        age = newest.age * rng.uniform(0.1, 0.8)
        history.append(Version(newest.key, age, is_marker=True))
    numbered = [_numbered(rng, bucket, version) for version in history]
    # Since the suspension each write replaced the null version (S3 User Guide, Suspending).
    last_null = max((i for i, one in enumerate(numbered) if one.version_id == "null"), default=-1)
    for i, version in enumerate(numbered):
        if version.version_id != "null" or i == last_null:
            yield version


def _replaced(rng: random.Random, newest: Version) -> list[Version]:
    """Older versions of the same object, the oldest first: small files are written again often."""
    often = newest.size < 64 * _MIB
    count = rng.choice((0, 0, 0, 0, 0, 1, 1, 3) if often else (0,) * 15 + (1,))
    age, older = newest.age, []
    for _ in range(count):
        age += timedelta(days=rng.randint(1, 9), hours=1)
        size = max(1, int(newest.size * rng.uniform(0.9, 1.1)))
        older.append(replace(newest, age=age, size=size))
    return [version for version in reversed(older) if version.age.days < OLDEST_DAYS]


def _numbered(rng: random.Random, bucket: Bucket, version: Version) -> Version:
    """With the version ID that S3 would have given on that day."""
    version_id = f"{rng.getrandbits(128):032x}"
    has_id = version.age > timedelta(days=bucket.suspended_days_ago)
    return replace(version, version_id=version_id) if has_id else version


def _age(rng: random.Random) -> timedelta:
    """More of what is recent: teams write more each month."""
    return timedelta(seconds=int(rng.random() ** 1.4 * (OLDEST_DAYS - 1) * 86_400) + 3_600)


def _run(rng: random.Random) -> str:
    return f"run-{rng.getrandbits(32):08x}"


def _step(rng: random.Random) -> str:
    return f"step-{500 * rng.randint(1, 40):06d}"


def _tags(team: str, stage: str, run: str) -> tuple[tuple[str, str], ...]:
    return (("team", team), ("stage", stage), ("run", run))
