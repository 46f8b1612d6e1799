"""100,000 to 400,000 objects against 50 rules, and the same answers as the reference."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks.figure import Figure
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.action_due import action_due
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Versioning

RULES = 50
AT = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = AT + timedelta(days=400)
BUCKET = BucketState(Versioning.ENABLED)
CLASSES = ("STANDARD", "STANDARD", "STANDARD_IA", "GLACIER_IR")


def measure() -> Iterator[Figure]:
    rules = fifty_rules()
    first = None
    for count in (100_000, 200_000, 400_000):
        items = objects(count)
        batch = Batch(rules, BUCKET)
        spent = min(_seconds(partial(_ask, batch, items)) for _ in range(3))
        first = first or spent / count
        per_100k = spent / count * 100_000
        yield Figure(f"{count:,} objects, {RULES} rules: 100,000 of them", per_100k, "s", 1.0)
        yield Figure(f"{count:,} objects: against the fewest", spent / count / first, "×", 1.5)
    items = objects(100_000)
    batch = Batch(rules, BUCKET)
    spent = _seconds(lambda: _all(batch.histories(items, AT, UNTIL)))
    yield Figure("100,000 objects: their stories of 400 days", spent, "s")
    few = items[:2_000]
    alone = _seconds(lambda: [action_due(rules, BUCKET, item, AT) for item in few]) * 50
    spent = _seconds(partial(_ask, batch, items))
    yield Figure("100,000 objects: against the reference, one by one", spent / alone, "×", 1.0)
    exact = [action_due(rules, BUCKET, item, AT) for item in few]
    assert [each[:2] for each in batch.actions_due(few, AT)] == [(o.action, o.due) for o in exact]


def _seconds(action: Callable[[], object]) -> float:
    """Of one core, whatever else runs; without a search for garbage, as a command runs."""
    gc.collect()
    gc.disable()
    began = time.process_time()
    action()
    spent = time.process_time() - began
    gc.enable()
    return spent


def _ask(batch: Batch, items: list[StoredItem]) -> int:
    return _all(batch.actions_due(items, AT))


def _all(answers: Iterator[object]) -> int:
    return sum(1 for _ in answers)


def fifty_rules() -> RuleSet:
    """Prefixes of several depths, a third with tags, a quarter with sizes."""
    return read_rules([_rule(number) for number in range(RULES)])


def _rule(number: int) -> dict[str, object]:
    predicates: dict[str, object] = {"Prefix": f"team-{number % 25}/" + "runs/" * (number % 3)}
    if number % 3 == 0:
        predicates["Tags"] = [{"Key": "state", "Value": f"s{number % 4}"}]
    if number % 4 == 0:
        predicates["ObjectSizeGreaterThan"] = 1024 * number
    return {
        "ID": f"r{number}",
        "Status": "Enabled",
        "Filter": {"And": {**predicates, "ObjectSizeLessThan": 2**40}},
        "Transitions": [
            {"Days": 10 + number, "StorageClass": "STANDARD_IA"},
            {"Days": 90 + number, "StorageClass": "GLACIER_IR"},
        ],
        "Expiration": {"Days": 200 + number},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7, "NewerNoncurrentVersions": 2},
    }


def objects(count: int) -> list[StoredItem]:
    """Keys, sizes, ages to the second, classes tags at random; every tenth is noncurrent."""
    chance = random.Random(7)
    return [_object(number, chance) for number in range(count)]


def _object(number: int, chance: random.Random) -> StoredItem:
    created = AT - timedelta(seconds=chance.randrange(400 * 86_400))
    old = number % 10 == 0
    return StoredItem(
        key=f"team-{number % 30}/runs/{'runs/' * (number % 2)}{number}/model.pt",
        created=created,
        size=int(2 ** chance.uniform(0, 34)),
        storage_class=chance.choice(CLASSES),
        tags=(("state", f"s{number % 5}"), ("run", str(number))),
        current=not old,
        noncurrent_since=created + timedelta(days=1) if old else None,
        newer_noncurrent=number % 4 if old else 0,
    )
