"""Who wrote the lifecycle of buckets, for programs."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from firnline.cli.writers_answer import Live, Writers, WrittenBucket
from firnline.diagnostics.json import diagnostic_json
from firnline.fleet.writers.conflict import letter
from firnline.fleet.writers.history import Turn
from firnline.fleet.writers.words import in_words
from firnline.fleet.writers.writer import Writer
from firnline.s3.shape import to_s3

_SCHEMA_VERSION = 1


def to_json(found: Writers) -> str:
    document = {
        "schema_version": _SCHEMA_VERSION,
        "source": found.source,
        "since": found.since.isoformat() if found.since else None,
        "buckets": [_bucket(each) for each in found.buckets],
        "diagnostics": [diagnostic_json(each) for each in found.conflicts],
    }
    return json.dumps(document, indent=2) + "\n"


def _bucket(bucket: WrittenBucket) -> dict[str, Any]:
    turns = bucket.history.turns
    before = [None, *(turn.meaning for turn, _ in pairwise(turns))]
    return {
        "bucket": bucket.name,
        "account": bucket.account_id or None,
        "region": bucket.region or None,
        "meanings": {
            letter(number): to_s3(rules) if rules.rules else None
            for number, rules in enumerate(bucket.history.meanings)
        },
        "writes": [
            _write(turn, previous, bucket.account_id)
            for previous, turn in zip(before, turns, strict=True)
        ],
        "live": bucket.live and _live(bucket.live),
        "conflicts": [
            {"between": [letter(each) for each in conflict.meanings], "flips": len(conflict.flips)}
            for conflict in bucket.history.conflicts
        ],
    }


def _live(live: Live) -> dict[str, Any]:
    return {
        "meaning": None if live.meaning is None else letter(live.meaning),
        "rules": to_s3(live.rules) if live.rules.rules else None,
    }


def _write(turn: Turn, before: int | None, account_id: str) -> dict[str, Any]:
    return {
        "at": turn.write.at.isoformat(),
        "meaning": None if turn.meaning is None else letter(turn.meaning),
        "before": None if before is None else letter(before),
        "removes_configuration": turn.write.removes,
        "request_id": turn.write.request_id or None,
        "by": _writer(turn.write.writer, account_id),
    }


def _writer(writer: Writer, account_id: str) -> dict[str, Any]:
    return {
        "tool": writer.tool.value,
        "version": writer.version or None,
        "detail": writer.detail or None,
        "principal": writer.principal or None,
        "session": writer.session or None,
        "user_agent": writer.user_agent or None,
        "told_by_rule_ids_alone": writer.by_ids,
        "in_words": in_words(writer, account_id),
    }
