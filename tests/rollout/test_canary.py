"""A rollout goes on behind its canary only where S3 is known to have done what the rules say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from firnline.cli.failed import CommandFailed
from firnline.cli.rollout_canary import refuse_unless_done
from firnline.fleet.verify.verified import State, VerifiedBucket
from tests.cli.test_verify_inventory import EARLIER, FIELDS, LATER, expected, row, told
from tests.inventory.facts.written import write

BEFORE_THE_RUN = EARLIER
LAB = VerifiedBucket(expected("lab"), State.AGREES)


def written(folder: Path, *keys: str, later: tuple[str, ...]) -> tuple[str, str]:
    """Two inventories, and what is in each."""
    earlier = write(folder / "earlier", [row(key) for key in keys], FIELDS, made=EARLIER)
    return str(earlier), str(
        write(folder / "later", [row(key) for key in later], FIELDS, made=LATER)
    )


def test_it_goes_on_where_s3_did_what_the_rules_say(tmp_path: Path) -> None:
    earlier, later = written(tmp_path, "tmp/a", "tmp/b", later=("tmp/a", "tmp/b"))
    refuse_unless_done([told([later], [earlier])], [LAB], BEFORE_THE_RUN)


def test_an_object_that_went_before_its_day_stops_it(tmp_path: Path) -> None:
    earlier, later = written(tmp_path, "tmp/a", "tmp/b", later=("tmp/a",))
    with pytest.raises(CommandFailed, match="does not do what the rules say") as refused:
        refuse_unless_done([told([later], [earlier])], [LAB], BEFORE_THE_RUN)
    assert refused.value.code == 10


def test_one_inventory_does_not_tell_what_s3_did(tmp_path: Path) -> None:
    _, later = written(tmp_path, later=("tmp/a",))
    with pytest.raises(CommandFailed, match="what S3 did on lab is not known"):
        refuse_unless_done([told([later])], [LAB], BEFORE_THE_RUN)


def test_a_bucket_without_inventories_is_not_known(tmp_path: Path) -> None:
    earlier, later = written(tmp_path, "tmp/a", later=("tmp/a",))
    other = VerifiedBucket(expected("other"), State.AGREES)
    with pytest.raises(CommandFailed, match="what S3 did on other is not known"):
        refuse_unless_done([told([later], [earlier])], [LAB, other], BEFORE_THE_RUN)


def test_an_inventory_from_before_the_run_is_too_early(tmp_path: Path) -> None:
    earlier, later = written(tmp_path, "tmp/a", later=("tmp/a",))
    written_late = LATER + timedelta(hours=1)
    with pytest.raises(CommandFailed, match="from before S3's next run"):
        refuse_unless_done([told([later], [earlier])], [LAB], written_late)
    with pytest.raises(CommandFailed, match="no inventory is of a bucket"):
        refuse_unless_done([], [LAB], BEFORE_THE_RUN)
