"""What is live on the buckets of the lock: each configuration as S3 has it."""

from __future__ import annotations

import json

from firnline.cli.live_rules import LiveRules
from firnline.fleet.look import LiveBucket
from firnline.s3.shape import to_s3


def to_json(live: LiveRules) -> str:
    shapes = {
        answer.bucket.key: to_s3(answer.rules) if answer.rules else None
        for answer in live.answers.values()
        if isinstance(answer, LiveBucket)
    }
    return json.dumps(shapes, indent=2) + "\n"
