"""What each bucket must answer, by policies and lock, and by an earlier revision of both."""

from __future__ import annotations

import json

from firnline.fleet.verify.expected import ExpectedBucket, expected_buckets
from firnline.fleet.verify.verified import State
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.pipeline import Compilation, compile_files
from tests.fleet.small_world import FLEET, LOCK_OF_FACTS, POLICY
from tests.fleet.verify.buckets import answers, judged, rule

KEPT = rule("by-hand", "old/", 400)
FOREIGN = f"      foreign_rules: ['{json.dumps(KEPT)}']\n"


def compiled(policy: str = POLICY) -> Compilation:
    files = {"fleet.yaml": FLEET.encode(), "ml.yaml": policy.encode()}
    folder, _ = read_files(files)
    assert folder.fleet is not None
    digest = lock_digest(folder.fleet, folder.policies)
    lock = f"firnline: fleet-lock/v1\ndigest: {digest}\n{LOCK_OF_FACTS}{FOREIGN}"
    found = compile_files({**files, "fleet.lock.yaml": lock.encode()})
    assert not found.failed, found.diagnostics
    return found


def dev(policy: str, before: str | None) -> ExpectedBucket:
    now = compiled(policy)
    assert now.folder.fleet is not None
    earlier = compiled(before).buckets if before else None
    wanted = expected_buckets(
        now.buckets, now.folder.fleet, earlier, lambda b: b.name == "acme-dev"
    )
    (found,) = wanted
    return found


KEEPS = f"{POLICY}foreign_rules: keep\n"
LONGER = KEEPS.replace("delete_after: 14d", "delete_after: 40d")


def test_rules_of_others_are_expected_where_policies_keep_them() -> None:
    found = dev(KEEPS, None)
    assert "by-hand" in [each.id for each in found.rules.rules]
    assert found.before is None
    replaces = dev(f"{POLICY}foreign_rules: replace\n", None)
    assert [each.id for each in replaces.going] == ["by-hand"]


def test_what_an_earlier_revision_says_is_not_rolled_out_yet() -> None:
    (ours, markers) = (
        each for each in compiled(KEEPS).buckets[-1].rules.rules if each.id != "by-hand"
    )
    live = answers(
        rule(ours.id, "tmp/", 14) | {"NoncurrentVersionExpiration": {"NoncurrentDays": 7}},
        {**rule(markers.id, "tmp/", 1), "Expiration": {"ExpiredObjectDeleteMarker": True}},
        KEPT,
    )
    assert judged(live, dev(KEEPS, None)).state is State.AGREES
    assert judged(live, dev(LONGER, None)).state is State.DRIFTED
    found = judged(live, dev(LONGER, KEEPS))
    assert found.state is State.PENDING
    assert found.findings[0].notes == (
        "objects in tmp/: delete 14d (bytes gone 21d) → delete 40d (bytes gone 47d)",
    )


def test_a_bucket_that_no_earlier_revision_has_is_not_rolled_out_yet_either() -> None:
    now = compiled(KEEPS)
    assert now.folder.fleet is not None
    others = [each for each in now.buckets if each.bucket.name != "acme-dev"]
    (found,) = expected_buckets(
        now.buckets, now.folder.fleet, others, lambda bucket: bucket.name == "acme-dev"
    )
    assert judged(answers(KEPT), found).state is State.PENDING
    assert judged(answers(), found).state is State.DRIFTED
