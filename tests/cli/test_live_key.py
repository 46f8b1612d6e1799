"""What AWS says of a live object is understood, or said not to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from firnline.cli.failed import CommandFailed
from firnline.cli.live_key import details
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import ReplicationStatus

ITEM = StoredItem("a/x", datetime(2026, 1, 1, tzinfo=UTC), size=1)


class S3:
    """Answers about one object."""

    def __init__(self, **head: Any) -> None:
        self._head = head

    def head_object(self, **_: str) -> dict[str, Any]:
        return self._head

    def get_object_tagging(self, **_: str) -> dict[str, Any]:
        return {"TagSet": [{"Key": "team", "Value": "ml"}]}


def test_replication_and_tags_are_read() -> None:
    found = details(ITEM, S3(ReplicationStatus="COMPLETE"), "lab")
    assert found.replication is ReplicationStatus.COMPLETED
    assert found.tags == (("team", "ml"),)


@pytest.mark.parametrize("head", [{"ReplicationStatus": "HALFWAY"}, {"ArchiveStatus": "COSY"}])
def test_a_word_that_s3_did_not_have_is_said_and_no_crash(head: dict[str, str]) -> None:
    with pytest.raises(
        CommandFailed, match=r"what S3 says of `a/x` in lab is not known: .*(HALF|COSY)"
    ):
        details(ITEM, S3(**head), "lab")
